"""What algebra says a gradient must be: the closed forms of SCIENCE.md §2, by their numbers there."""

import math

import pytest
import torch

from playground.nn import scan
from playground.nn.activations import Identity, Relu
from playground.nn.activations import registry as activations
from playground.nn.cells.vanilla import Vanilla
from playground.nn.initializers import Orthogonal, TorchUniform

T, N, I, H = 30, 4, 3, 16  # noqa: E741
EXACT = {"rtol": 1e-10, "atol": 0}


def normal(rng, *shape):
    return torch.randn(*shape, generator=rng, dtype=torch.float64)


def norms_back(cell, weights, x, h0, last):
    """‖∂L/∂h_t‖ of each step and sample, for a loss on h_T alone whose gradient there is `last`."""
    trace = scan.forward(cell, weights, x, h0)
    back = scan.backward(cell, weights, trace, [None] * (len(x) - 1) + [last])
    return back.states.norm(dim=-1), trace, back


@pytest.mark.parametrize("gain", [0.8, 1.0, 1.5])
def test_1_a_linear_orthogonal_network_is_a_straight_line(rng, gain):
    weights = {"W": normal(rng, H, I), "U": Orthogonal(gain=gain).draw((H, H), rng), "b": normal(rng, H)}
    norms, _, back = norms_back(
        Vanilla(activation=Identity()), weights, normal(rng, T, N, I), normal(rng, N, H), normal(rng, N, H)
    )
    factor = gain ** torch.arange(T - 1, -1, -1, dtype=torch.float64)
    torch.testing.assert_close(norms, factor[:, None] * norms[-1], **EXACT)
    for t in range(T):  # not the norms alone: total_t = (Uᵀ)^(T−t) total_T
        power = torch.linalg.matrix_power(weights["U"], T - 1 - t)
        torch.testing.assert_close(back.states[t], back.states[-1] @ power, rtol=1e-10, atol=1e-12)


def test_2_identity_and_positive_relu_states_keep_the_norm(rng):
    weights = {"W": normal(rng, H, I).abs(), "U": torch.eye(H, dtype=torch.float64), "b": normal(rng, H).abs()}
    norms, trace, _ = norms_back(
        Vanilla(activation=Relu()), weights, normal(rng, T, N, I).abs(), normal(rng, N, H).abs(), normal(rng, N, H)
    )
    assert (trace.h > 0).all()
    torch.testing.assert_close(norms, norms[-1].expand(T, N), **EXACT)


@pytest.fixture(params=activations, ids=lambda cls: cls().kind)
def activation(request):
    return request.param()


def step_jacobian(cell, weights, x, h0):
    """∂h_2/∂h_1, read off the backward pass: one sample for each row, with a unit vector as its loss gradient."""
    x, h0 = x[:, :1].expand(2, H, I), h0[:1].expand(H, H)
    trace = scan.forward(cell, weights, x, h0)
    return scan.backward(cell, weights, trace, [None, torch.eye(H, dtype=torch.float64)]).states[0], trace


def test_4_a_step_stretches_by_at_most_gamma_sigma_max(rng, activation):
    cell = Vanilla(activation=activation)
    for scale in (0.3, 1.0, 3.0):
        weights = {"W": normal(rng, H, I), "U": scale * normal(rng, H, H) / H**0.5, "b": normal(rng, H)}
        x, h0 = normal(rng, 2, N, I), normal(rng, N, H)
        jacobian, trace = step_jacobian(cell, weights, x, h0)

        def step(h, w=weights, x_2=x[1, 0]):
            return activation.value(w["W"] @ x_2 + w["U"] @ h + w["b"])

        by_autograd = torch.autograd.functional.jacobian(step, trace.h[1, 0])
        torch.testing.assert_close(jacobian, by_autograd, rtol=1e-10, atol=1e-12)
        bound = cell.slope_bound() * torch.linalg.matrix_norm(weights["U"], 2)
        assert torch.linalg.matrix_norm(jacobian, 2) <= bound * (1 + 5e-5)  # γ is printed with four decimals


def test_4_sigma_max_below_one_over_gamma_suffices_for_vanishing(rng, activation):
    cell = Vanilla(activation=activation)
    weights = {"W": normal(rng, H, I), "U": Orthogonal(gain=0.9 / cell.slope_bound()).draw((H, H), rng)}
    weights["b"] = normal(rng, H)
    norms, *_ = norms_back(cell, weights, normal(rng, T, N, I), normal(rng, N, H), normal(rng, N, H))
    ceiling = 0.9001 ** torch.arange(T - 1, -1, -1, dtype=torch.float64)
    assert (norms <= ceiling[:, None] * norms[-1] * (1 + 1e-12)).all()


@pytest.mark.parametrize("w", [0.5, 1.0, -1.1])
def test_5_the_scalar_linear_unit(w):
    """dx_T/dw = T·x_0·w^(T−1)."""
    one = torch.ones(1, 1, dtype=torch.float64)
    weights = {"W": 0 * one, "U": w * one, "b": torch.zeros(1, dtype=torch.float64)}
    _, _, back = norms_back(Vanilla(activation=Identity()), weights, torch.zeros(T, 1, 1).double(), 0.7 * one, one)
    assert back.weights["U"].item() == pytest.approx(T * 0.7 * w ** (T - 1), rel=1e-10)


@pytest.mark.parametrize(("factor", "steps", "end"), [(2.0, 128, math.inf), (1.1, 931, math.inf), (0.25, 75, 0.0)])
def test_14_where_float32_ends(factor, steps, end):
    one = torch.ones(1, 1)
    weights = {"W": 0 * one, "U": factor * one, "b": torch.zeros(1)}
    norms, *_ = norms_back(Vanilla(activation=Identity()), weights, torch.zeros(steps + 1, 1, 1), 0 * one, one)
    assert norms[0].item() == end
    assert norms[1].item() not in (0.0, math.inf)


def test_15_one_bias_vector():
    shapes = [shape for shape, _ in Vanilla().tensors(I, H).values()]
    assert sum(math.prod(shape) for shape in shapes) == H * I + H**2 + H


@pytest.mark.parametrize(
    ("changes", "expected"),  # SCIENCE §3: decay of the total norm per step back at H = 64
    [({}, 0.546), ({"recurrent_init": Orthogonal()}, 0.969)],
    ids=["torch default", "orthogonal"],
)
def test_decay_per_step_at_initialisation(rng, changes, expected):
    like_torch = TorchUniform(gain=(2 / 64) ** 0.5)  # torch draws W from U(±1/√H) too
    cell = Vanilla(input_init=like_torch, **changes)
    rates = []
    for _ in range(8):
        weights = {name: init.draw(shape, rng) for name, (shape, init) in cell.tensors(2, 64).items()}
        x = torch.rand(50, 32, 2, generator=rng, dtype=torch.float64)
        x[..., 1] = 0
        x[[8, 33], :, 1] = 1  # a value and a mark, as in adding
        norms, *_ = norms_back(cell, weights, x, torch.zeros(32, 64).double(), normal(rng, 32, 64))
        total = norms.mean(1)
        rates.append((total[0] / total[-1]).item() ** (1 / 49))
    assert sum(rates) / len(rates) == pytest.approx(expected, abs=0.06)  # the input is described, not given
