"""Each activation against its namesake in torch.nn.functional, and its slope against autograd."""

import pytest
import torch
from torch.nn import functional as F

from playground.nn.activations import LeakyRelu, registry

NAMESAKES = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": F.relu,
    "leaky_relu": lambda a: F.leaky_relu(a, 0.01),
    "identity": lambda a: 1 * a,
    "hardtanh": F.hardtanh,
    "softsign": F.softsign,
    "silu": F.silu,
    "gelu": F.gelu,
}
GRID = torch.linspace(-12, 12, 4001, dtype=torch.float64) + 1e-4  # no point on a kink at −1, 0 or 1
EXACT = {"rtol": 1e-10, "atol": 1e-10}


@pytest.fixture(params=registry, ids=lambda cls: cls().kind)
def activation(request):
    return request.param()


def test_value_is_that_of_torch(activation):
    torch.testing.assert_close(activation.value(GRID), NAMESAKES[activation.kind](GRID), **EXACT)


def test_slope_is_the_derivative_of_torchs_function(activation):
    a = GRID.clone().requires_grad_()
    (slope,) = torch.autograd.grad(NAMESAKES[activation.kind](a).sum(), a)
    torch.testing.assert_close(activation.slope(GRID, activation.value(GRID)), slope, **EXACT)


@pytest.mark.parametrize("size", [7, 8191, 8192, 100_000])
def test_value_and_slope_hold_for_small_and_large_tensors(activation, size):
    """Some take a faster way with many numbers: the same numbers must come out, with `out` and without."""
    for dtype, rounding in ((torch.float64, 1e-15), (torch.float32, 3e-7)):
        a = (torch.linspace(-12, 12, size, dtype=torch.float64) + 1e-4).to(dtype)
        exact = NAMESAKES[activation.kind](a.double())
        h = activation.value(a)
        assert torch.equal(activation.value(a, out=torch.empty_like(a)), h)
        torch.testing.assert_close(h.double(), exact, rtol=rounding, atol=rounding)
        start = a.double().requires_grad_()
        (slope,) = torch.autograd.grad(NAMESAKES[activation.kind](start).sum(), start)
        torch.testing.assert_close(activation.slope(a, h).double(), slope, rtol=4 * rounding, atol=4 * rounding)


@pytest.mark.parametrize("given", [float("nan"), float("inf"), -float("inf"), 1e30, -1e30, 0.0])
def test_extreme_numbers_go_the_way_they_go_in_torch(activation, given):
    if activation.kind == "gelu" and given in (float("inf"), -float("inf")):
        pytest.skip("torch's own gelu(±inf) is NaN, where the function's limits are inf and 0")
    a = torch.full((3,), given)
    torch.testing.assert_close(activation.value(a), NAMESAKES[activation.kind](a), equal_nan=True)


@pytest.mark.parametrize("alpha", [0.0, 0.01, 0.3, 1.0])
def test_leaky_relu_with_any_slope(alpha):
    leaky = LeakyRelu(slope_below=alpha)
    a = torch.cat([GRID, torch.tensor([float("inf"), float("nan")], dtype=torch.float64)])
    torch.testing.assert_close(leaky.value(a), F.leaky_relu(a, alpha), equal_nan=True, **EXACT)
    a = GRID.clone().requires_grad_()
    (slope,) = torch.autograd.grad(F.leaky_relu(a, alpha).sum(), a)
    torch.testing.assert_close(leaky.slope(GRID, leaky.value(GRID)), slope, **EXACT)
    assert leaky.bound() == 1.0


@pytest.mark.parametrize(
    ("kind", "gamma"),  # SCIENCE, closed form 4
    [("tanh", 1), ("sigmoid", 0.25), ("relu", 1), ("hardtanh", 1), ("softsign", 1), ("silu", 1.0998), ("gelu", 1.1289)],
)
def test_published_slope_bounds(kind, gamma):
    assert registry[kind]().bound() == gamma
