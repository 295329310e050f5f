"""Whose maps are whose, how many there may be, and how a map stands."""

import json

import pytest

from playground.core.errors import PlaygroundError
from playground.runs.catalog import Catalog
from playground.sweeps import maps as bounds
from playground.sweeps.folder import End, MapFolder, Record
from playground.sweeps.maps import Maps, MapState, TooManyMaps
from playground.sweeps.member import Member
from playground.sweeps.spec import MapSpec

SPEC = MapSpec.parse({"base": {"hidden": 4}, "x": {"path": "hidden", "values": [4, 6]}, "seeds": 2, "updates": 10})


@pytest.fixture
def maps(tmp_path):
    return Maps(tmp_path)


def ended(folder, done=40):
    folder.write_end(End(time=0.0, done=done, of=40, sentence="All learn."))


def test_maps_lie_beside_the_runs_and_are_no_runs(tmp_path):
    catalog = Catalog(tmp_path)
    maps = Maps(catalog.store)
    folder = maps.create(SPEC, "me")
    assert catalog.ids() == []
    assert maps.ids() == [folder.map_id]
    assert MapFolder.at(folder.path).spec() == SPEC


def test_every_browser_sees_its_own_maps_and_those_of_nobody(maps):
    mine, other, nobodys = (maps.create(SPEC, owner) for owner in ("me", "other", None))
    assert {each.map_id for each in maps.list("me")} == {mine.map_id, nobodys.map_id}
    assert maps.open(mine.map_id, "me").map_id == mine.map_id
    refusals = set()
    for stranger in (other.map_id, "20260131-235959-0123abcd", "../../etc/passwd"):
        with pytest.raises(PlaygroundError) as refusal:
            maps.open(stranger, "me")
        refusals.add(str(refusal.value))
        assert not maps.may_control(stranger, "me")
    assert len(refusals) == 1
    assert maps.may_control(mine.map_id, "me")
    assert maps.may_watch(nobodys.map_id, "me")
    assert not maps.may_control(nobodys.map_id, "me")
    assert not maps.may_control(nobodys.map_id, None)


def test_a_shared_history_is_for_all_to_watch_and_for_its_owner_to_steer(tmp_path):
    maps = Maps(tmp_path, shared=True)
    mine = maps.create(SPEC, "me")
    assert maps.may_watch(mine.map_id, "other")
    assert not maps.may_control(mine.map_id, "other")


def test_how_a_map_stands_follows_from_its_files(maps):
    folder = maps.create(SPEC, "me")

    def stands():
        summary = maps.summary(folder, folder.seen())
        return summary.state, summary.done, summary.of

    assert stands() == (MapState.QUEUED, 0, 40)
    over = Member(cell=0, seed=0, updates=3, over=True)  # it diverged: nothing is left of it to do
    folder.write_record("a", Record(members=(over, Member(cell=0, seed=1, updates=4))))
    assert stands() == (MapState.RUNNING, 14, 40)
    folder.steer(paused=True)
    assert stands()[0] is MapState.PAUSED
    folder.steer(stopped=True)
    assert stands()[0] is MapState.STOPPED
    folder.write_record("b", Record(failures={1: "Too large."}))
    assert stands() == (MapState.STOPPED, 34, 40)
    ended(folder)
    assert stands() == (MapState.FINISHED, 40, 40)
    assert maps.summary(folder).sentence == "All learn."


def test_a_map_of_cells_that_do_not_fit_waits_for_none_of_them(maps):
    base = {"batch": 512, "task": {"kind": "recall", "length": 100}}
    spec = MapSpec.parse({"base": base, "seeds": 1, "updates": 5, "x": {"path": "hidden", "values": [4, 128]}})
    assert len(spec.impossible()) == 1
    assert maps.summary(maps.create(spec)).of == 5


def test_bounds_are_told_and_a_map_that_is_to_stop_makes_room(maps, monkeypatch):
    under_way = [maps.create(SPEC, "me") for _ in range(bounds.PER_OWNER)]
    with pytest.raises(TooManyMaps, match=r"You have 2 maps under way, all you may have\. Stop one"):
        maps.create(SPEC, "me")
    maps.create(SPEC, "other")
    maps.create(SPEC)  # the command line is bounded by nobody
    under_way[0].steer(stopped=True)
    third = maps.create(SPEC, "me")
    ended(third)
    monkeypatch.setattr(bounds, "IN_ALL", 3)
    with pytest.raises(TooManyMaps, match="3 maps are filled here now, and 3 may"):
        maps.create(SPEC, "me")
    monkeypatch.setattr(bounds, "IN_ALL", 20)
    monkeypatch.setattr(bounds, "KEPT", 3)
    with pytest.raises(TooManyMaps, match="You keep 3 maps, all you may"):
        maps.create(SPEC, "me")
    maps.trash(third.map_id)
    maps.create(SPEC, "me")


def test_a_stopped_map_goes_on_and_a_finished_one_does_not(maps):
    folder = maps.create(SPEC, "me")
    folder.steer(stopped=True, paused=True)
    ended(folder, done=7)
    assert maps.unfinished() == []
    maps.resume(folder.map_id)
    assert [each.map_id for each in maps.unfinished()] == [folder.map_id]
    assert maps.summary(folder).state is MapState.QUEUED
    ended(folder)
    with pytest.raises(PlaygroundError, match="All of this map is there"):
        maps.resume(folder.map_id)


def test_a_map_under_way_cannot_be_deleted_and_a_deleted_one_comes_back(maps):
    folder = maps.create(SPEC, "me")
    with pytest.raises(PlaygroundError, match="still under way"):
        maps.trash(folder.map_id)
    folder.steer(stopped=True)
    maps.trash(folder.map_id)
    assert maps.in_trash(folder.map_id)
    assert not maps.may_watch(folder.map_id, "me")
    assert maps.list("me") == []
    maps.restore(folder.map_id)
    assert len(maps.list("me")) == 1


def test_an_older_map_is_taken_over_when_it_is_made(maps):
    older = maps.create(SPEC, "me")
    older.write_record("a", Record(members=(Member(cell=1, seed=1, updates=10, over=True),)))
    new = maps.create(SPEC.model_copy(update={"seeds": 3}), "me", older)
    assert [(member.cell, member.seed) for member in new.members()] == [(1, 1)]
    assert maps.summary(new).done == 10


def test_a_broken_map_is_listed_with_its_reason_and_harms_nobody(maps, tmp_path):
    folder, other = maps.create(SPEC, "me"), maps.create(SPEC, "me")
    (tmp_path / "maps" / folder.map_id / "spec.json").write_text(json.dumps({"x": 3}))
    again = Maps(tmp_path)
    by_name = {each.map_id: each for each in again.list("me")}
    assert by_name[folder.map_id].state is MapState.BROKEN
    assert "spec.json" in by_name[folder.map_id].sentence
    assert by_name[other.map_id].state is MapState.QUEUED


def test_watchers_share_a_look(maps, monkeypatch):
    folder = maps.create(SPEC, "me")
    first = maps.seen(folder.map_id)
    folder.write_record("a", Record(members=(Member(cell=0, seed=0),)))
    monkeypatch.setattr(bounds, "LOOK", 1e9)
    newer = maps.seen(folder.map_id)  # the first look was allowed to be repeated after 0.1 s, or this is that one
    while newer is first:
        newer = maps.seen(folder.map_id)
    folder.write_record("b", Record(members=(Member(cell=1, seed=0),)))
    assert maps.seen(folder.map_id) is newer


def test_of_a_map_that_is_over_nothing_is_missed(maps, monkeypatch):
    monkeypatch.setattr(bounds, "LOOK", 1e9)
    folder = maps.create(SPEC, "me")
    before = maps.seen(folder.map_id)
    folder.write_record("a", Record(members=(Member(cell=1, seed=1, updates=10, over=True),)))
    assert maps.seen(folder.map_id) is before
    assert list(maps.seen(folder.map_id, over=True).members) == [(1, 1)]
