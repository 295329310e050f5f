"""Changes on the way: together with them a run is still computed again to the bit, and they accuse nobody."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.diagnosis.alarm import Alarm, Cleared
from playground.diagnosis.diagnose import diagnose
from playground.training import probes
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.live_changes import in_force, intervention, live_changes, rescaled, told
from playground.training.loop import train
from playground.training.presets import PRESETS
from playground.training.replay import changed, frame, state_at
from playground.training.state import TrainingState

SMALL = RunConfig(hidden=6, batch=4, updates=24, task={"kind": "recall", "length": 5})
ALL_AT_ONCE = {
    "optimizer.learning_rate": 0.01,
    "clip.kind": "value",
    "clip.lo": -0.03,
    "clip.hi": 0.03,
    "cell.activation.kind": "relu",
    "cell.recurrent_init.gain": 1.5,
}
CONFIGS = {
    "float32": SMALL,
    "LSTM, two layers, two passes, float64": SMALL.patched(
        {"cell.kind": "lstm", "layers": 2, "direction": "two_passes", "precision": "float64"}
    ),
    "encoder–decoder": SMALL.patched({"task.kind": "reversal", "task.length": 4, "cell.kind": "gru"}),
    "no recurrence": SMALL.patched({"architecture.kind": "window_mlp"}),
}


def _plan(config, *steps):
    """Interventions (update, wished differences from the config)."""
    found, now = [], config
    for update, wish in steps:
        wanted = config.patched(wish)
        found.append(intervention(update, now, wanted))
        now = wanted
    return found


def _bits(events):
    return [
        (e.update, {n: np.asarray(v).tobytes() for n, v in e.values.items()} if isinstance(e, Update) else e)
        for e in events
    ]


@pytest.mark.parametrize("name", CONFIGS)
def test_stopped_and_loaded_anywhere_it_goes_on_to_the_bit(name):
    config = CONFIGS[name]
    plan = _plan(config, (7, ALL_AT_ONCE), (15, {"cell.recurrent_init.gain": 0.5}))
    state = TrainingState(config, plan)
    dumps, events = {0: state.dump()}, []
    for event in train(config, state):
        events.append(event)
        if isinstance(event, Update):
            dumps[state.update] = state.dump()
    straight = _bits(events)
    for update in (7, 8, 16):
        again = TrainingState(config, plan)
        again.load(dumps[update])
        start = again.weights.flat.clone()
        assert again.config == in_force(config, [each for each in plan if each.update < update])
        assert _bits(train(config, again)) == [(u, event) for u, event in straight if u >= update]
        one = frame(config, dumps[update - 6], update, interventions=plan)
        loss = next(e.values["loss"] for e in events if isinstance(e, Update) and e.update == update)
        assert one["loss"].tobytes() == np.asarray(loss, one["loss"].dtype).tobytes()
        there = state_at(config, dumps[0], update, interventions=plan)
        assert torch.equal(there.weights.flat, start)


def test_what_was_changed_at_the_start_is_a_run_that_began_so():
    """With a power of two the rescaled U is to the bit the one that is drawn with the other gain."""
    changes = {**ALL_AT_ONCE, "cell.recurrent_init.gain": 2.0}
    state = TrainingState(SMALL, _plan(SMALL, (0, changes)))
    names = ("loss", "test_loss", "global_norm_after", "weight_norm")
    mine = [e.values for e in train(SMALL, state) if isinstance(e, Update)]
    theirs = [e.values for e in train(SMALL.patched(changes)) if isinstance(e, Update)]
    for one, other in zip(mine, theirs, strict=True):
        for name in names:
            assert np.array_equal(one.get(name, 0), other.get(name, 0), equal_nan=True), name


@pytest.mark.parametrize(
    ("name", "tensors"),
    [
        ("float32", {"U"}),
        ("LSTM, two layers, two passes, float64", {"U₁", "U₁←", "U₂", "U₂←"}),
        ("no recurrence", set()),
    ],
)
def test_the_gain_is_on_every_recurrent_matrix_and_on_nothing_else(name, tensors):
    config = CONFIGS[name]
    wanted = config.patched({"cell.recurrent_init.gain": 3.0})
    factor, found = rescaled(config, wanted)
    assert (set(found), factor) == (tensors, 3.0)
    state = TrainingState(config, _plan(config, (0, {"cell.recurrent_init.gain": 3.0})))
    before = state.weights.clone()
    state.obey()
    for name, view in state.weights.views.items():
        assert torch.equal(view, before.views[name] * (3.0 if name in tensors else 1.0))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"optimizer.learning_rate": 0.01}, "learning rate 0.003 → 0.01"),
        ({"optimizer.learning_rate": 1e-6}, "learning rate 0.003 → 10⁻⁶"),
        ({"clip.threshold": 0.25}, "clip by norm 1 → by norm 0.25"),
        ({"clip.kind": "value", "clip.lo": -0.03}, "clip by norm 1 → by value −0.03, 1"),
        ({"clip.kind": "none"}, "clip by norm 1 → none"),
        ({"cell.activation.kind": "leaky_relu"}, "activation tanh → leaky ReLU 0.01"),
        (
            {"cell.recurrent_init.gain": 1.5, "optimizer.learning_rate": 0.0},
            "learning rate 0.003 → 0; gain of U 1 → 1.5",
        ),
        ({"stop.solved": True, "stop.seconds": 1200}, "stop at its end → solved, 1,200 s"),
        ({"stop.alarm": "warning", "stop.not_finite": True}, "stop at its end → NaN or ∞, a warning"),
    ],
)
def test_each_is_said_in_a_sentence(changes, sentence):
    config = SMALL.patched({"optimizer.learning_rate": 0.003, "cell.recurrent_init.kind": "orthogonal"})
    found = intervention(3, config, config.patched(changes))
    assert (found.update, found.sentence) == (3, sentence)
    assert config.patched(found.changes) == config.patched(changes)
    assert type(found).model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize(
    "changes",
    [
        {"hidden": 7},
        {"optimizer.kind": "sgd"},
        {"cell.recurrent_init.kind": "orthogonal"},
        {"cell.recurrent_init.gain": 0.0},
        {"cell.kind": "gru"},
        {"optimizer.learning_rate": 0.01, "seed": 3},
        {"alarms.vanishing.watch": False},
    ],
)
def test_all_else_needs_a_new_run(changes):
    assert live_changes(SMALL, SMALL.patched(changes)) is None


def test_pace_is_no_change_of_a_run():
    assert live_changes(SMALL, SMALL.patched({"pace": 3})) == {}
    assert intervention(0, SMALL, SMALL.patched({"pace": 3})) is None


def test_what_stops_a_run_may_change_and_changes_nothing_else(monkeypatch):
    """Solved since long ago, it stops at the first test after it was asked to."""
    monkeypatch.setattr("playground.training.state.solved_by", lambda *_: True)
    config = PRESETS["P1"].config.patched({"hidden": 16, "batch": 8, "updates": 130, "pace": 0})
    plan = _plan(config, (100, {"stop.solved": True, "stop.alarm": "failure"}))
    free, events = list(train(config)), list(train(config, TrainingState(config, plan)))
    end = events[-1]
    assert (end.outcome, end.update, end.sentence) == ("stopped", 100, "Solved at update 100: stopped, as asked.")
    assert any(isinstance(event, Alarm) for event in events), "found, and not taken back at the change"
    assert _bits(events[:-1]) == _bits(free[: len(events) - 1])
    rows = [event for event in events if isinstance(event, Update)]
    findings = [event for event in events if isinstance(event, Alarm | Cleared)]
    assert [*diagnose(config, probes.specs(config), rows, [*told(config, plan)])] == findings


RATES = st.floats(0, 10)
WISHES = st.fixed_dictionaries(
    {},
    optional={
        "optimizer.learning_rate": RATES,
        "clip.kind": st.sampled_from(["none", "value", "norm", "per_parameter", "agc", "too_early"]),
        "cell.activation.kind": st.sampled_from(["tanh", "relu", "leaky_relu", "identity", "sigmoid"]),
        "cell.recurrent_init.gain": st.floats(0.01, 10),
    },
)


@settings(max_examples=25)
@given(st.lists(WISHES, max_size=4))
def test_steps_lead_to_what_was_wished_last(wishes):
    plan, now = [], SMALL
    for update, wish in enumerate(wishes):
        step = intervention(update, now, SMALL.patched(wish))
        plan += [step] if step else []
        now = SMALL.patched(wish)
    assert in_force(SMALL, plan) == now
    assert live_changes(now, now) == {}


# The diagnosis


def test_what_stood_before_a_change_is_over_and_looked_for_anew():
    """P1 forgets, and goes on to forget after its learning rate is another: told twice, each with its own evidence."""
    config = PRESETS["P1"].config.patched({"hidden": 16, "batch": 8, "updates": 130, "pace": 0})
    plan = _plan(config, (70, {"optimizer.learning_rate": 0.001}))
    events = list(train(config, TrainingState(config, plan)))
    findings = [e for e in events if isinstance(e, Alarm | Cleared)]
    before = {e.kind for e in findings if isinstance(e, Alarm) and e.update < 70}
    over = [e for e in findings if isinstance(e, Cleared) and e.update == 70]
    assert "vanishing" in before
    assert {e.kind for e in over} <= before
    assert over[0].sentence == "The run was changed here: learning rate 0.002 → 0.001."
    again = [e.update for e in findings if isinstance(e, Alarm) and e.kind == "vanishing" and e.update >= 70]
    assert again
    assert again[0] - 70 >= config.alarms.vanishing.updates - 1
    rows = [e for e in events if isinstance(e, Update)]
    assert [*diagnose(config, probes.specs(config), rows, [*told(config, plan)])] == findings


@pytest.mark.parametrize(
    ("wish", "accused"),
    [
        ({"cell.recurrent_init.gain": 0.1}, "weights_collapse"),
        ({"clip.threshold": 1000.0}, "clip_always"),
    ],
)
def test_what_was_done_on_purpose_raises_nothing(wish, accused):
    config = PRESETS["P2b"].config.patched({"hidden": 16, "batch": 8, "updates": 98, "pace": 0})
    config = config.patched({"clip.threshold": 1e-3, "alarms.clip_always.share": 0.99})
    plan = _plan(config, (48, {**wish}))
    found = [e for e in train(config, TrainingState(config, plan)) if isinstance(e, Alarm) and e.update >= 48]
    assert accused not in {alarm.kind for alarm in found}


def test_a_branch_begins_with_its_own_config():
    wish = {path: value for path, value in ALL_AT_ONCE.items() if path != "cell.activation.kind"}
    plan = _plan(SMALL, (7, wish))
    old = state_at(SMALL, TrainingState(SMALL).dump(), 12, interventions=plan)
    same, _ = changed(old, SMALL.patched(wish), [], True)
    straight = {e.update: e.values["loss"] for e in train(SMALL, TrainingState(SMALL, plan)) if _trains(e)}
    found = [(e.update, e.values["loss"]) for e in train(SMALL.patched(wish), same) if _trains(e)]
    assert found == [(u, loss) for u, loss in straight.items() if u >= 12]
    again = TrainingState(SMALL.patched(wish))
    again.load(same.dump())
    assert again.config == SMALL.patched(wish)


def _trains(event):
    return isinstance(event, Update) and "loss" in event.values


def test_a_checkpoint_of_the_first_version_is_read():
    state = TrainingState(SMALL)
    snapshot = {k: v for k, v in state.snapshot().items() if k not in ("changes", "obeyed", "solved", "stop")}
    again = TrainingState(SMALL)
    again.restore(snapshot)
    assert (again.config, again.obeyed, again.stop) == (SMALL, 0, "")


def test_all_that_an_alarm_needs_is_measured_at_the_first_update():
    """So that skipping what lacks something, after a load, changes nothing before the first change."""
    for key in ("P1", "P2c", "P3", "P5", "P8"):
        config = PRESETS[key].config.patched({"updates": 30, "hidden": 8, "batch": 4})
        first = next(e for e in train(config) if isinstance(e, Update)).values
        declared = {spec.name for spec in probes.specs(config)}
        for symptom in config.alarms.symptoms():
            if declared >= set(symptom.needs):
                assert set(symptom.needs) <= set(first), symptom.name
