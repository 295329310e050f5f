"""Whole networks against torch.nn.RNN, GRU and LSTM with the same weights: answers, states, every gradient."""

import pytest
import torch
from torch.nn import functional as F

from playground.nn.architectures.many_to_many import ManyToMany
from playground.nn.architectures.many_to_one import ManyToOne
from playground.nn.cells.gru import Gru
from playground.nn.cells.lstm import Lstm
from playground.nn.cells.vanilla import Vanilla
from playground.nn.losses import LOSSES, loss
from tests.nn.builders import H, I, O, T, close, data, draw, parts

COUNTERPARTS = {
    "tanh": (Vanilla(), torch.nn.RNN, {"nonlinearity": "tanh"}, (0,)),
    "relu": (Vanilla(activation="relu"), torch.nn.RNN, {"nonlinearity": "relu"}, (0,)),
    "gru": (Gru(), torch.nn.GRU, {}, (0, 1, 2)),
    "lstm": (Lstm(), torch.nn.LSTM, {}, (1, 2, 3, 0)),  # theirs are i, f, g, o; ours o, i, f, g
}
THEIRS = {"W": "weight_ih", "U": "weight_hh", "b": "bias_ih"}
every_size = [
    pytest.mark.parametrize("counterpart", COUNTERPARTS.values(), ids=COUNTERPARTS),
    pytest.mark.parametrize("layers", [1, 2, 3]),
    pytest.mark.parametrize("direction", ["one_way", "two_passes"]),
]


def in_their_order(tensor, order):
    blocks = tensor.chunk(len(order))
    return torch.cat([blocks[i] for i in order])


def names(layers, direction):
    """Our name and theirs of every tensor, their second bias aside."""
    for layer in range(layers):
        for arrow, reverse in (("", ""), ("←", "_reverse"))[: 1 + (direction == "two_passes")]:
            number = "" if layers == 1 else "₁₂₃"[layer]
            yield from ((f"{ours}{number}{arrow}", f"{theirs}_l{layer}{reverse}") for ours, theirs in THEIRS.items())


def theirs_with(counterpart, weights, layers, direction):
    """Their layers and read-out with our weights; the second bias, which ours lacks, is 0."""
    _, cls, options, order = counterpart
    both = direction == "two_passes"
    rnn = cls(I, H, num_layers=layers, bidirectional=both, dtype=torch.float64, **options)
    linear = torch.nn.Linear(H * (1 + both), O, dtype=torch.float64)
    with torch.no_grad():
        for parameter in rnn.parameters():
            parameter.zero_()
        for ours, theirs in names(layers, direction):
            getattr(rnn, theirs).copy_(in_their_order(weights[ours], order))
        linear.weight.copy_(weights["V"])
        linear.bias.copy_(weights["c"])
    return rnn, linear


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("architecture", [ManyToOne(), ManyToMany()], ids=lambda a: a.kind)
@every_size[0]
@every_size[1]
@every_size[2]
def test_every_number_is_torchs(rng, counterpart, layers, direction, architecture, name):
    once = architecture.kind == "many_to_one"
    p = parts(counterpart[0], layers=layers, direction=direction, loss=name, answers=1 if once else T)
    net = architecture.network(p)
    weights = draw(net.tensors(), rng)
    x, targets = data(p, rng)
    forward = net.forward(weights, x)
    value, g_y = loss(name, forward.outputs, targets)
    found = net.backward(weights, forward, g_y)

    rnn, linear = theirs_with(counterpart, weights, layers, direction)
    top, final = rnn(x)
    h_n, *c_n = final if isinstance(final, tuple) else (final,)
    if once:  # the last states of both ways, which are not the last row of `top`
        top = torch.cat([h_n[-2], h_n[-1]], -1)[None] if direction == "two_passes" else h_n[-1:]
    else:
        close(forward.extra[0], top.detach())
    y = linear(top)
    if name == "cross-entropy":
        expected = F.cross_entropy(y.flatten(0, 1), targets.flatten())
    else:
        expected = F.mse_loss(y, targets)
    expected.backward()

    close(forward.outputs, y.detach())
    close(value, expected.detach())
    ends = [torch.stack(states) for states in zip(*net.stack.final(forward.tapes), strict=True)]
    close(ends, [h_n.detach(), *(c.detach() for c in c_n)])
    for ours, theirs in names(layers, direction):
        close(in_their_order(found.gradients[ours], counterpart[3]), getattr(rnn, theirs).grad)
    close(found.gradients["V"], linear.weight.grad)
    close(found.gradients["c"], linear.bias.grad)


@every_size[0]
@every_size[1]
@every_size[2]
def test_closed_form_15_torch_has_one_more_bias_a_gate(counterpart, layers, direction):
    net = ManyToMany().network(parts(counterpart[0], layers=layers, direction=direction))
    weights = {name: torch.zeros(shape) for name, (shape, _) in net.tensors().items()}
    rnn, linear = theirs_with(counterpart, weights, layers, direction)
    gates, passes = len(counterpart[3]), layers * (1 + (direction == "two_passes"))
    theirs = sum(p.numel() for p in (*rnn.parameters(), *linear.parameters()))
    assert theirs - sum(w.numel() for w in weights.values()) == gates * H * passes
    if passes == 1:
        assert sum(p.numel() for p in rnn.parameters()) == gates * (H * I + H**2 + 2 * H)
        assert sum(weights[letter].numel() for letter in "WUb") == gates * (H * I + H**2 + H)
