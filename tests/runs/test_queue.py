"""More runs than fit wait in a fair queue, with a place that is said; nobody waits behind another's many."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.errors import PlaygroundError
from playground.runs import engine as engines
from playground.runs.catalog import Catalog, owner_of
from playground.runs.engine import Engine
from playground.runs.queue import Task, in_turn, ordinal, place, sentence
from playground.runs.records import Ending

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
OWNERS = st.sampled_from(["ann", "bob", "cy", None])


@given(st.lists(st.tuples(OWNERS, st.booleans()), max_size=12), st.lists(OWNERS, max_size=6))
def test_the_queue_is_fair(waiting, at_work):
    tasks = [Task((str(i),), o, BEGIN + timedelta(seconds=i), begun=begun) for i, (o, begun) in enumerate(waiting)]
    order = in_turn(reversed(tasks), at_work)
    assert sorted(order) == sorted(tasks)
    having = Counter(at_work)
    for i, task in enumerate(order):
        later = order[i + 1 :]
        # What had begun comes first; then nobody with fewer runs waits behind, and each one's own go by age.
        assert task.begun or not any(other.begun for other in later)
        same = [other for other in later if other.begun == task.begun]
        assert all(having[task.owner] <= having[other.owner] for other in same)
        assert all(task.started < other.started for other in same if other.owner == task.owner)
        having[task.owner] += 1
        assert all(place(order, run) == i + 1 for run in task.runs)
    assert place(order, "none") == 0


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (113, "113th"),
                         (21, "21st"), (1002, "1,002nd")]
)  # fmt: skip
def test_a_place_is_said_in_words(number, text):
    assert ordinal(number) == text
    assert sentence(number, 40).startswith(f"{text} in the queue: 40 runs train now")


class Future:
    def __init__(self):
        self.over = False

    def done(self):
        return self.over

    def add_done_callback(self, _):
        pass


class Client:
    """Stands for Dask's: one worker, whose tasks end when they are told to."""

    def __init__(self):
        self.futures = {}

    def nthreads(self):
        return {"worker": 16}

    def submit(self, _, __, function, *paths, key):
        self.futures[key] = Future()
        self.calls = (function, [path.rpartition("/")[2] for path in paths])
        return self.futures[key]


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """An engine that has room for three runs, and nobody's run is too young to be found."""
    monkeypatch.setattr(engines, "AT_ONCE", 3)
    monkeypatch.setattr(engines, "STALE", -1.0)
    monkeypatch.setattr("distributed.fire_and_forget", lambda _: None)
    catalog = Catalog(tmp_path)
    return catalog, Engine(catalog), Client()


def test_what_has_no_room_waits_and_comes_in_turn(machine, config):
    catalog, engine, client = machine
    ann, bob = owner_of("ann"), owner_of("bob")
    group = catalog.create_group([config] * 3, ann)
    engine._sweep(client)
    assert client.calls == ("run_together", sorted(folder.run_id for folder in group))
    # Of the same second, their names decide.
    first, second = sorted((catalog.create(config, ann) for _ in range(2)), key=lambda folder: folder.run_id)
    other = catalog.create(config, bob)
    for folder in (first, second, other):
        engine._take(client, folder.run_id)
    engine._sweep(client)
    assert len(client.futures) == 1
    # Bob has nothing at work yet.
    assert [engine.waiting(run.run_id)[:3] for run in (other, first, second, group[0])] == ["1st", "2nd", "3rd", ""]
    assert engine.waiting(other.run_id).startswith("1st in the queue: 3 runs train now, as many as this machine")
    second.steer(stop=True)  # takes no room: it ends at once
    engine._sweep(client)
    assert client.calls == ("run_folder", [second.run_id])
    for folder in (*group, second):
        folder.write_end(Ending(outcome="finished", sentence="Done.", update=60))
    for future in client.futures.values():
        future.over = True
    engine._sweep(client)
    assert {f"run-{run.run_id}" for run in (first, other)} <= set(client.futures)
    assert engine.waiting(first.run_id) == engine.waiting(other.run_id) == ""
    last = catalog.create(config, bob)
    engine._take(client, last.run_id)  # there is room, and nobody waits
    assert client.calls == ("run_folder", [last.run_id])


def test_one_run_that_cannot_be_read_holds_up_nobody(machine, config, monkeypatch, caplog):
    catalog, engine, client = machine
    at_work = catalog.create(config, owner_of("ann"))
    engine._sweep(client)
    assert list(client.futures) == [f"run-{at_work.run_id}"]
    gone, other = (catalog.create(config, owner_of("bob")) for _ in range(2))
    get = catalog.get

    def failing(run_id):
        if run_id in (at_work.run_id, gone.run_id):
            raise PlaygroundError("Unknown run.")
        return get(run_id)

    def denied():
        raise PermissionError("It is not yours.")

    monkeypatch.setattr(catalog, "get", failing)
    monkeypatch.setattr(catalog, "empty_trash", denied)
    engine._sweep(client)
    assert list(client.futures) == [f"run-{run.run_id}" for run in (at_work, other)]
    engine._hand_over(client, (gone.run_id,))
    assert "Not handed to a worker: Unknown run." in caplog.text


def test_paused_runs_hold_up_nobody(machine, config, monkeypatch):
    import time

    from playground.runs.records import Heartbeat

    monkeypatch.setattr("playground.runs.status.STALE", 60.0)
    catalog, engine, client = machine
    for number in range(17):
        folder = catalog.create(config)
        engine._sweep(client)
        held = f"run-{folder.run_id}" in client.futures
        # As long as a thread is left for questions.
        assert held == (number < 15)
        if held:
            folder.steer(run_until=0)
            folder.write_attempts(["a"])
            folder.write_heartbeat(Heartbeat(attempt="a", time=time.time(), update=3, resting=True))
