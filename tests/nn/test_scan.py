"""The hand-derived backward passes against autograd on a loop written out, in float64: every cell, every number."""

import pytest
import torch

from playground.nn import scan
from playground.nn.cells import registry
from tests.nn import loops
from tests.nn.builders import H, I, N, T, close, draw, kept_gradient, leaves, name, normal, totals, variants
from tests.nn.forward_only import MinimalGated, PlainLstm

VARIANTS = [*dict.fromkeys(variant for cls in registry for variant in variants(cls)), MinimalGated(), PlainLstm()]
EVERY = set(range(1, T + 1))


@pytest.fixture(params=VARIANTS, ids=name)
def cell(request):
    return request.param


def given(cell, rng, steps=T):
    weights = draw(cell.tensors(I, H), rng)
    return weights, normal(rng, steps, N, I), [normal(rng, N, H) for _ in cell.states], normal(rng, steps, N, H)


def at(steps, g):
    """What the loss tells h, at these steps alone."""
    return torch.stack([g[t] if t + 1 in steps else torch.zeros_like(g[t]) for t in range(len(g))])


def test_one_thread():
    assert torch.get_num_threads() == 1


def test_forward_is_the_recurrence(cell, rng):
    weights, x, initial, _ = given(cell, rng)
    tape = scan.forward(cell, weights, x, initial)
    states, gates = [tuple(initial)], []
    for x_t in x:
        after, values = loops.step(cell, weights, x_t, states[-1])
        states.append(after)
        gates.append(values)
    close(list(tape.states), [torch.stack(one) for one in zip(*states, strict=True)])
    torch.testing.assert_close(tape.x, x, rtol=0, atol=0)
    if cell.gates:
        close(cell.gate_values(tape), torch.stack([torch.stack(values, 1) for values in gates]))


@pytest.mark.parametrize("steps", [{T}, {1, T}, {3, 4}, EVERY], ids=str)
@pytest.mark.parametrize("ends", [False, True], ids=["", "last states"])
def test_every_gradient_is_autograds(cell, rng, steps, ends):
    """Total ∂L/∂state of every step and the first ones, ∂L/∂x, ∂L/∂weights."""
    weights, x, initial, g = given(cell, rng)
    final = [normal(rng, N, H) if ends else None for _ in cell.states]
    told = at(steps, g)
    back = scan.backward(cell, weights, scan.forward(cell, weights, x, initial), told, final, wants_x=True)

    theirs, x = leaves(weights), x.clone().requires_grad_()
    states = loops.run(cell, theirs, x, initial)
    value = sum((states[t][0] * told[t - 1]).sum() for t in steps)
    if ends:
        value = value + sum((state * f).sum() for state, f in zip(states[-1], final, strict=True))
    value.backward()
    after, before = totals(states)
    close([state[1:] for state in back.states], after)
    close([state[0] for state in back.states], before)
    close(back.x, kept_gradient(x))
    close(back.weights, {letter: w.grad for letter, w in theirs.items()})
    assert torch.equal(back.h, back.states[0][1:])


def test_a_single_step(cell, rng):
    weights, x, initial, g = given(cell, rng, steps=1)
    back = scan.backward(cell, weights, scan.forward(cell, weights, x, initial), g)
    theirs = leaves(weights)
    states = loops.run(cell, theirs, x, initial)
    (states[1][0] * g[0]).sum().backward()
    close(back.weights, {letter: w.grad for letter, w in theirs.items()})
    close([state[0] for state in back.states], totals(states)[1])
    torch.testing.assert_close(back.h, g, rtol=0, atol=0)


@pytest.mark.parametrize("cls", registry, ids=lambda cls: cls().kind)
def test_large_tensors_take_the_same_way(cls, rng):
    """Some activations change their way with many numbers: past FEW of them in one step."""
    cell, wide, many = cls(), 48, 96
    weights = {letter: w / 4 for letter, w in draw(cell.tensors(I, wide), rng).items()}
    x, initial, g = normal(rng, 3, many, I), [normal(rng, many, wide) for _ in cell.states], normal(rng, 3, many, wide)
    back = scan.backward(cell, weights, scan.forward(cell, weights, x, initial), g)
    theirs = leaves(weights)
    states = loops.run(cell, theirs, x, initial)
    (torch.stack([s[0] for s in states[1:]]) * g).sum().backward()
    close(back.weights, {letter: w.grad for letter, w in theirs.items()})
    close([state[1:] for state in back.states], totals(states)[0])


def test_zeros_are_one_state_of_each_kind(cell):
    states = scan.zeros(cell, torch.ones(T, 2, N, I), H)
    assert [s.shape for s in states] == [(2, N, H)] * len(cell.states)
    assert not torch.stack(states).any()
