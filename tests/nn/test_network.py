"""What holds of every network, whatever its architecture: ensembles, means over samples, names, shapes, the axis."""

import pytest
import torch

from playground.nn.architectures import registry
from playground.nn.cells.gru import Gru
from playground.nn.cells.lstm import Lstm
from playground.nn.cells.vanilla import Vanilla
from playground.nn.losses import LOSSES, loss
from tests.nn.builders import H, I, N, O, T, close, data, draw, parts

VARIANTS = [pytest.param(cls(), d, id=f"{cls().kind}-{d}") for cls in registry for d in cls.directions]
ONCE = ("many_to_one", "window_mlp")
every_network = pytest.mark.parametrize(("architecture", "direction"), VARIANTS)


def network(architecture, direction, **changes):
    answers = 1 if architecture.kind in ONCE else T
    layers = 2 if architecture.recurrent else 1
    return architecture.network(parts(Lstm(), layers=layers, direction=direction, answers=answers)._replace(**changes))


def passed(net, weights, x, targets, forced=None):
    forward = net.forward(weights, x, targets, forced)
    value, g_y = loss(net.parts.loss, forward.outputs, targets)
    return forward, value, net.backward(weights, forward, g_y)


@every_network
@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("members", [(1,), (2, 3)], ids=str)
def test_an_ensemble_is_its_members_one_by_one(rng, architecture, direction, name, members):
    net = network(architecture, direction, loss=name)
    weights = draw(net.tensors(), rng, *members)
    x, targets = data(net.parts, rng, *members)
    forced = torch.rand(targets.shape[: 2 + len(members)], generator=rng) < 0.5
    forward, value, found = passed(net, weights, x, targets, forced)
    assert value.shape == members
    assert forward.outputs.shape == (net.parts.answers, *members, N, O)
    for place in torch.cartesian_prod(*map(torch.arange, members)).reshape(-1, len(members)).tolist():
        one, at = tuple(place), (slice(None), *place)
        member = {letter: w[one] for letter, w in weights.items()}
        alone, alone_value, alone_found = passed(net, member, x[at], targets[at], forced[at])
        close((forward.outputs[at], value[one]), (alone.outputs, alone_value))
        close({letter: g[one] for letter, g in found.gradients.items()}, alone_found.gradients)
        for back, alone_back in zip(found.passes, alone_found.passes, strict=True):
            close([state[at] for state in back.total], list(alone_back.total))
            close([state[one] for state in back.initial], list(alone_back.initial))
            close(back.direct[at], alone_back.direct)


@every_network
def test_the_loss_is_a_mean_so_a_doubled_batch_changes_no_weight_gradient(rng, architecture, direction):
    net = network(architecture, direction)
    weights = draw(net.tensors(), rng)
    x, targets = data(net.parts, rng)
    _, value, once = passed(net, weights, x, targets)
    _, value_again, twice = passed(net, weights, x.repeat(1, 2, 1), targets.repeat(1, 2))
    close((value, once.gradients), (value_again, twice.gradients))
    for one, two in zip(once.passes, twice.passes, strict=True):
        close(one.total[0], 2 * two.total[0][:, :N])  # every sample's part carries 1/N


@every_network
def test_backward_changes_nothing_that_it_is_given(rng, architecture, direction):
    net = network(architecture, direction)
    weights = draw(net.tensors(), rng)
    x, targets = data(net.parts, rng)
    forward, _, _ = passed(net, weights, x, targets)
    _, g_y = loss(net.parts.loss, forward.outputs, targets)
    everything = [g_y, x, *weights.values(), *forward.extra]
    everything += [tensor for tape in forward.tapes for tensor in (tape.x, tape.a, *tape.states, *tape.kept)]
    kept = [tensor.clone() for tensor in everything]
    first, second = (net.backward(weights, forward, g_y) for _ in range(2))
    assert all(torch.equal(before, now) for before, now in zip(kept, everything, strict=True))
    torch.testing.assert_close(first, second, rtol=0, atol=0)


@every_network
def test_the_weights_of_a_network_are_its_tensors_and_its_passes_stand_on_its_axis(rng, architecture, direction):
    net = network(architecture, direction)
    weights = draw(net.tensors(), rng)
    x, targets = data(net.parts, rng)
    forward, _, found = passed(net, weights, x, targets)
    assert list(found.gradients) == list(weights)
    assert len(net.ways) == len(forward.tapes) == len(found.passes)
    for way, tape in zip(net.ways, forward.tapes, strict=True):
        assert way.steps == len(tape.x)
        assert way.offset + way.steps <= net.steps
        assert net.rows[way.row] == way.label
    covered = {(way.row, way.offset + t) for way in net.ways for t in range(way.steps)}
    if architecture.recurrent and direction != "two_passes":
        assert covered == {(row, t) for row in range(len(net.rows)) for t in range(net.steps)}
    assert sum(way.reversed for way in net.ways) == (2 if direction == "two_passes" else 0)
    assert len(net.recurrent(weights)) == len(net.ways)


GATES = {"vanilla": 1, "gru": 3, "lstm": 4}


@pytest.mark.parametrize("cell", [Vanilla(), Gru(), Lstm()], ids=lambda cell: cell.kind)
@pytest.mark.parametrize(
    ("direction", "ways", "width"), [("one_way", 1, I), ("two_passes", 2, I), ("concatenated", 1, 2 * I)]
)
def test_tensors_are_declared_with_their_shapes(cell, direction, ways, width):
    p, n = parts(cell, direction=direction, answers=T), GATES[cell.kind]
    readout = {"V": (O, ways * H), "c": (O,)}
    arrows = ("", "←")[:ways]
    one = {f"{name}{a}": s for a in arrows for name, s in {"W": (n * H, width), "U": (n * H, H), "b": (n * H,)}.items()}
    for kind in ("many_to_one", "many_to_many"):
        assert shapes(registry[kind]().network(p)) == one | readout
    assert shapes(registry["encoder_decoder"]().network(p)) == {
        **{f"enc {name}": shape for name, shape in one.items()},
        "dec W": (n * H, O),
        "dec U": (n * H, H),
        "dec b": (n * H,),
        "V": (O, H),
        "c": (O,),
    }
    if direction == "one_way":
        assert shapes(registry["one_to_many"]().network(p)) == one | readout | {"W": (n * H, I + O)}
        assert shapes(registry["one_to_many"](feed="zeros").network(p)) == one | readout


def shapes(net):
    return {name: shape for name, (shape, _) in net.tensors().items()}
