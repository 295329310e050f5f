"""The status follows from the facts, and from nothing else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.runs.folder import RunFolder
from playground.runs.records import Ending, Heartbeat
from playground.runs.status import STALE, Facts, RunStatus, describe, status_of

TABLE = [
    (Facts(), "queued"),
    (Facts(run_until=0), "queued"),
    (Facts(attempts=1), "lost"),
    (Facts(attempts=1, silence=0.5), "running"),
    (Facts(attempts=1, silence=0.5, update=-1, run_until=0), "running"),
    (Facts(attempts=1, silence=0.5, update=7, run_until=8), "running"),
    (Facts(attempts=1, silence=0.5, update=8, run_until=8), "running"),  # not at rest yet: there is more to store
    (Facts(attempts=1, silence=0.5, update=8, run_until=8, resting=True), "paused"),
    (Facts(attempts=1, silence=0.5, update=9, run_until=0, resting=True), "paused"),
    (Facts(attempts=1, silence=0.5, update=9, resting=True), "running"),  # told to go on
    (Facts(attempts=2, silence=STALE + 1, update=9, run_until=0, resting=True), "lost"),
    (Facts(attempts=1, silence=-3.0, update=1), "running"),  # a worker whose clock is ahead
    (Facts(outcome="stopped", attempts=1, silence=0.1, update=9), "stopped"),
    (Facts(outcome="failed"), "failed"),
]


@pytest.mark.parametrize(("facts", "status"), TABLE)
def test_status(facts, status):
    assert status_of(facts) == status


@given(
    st.builds(
        Facts,
        outcome=st.none() | st.sampled_from(["finished", "stopped", "diverged", "failed"]),
        attempts=st.integers(0, 9),
        silence=st.none() | st.floats(-10, 1e6),
        update=st.integers(-1, 100),
        run_until=st.none() | st.integers(0, 100),
        resting=st.booleans(),
    )
)
def test_every_combination_of_facts_has_one_status(facts):
    status = status_of(facts)
    assert status is not RunStatus.BROKEN
    assert status.unfinished == (facts.outcome is None)
    assert (facts.outcome is None) or status == facts.outcome


def test_a_new_run_is_queued_then_running_then_lost_then_ended(tmp_path, config):
    folder = RunFolder.create(tmp_path, config)
    summary = describe(folder)
    assert (summary.status, summary.update, summary.updates) == ("queued", -1, 60)
    assert abs(summary.started.timestamp() - time.time()) < 60
    assert summary.config == config
    folder.write_attempts(["a"])
    folder.write_heartbeat(Heartbeat(attempt="a", time=time.time(), update=12))
    assert describe(folder)[1:4] == (RunStatus.RUNNING, "", 12)
    folder.steer(run_until=3)
    assert describe(folder).status == "running"
    folder.write_heartbeat(Heartbeat(attempt="a", time=time.time(), update=12, resting=True))
    assert describe(folder).status == "paused"
    folder.write_heartbeat(Heartbeat(attempt="a", time=time.time() - STALE - 1, update=12))
    assert describe(folder).status == "lost"
    assert "checkpoint" in describe(folder).reason
    folder.write_end(Ending(outcome="stopped", sentence="Stopped after update 12.", update=12))
    assert describe(folder)[1:4] == (RunStatus.STOPPED, "Stopped after update 12.", 12)


DAMAGE = {
    "config.json": [b"", b"{", b"[]", b'{"hidden": 0}', b'{"format": 2}', b"\xff\xfe", None],
    "measurements.json": [b"{}", b"[", None],
    "control.json": [b"{", b'{"run_until": "x"}', b'{"learning": 1}'],
    "heartbeat": [b"{}", b"\x00"],
    "end.json": [b"{", b'{"outcome": "triumph", "sentence": "", "update": 1}'],
    "attempts": [b"\xff"],
}


@pytest.mark.parametrize(("name", "data"), [(name, data) for name, cases in DAMAGE.items() for data in cases])
def test_a_damaged_folder_is_broken_with_a_reason_and_disturbs_no_other(catalog, config, name, data):
    folder, other = catalog.create(config), catalog.create(config)
    file = _file(catalog, folder, name)
    file.unlink(missing_ok=True)
    if data is not None:
        file.write_bytes(data)
    broken = next(s for s in catalog.list() if s.run_id == folder.run_id)
    assert broken.status == "broken"
    assert name in broken.reason
    assert folder.run_id in broken.reason
    assert broken.config is None
    assert next(s for s in catalog.list() if s.run_id == other.run_id).status == "queued"
    assert [s.run_id for s in catalog.unfinished()] == [other.run_id]


def test_a_folder_where_a_file_should_be_is_broken(catalog, config):
    folder = catalog.create(config)
    _file(catalog, folder, "config.json").unlink()
    _file(catalog, folder, "config.json").mkdir()
    assert describe(folder).status == "broken"


def _file(catalog, folder, name):
    from pathlib import Path

    return Path(catalog.root) / folder.run_id / name
