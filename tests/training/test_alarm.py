"""The NaN alarm: overflows built so that algebra says where the first one is."""

import math

import pytest
import torch
from torch.nn import functional as F

from playground.diagnosis.alarm import Alarm
from playground.training.config import RunConfig
from playground.training.events import End, Update
from playground.training.loop import train
from playground.training.presets import PRESETS
from playground.training.state import TrainingState

T, N, H = 10, 4, 3


def linear(kind="recall", **changes):
    """A linear network whose weights are all 0: the tests write in the numbers that overflow."""
    zero = {"kind": "constant", "value": 0.0}
    cell = {"kind": "vanilla", "activation": "identity", "recurrent_init": zero, "input_init": zero, "bias_init": zero}
    return RunConfig(
        **{
            "task": {"kind": kind, "length": T}, "cell": cell, "hidden": H, "batch": N, "readout_init": zero,
            "clip": "none", "optimizer": {"kind": "sgd", "learning_rate": 0.0, "momentum": 0.0}, "updates": 3,
        } | changes
    )  # fmt: skip


def run(config, **weights):
    state = TrainingState(config)
    for name, value in weights.items():
        state.weights.views[name].copy_(torch.as_tensor(value, dtype=torch.float32))
    return list(train(config, state))


def is_it(event):
    """The NaN alarm; what else is found beside it is tested elsewhere."""
    return isinstance(event, Alarm) and event.kind == "not_finite"


def the_alarm(events):
    alarms = [event for event in events if is_it(event)]
    assert len(alarms) == 1
    after = events[events.index(alarms[0]) + 1]
    assert isinstance(after, Update)
    assert after.update == alarms[0].update
    assert alarms[0].sentence.startswith(f"Update {alarms[0].update}: ")
    assert alarms[0].tensor in alarms[0].sentence
    return alarms[0]


def diagonal(value):
    return value * torch.eye(H)


def test_forward():
    """a_t = 1 + 10¹⁰·a_{t−1}: 1, 10¹⁰, 10²⁰, 10³⁰, and 10⁴⁰ is more than float32 holds."""
    alarm = the_alarm(run(linear(), U=diagonal(1e10), b=torch.ones(H)))
    assert (alarm.phase, alarm.time_step, alarm.update) == ("forward", 5, 0)
    assert "pre-activation" in alarm.tensor
    assert (alarm.nan_count, alarm.inf_count, alarm.last_finite_max) == (0, N * H, None)
    assert "time step 5" in alarm.sentence


def test_forward_in_one_unit_only():
    """One unit grows, the others stay: its place, and the largest number that was still finite."""
    alarm = the_alarm(run(linear(), U=torch.diag(torch.tensor([0.0, 1e15, 1.0])), b=torch.ones(H)))
    assert (alarm.phase, alarm.time_step) == ("forward", 4)  # 1, 10¹⁵, 10³⁰, inf
    assert alarm.index == (0, 1)
    assert alarm.inf_count == N
    assert alarm.last_finite_max == 4.0  # the unit with factor 1 has counted the steps


def test_output():
    """h_T = T = 10 by counting, and 10·10³⁸ is too much for the read-out; every state is fine."""
    readout = torch.zeros(4, H)
    readout[2, 0] = 1e38
    alarm = the_alarm(run(linear(), U=diagonal(1.0), b=torch.ones(H), V=readout))
    assert (alarm.phase, alarm.time_step, alarm.inf_count) == ("forward", T, N)
    assert "output" in alarm.tensor
    assert alarm.index == (0, 2)


def test_output_minus_infinity_is_seen_though_the_loss_stays_finite():
    """A class whose score is −inf has probability 0: loss and gradients are finite for all other answers."""
    config = linear(batch=1)
    target = TrainingState(config).batch().targets.item()
    readout = torch.zeros(4, H)
    readout[(target + 1) % 4, 0] = -1e38
    alarm = the_alarm(run(config, U=diagonal(1.0), b=torch.ones(H), V=readout))
    assert (alarm.phase, alarm.inf_count) == ("forward", 1)
    assert "output" in alarm.tensor


def test_loss():
    """An output of 10²⁵ is finite, its square is not."""
    alarm = the_alarm(run(linear("adding"), c=[1e25]))
    assert (alarm.phase, alarm.time_step) == ("loss", None)
    assert (alarm.nan_count, alarm.inf_count) == (0, 1)
    assert "loss" in alarm.tensor


def test_backward():
    """States, outputs and loss are 0, 0 and ln 4; back from about 0.1 at T the gradient grows by 10¹⁴ a step."""
    readout = torch.zeros(4, H)
    readout[0] = 1.0
    alarm = the_alarm(run(linear(), U=diagonal(1e14), V=readout))
    assert (alarm.phase, alarm.time_step) == ("backward", T - 3)
    assert (alarm.nan_count, alarm.inf_count) == (0, N * H)
    assert "∂L/∂h" in alarm.tensor


def test_weight_gradients():
    """∂L/∂h_t is ±7·10³⁷ or more at each of 30 steps: each is finite, their sum over time is not."""
    config = linear(batch=1, task={"kind": "recall", "length": 30})
    readout = torch.zeros(4, H)
    readout[0] = 3e38
    alarm = the_alarm(run(config, U=diagonal(1.0), V=readout))
    assert (alarm.phase, alarm.time_step) == ("weight gradients", None)
    assert "W" in alarm.tensor  # the first in the causal order, and one column of it at least overflows


def test_gradient_norm():
    """In float64 every element is finite, and the norm of all is not: a clip then makes the gradient 0, silently."""
    config = linear(batch=1, precision="float64", clip={"kind": "norm", "threshold": 1.0})
    target = TrainingState(config).batch().targets.item()
    readout = torch.zeros(4, H, dtype=torch.float64)
    readout[target] = 1.6e307  # ∂L/∂h_t is ¾ of it at each of ten steps: 1.2·10³⁰⁸ for b, and √3 times that in all
    state = TrainingState(config)
    state.weights.views["V"].copy_(readout)
    state.weights.views["U"].copy_(torch.eye(H))
    events = list(train(config, state))
    alarm = the_alarm(events)
    assert (alarm.phase, alarm.time_step, alarm.inf_count) == ("gradient norm", None, 1)
    assert alarm.tensor.startswith("norm of the gradient of ")
    (first, *_) = [event.values for event in events if isinstance(event, Update)]
    assert (first["global_norm_before"], first["global_norm_after"]) == (math.inf, 0.0)


@pytest.mark.parametrize(("gate", "row"), [("o", 0), ("i", 1), ("f", 2), ("candidate", 3)])
def test_the_gate_and_the_layer_are_named(gate, row):
    """inf in one row of the upper LSTM's bias: that gate's pre-activation at its first step."""
    config = linear(cell={"kind": "lstm"}, layers=2)
    state = TrainingState(config)
    state.weights.views["b₂"][row * H + 1] = math.inf
    alarm = the_alarm(list(train(config, state)))
    assert (alarm.phase, alarm.time_step, alarm.gate, alarm.layer) == ("forward", 1, gate, "layer 2")
    assert f"gate {gate}" in alarm.sentence
    assert alarm.chain[0].startswith("pre-activation a, layer 2")


def test_weights_after_the_step():
    """Gradients of 10³⁷ are finite; ten times that, summed over steps, is not a weight."""
    config = linear(batch=1, optimizer={"kind": "sgd", "learning_rate": 10.0, "momentum": 0.0})
    readout = torch.zeros(4, H)
    readout[0] = 6e37
    events = run(config, U=diagonal(1.0), V=readout)
    alarm = the_alarm(events)
    assert (alarm.phase, alarm.time_step, alarm.update) == ("weights", None, 0)
    assert isinstance(events[-1], End)
    assert events[-1].outcome == "diverged"
    assert all(math.isfinite(event.values["loss"]) for event in events if isinstance(event, Update))


@pytest.mark.parametrize(("wrong", "counts"), [(math.nan, (1, 0)), (math.inf, (0, 1)), (-math.inf, (0, 1))])
def test_nan_and_infinity_are_told_apart(wrong, counts):
    bias = torch.zeros(H)
    bias[2] = wrong
    alarm = the_alarm(run(linear(), b=bias))
    assert (alarm.phase, alarm.time_step, alarm.index) == ("forward", 1, (0, 2))
    assert (alarm.nan_count, alarm.inf_count) == tuple(N * count for count in counts)


def test_the_alarm_is_given_once_though_the_overflow_stays():
    """Rate 0 and finite gradients: the run goes on, and every update's loss overflows again."""
    events = run(linear("adding"), c=[1e25])
    assert the_alarm(events).update == 0
    assert [event.update for event in events if isinstance(event, Update)] == [0, 1, 2, 3]


def test_a_healthy_run_gives_none_though_its_sums_overflow():
    """Numbers near the end of float32 are still numbers: states up to 5·10³⁷, whose sum over time is 3·10³⁹."""
    events = run(linear("adding"), U=diagonal(1.0), b=torch.full((H,), 5e36))
    assert not [event for event in events if is_it(event)]


def first_non_finite(config, state):
    """(phase, tensor, time step) of one update of a linear network, by autograd and by looking everywhere in order."""
    weights = {name: w.clone().requires_grad_() for name, w in state.weights.views.items()}
    x, targets, _ = state.batch()
    h, stations = torch.zeros(config.batch, config.hidden), []
    states = []
    for t, x_t in enumerate(x, 1):
        h = x_t @ weights["W"].T + h @ weights["U"].T + weights["b"]
        h.retain_grad()
        states.append(h)
        stations.append((("forward", "a", t), h))
    y = h @ weights["V"].T + weights["c"]
    loss = F.cross_entropy(y, targets[0])
    loss.backward()
    stations += [(("forward", "output", config.task.length), y), (("loss", "loss", None), loss)]
    stations += [(("backward", "∂L/∂h", t), states[t - 1].grad) for t in range(len(x), 0, -1)]
    stations += [(("weight gradients", name, None), w.grad) for name, w in weights.items()]
    return next((place for place, numbers in stations if not numbers.isfinite().all()), ("weights", "", None))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_preset_p5_names_what_autograd_finds(seed):
    config = PRESETS["P5"].config.patched({"seed": seed})
    state, checkpoint = TrainingState(config), None
    for event in train(config, state):
        if is_it(event):
            break
        checkpoint = state.dump()
    replay = TrainingState(config)
    replay.load(checkpoint)
    assert replay.update == event.update
    phase, tensor, time_step = first_non_finite(config, replay)
    assert event.phase == phase
    assert event.time_step == time_step
    assert tensor in event.tensor


def test_an_alarm_survives_json():
    alarm = the_alarm(run(linear(), U=diagonal(1e10), b=torch.ones(H)))
    assert Alarm.model_validate_json(alarm.model_dump_json()) == alarm


def test_what_only_looks_like_stacked_gates_names_none():
    """As many samples as the gates have rows: an output is no gate's."""
    config = linear(cell={"kind": "lstm"}, batch=4 * H)
    state = TrainingState(config)
    state.weights.views["c"][1] = math.inf
    alarm = the_alarm(list(train(config, state)))
    assert "output" in alarm.tensor
    assert alarm.gate is None
