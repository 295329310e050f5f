"""A diagnosis is a function of what was measured: live, resumed, and on an old run it says the same."""

import math

import pytest

from playground.core.measurement import Row
from playground.diagnosis.alarm import Alarm, Cleared
from playground.diagnosis.diagnose import Diagnosis, diagnose
from playground.diagnosis.symptom import QUIET
from playground.training import probes
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.loop import train
from playground.training.presets import PRESETS
from playground.training.state import TrainingState
from tests.training import whole

FAST = {"pace": 0}


def events_of(key, **changes):
    config = PRESETS[key].config.patched(FAST | changes)
    return config, whole.events(config)


def rows_of(events):
    return [Row(event.update, 0.0, event.values) for event in events if isinstance(event, Update)]


def findings_of(events):
    return [event for event in events if isinstance(event, Alarm | Cleared) and event.kind != "not_finite"]


@pytest.mark.parametrize("key", ["P1", "P5", "P6", "P7", "P6e", "P2b"])
def test_an_old_run_gives_the_alarms_that_it_gave_live(key):
    config, events = events_of(key)
    assert list(diagnose(config, probes.specs(config), rows_of(events))) == findings_of(events)


@pytest.mark.parametrize("stop", [1, 20, 34, 36, 60])
def test_a_resumed_run_gives_the_rest_of_them(stop):
    config, straight = events_of("P1", updates=80)
    state = TrainingState(config)
    found = []
    for event in train(config, state):
        found.append(event)
        if isinstance(event, Update) and event.update == stop:
            break
    resumed = TrainingState(config)
    resumed.load(state.dump())
    found += train(config, resumed)
    assert findings_of(found) == findings_of(straight) != []


def scripted(losses, **thresholds):
    """A diagnosis fed with losses that are the baseline times these."""
    config = PRESETS["P1"].config.patched({f"alarms.{name}": value for name, value in thresholds.items()})
    guessing, far = config.task.baseline_loss, {"memory_horizon": [5.0], "signal_span": [30.0], "cut_off_steps": [0.0]}
    diagnosis = Diagnosis(config, probes.specs(config))
    return [
        finding
        for update, loss in enumerate(losses)
        for finding in diagnosis.see(update, {"loss": loss * guessing, "far_ratio": [1e-9], **far})
    ]


def test_it_is_raised_once_and_cleared_once_with_a_note():
    findings = scripted([1.0] * 60 + [0.1] * 60)
    (raised,) = [f for f in findings if isinstance(f, Alarm) and f.kind == "vanishing"]
    (cleared,) = [f for f in findings if isinstance(f, Cleared) and f.kind == "vanishing"]
    assert raised.update == 30  # 30 losses at the baseline, and a second look
    assert cleared.raised == raised.update
    assert cleared.update >= 60 + QUIET
    assert cleared.sentence


def test_batches_that_are_better_by_chance_do_not_make_it_flap():
    """Out of the band for four updates in every fifty: raised, and never cleared."""
    findings = scripted(([1.0] * 46 + [0.5] * 4) * 8)
    assert [type(f) for f in findings if f.kind == "vanishing"] == [Alarm]


def test_a_threshold_is_the_user_s_to_change():
    assert not [f for f in scripted([1.0] * 60, **{"vanishing.share": 1e-12}) if f.kind == "vanishing"]
    assert not [f for f in scripted([1.0] * 60, **{"vanishing.watch": False}) if f.kind == "vanishing"]
    early = [f for f in scripted([1.0] * 60, **{"vanishing.updates": 10}) if f.kind == "vanishing"]
    assert early[0].update == 10


def test_what_is_not_finite_neither_raises_nor_clears():
    findings = scripted([1.0] * 60 + [math.nan] * 100)
    assert [type(f) for f in findings if f.kind == "vanishing"] == [Alarm]


def test_a_learning_rate_of_0_only_measures():
    config, events = events_of("P1", **{"optimizer.learning_rate": 0.0, "updates": 80})
    assert not findings_of(events)
    assert config.optimizer.learning_rate == 0


def test_thresholds_travel_in_link_and_json():
    config = RunConfig().patched({"alarms.exploding.ratio": 10.0, "alarms.plateau.watch": False})
    assert config.difference(RunConfig()) == {"alarms.exploding.ratio": 10.0, "alarms.plateau.watch": False}
    assert RunConfig.from_json(config.canonical_json()) == config
