"""Laws of every activation: the slope is the derivative, the bound is its maximum, and nothing hides a NaN."""

import pytest
import torch

from playground.nn.activations import registry

AWAY_FROM_KINKS = torch.tensor([-3.1, -1.7, -0.6, -0.05, 0.05, 0.4, 0.9, 1.2, 2.8], dtype=torch.float64)


@pytest.fixture(params=registry, ids=lambda cls: cls().kind)
def activation(request):
    return request.param()


def test_gradcheck(activation):
    class ByHand(torch.autograd.Function):
        @staticmethod
        def forward(ctx, a):
            h = activation.value(a)
            ctx.save_for_backward(a, h)
            return h

        @staticmethod
        def backward(ctx, g):
            return g * activation.slope(*ctx.saved_tensors)

    assert torch.autograd.gradcheck(ByHand.apply, AWAY_FROM_KINKS.clone().requires_grad_())


def test_the_bound_is_the_largest_slope_and_is_reached(activation):
    a = torch.linspace(-12, 12, 240_001, dtype=torch.float64)
    largest = activation.slope(a, activation.value(a)).abs().max().item()
    assert largest <= activation.bound() + 5e-5  # printed with four decimals
    assert largest > activation.bound() - 1e-3


def test_what_is_bounded_saturates_and_the_rest_does_not(activation):
    a = torch.tensor([-1e4, 1e4], dtype=torch.float64)
    h = activation.value(a)
    assert activation.bounded == bool((h.abs() < 2).all())
    if activation.bounded:
        assert (activation.slope(a, h).abs() < 1e-6).all()


def test_what_rests_is_exactly_zero_over_a_range(activation):
    """Where float64's own end, at which e^−a is 0, is far away."""
    for a in (torch.linspace(-30, -3, 50, dtype=torch.float64), torch.linspace(3, 30, 50, dtype=torch.float64)):
        if (activation.value(a) == 0).all():
            assert activation.rests()
            return
    assert not activation.rests()


def test_out_is_written_and_returned(activation, rng):
    a = torch.randn(4, 5, generator=rng, dtype=torch.float64)
    kept, out = a.clone(), torch.full_like(a, 7.0)
    assert activation.value(a, out=out) is out
    assert torch.equal(out, activation.value(a))
    assert torch.equal(a, kept)


def test_neither_method_changes_what_it_is_given(activation, rng):
    a = torch.randn(4, 5, generator=rng, dtype=torch.float64)
    h = activation.value(a)
    kept_a, kept_h = a.clone(), h.clone()
    activation.slope(a, h)
    assert torch.equal(a, kept_a)
    assert torch.equal(h, kept_h)
    assert h.data_ptr() != a.data_ptr()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_nan_is_kept_and_its_neighbours_stay(activation, dtype):
    a = torch.tensor([0.5, float("nan"), -0.5], dtype=dtype)
    h = activation.value(a)
    assert h.isnan().tolist() == [False, True, False]
    assert h.dtype == activation.slope(a, h).dtype == dtype


def test_any_shape(activation):
    for shape in [(), (0, 3), (2, 3, 4)]:
        a = torch.zeros(shape, dtype=torch.float64)
        h = activation.value(a)
        assert h.shape == activation.slope(a, h).shape == a.shape
