"""Losses against torch.nn.functional, values and gradients; which answers count; alone and as an ensemble."""

import pytest
import torch

from playground.nn.losses import LOSSES, loss
from tests.nn import loops

K, N, O = 5, 6, 4  # noqa: E741
EXACT = {"rtol": 1e-10, "atol": 1e-12}
every_loss = pytest.mark.parametrize("name", LOSSES)
every_reduction = pytest.mark.parametrize("reduction", ["mean", "sum"])


def some(name, rng, *members):
    y = torch.randn(K, *members, N, O, generator=rng, dtype=torch.float64) * 3
    if name == "cross-entropy":
        return y, torch.randint(O, (K, *members, N), generator=rng)
    return y, torch.randn(K, *members, N, O, generator=rng, dtype=torch.float64)


def some_counts(rng):
    return (torch.rand(K, N, generator=rng) < 0.5).double()


@every_loss
@every_reduction
@pytest.mark.parametrize("all_count", [True, False])
def test_value_and_gradient_are_torchs(name, reduction, all_count, rng):
    y, targets = some(name, rng)
    counts = None if all_count else some_counts(rng)
    kept = y.clone()
    value, gradient = loss(name, y, targets, counts, reduction)
    assert torch.equal(y, kept)
    y.requires_grad_()
    expected = loops.loss(name, y, targets, counts, reduction)
    torch.testing.assert_close(value, expected.detach(), **EXACT)
    torch.testing.assert_close(gradient, torch.autograd.grad(expected, y)[0], **EXACT)
    if not all_count:
        assert not gradient[counts == 0].any()


@every_loss
def test_a_sum_over_answers_is_k_means(name, rng):
    y, targets = some(name, rng)
    (mean, g_mean), (total, g_total) = (loss(name, y, targets, None, r) for r in ("mean", "sum"))
    torch.testing.assert_close((total, g_total), (K * mean, K * g_mean), **EXACT)


@every_loss
def test_the_sum_is_the_sum_of_its_answers_whatever_else_counts(name, rng):
    y, targets = some(name, rng)
    counts = some_counts(rng)
    whole, g_whole = loss(name, y, targets, counts, "sum")
    each = [loss(name, y[k : k + 1], targets[k : k + 1], counts[k : k + 1], "sum") for k in range(K)]
    torch.testing.assert_close(whole, sum(value for value, _ in each), **EXACT)
    torch.testing.assert_close(g_whole, torch.cat([gradient for _, gradient in each]), **EXACT)


@every_loss
@every_reduction
def test_where_no_answer_counts_there_is_no_loss(name, reduction, rng):
    y, targets = some(name, rng)
    value, gradient = loss(name, y, targets, torch.zeros(K, N, dtype=y.dtype), reduction)
    assert value == 0
    assert not gradient.any()


@every_loss
@every_reduction
@pytest.mark.parametrize("members", [(3,), (2, 3)], ids=str)
@pytest.mark.parametrize("shared", [True, False], ids=["one set of targets", "targets of their own"])
@pytest.mark.parametrize("all_count", [True, False])
def test_members_keep_their_own_loss(name, reduction, members, shared, all_count, rng):
    y, targets = some(name, rng, *members)
    counts = None if all_count else some_counts(rng)
    if shared:
        targets = targets[(slice(None), *(0,) * len(members))]
    value, gradient = loss(name, y, targets, counts, reduction)
    assert value.shape == members
    for place in torch.cartesian_prod(*map(torch.arange, members)).reshape(-1, len(members)).tolist():
        at = (slice(None), *place)
        alone, alone_gradient = loss(name, y[at], targets if shared else targets[at], counts, reduction)
        torch.testing.assert_close(value[tuple(place)], alone, rtol=1e-12, atol=0)
        torch.testing.assert_close(gradient[at], alone_gradient, rtol=1e-12, atol=0)


def test_large_outputs_do_not_overflow_cross_entropy():
    y, targets = torch.tensor([[[1e4, 0.0], [0.0, 1e4]]]), torch.tensor([[1, 1]])
    value, gradient = loss("cross-entropy", y, targets)
    assert value.item() == pytest.approx(5e3)
    assert gradient.tolist() == [[[0.5, -0.5], [0.0, 0.0]]]


@every_loss
def test_nan_stays_nan(name, rng):
    y, targets = some(name, rng)
    y[0, 0, 0] = float("nan")
    value, gradient = loss(name, y, targets)
    assert value.isnan()
    assert gradient[0, 0, 0].isnan()
