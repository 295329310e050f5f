"""Cells that bring only their step forward. (tests/laws/test_cells.py holds them to the laws of every cell.)"""

from typing import ClassVar

import pytest
import torch

from playground.nn import scan
from playground.nn.architectures import registry
from playground.nn.cells.lstm import Lstm
from playground.nn.losses import LOSSES, loss
from tests.nn.builders import H, I, N, T, close, data, draw, normal, parts
from tests.nn.forward_only import MinimalGated, PlainLstm

RECURRENT = [cls() for cls in registry if cls.recurrent]
DIRECTED = [pytest.param(a, d, id=f"{a.kind}-{d}") for a in RECURRENT for d in a.directions]


def both_ways(net, weights, x, targets, forced):
    forward = net.forward(weights, x, targets, forced)
    value, g_y = loss(net.parts.loss, forward.outputs, targets)
    found = net.backward(weights, forward, g_y)
    states = [tape.states for tape in forward.tapes]
    return forward.outputs, value, states, found.gradients, [tuple(back) for back in found.passes]


@pytest.mark.parametrize("members", [(), (2,)], ids=str)
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize(("architecture", "direction"), DIRECTED)
def test_an_lstm_written_forward_only_is_the_one_derived_by_hand(rng, architecture, direction, layers, members):
    answers = 1 if architecture.kind == "many_to_one" else T
    p = parts(Lstm(), layers=layers, direction=direction, answers=answers)
    ours, plain = architecture.network(p), architecture.network(p._replace(cell=PlainLstm()))
    weights = draw(ours.tensors(), rng, *members)
    x, targets = data(p, rng, *members)
    forced = torch.rand(targets.shape, generator=rng) < 0.5
    close(both_ways(ours, weights, x, targets, forced), both_ways(plain, weights, x, targets, forced))


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize(("architecture", "direction"), DIRECTED)
def test_a_cell_of_ones_own_learns_in_every_network(rng, architecture, direction, name):
    """Its gradients lead downhill: a step along them lowers the loss by as much as they promise."""
    answers = 1 if architecture.kind == "many_to_one" else T
    p = parts(MinimalGated(), layers=2, direction=direction, answers=answers, loss=name)
    net = architecture.network(p)
    weights = draw(net.tensors(), rng)
    x, targets = data(p, rng)
    forced = torch.ones(targets.shape[:2], dtype=torch.bool)
    _, before, _, gradients, _ = both_ways(net, weights, x, targets, forced)
    size = 1e-6
    moved = [{n: w - sign * size * gradients[n] for n, w in weights.items()} for sign in (1, -1)]
    lower, higher = (both_ways(net, w, x, targets, forced)[1] for w in moved)
    assert lower < before < higher
    promised = sum(g.square().sum() for g in gradients.values()).item()
    assert ((higher - lower) / (2 * size)).item() == pytest.approx(promised, rel=1e-6)


def test_only_by_hand_is_there_something_before_the_activation(rng):
    cell = MinimalGated()
    weights, x, h0 = draw(cell.tensors(I, H), rng), normal(rng, T, N, I), normal(rng, N, H)
    tape = scan.forward(cell, weights, x, [h0])
    scan.backward(cell, weights, tape, normal(rng, T, N, H))
    assert tape.a.shape == (T, N, 0)
    assert not any(tensor.requires_grad for tensor in (*tape.states, *weights.values(), x))


class Counter(MinimalGated):
    """Hands one state on untouched, returns another twice, and makes a constant of a fourth."""

    states: ClassVar[tuple[str, ...]] = ("h", "same", "again", "constant")

    def step(self, weights, x, states):
        (h,) = super().step(weights, x, (states[0] * states[1],))
        return h, states[1], h, torch.ones_like(h)


def test_states_that_share_a_tensor_keep_their_own_gradients(rng):
    cell = Counter()
    weights, x = draw(cell.tensors(I, H), rng), normal(rng, T, N, I)
    initial, final = [normal(rng, N, H) for _ in range(4)], [normal(rng, N, H) for _ in range(4)]
    tape = scan.forward(cell, weights, x, initial)
    h, same, again, constant = scan.backward(cell, weights, tape, torch.zeros_like(tape.h[1:]), final).states
    close(h[T], final[0] + final[2])  # of h_T there is a copy
    for alone, told in ((again, final[2]), (constant, final[3])):
        close(alone, torch.cat([torch.zeros_like(alone[:T]), told[None]]))
    for t in range(T + 1):  # what is told from step t on
        start = [state[t].clone().requires_grad_() for state in tape.states]
        states = start
        for x_t in x[t:]:
            states = cell.step(weights, x_t, states)
        sum((state * f).sum() for state, f in zip(states, final, strict=True)).backward()
        close(same[t], start[1].grad)
        if t < T:
            close(h[t], start[0].grad)
