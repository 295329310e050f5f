"""Laws of every optimiser over one flat tensor of weights."""

import pytest
import torch

from playground.training.optimizers import registry

RATE = 0.01


@pytest.fixture(params=registry, ids=lambda cls: cls().kind)
def cls(request):
    return request.param


def started(cls, start, **fields):
    weights = start.clone()
    weights.grad = torch.zeros_like(weights)
    return weights, cls(**fields).build(weights)


def descend(weights, optimizer, steps):
    """Steps on ½‖w‖², whose gradient is w."""
    for _ in range(steps):
        weights.grad.copy_(weights)
        optimizer.step()
    return weights


def start(rng, dtype=torch.float64):
    return torch.randn(20, generator=rng, dtype=dtype) + 0.5


def test_it_goes_downhill(cls, rng):
    w0 = start(rng)
    assert descend(*started(cls, w0, learning_rate=RATE), 300).norm() < 0.5 * w0.norm()


def test_rate_zero_moves_nothing(cls, rng):
    w0 = start(rng)
    assert torch.equal(descend(*started(cls, w0, learning_rate=0.0), 10), w0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("after", [0, 1, 7])
def test_a_saved_state_goes_on_with_the_same_bits(cls, rng, dtype, after):
    w0 = start(rng, dtype)
    straight = descend(*started(cls, w0, learning_rate=RATE), after + 9)
    weights, optimizer = started(cls, w0, learning_rate=RATE)
    descend(weights, optimizer, after)
    resumed, fresh = started(cls, weights.detach(), learning_rate=RATE)
    fresh.load_state_dict(optimizer.state_dict())
    assert torch.equal(descend(resumed, fresh, 9), straight)


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_what_is_not_finite_goes_through_and_stays_in_its_place(cls, rng, wrong):
    weights, optimizer = started(cls, start(rng), learning_rate=RATE)
    descend(weights, optimizer, 2)
    weights.grad.copy_(weights)
    weights.grad[3] = wrong
    optimizer.step()
    assert (~weights.isfinite()).nonzero().flatten().tolist() in ([3], [])
    assert wrong == float("inf") or weights[3].isnan()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_in_every_precision_every_number_moves(cls, rng, dtype):
    """torch's fused SGD moved only the last few of a 16-bit tensor; more numbers than a vector unit takes show it."""
    w0 = start(rng).repeat(50).to(dtype)
    moved = descend(*started(cls, w0, learning_rate=0.1), 1) != w0
    assert moved.all()
