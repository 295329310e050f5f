"""Every network of an ensemble against its single run: whatever a config may hold, the numbers are the run's own."""

import math

import numpy as np
import pytest

from playground.nn.activations import registry as activations
from playground.nn.architectures import registry as architectures
from playground.nn.cells import registry as cells
from playground.nn.clipping import registry as clip_rules
from playground.sweeps.ensemble import Ensemble
from playground.tasks import registry as tasks
from playground.training import probes
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.learning import registry as loss_modes
from playground.training.loop import train
from playground.training.optimizers import registry as optimizers
from playground.training.presets import PRESETS
from playground.training.probes.clip_ledger import ClipLedger
from playground.training.probes.flow import Flow
from playground.training.probes.held_out import HeldOut
from playground.training.probes.loss import Loss
from playground.training.probes.spectrum import Spectrum
from playground.training.probes.state_gradients import DirectGradients
from playground.training.schedules import registry as schedules

SMALL = {"task": {"kind": "recall", "length": 6}, "hidden": 5, "batch": 4, "updates": 3, "pace": 0}
NATURAL = {"many_to_one": "recall", "many_to_many": "brackets", "one_to_many": "melody", "encoder_decoder": "reversal",
           "window_mlp": "recall"}  # fmt: skip
U, RATE = "cell.recurrent_init.kind", "optimizer.learning_rate"


@pytest.fixture(autouse=True)
def few_probes(monkeypatch):
    """A single run that measures what a cell of a map shows, and nothing else."""
    wanted = (Loss, HeldOut, ClipLedger, Flow, DirectGradients, Spectrum)
    monkeypatch.setattr(probes, "registry", [probe for probe in probes.registry if probe in wanted])


def of(registry):
    return [cls.model_fields["kind"].default for cls in registry]


CASES = {
    **{f"cell {kind}": {"cell.kind": kind} for kind in of(cells)},
    **{f"activation {kind}": {"cell.activation.kind": kind} for kind in of(activations)},
    **{f"architecture {kind}": {"task.kind": NATURAL[kind], "architecture.kind": kind} for kind in of(architectures)},
    **{f"loss mode {kind}": {"task.kind": "brackets", "learning.kind": kind} for kind in of(loss_modes)},
    **{f"clip {kind}": {"clip.kind": kind} for kind in of(clip_rules)},
    **{f"optimiser {kind}": {"optimizer.kind": kind} for kind in of(optimizers)},
    **{f"schedule {kind}": {"schedule.kind": kind} for kind in of(schedules)},
    **{f"task {kind}": {"task.kind": kind} for kind in of(tasks)},
    "two layers": {"layers": 2, "cell.kind": "lstm"},
    "two passes": {"direction": "two_passes"},
    "concatenated": {"direction": "concatenated"},
    "a decoder that reads its own answers": {"task.kind": "reversal", "architecture.teacher_forcing": 0.5},
    "an encoder that reads both ways": {"task.kind": "reversal", "direction": "two_passes", "layers": 2},
    "a stream": {"task.kind": "echo", "arrival": "stream"},
    "shuffled": {"shuffle_time": True},
    "the last answer alone": {"task.kind": "tagging", "architecture.loss_at": "last step"},
    "tested at another length": {"test_length": 9},
    "a sum over time": {"task.kind": "brackets", "learning.over_time": "sum"},
}  # fmt: skip


def members_of(case, precision, **more):
    """Three networks of one shape: two seeds, two matrices, two bounds and two rates of whatever rule and optimiser the
    case has, and one with others."""
    base = RunConfig.parse(SMALL).patched({"precision": precision} | case | more)
    fields = type(base.clip).model_fields
    bounds = {"threshold": 0.05, "hi": 0.01, "lo": -0.02, "ratio": 0.001}
    tighter = {f"clip.{name}": value for name, value in bounds.items() if name in fields}
    return [
        base,
        base.patched(tighter | {"seed": 1, U: "orthogonal", "cell.recurrent_init.gain": 1.3, RATE: 0.02}),
        base.patched({"clip.kind": "none", "optimizer.kind": "sgd"}),
    ]


def trained(configs):
    """The members at the end, and every member's loss at each update."""
    ensemble, losses, places = Ensemble(configs), [], [(cell, 0) for cell in range(len(configs))]
    while not ensemble.over:
        ensemble.update()
        losses.append([member.loss for member in ensemble.members(places)])
    return ensemble.members(places), np.array(losses).T


def run(config):
    """What the probes of a single run say, in the names of a member, and its losses."""
    *events, end = train(config)
    updates = [event for event in events if isinstance(event, Update)]
    steps = [event for event in updates if "loss" in event.values]
    network = config.network
    row = network.ways[network.main].row if network.ways else None
    metrics = {event.update: event.values["test_metric"] for event in updates if "test_metric" in event.values}
    tested = [event for event in steps if "test_metric" in event.values]
    guessing, is_share = config.task.baseline_metric, config.task.metric != "mean squared error"
    solved = [u for u, metric in metrics.items() if (metric >= 0.97 if is_share else metric <= 0.1 * guessing)]
    found = {
        "updates": len(steps),
        "over": True,
        "metric": list(metrics.values())[-1],
        "loss": steps[-1].values["loss"],
        "solved": solved[0] if solved else None,
        "diverged": end.update if end.outcome == "diverged" else None,
        "largest_norm": np.fmax.reduce([event.values["global_norm_before"] for event in steps]),
        "clipped": np.mean([event.values["clipped"] for event in steps]),
    }
    if row is not None:
        far, first = [event.values["far_ratio"][row] for event in tested], steps[0].values
        found |= {"ratio_first": far[0], "ratio": far[-1], "horizon": first["memory_horizon"][row],
                  "sigma_max": first["singular_values"][network.main][0]}  # fmt: skip
    return found, [event.values["loss"] for event in steps]


TO_THE_BIT = {"rel": 0, "abs": 0}
SUMMED_ANEW = {"largest_norm", "sigma_max"}
"""The norm of all tensors together, and of a matrix: computed another way, so that the last bit may differ."""


def assert_each_is_its_run(configs, **tolerance):
    members, losses = trained(configs)
    for member, config, mine in zip(members, configs, losses, strict=True):
        expected, curve = run(config)
        for name, value in expected.items():
            found, within = getattr(member, name), tolerance or ({"rel": 1e-12} if name in SUMMED_ANEW else TO_THE_BIT)
            same = found is None if value is None else found == pytest.approx(value, nan_ok=True, **within)
            assert same, f"{name} is {found!r}, and {value!r} in the single run"
        assert mine[: len(curve)].tolist() == pytest.approx(curve, nan_ok=True, **tolerance or TO_THE_BIT)


@pytest.mark.parametrize("case", CASES)
def test_float64_is_the_single_run_to_the_bit(case):
    assert_each_is_its_run(members_of(CASES[case], "float64")[:2])


@pytest.mark.parametrize("case", CASES)
def test_float32_is_the_single_run_but_for_rounding(case):
    assert_each_is_its_run(members_of(CASES[case], "float32"), rel=2e-5, abs=1e-6)


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_sixteen_bits_are_the_single_run_to_the_bit(precision):
    assert_each_is_its_run(members_of({}, precision))


@pytest.mark.parametrize(("gain", "hidden", "seeds"), [(0.9, 32, 1), (1.4, 32, 1), (0.9, 16, 8), (0.9, 128, 1)])
def test_float32_stays_within_a_hundred_thousandth_over_50_updates(gain, hidden, seeds):
    """At sizes as people choose them, a whole block too, and where tanh is computed in another way (N·H of 4,096). At
    gain 1.4 a tanh network is chaotic: what differs at all, soon differs much."""
    base = RunConfig.parse({"task": {"kind": "recall", "length": 30}, "hidden": hidden, "updates": 50, "pace": 0})
    base = base.patched({U: "orthogonal", "cell.recurrent_init.gain": gain})
    members = [base.patched({"seed": at}) for at in range(seeds)]
    members += [base.patched({"clip.kind": "value", "seed": at + 3}) for at in range(seeds)]
    assert_each_is_its_run(members, rel=1e-5, abs=1e-5)


P5 = PRESETS["P5"].config.patched({"updates": 25, "pace": 0})
"""An identity network that learns to remember, and that drives it to NaN."""


def test_a_member_that_becomes_nan_is_recorded_and_harms_no_neighbour():
    healthy = [P5.patched({RATE: 1e-4, "seed": seed}) for seed in range(3)]
    together, apart = trained([healthy[0], P5, *healthy[1:]]), trained([healthy[0], healthy[0], *healthy[1:]])
    expected, curve = run(P5)
    broken = together[0][1]
    assert broken.diverged == expected["diverged"] is not None
    assert (broken.updates, broken.over) == (broken.diverged + 1, True)
    assert broken.blew_up is not None
    assert math.isfinite(together[0][0].loss)
    for member in (0, 2, 3):
        assert together[0][member] == apart[0][member]
        assert together[1][member].tolist() == apart[1][member].tolist()
    assert len(curve) == broken.updates


def test_an_ensemble_is_over_when_none_of_its_networks_goes_on():
    ensemble = Ensemble([P5, P5.patched({"seed": 1})])
    while not ensemble.over:
        ensemble.update()
    assert ensemble.done < P5.updates
    assert all(member.over and member.diverged is not None for member in ensemble.members([(0, 0), (0, 1)]))


def test_what_blows_up_stays_far_over_guessing():
    """Losses that come back were a jump; what counts is the first update from which on all are too large."""
    config = P5.patched({"clip.kind": "norm", RATE: 2.0, "updates": 60})
    (member,), (losses,) = trained([config])
    limit = 10 * max(config.task.baseline_loss, losses[0])
    last_below = max(u for u, loss in enumerate(losses) if loss <= limit)
    assert member.blew_up == (last_below + 1 if last_below + 1 < len(losses) else None)


def test_the_order_in_which_members_are_given_is_kept():
    configs = members_of({}, "float32")
    forwards, backwards = trained(configs)[0], trained(configs[::-1])[0]
    for cell, member in enumerate(forwards):
        assert member.metric == backwards[len(configs) - 1 - cell].metric
        assert member.cell == cell


def test_what_the_mean_field_needs_of_the_matrix():
    config = RunConfig.parse(SMALL).patched({"hidden": 64, "batch": 64, U: "orthogonal", "updates": 1})
    (member,), _ = trained([config.patched({"cell.recurrent_init.gain": 1.5})])
    assert member.g2 == pytest.approx(1.5**2, rel=1e-5)
    assert member.sigma_max == pytest.approx(1.5, rel=1e-5)
    assert member.gamma == 1.0
    assert member.input_variance > 0
    assert trained([config.patched({"cell.kind": "gru"})])[0][0].gamma is None
