"""Activity, spectra, weights, a run's clip ledger and losses of single answers: closed forms, and numpy."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from playground.nn.parameters import Parameters
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.loop import train
from playground.training.probes.activity import REACH, count_states
from playground.training.probes.histograms import BINS, OUTSIDE
from playground.training.probes.spectrum import eigenvalues, singular_values
from playground.training.state import TrainingState

T, N, H = 6, 5, 7
CONFIG = {
    "task": {"kind": "recall", "length": T}, "hidden": H, "batch": N, "updates": 2, "precision": "float64",
    "optimizer": {"kind": "sgd", "learning_rate": 0.1},
}  # fmt: skip


def first(changes=None, spoil=None):
    """The first update, the weights before it, its batch and its states."""
    config = RunConfig.parse(CONFIG | (changes or {}))
    state = TrainingState(config)
    for name, value in (spoil or {}).items():
        state.weights.views[name][:] = value
    start = {name: w.clone() for name, w in state.weights.views.items()}
    values = next(event for event in train(config, state) if isinstance(event, Update)).values
    batch = TrainingState(config).batch()
    return values, start, batch, config.network.forward(start, *batch[:2])


@pytest.mark.parametrize(
    "clipping", [{"kind": "none"}, {"kind": "norm", "threshold": 0.05}, {"kind": "value", "hi": 1e-3}]
)
def test_a_runs_ledger_is_that_of_its_gradients(clipping):
    values, *_ = first({"clip": clipping})
    kind = clipping["kind"]
    assert values["clipped"] == (kind != "none")
    assert (values["clipped_elements"] > 0) == (kind != "none")
    assert values["clip_cosine"] == pytest.approx(1, abs=1e-12) if kind != "value" else values["clip_cosine"] < 0.999
    broken, *_ = first({"clip": clipping}, {"b": math.nan})
    assert broken["clipped"] == (kind != "none")
    assert math.isnan(broken["clip_cosine"])


@pytest.mark.parametrize("init", ["torch", "xavier_uniform", "he_uniform", "orthogonal"])
@pytest.mark.parametrize("phi", ["identity", "relu"])
def test_the_expected_size_of_the_states_is_the_mean_over_initialisations(phi, init):
    """v_t = s·(H·σ_U²·v_{t−1} + σ_W²·E‖x_t‖²), over 60 seeds; ReLU's states have a mean, which U shares with itself."""
    found = []
    for seed in range(60):
        changes = {"cell": {"kind": "vanilla", "activation": phi, "recurrent_init": init}, "seed": seed, "hidden": 64}
        values, *_, forward = first(changes)
        found.append(values["state_size"][0] ** 2)
        np.testing.assert_allclose(found[-1], (forward.tapes[0].h[1:] ** 2).mean((1, 2)), rtol=1e-12)
    np.testing.assert_allclose(values["state_size_expected"][0] ** 2, np.mean(found, 0), rtol=0.25)


@pytest.mark.parametrize(
    "changes",
    [
        {"cell": {"kind": "vanilla", "activation": "tanh"}},
        {"cell": {"kind": "vanilla", "activation": "identity", "recurrent_init": "identity"}},
        {"cell": {"kind": "vanilla", "activation": "identity"}, "layers": 2},
        {"cell": "lstm"},
    ],
)
def test_without_a_simple_closed_form_no_size_is_expected(changes):
    values, *_ = first(changes)
    assert "state_size" in values
    assert "state_size_expected" not in values


def test_states_are_counted_as_numpy_counts_them(rng):
    h = torch.randn(T, N, H, generator=rng, dtype=torch.float64)
    inside, _ = np.histogram(h.numpy(), np.linspace(-REACH, REACH, BINS + 1))
    expected = [(h < -REACH).sum().item(), *inside, (h >= REACH).sum().item(), 0, 0]
    assert count_states(h).tolist() == expected
    h[0, 0, :4] = torch.tensor([math.nan, math.inf, -math.inf, math.nan])
    assert count_states(h)[-2:].tolist() == [2, 2]
    assert count_states(h).sum() == h.numel()
    values, _, _, forward = first()
    assert values["state_histogram"].shape == (1, BINS + OUTSIDE)
    np.testing.assert_array_equal(values["state_histogram"][0], count_states(forward.tapes[0].h[1:]))


@pytest.mark.parametrize(
    ("phi", "a", "slope", "saturated"),
    [("tanh", 3.0, 1 / math.cosh(3) ** 2, 1), ("tanh", 2.0, 1 / math.cosh(2) ** 2, 0), ("sigmoid", 0.0, 0.25, 0),
     ("sigmoid", 4.4, math.exp(-4.4) / (1 + math.exp(-4.4)) ** 2, 1), ("hardtanh", 1.5, 0.0, 1)],
)  # fmt: skip
@pytest.mark.parametrize("cell", ["vanilla", "gru", "lstm"])
def test_slopes_of_a_constant_pre_activation(cell, phi, a, slope, saturated):
    values, *_ = first({"cell": {"kind": cell, "activation": phi}}, {"W": 0, "U": 0, "b": a})
    np.testing.assert_allclose(values["mean_slope"], [[slope] * T], rtol=1e-12)
    assert values["saturated_share"].tolist() == [[saturated] * T]


def test_what_does_not_apply_is_not_declared():
    values, *_ = first({"cell": {"kind": "vanilla", "activation": "gelu"}})
    assert "mean_slope" in values
    assert not {"saturated_share", "dead_share", "dead_units"} & values.keys()
    assert not {"dead_share", "dead_units"} & first()[0].keys()
    assert "dead_units" in first({"cell": {"kind": "lstm", "output_activation": "relu"}})[0]


def test_dead_units_are_those_that_never_answer():
    cell = {"kind": "vanilla", "activation": "relu"}
    values, *_ = first({"cell": cell}, {"W": 0, "U": 0, "b": torch.tensor([-1.0, -1, -1, 1, 1, 1, 1])})
    assert values["dead_units"].tolist() == [3 / 7]
    assert values["dead_share"].tolist() == [[3 / 7] * T]
    values, _, _, forward = first({"cell": cell})
    h = forward.tapes[0].h[1:]
    np.testing.assert_allclose(values["dead_share"][0], (h == 0).all(1).double().mean(1).numpy())
    assert values["dead_units"][0] == (h == 0).all(1).all(0).double().mean()


def test_the_spectrum_of_known_matrices():
    rotation = np.array([[0.0, -2.0], [2.0, 0.0]])
    assert sorted(eigenvalues(rotation).imag) == pytest.approx([-2, 2])
    assert singular_values(rotation).tolist() == pytest.approx([2, 2])
    np.testing.assert_allclose(eigenvalues(np.diag([0.5, -3.0, 1.0])), [-3, 1, 0.5])
    shear = np.array([[0.0, 4.0], [0.0, 0.0]])
    assert (np.abs(eigenvalues(shear)).tolist(), singular_values(shear).tolist()) == ([0, 0], [4, 0])
    for odd in (math.nan, math.inf):
        assert np.isnan([*eigenvalues(shear + odd).real, *singular_values(shear + odd)]).all()
    values, start, *_ = first({"direction": "two_passes"})
    for i, name in enumerate(("U", "U←")):
        assert np.hypot(*values["eigenvalues"][i, 0]) == pytest.approx(values["spectral_radius"][i], rel=1e-12)
        assert values["eigenvalues"][i].sum(0).tolist() == pytest.approx([start[name].trace().item(), 0], abs=1e-12)
        assert (values["singular_values"][i] ** 2).sum() == pytest.approx(start[name].square().sum().item(), rel=1e-12)


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_weight_norms_and_zeros(precision):
    U = torch.full((H, H), 3e30)
    U[0] = torch.tensor([0, 9e-9, -9e-9, 2e-8, 1, 1, 1])
    values, start, *_ = first({"precision": precision}, {"U": U})
    np.testing.assert_allclose(values["weight_norm"], [w.double().norm().item() for w in start.values()], rtol=1e-6)
    assert dict(zip(start, values["zero_weights"], strict=True)) == {"W": 0, "U": 3 / H**2, "b": 1, "V": 0, "c": 1}


def test_the_loss_of_each_answer_and_their_mean():
    values, _, (_, targets, counts), forward = first({"task": {"kind": "parity", "length": T}})
    each = F.cross_entropy(forward.outputs.flatten(0, 1), targets.flatten(), reduction="none").view(T, N)
    counts = torch.ones(T, N) if counts is None else counts
    np.testing.assert_allclose(values["answer_loss"], ((each * counts).sum(1) / counts.sum(1).clamp(min=1)).numpy())
    weights = counts.sum(1) / counts.sum()
    assert (values["answer_loss"] * weights.numpy()).sum() == pytest.approx(values["loss"], rel=1e-12)
    assert "answer_loss" not in first()[0]


@pytest.mark.parametrize("more", [{"layers": 2}, {"task": "reversal", "direction": "two_passes"}], ids=str)
def test_the_update_ratio_of_a_row_is_that_of_all_its_tensors(more):
    config = RunConfig.parse(CONFIG | more)
    state = TrainingState(config)
    start = state.weights.clone()
    values = next(iter(train(config, state))).values
    rows = {row: [] for row in config.network.rows}
    of_passes = config.network.of_passes({name: name for name in start.views})
    for way, names in zip(config.network.ways, of_passes, strict=True):
        rows[way.label] += names.values()
    moved = Parameters(state.weights.flat - start.flat, start.shapes).views
    for names, found in zip(rows.values(), values["layer_update_ratio"], strict=True):
        over, under = (torch.cat([side[name].flatten() for name in names]).norm() for side in (moved, start.views))
        assert found == pytest.approx((over / under).item(), rel=1e-10)
