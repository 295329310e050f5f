"""A worker's block: what it stores on the way, how it obeys, and what it makes of what cannot be trained."""

import threading

import pytest

from playground.core.errors import BrokenRun, PlaygroundError
from playground.runs.store import Store
from playground.sweeps import job
from playground.sweeps.folder import MapFolder
from playground.sweeps.job import train_block
from playground.sweeps.member import Member
from playground.sweeps.spec import MapSpec

SPEC = MapSpec.parse({"base": {"hidden": 4}, "x": {"path": "hidden", "values": [4, 5, 6, 7]}, "seeds": 1, "updates": 6})
ALL = [(cell, 0) for cell in range(4)]


@pytest.fixture
def folder(tmp_path):
    job._spec.cache_clear()
    return MapFolder.create(Store.at(tmp_path), "20260131-235959-0123abcd", SPEC)


class Fake:
    """Trains nothing; `at` is called with (H of all, updates done) before each update, and may do anything."""

    at = staticmethod(lambda _widths, _done: None)

    def __init__(self, configs):
        self.widths, self.done, self.of = [config.hidden for config in configs], 0, configs[0].updates

    @property
    def over(self):
        return self.done >= self.of

    def update(self):
        self.at(self.widths, self.done)
        self.done += 1

    def members(self, places):
        return [Member(cell=cell, seed=seed, updates=self.done, over=self.over) for cell, seed in places]


@pytest.fixture
def at(monkeypatch):
    monkeypatch.setattr(job, "Ensemble", Fake)
    monkeypatch.setattr(job, "TURN", 0.0)
    for name in ("FIRST", "EVERY", "POLL", "SHARE"):
        monkeypatch.setattr(job, name, 0)
    return lambda action: monkeypatch.setattr(Fake, "at", staticmethod(action))


def reached(folder):
    return {member.cell: member.updates for member in folder.members()}


def test_measurements_are_there_while_it_trains(folder, at):
    seen = []
    at(lambda _, done: seen.append({} if done == 0 else reached(folder)))
    train_block(folder.path, ALL, "a")
    assert seen == [{}, *(dict.fromkeys(range(4), done) for done in range(1, 6))]
    assert all(member.over for member in folder.members())


def test_it_stops_between_updates_and_keeps_what_is_there(folder, at):
    at(lambda _, done: done == 2 and folder.steer(stopped=True))
    train_block(folder.path, ALL, "a")
    assert reached(folder) == dict.fromkeys(range(4), 3)
    train_block(folder.path, ALL, "b")
    assert folder.record("b") is None


def test_it_waits_while_paused_and_then_goes_on_where_it_was(folder, at):
    paused, updates = threading.Event(), []

    def action(_, done):
        updates.append(done)
        if done == 2:
            folder.steer(paused=True)
            paused.set()

    at(action)
    thread = threading.Thread(target=train_block, args=(folder.path, ALL, "a"))
    thread.start()
    assert paused.wait(20)
    while reached(folder) != dict.fromkeys(range(4), 3):
        assert thread.is_alive()
    assert updates == [0, 1, 2]
    folder.steer(paused=False)
    thread.join(20)
    assert updates == [0, 1, 2, 3, 4, 5]


def test_a_forgotten_pause_gives_its_memory_back(folder, at, monkeypatch):
    monkeypatch.setattr(job, "PAUSED_FOR", 0.0)
    at(lambda _, done: done == 2 and folder.steer(paused=True))
    train_block(folder.path, ALL, "a")
    assert reached(folder) == dict.fromkeys(range(4), 3)
    assert not any(member.over for member in folder.members())


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MemoryError("no room"), "It cannot be trained: MemoryError: no room"),
        (PlaygroundError("This text is too short."), "It cannot be trained: This text is too short."),
    ],
)
def test_of_what_cannot_be_trained_the_neighbours_go_on(folder, at, error, sentence):
    def action(widths, done):
        if 6 in widths and done == 1:
            raise error

    at(action)
    train_block(folder.path, ALL, "a")
    seen = folder.seen()
    assert seen.failures == {2: sentence}
    assert {cell for (cell, _), member in seen.members.items() if member.over} == {0, 1, 3}


@pytest.mark.usefixtures("at")
def test_a_storage_that_hiccups_on_the_way_costs_nothing(folder, monkeypatch):
    write, calls = MapFolder.write_record, []

    def hiccup(self, block, record):
        calls.append(record)
        if len(calls) in (2, 3):
            raise OSError("the network is down")
        write(self, block, record)

    monkeypatch.setattr(MapFolder, "write_record", hiccup)
    train_block(folder.path, ALL, "a")
    assert reached(folder) == dict.fromkeys(range(4), 6)
    assert len(calls) > 4


def test_a_control_file_that_cannot_be_read_for_a_while_is_no_fault_of_the_networks(folder, at, monkeypatch):
    read, widths_seen = MapFolder.control, set()

    def hiccup(self):
        if len(widths_seen) and len(widths_seen) < 4:
            raise BrokenRun("control.json cannot be read")
        return read(self)

    at(lambda widths, done: widths_seen.add((*widths, done)))
    monkeypatch.setattr(MapFolder, "control", hiccup)
    train_block(folder.path, ALL, "a")
    assert widths_seen == {(4, 5, 6, 7, done) for done in range(6)}  # in one go
    assert folder.seen().failures == {}
    assert reached(folder) == dict.fromkeys(range(4), 6)
