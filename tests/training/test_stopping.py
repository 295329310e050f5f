"""A run ends when what it was asked to stop at comes, with a sentence, and nowhere else; a replay ends alike."""

import json

import pytest

from playground.diagnosis.alarm import Alarm
from playground.training.config import RunConfig
from playground.training.events import End, Update
from playground.training.loop import train
from playground.training.presets import PRESETS
from playground.training.replay import state_at
from playground.training.state import TrainingState

SOLVING = PRESETS["P2b"].config.patched({"hidden": 16, "batch": 16, "task.length": 4, "updates": 100, "pace": 0})
TO_NAN = PRESETS["P5"].config.patched({"pace": 0, "updates": 60, "hidden": 32, "task.length": 20})
CASES = {
    "solved": (SOLVING, {"stop.solved": True}),
    "not finite": (TO_NAN, {"stop.not_finite": True}),
    "failure": (TO_NAN, {"stop.alarm": "failure"}),
    "warning": (TO_NAN, {"stop.alarm": "warning"}),
}


def _first(events, name):
    """Where a run would be stopped, from what it yields when nothing stops it."""
    if name == "solved":
        return next(e.update for e in events if isinstance(e, Update) and e.values.get("test_metric", 0) >= 0.97)
    wanted = {"failure": ("failure",), "warning": ("warning", "failure"), "not finite": ("failure",)}[name]
    alarms = [e for e in events if isinstance(e, Alarm) and e.severity in wanted]
    return next(a.update for a in alarms if name != "not finite" or a.kind == "not_finite")


def _plain(events):
    return json.dumps([e.update if isinstance(e, Update) else repr(e) for e in events])


@pytest.mark.parametrize("name", CASES)
def test_it_ends_where_that_first_is_and_goes_on_past_it_when_told_to(name):
    config, stop = CASES[name]
    whole = list(train(config))
    at = _first(whole, name)
    asked = config.patched(stop)
    state, dumps, events = TrainingState(asked), {}, []
    for event in train(asked, state):
        events.append(event)
        if isinstance(event, Update):
            dumps[event.update] = state.dump()
    end = events[-1]
    lost = whole[-1].outcome == "diverged" and whole[-1].update == at
    assert (end.outcome, end.update) == ("diverged" if lost else "stopped", at)
    assert lost or "stopped, as asked." in end.sentence
    before = [e for e in whole if not isinstance(e, End) and e.update <= at]
    assert _plain(events[:-1]) == _plain(before)
    # Killed right before its end was told: told again. Resumed: past it, as if it had never been asked.
    later = [e for e in whole if e.update > at]
    alarms = [e.update for e in later if name == "warning" and isinstance(e, Alarm)]  # each of them stops it again
    later = [e for e in later if e.update <= min(alarms, default=1000)]
    for go_on, wanted in ((-1, [end]), *(() if lost else ((at, later),))):
        again = TrainingState(asked)
        again.load(dumps[at])
        again.go_on = go_on
        assert _plain(list(train(asked, again))[: len(wanted)]) == _plain(wanted)
    if not lost:
        assert state_at(asked, dumps[0], at + 1).update == at + 1


def test_an_error_counts_as_solved_at_a_tenth_of_what_guessing_scores():
    from playground.training.stopping import solved_by

    config = RunConfig().patched({"task.kind": "adding"})
    bound = config.task.baseline_metric / 10
    assert solved_by(config, {"test_metric": bound * 0.99})
    assert solved_by(config, {"test_metric": bound * 1.01}) is False
    assert solved_by(config, {"test_metric": float("nan")}) is False
    assert solved_by(config, {"loss": 0.0}) is None


def test_nothing_but_the_last_update_stops_a_run_by_default():
    assert RunConfig().stop.model_dump() == {"solved": False, "not_finite": False, "alarm": "never", "seconds": 0}
    assert RunConfig.from_json("{}").stop == RunConfig().stop
