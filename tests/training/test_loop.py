"""train(config): the order of its events, its schedules, its determinism, and going on from a checkpoint."""

import itertools

import numpy as np
import pytest
import torch

from playground.core.errors import PlaygroundError
from playground.diagnosis.alarm import Alarm
from playground.training import probes
from playground.training.config import RunConfig
from playground.training.events import End, Update
from playground.training.loop import train
from playground.training.presets import PRESETS
from playground.training.state import TrainingState

SMALL = RunConfig(hidden=6, batch=4, updates=23, task={"kind": "recall", "length": 5})
DIVERGING = PRESETS["P5"].config.patched({"hidden": 8, "batch": 4, "task.length": 8, "optimizer.learning_rate": 2.0})


def bits(event):
    """An event as something that compares equal only where every bit is equal, NaN included."""
    if isinstance(event, Update):
        return event.update, {name: np.asarray(v, dtype=np.float64).tobytes() for name, v in event.values.items()}
    return event.model_dump_json() if isinstance(event, Alarm) else event


def run(config, state=None):
    return [bits(event) for event in train(config, state)]


@pytest.mark.parametrize("updates", [1, 2, 23])
def test_one_update_event_an_update_one_more_for_the_final_weights_then_the_end(updates):
    events = list(train(SMALL.patched({"updates": updates})))
    assert [type(event) for event in events] == [Update] * (updates + 1) + [End]
    assert [event.update for event in events] == [*range(updates + 1), updates]
    assert events[-1].outcome == "finished"
    assert f"{updates:,}" in events[-1].sentence


def test_a_diverging_run_ends_with_alarm_update_end():
    events = list(train(DIVERGING))
    alarms = [event for event in events if isinstance(event, Alarm) and event.kind == "not_finite"]
    assert len(alarms) == 1
    at = events.index(alarms[0])
    assert isinstance(events[at + 1], Update)
    assert events[at + 1].update == alarms[0].update
    updates = [event.update for event in events if isinstance(event, Update)]
    assert updates == list(range(len(updates)))
    end = events[-1]
    assert (end.outcome, end.update) == ("diverged", updates[-1])
    assert str(end.update) in end.sentence


def test_measurements_come_on_their_schedule():
    config = SMALL.patched({"updates": 1001})
    events = [event for event in train(config) if isinstance(event, Update)]
    last = {
        "test_loss",
        "test_metric",
        "example_prediction",
        "weight_histogram",
        "spectral_radius",
        "eigenvalues",
        "singular_values",
        "jacobian_bound",
        "weight_norm",
        "zero_weights",
    }  # all that the final weights can show
    for spec in probes.specs(config):
        taken = [event.update for event in events if spec.name in event.values]
        if spec.every == 0:
            assert taken == [0]
        else:
            expected = [*range(0, 1001, spec.every), *([1001] if spec.name in last else [])]
            assert taken == expected, spec.name
    assert {s.every for s in probes.specs(config)} > {0, 1}
    assert set(events[-1].values) == last


def test_every_update_has_the_headline_measurements():
    always = {"loss", "total_gradient", "global_norm_before", "global_norm_after"}
    for event in list(train(SMALL.patched({"updates": 1001})))[:-2]:
        assert always <= set(event.values)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_the_same_seed_is_the_same_run_bit_by_bit(precision):
    config = SMALL.patched({"precision": precision})
    torch.manual_seed(1)
    first = run(config)
    torch.manual_seed(2)  # nothing may depend on the global stream
    assert run(config) == first
    assert run(config.patched({"seed": 1})) != first


def test_two_runs_in_turns_do_not_disturb_each_other():
    other = SMALL.patched({"seed": 1})
    mine, theirs = [], []
    for a, b in itertools.zip_longest(train(SMALL), train(other)):
        mine.append(bits(a))
        theirs.append(bits(b))
    assert mine == run(SMALL)
    assert theirs == run(other)


def test_pace_is_not_the_loops_business():
    assert run(SMALL.patched({"pace": 1})) == run(SMALL)


def test_runs_that_differ_in_one_setting_share_everything_else():
    plain, changed = TrainingState(SMALL), TrainingState(SMALL.patched({"cell.recurrent_init.kind": "orthogonal"}))
    for name in "WbVc":
        assert torch.equal(plain.weights.views[name], changed.weights.views[name])
    assert not torch.equal(plain.weights.views["U"], changed.weights.views["U"])
    assert torch.equal(plain.batch().x, changed.batch().x)
    assert torch.equal(plain.data.held_out.x, changed.data.held_out.x)


OPTIMIZERS = ["adam", "adamw", "sgd", "rmsprop"]


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_a_resumed_run_is_the_unbroken_one_bit_by_bit(kind, precision):
    config = SMALL.patched({"optimizer.kind": kind, "precision": precision})
    straight = run(config)
    for stop in (1, 2, 7, 22, 23):
        state = TrainingState(config)
        head = [bits(event) for event in itertools.islice(train(config, state), stop)]
        resumed = TrainingState(config)
        resumed.load(state.dump())
        assert resumed.update == state.update == stop
        assert head + run(config, resumed) == straight


def test_a_checkpoint_of_a_checkpoint_is_a_checkpoint():
    straight, events, saved = run(SMALL), [], TrainingState(SMALL).dump()
    for _ in range(SMALL.updates):
        state = TrainingState(SMALL)
        state.load(saved)
        events.append(bits(next(train(SMALL, state))))
        saved = state.dump()
    assert events == straight[: SMALL.updates]


def test_a_checkpoint_is_small_and_does_not_move_afterwards():
    state = TrainingState(SMALL)
    events = train(SMALL, state)
    next(events)
    saved = state.dump()
    assert len(saved) < 100_000
    list(events)
    again = TrainingState(SMALL)
    again.load(saved)
    assert again.update == 1


@pytest.mark.parametrize("before", ["the alarm", "the end"])
def test_a_diverging_run_can_be_taken_up_after_any_update(before):
    """dump() → load() → the same bits onward."""
    straight = run(DIVERGING)
    stop = {"the alarm": len(straight) - 3, "the end": len(straight) - 1}[before]
    state = TrainingState(DIVERGING)
    head = [bits(event) for event in itertools.islice(train(DIVERGING, state), stop)]
    resumed = TrainingState(DIVERGING)
    resumed.load(state.dump())
    assert head + run(DIVERGING, resumed) == straight


def test_what_was_yielded_does_not_change_later():
    events = train(SMALL)
    first = next(events)
    kept = bits(first)
    list(events)
    assert bits(first) == kept


STREAM = RunConfig(task={"kind": "echo", "length": 12}, arrival="stream", hidden=6, batch=4, updates=9, cell="lstm")


def test_a_stream_carries_data_and_states_across_windows():
    """Learning nothing, two windows in turn are one window of twice the length."""
    still = STREAM.patched({"optimizer.learning_rate": 0.0, "precision": "float64"})
    state = TrainingState(still)
    events, data = train(still, state), TrainingState(still)
    batches = [data.batch(), data.batch()]
    next(events)
    carried = state.carried
    next(events)
    x = torch.cat([batch.x for batch in batches])
    whole = state.network.forward(state.weights.views, x)
    for (h, c), (h_half, c_half), tape in zip(state.carried, carried, whole.tapes, strict=True):
        for mine, theirs in ((h, tape.states[0][24]), (c, tape.states[1][24]), (h_half, tape.states[0][12])):
            torch.testing.assert_close(mine, theirs)
        torch.testing.assert_close(c_half, tape.states[1][12])
    seen, said = x.argmax(-1), torch.cat([batch.targets for batch in batches])
    assert torch.equal(said[12:], seen[12 - still.task.delay : 24 - still.task.delay])


@pytest.mark.parametrize(
    "config",
    [
        STREAM,
        SMALL.patched({"shuffle_time": True, "schedule.kind": "cosine"}),
        SMALL.patched({"task.kind": "reversal", "task.length": 4, "architecture.teacher_forcing": 0.5}),
        SMALL.patched({"precision": "bfloat16", "cell.kind": "gru"}),
    ],
    ids=["stream", "shuffled", "scheduled sampling", "bfloat16"],
)
def test_what_a_run_draws_as_it_goes_survives_a_checkpoint(config):
    straight = run(config)
    state = TrainingState(config)
    head = [bits(event) for event in itertools.islice(train(config, state), 4)]
    resumed = TrainingState(config)
    resumed.load(state.dump())
    assert head + run(config, resumed) == straight


def test_scheduled_sampling_fades_from_the_truth_to_its_own_answers():
    config = SMALL.patched({"task.kind": "reversal", "architecture.fade": 0.5, "updates": 100})
    state, shares = TrainingState(config), []
    for state.update in (0, 25, 50, 99):
        drawn = [state.forced(state.batch()).double().mean().item() for _ in range(40)]
        shares.append(sum(drawn) / len(drawn))
    assert shares == pytest.approx([1.0, 0.5, 0.0, 0.0], abs=0.05)


def test_the_learning_rate_follows_its_schedule():
    config = SMALL.patched({"updates": 10, "schedule.kind": "step", "schedule.every": 4, "schedule.drop": 0.1})
    rates = [event.values["learning_rate"] for event in list(train(config))[:10]]
    assert rates == pytest.approx([2e-3] * 4 + [2e-4] * 4 + [2e-5] * 2)


def test_shuffled_time_keeps_each_sequence_s_inputs_and_answers():
    plain, shuffled = (TrainingState(SMALL.patched({"shuffle_time": on})).batch() for on in (False, True))
    assert torch.equal(plain.targets, shuffled.targets)
    assert torch.equal(plain.x.sum(0), shuffled.x.sum(0))
    assert not torch.equal(plain.x, shuffled.x)


def test_float16_overflows_where_float32_does_not():
    """A linear network that doubles: 2^15 is the last power of two that float16 holds."""
    config = PRESETS["P4"].config.patched({"cell.recurrent_init.gain": 2.0, "updates": 1, "task.length": 30})
    overflows = [
        [e for e in train(each) if isinstance(e, Alarm) and e.kind == "not_finite"]
        for each in (config, config.patched({"precision": "float16"}))
    ]
    assert not overflows[0]
    (alarm,) = overflows[1]
    assert 14 <= alarm.time_step <= 20


def test_no_gpu_is_a_sentence():
    if torch.cuda.is_available():
        pytest.skip("there is one")
    with pytest.raises(PlaygroundError, match="no GPU that torch can use"):
        TrainingState(SMALL.patched({"device": "cuda"}))
