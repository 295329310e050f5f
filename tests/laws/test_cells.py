"""Laws of every cell, with every activation it may have: its backward pass is the derivative of its forward pass.

The oracle knows no equation: central differences of Σ_t ⟨g_t, h_t⟩ along random directions, in float64.
"""

import pytest
import torch

from playground.nn import scan
from playground.nn.activations import registry as activations
from playground.nn.cells import registry

T, N, I, H = 5, 3, 2, 4  # noqa: E741
STEP = 1e-6


def variants():
    for cls in registry:
        if "activation" in cls.model_fields:
            yield from (pytest.param(cls(activation=phi()), id=f"{cls().kind}-{phi().kind}") for phi in activations)
        else:
            yield pytest.param(cls(), id=cls().kind)


@pytest.fixture(params=variants())
def cell(request):
    return request.param


def normal(rng, *shape):
    return torch.randn(*shape, generator=rng, dtype=torch.float64)


def draw(cell, rng, members=()):
    return {name: normal(rng, *members, *shape) * 0.5 for name, (shape, _) in cell.tensors(I, H).items()}


def test_gradients_are_slopes_of_the_loss(cell, rng):
    weights, x, h0, g = draw(cell, rng), normal(rng, T, N, I), normal(rng, N, H), normal(rng, T, N, H)

    def loss(w):
        return (scan.forward(cell, w, x, h0).h[1:] * g).sum().item()

    back = scan.backward(cell, weights, scan.forward(cell, weights, x, h0), list(g))
    assert back.weights.keys() == weights.keys()
    for name, w in weights.items():
        direction = normal(rng, *w.shape)
        ahead, behind = (loss(weights | {name: w + sign * STEP * direction}) for sign in (1, -1))
        slope = (back.weights[name] * direction).sum().item()
        assert slope == pytest.approx((ahead - behind) / (2 * STEP), rel=1e-6, abs=1e-7)


def test_total_gradients_are_slopes_along_the_states(cell, rng):
    """∂L/∂h_t: start the rest of the sequence from a moved h_t."""
    weights, x, h0, g = draw(cell, rng), normal(rng, T, N, I), normal(rng, N, H), normal(rng, T, N, H)
    trace = scan.forward(cell, weights, x, h0)
    back = scan.backward(cell, weights, trace, list(g))
    for t in range(1, T):
        direction = normal(rng, N, H)

        def rest(sign, t=t, direction=direction):
            h_t = trace.h[t] + sign * STEP * direction
            later = scan.forward(cell, weights, x[t:], h_t).h[1:]
            return ((h_t * g[t - 1]).sum() + (later * g[t:]).sum()).item()

        slope = (back.states[t - 1] * direction).sum().item()
        assert slope == pytest.approx((rest(1) - rest(-1)) / (2 * STEP), rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("members", [(3,), (2, 2)], ids=str)
def test_members_do_not_see_each_other(cell, rng, members):
    weights, x, h0 = draw(cell, rng, members), normal(rng, T, *members, N, I), normal(rng, *members, N, H)
    last = normal(rng, *members, N, H)
    back = scan.backward(cell, weights, scan.forward(cell, weights, x, h0), [None] * (T - 1) + [last])
    place = (1,) * len(members)
    one = {name: w[place] for name, w in weights.items()}
    trace = scan.forward(cell, one, x[(slice(None), *place)], h0[place])
    alone = scan.backward(cell, one, trace, [None] * (T - 1) + [last[place]])
    torch.testing.assert_close(back.states[(slice(None), *place)], alone.states, rtol=1e-10, atol=1e-12)
    for name, gradient in alone.weights.items():
        torch.testing.assert_close(back.weights[name][place], gradient, rtol=1e-10, atol=1e-12)


def test_the_declared_tensors_can_be_drawn(cell, rng):
    for shape, init in cell.tensors(I, H).values():
        assert init.draw(shape, rng).shape == shape


def test_the_recurrent_matrix_is_square_and_the_slope_bound_positive(cell, rng):
    assert cell.recurrent(draw(cell, rng)).shape[-2:] == (H, H)
    assert cell.slope_bound() > 0


def test_the_counterpart_in_torch_is_named(cell):
    assert "torch" in type(cell).__doc__
    assert cell.equations
