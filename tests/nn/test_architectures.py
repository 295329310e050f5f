"""Every architecture against autograd on its loop written out: answers, every weight, every state of every pass."""

from math import prod

import pytest
import torch

from playground.core.errors import PlaygroundError
from playground.nn.activations import registry as activations
from playground.nn.architectures.encoder_decoder import EncoderDecoder
from playground.nn.architectures.many_to_many import ManyToMany
from playground.nn.architectures.many_to_one import ManyToOne
from playground.nn.architectures.one_to_many import OneToMany
from playground.nn.architectures.window_mlp import WindowMlp
from playground.nn.cells import registry
from playground.nn.cells.vanilla import Vanilla
from playground.nn.losses import LOSSES
from tests.nn import loops
from tests.nn.builders import N, T, against_autograd, assert_direct, close, data, draw, name, normal, parts

every_cell = pytest.mark.parametrize("cell", [cls() for cls in registry], ids=name)
every_depth = pytest.mark.parametrize("layers", [1, 2])
every_direction = pytest.mark.parametrize("direction", ["one_way", "two_passes", "concatenated"])
every_loss = pytest.mark.parametrize("loss", LOSSES)


def initial_states(p, rng, ways=1):
    return [[normal(rng, N, p.hidden) for _ in p.cell.states] for _ in range(p.layers * ways)]


@every_cell
@every_direction
@every_depth
@every_loss
def test_many_to_one(rng, cell, direction, layers, loss):
    p = parts(cell, layers=layers, direction=direction, loss=loss)
    net = ManyToOne().network(p)
    x, targets = data(p, rng)
    initial = initial_states(p, rng, net.stack.ways)
    found, runs = against_autograd(net, loops.many_to_one, draw(net.tensors(), rng), x, targets, initial=initial)
    assert_direct(found, runs)
    top = found.passes[-1]
    assert len(top.direct) == 1  # exactly nothing before T
    close(top.direct[0], top.total[0][-1])


COUNTS = {
    "every step": lambda _: None,
    "last step": lambda _: torch.eye(T, dtype=torch.float64)[-1:].T.expand(T, N),
    "some": lambda rng: (torch.rand(T, N, generator=rng) < 0.5).double(),
}


@every_cell
@every_direction
@every_depth
@pytest.mark.parametrize("which", COUNTS)
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_many_to_many(rng, cell, direction, layers, which, reduction):
    p = parts(cell, layers=layers, direction=direction, answers=T)
    net, counts = ManyToMany().network(p), COUNTS[which](rng)
    x, targets = data(p, rng)
    weights, initial = draw(net.tensors(), rng), initial_states(p, rng, net.stack.ways)
    found, runs = against_autograd(net, loops.many_to_many, weights, x, targets, counts, reduction, initial)
    assert_direct(found, runs)


def test_many_to_many_on_the_last_step_is_many_to_one(rng):
    """Read one way; with two passes the last answer sees h←_T, which has read x_T alone."""
    p = parts(Vanilla(), answers=T)
    many, one = ManyToMany(loss_at="last step").network(p), ManyToOne().network(p._replace(answers=1))
    weights = draw(many.tensors(), rng)
    x, targets = data(p, rng)
    counts = COUNTS["last step"](rng)
    a, _ = against_autograd(many, loops.many_to_many, weights, x, targets, counts)
    b, _ = against_autograd(one, loops.many_to_one, weights, x, targets[-1:])
    close(a.gradients, b.gradients)
    close(a.passes[0].total, b.passes[0].total)


FORCED = {
    "free": lambda _: None,
    "teacher": lambda _: torch.ones(T, N, dtype=torch.bool),
    "mixed": lambda rng: torch.rand(T, N, generator=rng) < 0.5,
}
every_reading = pytest.mark.parametrize("forced", FORCED)


@every_cell
@every_depth
@every_reading
@every_loss
def test_one_to_many(rng, cell, layers, forced, loss):
    p = parts(cell, layers=layers, loss=loss, answers=T)
    net = OneToMany().network(p)
    x, targets = data(p, rng, steps=1)
    reading = {"targets": targets, "forced": FORCED[forced](rng)}
    weights, initial = draw(net.tensors(), rng), initial_states(p, rng)
    found, runs = against_autograd(net, loops.one_to_many, weights, x, targets, initial=initial, reading=reading)
    assert_direct(found, runs)


@every_cell
@every_depth
def test_one_to_many_that_reads_zeros(rng, cell, layers):
    p = parts(cell, layers=layers, answers=T)
    net = OneToMany(feed="zeros").network(p)
    x, targets = data(p, rng, steps=1)
    weights = draw(net.tensors(), rng)
    against_autograd(net, loops.one_to_many, weights, x, targets)
    read = net.forward(weights, x).tapes[0].x
    assert torch.equal(read[0], x[0])
    assert not read[1:].any()


@every_cell
@every_direction
@every_depth
@every_reading
@every_loss
def test_encoder_decoder(rng, cell, direction, layers, forced, loss):
    """Seven read, six written: gradients of both, and of every state from the first read to the last written."""
    p = parts(cell, layers=layers, direction=direction, loss=loss, length=T + 1, answers=T)
    net = EncoderDecoder().network(p)
    x, targets = data(p, rng)
    reading = {"targets": targets, "forced": FORCED[forced](rng)}
    weights, initial = draw(net.tensors(), rng), initial_states(p, rng, net.encoder.ways)
    found, runs = against_autograd(net, loops.encoder_decoder, weights, x, targets, initial=initial, reading=reading)
    ways = net.encoder.ways
    assert_direct(found, runs, onward=[ways * layers + i // ways for i in range(ways * layers)])


@pytest.mark.parametrize("phi", activations.kinds())
@every_loss
def test_window_mlp(rng, phi, loss):
    p = parts(Vanilla(activation=phi), loss=loss)
    net = WindowMlp().network(p)
    x, targets = data(p, rng)
    found, _ = against_autograd(net, lambda n, w, x, _: loops.window_mlp(n, w, x), draw(net.tensors(), rng), x, targets)
    assert found.passes == net.ways == ()


@pytest.mark.parametrize("length", [T - 1, T + 1])
def test_window_mlp_refuses_another_length_by_a_sentence(rng, length):
    net = WindowMlp().network(parts(Vanilla()))
    x, _ = data(net.parts, rng, steps=length)
    with pytest.raises(PlaygroundError) as caught:
        net.forward(draw(net.tensors(), rng), x)
    assert str(caught.value) == (
        f"This network has a weight for each of {T} time steps and was given {length}. "
        f"Give it sequences of {T}, or choose a recurrent network, which takes any length."
    )


@every_cell
@pytest.mark.parametrize(("length", "inputs", "outputs", "hidden"), [(30, 4, 4, 64), (50, 2, 1, 64), (20, 10, 10, 32)])
def test_window_mlp_is_as_large_as_the_recurrent_network(cell, length, inputs, outputs, hidden):
    p = parts(cell, length=length, inputs=inputs, outputs=outputs, hidden=hidden)
    sizes = [sum(prod(s) for s, _ in a.network(p).tensors().values()) for a in (WindowMlp(), ManyToOne())]
    assert sizes[0] == pytest.approx(sizes[1], rel=0.04)
