"""Laws of every cell, with every activation it may have: its backward pass is the derivative of its forward pass.

The oracle knows no equation: differences of the forward pass, in float64. Cells of which autograd finds the way back
obey the same laws.
"""

import pytest
import torch

from playground.nn import scan
from playground.nn.cells import registry
from tests.nn.builders import H, I, N, T, close, draw, name, normal, variants
from tests.nn.forward_only import MinimalGated, PlainLstm

STEP = 1e-6
DEFAULTS = [cls() for cls in registry]
LEARNED = [MinimalGated(), PlainLstm()]  # by autograd
every_cell = pytest.mark.parametrize("cell", [*DEFAULTS, *LEARNED], ids=name)
every_variant = pytest.mark.parametrize(
    "cell", [*(dict.fromkeys(v for cls in registry for v in variants(cls))), *LEARNED], ids=name
)


def given(cell, rng, *members):
    """Weights, inputs, the states before the first step, and what a loss tells h of every step and the last states."""
    return (
        draw(cell.tensors(I, H), rng, *members),
        normal(rng, T, *members, N, I),
        tuple(normal(rng, *members, N, H) for _ in cell.states),
        normal(rng, T, *members, N, H),
        tuple(normal(rng, *members, N, H) for _ in cell.states),
    )


def as_function(cell, letters):
    """(weights …, x, first states …) → h of every step, and the last states; with the cell's own way back."""

    class ThroughTime(torch.autograd.Function):
        @staticmethod
        def forward(ctx, *tensors):
            ctx.weights = dict(zip(letters, tensors, strict=False))
            x, *initial = tensors[len(letters) :]
            ctx.tape = scan.forward(cell, ctx.weights, x, initial)
            return ctx.tape.h[1:].clone(), *(state[-1].clone() for state in ctx.tape.states)

        @staticmethod
        def backward(ctx, g_h, *final):
            back = scan.backward(cell, ctx.weights, ctx.tape, g_h, final, wants_x=True)
            first = (state[0].clone() for state in back.states)
            return *(back.weights[letter] for letter in letters), back.x.clone(), *first

    return ThroughTime.apply


@every_variant
def test_every_gradient_is_a_slope(cell, rng):
    """Of weights, inputs and first states, from every h and from the last states."""
    weights, x, initial, *_ = given(cell, rng)
    tensors = [tensor.requires_grad_() for tensor in (*weights.values(), x, *initial)]
    assert torch.autograd.gradcheck(as_function(cell, tuple(weights)), tensors, fast_mode=True)


@every_cell
def test_every_element_of_every_gradient_is_a_slope(cell, rng):
    weights, x, initial, *_ = given(cell, rng)
    tensors = [tensor.requires_grad_() for tensor in (*weights.values(), x[:3].detach(), *initial)]
    assert torch.autograd.gradcheck(as_function(cell, tuple(weights)), tensors)


@every_variant
def test_total_gradients_are_slopes_along_the_states(cell, rng):
    """∂L/∂h_t: start the rest of the sequence from a moved h_t. (Other states: tests/nn/test_scan.py.)"""
    weights, x, initial, g, final = given(cell, rng)
    tape = scan.forward(cell, weights, x, initial)
    back = scan.backward(cell, weights, tape, g, final)
    for t in range(T):
        direction = normal(rng, N, H)

        def rest(size, t=t, direction=direction):
            h_t = tape.h[t] + size * direction
            later = scan.forward(cell, weights, x[t:], [h_t, *(state[t] for state in tape.states[1:])])
            told = (later.h[1:] * g[t:]).sum() + (h_t * g[t - 1]).sum() * (t > 0)
            return sum(((s[-1] * f).sum() for s, f in zip(later.states, final, strict=True)), told).item()

        slope = (back.states[0][t] * direction).sum().item()
        assert slope == pytest.approx((rest(STEP) - rest(-STEP)) / (2 * STEP), rel=1e-6, abs=1e-7)


@every_variant
def test_what_comes_to_the_last_h_is_one_sum(cell, rng):
    """`final` of h is one more direct gradient of the last step, and fewer direct ones are zeros before them."""
    weights, x, initial, g, (last, *others) = given(cell, rng)
    tape = scan.forward(cell, weights, x, initial)
    told = torch.cat([torch.zeros_like(g[:-2]), g[-2:]])
    told[-1] += last
    apart = scan.backward(cell, weights, tape, g[-2:], (last, *others))
    together = scan.backward(cell, weights, tape, told, (None, *others))
    close(apart[:2], together[:2])


@every_cell
@pytest.mark.parametrize("steps", [1, 2, T - 1], ids=lambda steps: f"{steps} at once")
def test_the_way_back_in_blocks_is_the_way_back(cell, rng, monkeypatch, steps):
    weights, x, initial, g, final = given(cell, rng)
    tape = scan.forward(cell, weights, x, initial)
    whole = scan.backward(cell, weights, tape, g, final, wants_x=True)
    monkeypatch.setattr(scan, "AT_ONCE", steps * N * tape.a.shape[-1])
    close(scan.backward(cell, weights, tape, g, final, wants_x=True)[:3], whole[:3])


@every_cell
@pytest.mark.parametrize("members", [(1,), (4,), (2, 3)], ids=str)
def test_members_are_single_runs_one_by_one(cell, rng, members):
    weights, x, initial, g, final = given(cell, rng, *members)
    tape = scan.forward(cell, weights, x, initial)
    back = scan.backward(cell, weights, tape, g, final, wants_x=True)
    assert back.h.shape == back.states[-1][1:].shape == (T, *members, N, H)
    for place in torch.cartesian_prod(*map(torch.arange, members)).reshape(-1, len(members)).tolist():
        one = tuple(place)
        at = (slice(None), *one)
        member = {letter: w[one] for letter, w in weights.items()}
        alone = scan.forward(cell, member, x[at], [s[one] for s in initial])
        alone_back = scan.backward(cell, member, alone, g[at], [f[one] for f in final], wants_x=True)
        close((tape.x[at], tape.a[at]), (alone.x, alone.a))
        close([s[at] for s in (*tape.states, *tape.kept)], [*alone.states, *alone.kept])
        close([s[at] for s in (*back.states, back.x)], [*alone_back.states, alone_back.x])
        close({letter: gradient[one] for letter, gradient in back.weights.items()}, alone_back.weights)
        if cell.gates:
            close(cell.gate_values(tape)[at], cell.gate_values(alone))


@every_variant
@pytest.mark.parametrize("members", [(), (2, 2)], ids=str)
def test_backward_changes_nothing_that_it_is_given(cell, rng, members):
    weights, x, initial, g, final = given(cell, rng, *members)
    tape = scan.forward(cell, weights, x, initial)
    everything = [x, tape.x, tape.a, *tape.states, *tape.kept, *weights.values(), *initial, g, *final]
    kept = [tensor.clone() for tensor in everything]
    first, second = (scan.backward(cell, weights, tape, g, final, wants_x=True) for _ in range(2))
    assert all(torch.equal(before, now) for before, now in zip(kept, everything, strict=True))
    torch.testing.assert_close(first, second, rtol=0, atol=0)


@pytest.mark.parametrize("cell", DEFAULTS, ids=name)
def test_gates_are_between_shut_and_open(cell, rng):
    weights, x, initial, *_ = given(cell, rng)
    tape = scan.forward(cell, weights, x, initial)
    if cell.gates:
        gates = cell.gate_values(tape)
        assert gates.shape == (T, N, len(cell.gates), H)
        assert (gates > 0).all()
        assert (gates < 1).all()
    else:
        with pytest.raises(NotImplementedError):
            cell.gate_values(tape)


@pytest.mark.parametrize("cell", DEFAULTS, ids=name)
def test_what_a_cell_declares(cell, rng):
    for shape, init in cell.tensors(I, H).values():
        assert init.draw(shape, rng).shape == shape
    assert cell.recurrent(draw(cell.tensors(I, H), rng, 5)).shape == (5, H, H)
    bound = cell.slope_bound()
    assert (bound is None) == bool(cell.gates)
    assert bound is None or bound > 0
    assert "torch" in type(cell).__doc__
    assert len(cell.equations) >= len(cell.states)
