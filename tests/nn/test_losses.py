"""Losses against torch.nn.functional, values and gradients, alone and as an ensemble."""

import pytest
import torch
from torch.nn import functional as F

from playground.nn.losses import LOSSES

NAMESAKES = {"cross-entropy": F.cross_entropy, "mean squared error": F.mse_loss}
N, O = 6, 4  # noqa: E741


def some(name, rng, *members):
    y = torch.randn(*members, N, O, generator=rng, dtype=torch.float64) * 3
    if name == "cross-entropy":
        return y, torch.randint(O, (*members, N), generator=rng)
    return y, torch.randn(*members, N, O, generator=rng, dtype=torch.float64)


@pytest.mark.parametrize("name", LOSSES)
def test_value_and_gradient_are_torchs(name, rng):
    y, targets = some(name, rng)
    kept = y.clone()
    value, gradient = LOSSES[name](y, targets)
    assert torch.equal(y, kept)
    y.requires_grad_()
    expected = NAMESAKES[name](y, targets)
    torch.testing.assert_close(value, expected.detach(), rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(gradient, torch.autograd.grad(expected, y)[0], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("members", [(3,), (2, 3)])
def test_members_keep_their_own_loss(name, members, rng):
    y, targets = some(name, rng, *members)
    value, gradient = LOSSES[name](y, targets)
    assert value.shape == members
    for place in torch.cartesian_prod(*map(torch.arange, members)).reshape(-1, len(members)).tolist():
        alone, alone_gradient = LOSSES[name](y[tuple(place)], targets[tuple(place)])
        torch.testing.assert_close(value[tuple(place)], alone, rtol=1e-12, atol=0)
        torch.testing.assert_close(gradient[tuple(place)], alone_gradient, rtol=1e-12, atol=0)


def test_large_outputs_do_not_overflow_cross_entropy():
    y, targets = torch.tensor([[1e4, 0.0], [0.0, 1e4]]), torch.tensor([1, 1])
    value, gradient = LOSSES["cross-entropy"](y, targets)
    assert value.item() == pytest.approx(5e3)
    assert gradient.tolist() == [[0.5, -0.5], [0.0, 0.0]]


@pytest.mark.parametrize("name", LOSSES)
def test_nan_stays_nan(name, rng):
    y, targets = some(name, rng)
    y[0, 0] = float("nan")
    value, gradient = LOSSES[name](y, targets)
    assert value.isnan()
    assert gradient[0, 0].isnan()
