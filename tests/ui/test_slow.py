"""What slow motion is given, and to whom."""

import json
import time
from types import SimpleNamespace

import pytest

from playground.core.errors import PlaygroundError
from playground.runs.catalog import owner_of
from playground.runs.moment import moment_at
from playground.runs.records import Checkpoint, Ending, Heartbeat
from playground.training.config import RunConfig
from playground.training.state import TrainingState
from playground.ui import slow

SMALL = {"task": {"kind": "recall", "length": 6}, "hidden": 5, "batch": 4, "updates": 60}
MINE, THEIRS = owner_of("mine"), owner_of("theirs")


class Engine(SimpleNamespace):
    """Answers in this process, and counts how often it was asked."""

    def moment(self, run_id):
        self.asked += 1
        return moment_at(self.catalog.get(run_id).path)


@pytest.fixture
def engine(catalog, monkeypatch):
    engine = Engine(catalog=catalog, asked=0)
    monkeypatch.setattr(slow, "engine", lambda: engine)
    monkeypatch.setattr(slow.state, "owner", lambda: MINE)
    slow._moment.cache_clear()
    yield engine
    slow._moment.cache_clear()


@pytest.fixture
def paused(engine):
    """A run before its first update, paused."""

    def make(owner=MINE, **changes):
        config = RunConfig.parse({**SMALL, **changes})
        folder = engine.catalog.create(config, owner)
        folder.write_attempts(["one"])
        folder.write_checkpoint(Checkpoint("one", 0, TrainingState(config).dump()))
        folder.write_heartbeat(Heartbeat(attempt="one", time=time.time(), update=-1))
        folder.write_end(Ending(outcome="stopped", sentence="Stopped.", update=-1))
        return folder

    return make


def test_it_is_one_owners_own_and_computed_once(engine, paused):
    run, other = paused().run_id, paused(THEIRS).run_id

    found = slow.arguments(run)

    assert found["run"] == run
    assert (found["update"], len(found["ways"][0]["h"])) == (0, 6)
    assert (found["clip"], found["optimizer"], found["through"], found["note"]) == ("by norm", "Adam", "U", "")
    assert json.dumps(found, allow_nan=False)
    assert slow.arguments(run) == found
    assert engine.asked == 1
    assert slow.arguments(other) is None
    assert slow.arguments("20260101-000000-0123abcd") is None
    assert slow.arguments("../../etc/passwd") is None
    assert engine.asked == 1


def test_a_run_that_goes_on_is_to_be_paused_and_trouble_is_a_sentence(engine, paused, monkeypatch):
    going = engine.catalog.create(RunConfig.parse(SMALL), MINE)
    assert slow.arguments(going.run_id)["refused"].startswith("This run is queued: ")
    going.write_attempts(["one"])
    going.write_heartbeat(Heartbeat(attempt="one", time=time.time(), update=3))
    assert slow.arguments(going.run_id)["refused"].startswith("Pause the run first: ")
    assert engine.asked == 0

    bare = paused()
    bare.delete_checkpoint()
    assert "kept no training state" in slow.arguments(bare.run_id)["refused"]

    def away(_):
        raise PlaygroundError("The workers are still starting.")

    monkeypatch.setattr(engine, "moment", away)
    assert slow.arguments(paused().run_id) == {"refused": "The workers are still starting."}


def test_a_network_without_time_steps_has_no_slow_motion(engine, paused):
    assert slow.arguments(paused(architecture={"kind": "window_mlp"}).run_id) is None
    assert engine.asked == 0


def test_what_is_not_finite_has_a_name():
    given = {"a": [float("nan"), float("inf"), -float("inf"), 1 / 3], "b": True, "c": "NaN", "d": 2}
    assert slow._named(given) == {"a": ["NaN", "Infinity", "-Infinity", 0.333333], "b": True, "c": "NaN", "d": 2}
