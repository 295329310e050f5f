"""Blocks are handed out fairly, each network once, whatever becomes of workers, servers and storages."""

import time

import pytest

from playground.core.errors import BrokenRun
from playground.runs.feeding import DIED
from playground.runs.store import Store
from playground.sweeps import feed as feeding
from playground.sweeps import feeders, filling
from playground.sweeps.axis import Axis
from playground.sweeps.feed import EXTRA, MapFeed
from playground.sweeps.folder import MapFolder, Record
from playground.sweeps.maps import Maps, MapState
from playground.sweeps.member import Member
from playground.sweeps.spec import MapSpec

HIDDEN = {"path": "hidden", "values": [4, 5, 6, 7, 8, 9]}
SPEC = MapSpec.parse({"base": {"task": {"kind": "recall", "length": 5}}, "x": HIDDEN, "seeds": 2, "updates": 6})
"""Six blocks at the least: every cell has a shape of its own."""


@pytest.fixture
def maps(tmp_path):
    return Maps(tmp_path)


@pytest.fixture
def feed(maps):
    return MapFeed(maps, lambda: None)


def begin(feed, maps, owner="me", spec=SPEC):
    folder = maps.create(spec, owner)
    feed.wake(folder.map_id)
    return folder


def of(work):
    """The map and the networks of a task."""
    path, members, _ = work.arguments
    return MapFolder.at(path).map_id, members


def train(feed, work, over=True):
    """What a worker does with a task, in no time."""
    path, members, name = work.arguments
    folder = MapFolder.at(path)
    updates = folder.spec().updates if over else 1
    found = [Member(cell=cell, seed=seed, updates=updates, over=over, metric=0.5, loss=1.0) for cell, seed in members]
    folder.write_record(name, Record(members=tuple(found)))
    feed.ended(work.key, None if over else "")


def take(feed, most=4):
    """All that it hands out at once."""
    out = []
    while work := feed.next(most):
        out.append(work)
    return out


def run_all(feed, most=2):
    """To the end; the networks in the order in which they were handed out, with their maps."""
    handed, out = [], take(feed, most)
    while out:
        work = out.pop(0)
        handed += [(of(work)[0], member) for member in of(work)[1]]
        train(feed, work)
        out += take(feed, most)
    return handed


def test_every_network_is_handed_out_once_and_the_map_ends(feed, maps):
    folder = begin(feed, maps)
    handed = run_all(feed)
    assert sorted(member for _, member in handed) == [(cell, seed) for cell in range(6) for seed in range(2)]
    end = folder.end()
    assert (end.done, end.of) == (72, 72)
    assert end.sentence
    assert maps.summary(folder).state is MapState.FINISHED
    assert len(folder.seen().versions) == 1
    assert maps.unfinished() == []


def test_no_more_are_out_than_keep_the_workers_busy(feed, maps):
    begin(feed, maps)
    out = take(feed, most=4)
    assert len(out) == 4
    assert feed.next(4) is None
    train(feed, out[0])
    assert len(take(feed, most=4)) == 1


def test_owners_take_turns_block_by_block_however_many_maps_they_have(feed, maps):
    mine = {begin(feed, maps, "me").map_id for _ in range(2)}
    other = begin(feed, maps, "other").map_id
    firsts, out = [], take(feed, most=2)
    while out:
        work = out.pop(0)
        firsts.append(of(work)[0] in mine)
        train(feed, work)
        out += take(feed, most=2)
    assert firsts[:12] in ([True, False] * 6, [False, True] * 6)
    assert maps.get(other).end()


def test_nobody_waits_for_the_end_of_long_blocks(feed, maps):
    begin(feed, maps, "me")
    assert len(take(feed, most=4)) == 4
    late = begin(feed, maps, "other")
    assert [of(work)[0] for work in take(feed, most=4)] == [late.map_id]
    for number in range(EXTRA + 3):
        begin(feed, maps, f"owner {number}")
    assert len(take(feed, most=4)) == EXTRA - 1


def test_what_was_lost_is_handed_out_again_and_only_that(feed, maps):
    folder = begin(feed, maps)
    done, lost = take(feed, most=2)
    train(feed, done)
    for _ in range(filling.TRIES + 1):
        train(feed, lost, over=False)  # a scheduler died, more often than a block may come to nothing
        (lost,) = (work for work in take(feed, most=2) if set(of(work)[1]) == set(of(lost)[1]))
    train(feed, lost)
    assert folder.seen().failures == {}


def test_a_network_that_comes_to_nothing_each_time_is_a_sentence_and_the_rest_goes_on(feed, maps):
    folder = begin(feed, maps)
    out = take(feed, most=1)
    while out:
        work = out.pop()
        if (3, 0) in of(work)[1]:
            feed.ended(work.key, "KilledWorker: gone")
        else:
            train(feed, work)
        out += take(feed, most=1)
    assert folder.seen().failures == {3: "It was begun several times and came to nothing: KilledWorker: gone."}
    assert maps.summary(folder).state is MapState.FINISHED
    assert len([member for member in folder.members() if member.over]) >= 10


def test_a_block_that_had_begun_to_measure_is_not_blamed_for_the_first_deaths_of_its_worker(feed, maps):
    folder = begin(feed, maps)
    (work,) = take(feed, most=1)
    cells = {cell for cell, _ in of(work)[1]}
    for _ in range(filling.TRIES // filling.FRUITLESS):
        path, members, name = work.arguments
        MapFolder.at(path).write_record(
            name, Record(members=tuple(Member(cell=c, seed=s, updates=2) for c, s in members))
        )
        feed.ended(work.key, DIED)
        (work,) = take(feed, most=1)
    assert folder.seen().failures == {}
    while of(work)[1][0][0] in cells - folder.seen().failures.keys():
        feed.ended(work.key, DIED)
        (work,) = take(feed, most=1)
    assert folder.seen().failures.keys() == cells


def test_what_died_together_is_handed_out_in_ever_smaller_blocks_until_the_one_at_fault_is_alone(feed, maps):
    spec = SPEC.model_copy(update={"x": Axis.spread("cell.recurrent_init.gain", 0.5, 2.0, 16), "seeds": 1})
    folder, sizes = begin(feed, maps, spec=spec), []
    out = take(feed, most=1)
    while out:
        work = out.pop()
        if (3, 0) in of(work)[1]:
            sizes.append(len(of(work)[1]))
            feed.ended(work.key, DIED)
        else:
            train(feed, work)
        out += take(feed, most=1)
    assert sizes[-1] == 1
    assert folder.seen().failures.keys() == {3}
    assert len(folder.members()) == 15


def test_a_pause_that_comes_with_the_last_block_is_no_pause(feed, maps):
    folder = begin(feed, maps)
    out = take(feed, most=100)
    folder.steer(paused=True)
    feed.wake(folder.map_id)
    for work in out:
        train(feed, work)
    while not folder.end():
        take(feed)
    assert maps.summary(folder).state is MapState.FINISHED


def test_a_control_file_that_cannot_be_read_for_a_moment_costs_no_block(feed, maps, monkeypatch):
    folder = begin(feed, maps)
    out = take(feed, most=2)

    def hiccup(_):
        raise BrokenRun("control.json cannot be read.") from OSError("timeout")

    with monkeypatch.context() as patch:
        patch.setattr(MapFolder, "control", hiccup)
        feed.wake(folder.map_id)
        assert take(feed, most=2) == [], "they are out, as before"
    for work in out:
        train(feed, work)
    assert run_all(feed)
    assert folder.end()


def test_a_paused_map_hands_out_nothing_and_makes_room_for_others(feed, maps):
    folder = begin(feed, maps, "me")
    out = take(feed, most=4)
    folder.steer(paused=True)
    feed.wake(folder.map_id)
    other = begin(feed, maps, "other")
    more = take(feed, most=4)
    assert [of(work)[0] for work in more] == [other.map_id] * 4
    folder.steer(paused=False)
    feed.wake(folder.map_id)
    for work in out + more:
        train(feed, work)
    assert {of(work)[0] for work in take(feed, most=4)} == {folder.map_id, other.map_id}


def test_a_stopped_map_ends_with_what_is_there_and_can_be_resumed(feed, maps):
    folder = begin(feed, maps)
    first, second = take(feed, most=2)
    train(feed, first)
    folder.steer(stopped=True)
    feed.wake(folder.map_id)
    assert take(feed) == []
    assert folder.end() is None  # a block is still to come home
    train(feed, second, over=False)
    assert take(feed) == []
    assert maps.summary(folder).state is MapState.STOPPED
    known = len(of(first)[1])
    maps.resume(folder.map_id)
    feed.wake(folder.map_id)
    assert len(run_all(feed)) == 12 - known
    assert maps.summary(folder).state is MapState.FINISHED


def test_a_map_goes_on_after_the_server_was_ended(feed, maps, tmp_path):
    folder = begin(feed, maps)
    first, second = take(feed, most=2)
    train(feed, first)
    train(feed, second, over=False)
    feed.close()
    again = MapFeed(Maps(tmp_path), lambda: None)
    handed = [member for _, member in run_all(again)]
    assert sorted(handed) == sorted(set(handed))
    assert set(handed).isdisjoint(of(first)[1])
    assert len(handed) == 12 - len(of(first)[1])
    assert folder.end()


def test_two_servers_over_the_same_runs_share_no_map(feed, maps, tmp_path, monkeypatch):
    folder = begin(feed, maps)
    take(feed, most=1)
    other = MapFeed(Maps(tmp_path), lambda: None)
    assert take(other) == []
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + feeders.STALE + 1)  # it was killed, and says no more
    other._next_sweep = 0.0
    assert {of(work)[0] for work in take(other)} == {folder.map_id}


def test_a_new_map_is_left_to_whoever_made_it(feed, maps, monkeypatch):
    folder = maps.create(SPEC, "me")
    assert take(feed) == []
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + feeders.STALE + 2)
    feed._next_sweep = 0.0
    assert {of(work)[0] for work in take(feed)} == {folder.map_id}


def test_a_storage_that_hiccups_costs_no_map(feed, maps, monkeypatch, caplog):
    folder = begin(feed, maps)
    (work, other) = take(feed, most=2)

    def fail(*_):
        raise OSError("the network is down")

    with monkeypatch.context() as patch:
        patch.setattr(MapFolder, "control", fail)
        patch.setattr(maps, "unfinished", fail)
        train(feed, work)
        assert "is left alone" in caplog.text
    feed._next_sweep = 0.0
    again = take(feed, most=2)
    train(feed, other)  # of which it knows nothing any more
    for work in again:
        train(feed, work)
    run_all(feed)
    assert folder.end()


def test_a_storage_that_hiccups_when_a_map_is_taken_up_costs_no_map(feed, maps, monkeypatch, tmp_path):
    """What the folder says of it is BrokenRun, as of a file that is damaged, which stays so."""
    folder, damaged = begin(feed, maps), begin(feed, maps, "other")
    (tmp_path / "maps" / damaged.map_id / "spec.json").write_text("{}")
    read, calls = Store.read, []

    def hiccup(self, path):
        if path.startswith((folder.map_id, damaged.map_id)):
            calls.append(path)
            raise OSError("the network is down")
        return read(self, path)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "read", hiccup)
        assert take(feed) == []
        assert maps.unfinished() == []
    assert calls
    monkeypatch.setattr(feeding, "STALE", 0.0)
    feed._next_sweep = 0.0
    run_all(feed)
    assert folder.end()
    assert damaged.end() is None
    assert feed._broken == {damaged.map_id}


def test_a_map_that_is_resumed_in_the_moment_of_its_end_goes_on(feed, maps, monkeypatch):
    folder = begin(feed, maps)
    (work,) = take(feed, most=1)
    folder.steer(stopped=True)
    write = MapFolder.write_end

    def resumed(self, end):
        maps.resume(self.map_id)  # by the page, which sees no end yet
        write(self, end)

    with monkeypatch.context() as patch:
        patch.setattr(MapFolder, "write_end", resumed)
        train(feed, work)
        feed.wake(folder.map_id)
        assert take(feed) == []
    feed.wake(folder.map_id)
    run_all(feed)
    assert maps.summary(folder).state is MapState.FINISHED


def test_a_map_that_was_deleted_disturbs_nobody(feed, maps):
    folder, other = begin(feed, maps), begin(feed, maps, "other")
    first, second = take(feed, most=2)
    assert {of(first)[0], of(second)[0]} == {folder.map_id, other.map_id}
    maps._store.delete_folder(folder.map_id)
    out = [first, second]
    while out:
        work = out.pop(0)
        if of(work)[0] == folder.map_id:
            feed.ended(work.key, "FileNotFoundError: gone")
        else:
            train(feed, work)
        out += take(feed, most=2)
    assert other.end()
    assert not maps._store.exists(folder.map_id)


def test_an_error_of_ours_in_one_map_harms_no_other(feed, maps, monkeypatch, caplog):
    whole = filling.summary
    monkeypatch.setattr(
        filling, "summary", lambda spec, *rest, **how: 1 / (spec.seeds - 1) and whole(spec, *rest, **how)
    )
    bad, good = begin(feed, maps, "me", SPEC.model_copy(update={"seeds": 1})), begin(feed, maps, "other")
    run_all(feed)
    assert good.end()
    assert bad.end().sentence.startswith("Given up: an error of ours"), "nobody waits for it for ever"
    assert len(bad.members()) == bad.end().done / SPEC.updates
    feed._next_sweep = 0.0
    assert take(feed) == []
    assert caplog.text.count("is given up") == 1
