"""What the probes measure, computed again from the weights and the data by other means."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from playground.nn import norms
from playground.nn.cells.lstm import Lstm
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.loop import train
from playground.training.probes.flow import followed
from playground.training.probes.histograms import BINS, OUTSIDE, count
from playground.training.probes.spectrum import spectral_radius
from playground.training.probes.state_gradients import per_sample_norm
from playground.training.state import TrainingState

T, N, H = 6, 5, 7
CONFIG = RunConfig(
    task={"kind": "recall", "length": T}, hidden=H, batch=N, updates=3, precision="float64",
    clip={"kind": "norm", "threshold": 0.05}, optimizer={"kind": "sgd", "learning_rate": 0.1},
)  # fmt: skip


def per_sample(weights, x, targets):
    """∂L_n/∂h_t of each sample's own loss L_n, and the gradients of the mean loss, by autograd: T N H, and by name."""
    weights = {name: w.clone().requires_grad_() for name, w in weights.items()}
    states, h = [], torch.zeros(x.shape[1], H, dtype=torch.float64)
    for x_t in x:
        h = torch.tanh(x_t @ weights["W"].T + h @ weights["U"].T + weights["b"])
        states.append(h)
    y = h @ weights["V"].T + weights["c"]
    each = F.cross_entropy(y, targets, reduction="none")
    gradients = [
        torch.stack(torch.autograd.grad(each[n], states, retain_graph=True))[:, n] for n in range(len(targets))
    ]
    of_weights = dict(zip(weights, torch.autograd.grad(each.mean(), list(weights.values())), strict=True))
    return torch.stack(gradients, dim=1), of_weights, each.mean(), y


@pytest.fixture(scope="module")
def first():
    """The first update: its values, and what it started from."""
    state = TrainingState(CONFIG)
    start = {name: w.clone() for name, w in state.weights.views.items()}
    x, (targets,), _ = TrainingState(CONFIG).batch()
    values = next(event for event in train(CONFIG, state) if isinstance(event, Update)).values
    return values, start, x, targets, state.data.held_out


def test_total_gradient_is_the_mean_over_samples_of_each_ones_own_norm(first):
    values, start, x, targets, _ = first
    gradients, *_ = per_sample(start, x, targets)
    np.testing.assert_allclose(values["total_gradient"], [gradients.norm(dim=-1).mean(1).tolist()], rtol=1e-10)


def test_direct_gradient_is_exactly_zero_before_the_last_step(first):
    values, start, x, targets, _ = first
    gradients, *_ = per_sample(start, x, targets)
    (direct,), (total,) = values["direct_gradient"], values["total_gradient"]
    assert direct[:-1].tolist() == [0.0] * (T - 1)
    assert direct[-1] == pytest.approx(gradients[-1].norm(dim=-1).mean().item(), rel=1e-10)
    assert direct[-1] == total[-1]


def test_loss_and_held_out_scores(first):
    values, start, x, targets, held_out = first
    assert values["loss"] == pytest.approx(per_sample(start, x, targets)[2].item(), rel=1e-10)
    _, _, loss, y = per_sample(start, held_out.x, held_out.targets[0])
    assert values["test_loss"] == pytest.approx(loss.item(), rel=1e-10)
    assert values["test_metric"] == (y.argmax(1) == held_out.targets[0]).double().mean().item()
    assert held_out.targets.shape == (1, 256)


def test_gradient_norms_before_and_after_clipping(first):
    values, start, x, targets, _ = first
    _, gradients, *_ = per_sample(start, x, targets)
    before = np.array([g.norm().item() for g in gradients.values()])
    whole = np.sqrt((before**2).sum())
    assert whole > 0.05  # there is something to clip
    np.testing.assert_allclose(values["gradient_norm_before"], before, rtol=1e-10)
    np.testing.assert_allclose(values["global_norm_before"], whole, rtol=1e-10)
    np.testing.assert_allclose(values["gradient_norm_after"], before * 0.05 / whole, rtol=1e-4)
    np.testing.assert_allclose(values["global_norm_after"], 0.05, rtol=1e-4)


def test_update_ratio_is_the_step_over_the_weight(first):
    """Plain SGD's first step is η times the clipped gradient; b and c leave 0, which is infinitely far."""
    values, start, *_ = first
    expected = [
        0.1 * after / w.norm().item() if w.norm() > 0 else np.inf
        for after, w in zip(values["gradient_norm_after"], start.values(), strict=True)
    ]
    np.testing.assert_allclose(values["update_ratio"], expected, rtol=1e-10)


def test_spectral_radius_of_matrices_whose_eigenvalues_are_known(first):
    values, start, *_ = first
    expected = np.abs(np.linalg.eigvals(start["U"].numpy())).max()
    assert values["spectral_radius"].tolist() == pytest.approx([expected], rel=1e-10)
    rotation = torch.tensor([[0.0, -2.0], [2.0, 0.0]])
    assert spectral_radius(rotation) == pytest.approx(2.0)
    assert spectral_radius(torch.diag(torch.tensor([0.5, -3.0, 1.0]))) == pytest.approx(3.0)
    assert spectral_radius(torch.tensor([[0.0, 1e6], [0.0, 0.0]])) == pytest.approx(0.0)
    for wrong in (float("nan"), float("inf")):
        assert np.isnan(spectral_radius(torch.tensor([[wrong, 0.0], [0.0, 1.0]])))


def test_weight_histograms_are_numpys(first):
    values, start, *_ = first
    for row, edges, w in zip(values["weight_histogram"], values["weight_edges"], start.values(), strict=True):
        reach = max(0.1, 3 * w.abs().max().item())
        np.testing.assert_allclose(edges, np.linspace(-reach, reach, BINS + 1), atol=1e-12)
        expected, _ = np.histogram(w.numpy(), edges)
        np.testing.assert_array_equal(row[1 : BINS + 1], expected)
        assert row[[0, -3, -2, -1]].tolist() == [0, 0, 0, 0]
        assert row.sum() == w.numel()


def test_gradient_histograms_are_numpys_of_the_logarithm(first):
    values, start, x, targets, _ = first
    _, gradients, *_ = per_sample(start, x, targets)
    for row, g in zip(values["gradient_histogram"], gradients.values(), strict=True):
        decades = g.abs().log10().numpy()
        expected, _ = np.histogram(decades[np.isfinite(decades)], np.linspace(-12, 8, BINS + 1))
        np.testing.assert_array_equal(row[1 : BINS + 1], expected)
        assert row.sum() == g.numel()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_histogram_counts_every_number_once_whatever_it_is(dtype):
    low, high = np.array([-1.0, -2.0]), np.array([1.0, 2.0])
    nan, inf = float("nan"), float("inf")
    odd = torch.tensor([nan, nan, inf, -inf, -5.0, -1.0, 0.0, 0.999, 1.0, 3e38, -3e38], dtype=dtype)
    rows = count(torch.cat([odd, torch.full((12,), 0.5, dtype=dtype)]), [11, 12], low, high)
    assert rows.shape == (2, BINS + OUTSIDE)
    assert rows.sum(1).tolist() == [11, 12]
    below, above, nans, infs = rows[0, 0], rows[0, -3], rows[0, -2], rows[0, -1]
    assert (below, above, nans, infs) == (2, 2, 2, 2)  # −5, −3e38; 1, 3e38; NaN twice; ±inf
    assert rows[0, 1] == 1  # the lower edge belongs to the first bin
    assert rows[0, 1 + BINS // 2] == 1
    assert rows[0, BINS] == 1
    assert rows[1, 1 + 25] == 12  # 0.5 of [−2, 2) is the 26th of 40 bins


def test_histogram_rows_sum_to_the_sizes_in_a_run_that_breaks():
    config = CONFIG.patched({"updates": 4, "clip.kind": "none"})
    state = TrainingState(config)
    state.weights.views["U"][0, 0] = float("nan")
    state.weights.views["V"][1, 2] = -float("inf")
    sizes = [w.numel() for w in state.weights.views.values()]
    values = next(event for event in train(config, state) if isinstance(event, Update)).values
    assert values["weight_histogram"].sum(1).tolist() == sizes
    assert values["gradient_histogram"].sum(1).tolist() == sizes
    assert values["weight_histogram"][1, -2] == 1  # U's NaN
    assert values["weight_histogram"][3, -1] == 1  # V's inf
    assert values["gradient_histogram"][1, -2] > 0


def test_an_exact_zero_gradient_counts_below_all_edges():
    config = CONFIG.patched({"cell.activation.kind": "relu", "cell.bias_init": {"kind": "constant", "value": -10}})
    values = next(iter(train(config))).values  # every unit is dead
    sizes = [w.numel() for w in TrainingState(config).weights.views.values()]
    assert values["gradient_histogram"][:3, 0].tolist() == sizes[:3]
    assert values["total_gradient"][0, :-1].tolist() == [0.0] * (T - 1)


def test_norms_of_huge_and_of_tiny_gradients_stay_numbers():
    """The network's own float32 ends at 3·10³⁸; a norm of such numbers does not."""
    assert per_sample_norm(torch.full((2, N, H), 3e38)).isfinite().all()
    assert (per_sample_norm(torch.full((2, N, H), 1e-45)) > 0).all()


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_float64_norms_reach_as_far_as_the_network(size):
    """A false 0 or inf would be drawn as a mark: sigmoid in float64 at T = 200 has such gradients."""
    gradient = torch.full((2, N, H), size, dtype=torch.float64)
    assert per_sample_norm(gradient).tolist() == pytest.approx([N * H**0.5 * size] * 2, rel=1e-9, abs=0)


def test_the_flow_is_that_of_the_last_answer_alone():
    """∂L_K/∂h_t of each sample's own last loss, by autograd; the total is another curve."""
    config = RunConfig(task={"kind": "parity", "length": T}, hidden=H, batch=N, updates=1, precision="float64")
    assert config.architecture.kind == "many_to_many"
    state = TrainingState(config)
    weights = {name: w.clone() for name, w in state.weights.views.items()}
    values = next(iter(train(config, state))).values
    x, targets, _ = TrainingState(config).batch()
    flow, *_ = per_sample(weights, x, targets[-1])
    np.testing.assert_allclose(values["flow_gradient"], [flow.norm(dim=-1).mean(1).tolist()], rtol=1e-10)
    assert not np.allclose(values["total_gradient"], values["flow_gradient"])


@pytest.mark.parametrize(
    ("given", "k"), [([1, 1, 1], 2), ([1, 1, 0], 1), ([0.2, 0.6, 0.4], 2), ([0.2, 0.6, 0.2], 1), ([1, 0.5, 0.1], 1)]
)
def test_the_followed_answer_is_the_last_that_half_of_the_sequences_give(given, k):
    counts = (torch.arange(10)[None] < 10 * torch.tensor(given)[:, None]).double()
    assert followed(counts, 3) == k
    assert followed(None, 3) == 2


def test_gates_and_cell_gradients_of_an_lstm_without_weights():
    """All weights 0: every gate is σ of its bias, and ∂L/∂c_t shrinks by σ(b_f) a step."""
    zero = {"kind": "constant", "value": 0.0}
    cell = {
        "kind": "lstm", "recurrent_init": zero, "input_init": zero, "bias_init": zero,
        "forget_bias": {"kind": "constant", "value": 1.5},
    }  # fmt: skip
    values = next(iter(train(CONFIG.model_copy(update={"cell": Lstm.model_validate(cell)})))).values
    keeps = torch.tensor(1.5).double().sigmoid().item()
    assert Lstm.gates == ("o", "i", "f")
    np.testing.assert_allclose(values["gate_values"][:, 0], [[0.5] * T, [0.5] * T, [keeps] * T], rtol=1e-10)
    (c,) = values["cell_gradient"]
    np.testing.assert_allclose(c / c[-1], keeps ** np.arange(T - 1.0, -1, -1), rtol=1e-10)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_norm_in_pieces_is_the_norm(rng, monkeypatch, dtype):
    gradient = torch.randn(7, 2, N, H, generator=rng).to(dtype)
    whole = per_sample_norm(gradient)
    for at_once in (1, 2 * 2 * N * H, 3 * 2 * N * H + 1):
        monkeypatch.setattr(norms, "AT_ONCE", at_once)
        torch.testing.assert_close(per_sample_norm(gradient), whole, rtol=1e-12, atol=0)
    assert whole.shape == (7, 2)
