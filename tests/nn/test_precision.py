"""Half the numbers' width: the same network within the precision's rounding, and where float16 ends."""

import math

import pytest
import torch

from playground.nn import scan
from playground.nn.activations import registry as activations
from playground.nn.architectures import registry as architectures
from playground.nn.cells import registry as cells
from playground.nn.cells.vanilla import Vanilla
from playground.nn.losses import LOSSES, loss
from tests.nn.builders import H, T, data, draw, name, parts

TOLERANCE = {torch.bfloat16: 0.06, torch.float16: 0.008, torch.float32: 2e-6}
every_precision = pytest.mark.parametrize("dtype", TOLERANCE, ids=str)


def both_ways(net, weights, x, targets):
    forward = net.forward(weights, x, targets, torch.ones(targets.shape[:2], dtype=torch.bool))
    value, g_y = loss(net.parts.loss, forward.outputs, targets)
    found = net.backward(weights, forward, g_y)
    states = [state for back in found.passes for state in back.total]
    return [forward.outputs, value, *found.gradients.values(), *states]


def assert_near(rounded, exact, dtype):
    """Within the tolerance, measured against the largest number of each tensor."""
    for ours, theirs in zip(rounded, exact, strict=True):
        assert ours.dtype == dtype
        assert (ours.double() - theirs).abs().max() <= TOLERANCE[dtype] * theirs.abs().max()


@every_precision
@pytest.mark.parametrize("cell", [cls() for cls in cells], ids=name)
@pytest.mark.parametrize("architecture", [cls() for cls in architectures], ids=lambda a: a.kind)
@pytest.mark.parametrize("name", LOSSES)
def test_a_network_of_fewer_digits_is_near(rng, dtype, cell, architecture, name):
    once = architecture.kind in ("many_to_one", "window_mlp")
    net = architecture.network(parts(cell, loss=name, answers=1 if once else T))
    # Rounded first, so that what is compared is the arithmetic and not the start.
    weights = {letter: (w / 2).to(dtype) for letter, w in draw(net.tensors(), rng).items()}
    x, targets = data(net.parts, rng)
    x, targets = x.to(dtype), targets.to(dtype) if targets.is_floating_point() else targets
    exact = {letter: w.double() for letter, w in weights.items()}
    wide = targets.double() if targets.is_floating_point() else targets
    assert_near(both_ways(net, weights, x, targets), both_ways(net, exact, x.double(), wide), dtype)


@every_precision
@pytest.mark.parametrize("phi", activations.kinds())
def test_every_activation_works_in_every_precision(rng, dtype, phi):
    net = architectures["many_to_one"]().network(parts(Vanilla(activation=phi)))
    weights = {letter: (w / 2).to(dtype) for letter, w in draw(net.tensors(), rng).items()}
    x, targets = data(net.parts, rng)
    rounded, x = both_ways(net, weights, x.to(dtype), targets), x.to(dtype).double()
    assert_near(rounded, both_ways(net, {n: w.double() for n, w in weights.items()}, x, targets), dtype)


@pytest.mark.parametrize(("dtype", "end"), [(torch.float16, 16), (torch.bfloat16, None)], ids=str)
def test_float16_overflows_at_65504_and_bfloat16_does_not(dtype, end):
    """A state that doubles from 1 is 2^t: 2^15 is the last power of two below 65,504."""
    one = torch.ones(1, 1, dtype=dtype)
    cell, weights = Vanilla(activation="identity"), {"W": 0 * one, "U": 2 * one, "b": 0 * one[0]}
    tape = scan.forward(cell, weights, torch.zeros(20, 1, 1, dtype=dtype), [one])
    back = scan.backward(cell, weights, tape, one[None])
    expected = [2.0**t if end is None or t < end else math.inf for t in range(21)]
    assert tape.h.flatten().tolist() == expected
    assert back.states[0].flatten().tolist() == expected[::-1]


def test_a_sum_over_many_in_float16_overflows_though_its_terms_do_not():
    """∂L/∂b of 200 samples with 500 each is 100,000."""
    cell = Vanilla(activation="identity")
    weights = {letter: torch.zeros(shape, dtype=torch.float16) for letter, (shape, _) in cell.tensors(1, H).items()}
    tape = scan.forward(cell, weights, torch.zeros(1, 200, 1, dtype=torch.float16), [torch.zeros(200, H).half()])
    back = scan.backward(cell, weights, tape, torch.full((1, 200, H), 500.0, dtype=torch.float16))
    assert back.h.isfinite().all()
    assert back.weights["b"].isinf().all()
