"""Recordings of a run, what is seen in them again, and runs that go on from there."""

import errno
from pathlib import Path

import numpy as np
import pytest

from playground.core.errors import PlaygroundError
from playground.diagnosis.alarm import Alarm, Cleared
from playground.runs import attempt
from playground.runs.records import Origin
from playground.runs.status import describe
from playground.runs.store import Store
from playground.runs.worker import branch, flight_frame, run_folder
from playground.training.events import End, Update
from playground.training.frame import decode
from playground.training.loop import train


def _raised(update, severity="warning", kind="slow"):
    return Alarm(kind=kind, update=update, sentence="So it is.", severity=severity)


def _with(monkeypatch, *findings, besides=False):
    """A run in which these come up, instead of what training finds or besides it."""

    def finding(config, state):
        for event in train(config, state):
            if isinstance(event, Update):
                yield from (found for found in findings if found.update == event.update)
            if besides or isinstance(event, Update | End):
                yield event

    monkeypatch.setattr(attempt, "train", finding)


@pytest.fixture
def long(config):
    return config.patched({"updates": 104})


def test_findings_of_both_kinds_are_kept_in_order(catalog, long, monkeypatch):
    first, gone = _raised(10), Cleared(kind="slow", raised=10, update=20, sentence="It is well again.")
    again = _raised(30)
    _with(monkeypatch, first, gone, again)
    folder = catalog.create(long)

    def die(event):
        if event.update == 25:
            raise KeyboardInterrupt

    run_folder(folder.path, die)
    assert folder.findings() == [first, gone]
    catalog._store.delete(f"{folder.run_id}/end.json")
    catalog._store.delete(f"{folder.run_id}/checkpoint")  # all of it again
    run_folder(folder.path)
    assert folder.findings() == [first, gone, again]
    assert folder.alarms() == [first, again]
    assert [flight.update for flight in folder.flights()] == [10, 30]


def test_an_alarm_keeps_the_last_updates(catalog, long, monkeypatch):
    _with(monkeypatch, _raised(100), _raised(101, kind="other"))
    folder = catalog.create(long)
    run_folder(folder.path)
    one, other = folder.flights()
    assert (one.alarm, one.update, one.starts) == ("slow", 100, tuple(range(32, 97, 8)))
    assert other.starts == one.starts
    assert one.bytes == sum(len(folder.recordings.state_before(start)) for start in one.starts)
    assert catalog._store.names(f"{folder.run_id}/flight") == [*(f"{s:06}" for s in one.starts), "index.json"]
    rows = folder.rows()
    for update in (32, 37, 40, 100, 101):
        found = decode(flight_frame(folder.path, update))
        assert int(found["update"]) == update
        assert float(np.float64(found["loss"])) == rows[update].values["loss"]
    for update in (31, 102, 104):
        with pytest.raises(PlaygroundError, match=r"was not recorded. Recorded are 32–100, 32–101"):
            flight_frame(folder.path, update)


def test_a_run_without_recordings_says_so(catalog, config):
    folder = catalog.create(config)
    assert folder.flights() == []
    with pytest.raises(PlaygroundError, match="only alarms are recorded"):
        flight_frame(folder.path, 0)
    with pytest.raises(PlaygroundError, match="it was never complete"):
        flight_frame(f"{catalog.root}/20260101-000000-0123abcd", 0)


def test_three_alarms_and_the_newest_failure_are_recorded(catalog, config):
    recordings = catalog.create(config).recordings
    for update, severity in enumerate(["note", "warning", "failure", "warning", "warning", "failure", "failure"]):
        alarm = _raised(update, severity)
        if recordings.wants(alarm):
            recordings.write(alarm, [(0, b"state"), (update, bytes([update]))])
        assert not recordings.wants(alarm)
    assert [flight.update for flight in recordings.list()] == [1, 2, 3, 6]
    assert recordings.state_before(6) == b"\6"
    assert catalog._store.names(recordings._place) == ["000000", "000001", "000002", "000003", "000006", "index.json"]


def test_a_full_disk_costs_the_recording_only(catalog, long, monkeypatch):
    write = Store.write

    def full(self, path, data):
        if path.endswith("/flight/000008"):
            raise OSError(errno.ENOSPC, "No space left on device")
        write(self, path, data)

    monkeypatch.setattr(Store, "write", full)
    _with(monkeypatch, _raised(20), _raised(90))
    folder = catalog.create(long)
    run_folder(folder.path)
    assert folder.end().outcome == "finished"
    assert [flight.update for flight in folder.flights()] == [90]
    assert "000000" not in catalog._store.names(f"{folder.run_id}/flight")
    assert [alarm.update for alarm in folder.alarms()] == [20, 90]


# Going on from there


@pytest.fixture
def recorded(catalog, long, monkeypatch):
    """A whole run with a recording of 32 … 100."""
    folder = catalog.create(long)
    with monkeypatch.context() as patch:
        _with(patch, _raised(50, "note"), _raised(100), besides=True)
        run_folder(folder.path)
    return folder


def _same(rows, others):
    assert [row.update for row in rows] == [row.update for row in others]
    for row, other in zip(rows, others, strict=True):
        assert {n: np.asarray(v).tobytes() for n, v in row.values.items()} == {
            n: np.asarray(v).tobytes() for n, v in other.values.items()
        }, row.update


@pytest.mark.parametrize("lazily", [False, True])
def test_nothing_changed_gives_the_same_bits(catalog, recorded, lazily):
    folder = catalog.create(recorded.config(), origin=Origin(run_id=recorded.run_id, update=77) if lazily else None)
    if not lazily:
        branch(recorded.path, 77, folder.path)
        assert describe(folder).status == "queued"
        assert folder.checkpoint().update == 77
        assert [row.update for row in folder.rows()] == list(range(77))
    run_folder(folder.path)
    _same(folder.rows(), recorded.rows())
    assert folder.origin() == Origin(run_id=recorded.run_id, update=77)
    past = [found for found in recorded.findings() if found.update < 77]
    ended = {(one.kind, one.raised) for one in past if isinstance(one, Cleared)}
    standing = {(one.kind, one.update) for one in past if isinstance(one, Alarm)} - ended
    assert standing
    assert folder.findings()[: len(past)] == past
    over = [one for one in folder.findings() if isinstance(one, Cleared) and one.update == 77]
    assert {(one.kind, one.raised) for one in over} == standing  # what goes on is a run of its own
    assert recorded.origin() is None
    with pytest.raises(PlaygroundError, match="has begun already"):
        branch(recorded.path, 77, folder.path)


def test_a_change_shows_from_the_update_on(catalog, recorded, long):
    changes = {"optimizer.learning_rate": 0.05, "updates": 112, "alarms.loss_avalanche.watch": False}
    folder = catalog.create(long.patched(changes))
    branch(recorded.path, 60, folder.path)
    run_folder(folder.path)
    before, after = recorded.rows(), folder.rows()
    names = set(before[0].values)
    _same([row._replace(values={"loss": row.values["loss"]}) for row in before[:61]],
          [row._replace(values={"loss": row.values["loss"]}) for row in after[:61]])  # fmt: skip
    assert set(after[0].values) == names
    assert before[61].values["loss"] != after[61].values["loss"]
    assert after[-1].update == 112


def test_measurements_of_another_shape_begin_anew(catalog, recorded, long):
    folder = catalog.create(long.patched({"task.length": 9}))
    branch(recorded.path, 60, folder.path)
    run_folder(folder.path)
    taken = {row.update for row in folder.rows() if "total_gradient" in row.values}
    assert min(taken) == 60
    assert {row.update for row in folder.rows() if "loss" in row.values} >= set(range(104))


def test_what_cannot_go_on_is_refused_and_leaves_the_run_as_it_was(catalog, recorded, long):
    folder = catalog.create(long.patched({"hidden": 6}))
    files = catalog._store.names(folder.run_id)
    with pytest.raises(PlaygroundError, match="The weights do not fit"):
        branch(recorded.path, 60, folder.path)
    with pytest.raises(PlaygroundError, match="was not recorded"):
        branch(recorded.path, 101, folder.path)
    assert catalog._store.names(folder.run_id) == files
    gone = catalog.create(long, origin=Origin(run_id="20260101-000000-0123abcd", update=60))
    run_folder(gone.path)
    assert gone.end().outcome == "failed"
    assert "has no config.json" in gone.end().sentence


def test_alarms_of_the_first_version_are_read(catalog, config):
    """They did not say what they are."""
    folder = catalog.create(config)
    old = _raised(10).model_dump_json(
        exclude={"event", "severity", "evidence", "figure", "causes", "remedies", "chain"}
    )
    Path(folder.path, "alarms.jsonl").write_text(old + "\n")
    (alarm,) = folder.findings()
    assert (type(alarm), alarm.update) == (Alarm, 10)
