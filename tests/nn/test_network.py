"""The whole many-to-one network against torch.nn.RNN + torch.nn.Linear, gradcheck, and itself as an ensemble."""

import pytest
import torch
from torch.nn import functional as F

from playground.nn.activations import Relu, Tanh
from playground.nn.activations import registry as activations
from playground.nn.cells.vanilla import Vanilla
from playground.nn.initializers import Normal, TorchUniform
from playground.nn.losses import LOSSES
from playground.nn.network import ManyToOne
from playground.nn.parameters import Parameters

T, N, I, H, O = 8, 5, 3, 6, 4  # noqa: E741
EXACT = {"rtol": 1e-10, "atol": 1e-12}
BY_TORCH = {"cross-entropy": F.cross_entropy, "mean squared error": F.mse_loss}


def network(activation, loss):
    cell = Vanilla(activation=activation, recurrent_init=Normal(std=0.5), bias_init=Normal(std=0.3))
    return ManyToOne(cell, I, H, O, loss, TorchUniform())


def draw(net, rng):
    return Parameters.draw(net.tensors(), lambda _: rng, torch.float64)


def data(loss, rng, *members):
    x = torch.randn(T, *members, N, I, generator=rng, dtype=torch.float64)
    if loss == "cross-entropy":
        return x, torch.randint(O, (*members, N), generator=rng)
    return x, torch.randn(*members, N, O, generator=rng, dtype=torch.float64)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", [Tanh(), Relu()], ids=lambda a: a.kind)
def test_every_number_is_that_of_torchs_rnn(rng, activation, loss):
    net = network(activation, loss)
    weights = draw(net, rng).views
    x, targets = data(loss, rng)
    passed = net.forward_backward(weights, x, targets)

    rnn = torch.nn.RNN(I, H, nonlinearity=activation.kind).double()
    linear = torch.nn.Linear(H, O).double()
    with torch.no_grad():
        for theirs, letter in zip([*rnn.parameters(), *linear.parameters()], "WUb0Vc", strict=True):
            theirs.copy_(weights.get(letter, 0 * theirs))
    states, last = rnn(x)
    y = linear(last[0])
    value = BY_TORCH[loss](y, targets)
    value.backward()

    torch.testing.assert_close(passed.trace.h[1:], states.detach(), **EXACT)
    torch.testing.assert_close(passed.outputs, y.detach(), **EXACT)
    torch.testing.assert_close(passed.loss, value.detach(), **EXACT)
    for theirs, letter in zip([*rnn.parameters(), *linear.parameters()], "WUbbVc", strict=True):
        torch.testing.assert_close(passed.gradients[letter], theirs.grad, **EXACT)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", tuple(activations), ids=lambda cls: cls().kind)
def test_total_gradient_of_every_state_is_the_retained_one(rng, activation, loss):
    net = network(activation(), loss)
    weights = {name: w.clone().requires_grad_() for name, w in draw(net, rng).views.items()}
    x, targets = data(loss, rng)
    h, states = torch.zeros(N, H, dtype=torch.float64), []
    for x_t in x:
        h = activation().value(x_t @ weights["W"].T + h @ weights["U"].T + weights["b"])
        h.retain_grad()
        states.append(h)
    value = BY_TORCH[loss](h @ weights["V"].T + weights["c"], targets)
    value.backward()

    with torch.no_grad():
        passed = net.forward_backward(weights, x, targets)
    torch.testing.assert_close(passed.states, torch.stack([h.grad for h in states]), **EXACT)
    torch.testing.assert_close(passed.direct[-1], states[-1].grad, **EXACT)
    assert passed.direct[:-1] == [None] * (T - 1)  # exactly nothing before T
    for name, w in weights.items():
        torch.testing.assert_close(passed.gradients[name], w.grad, **EXACT)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("kind", ["tanh", "softsign", "gelu"])
def test_gradcheck(rng, kind, loss):
    net = network(activations[kind](), loss)
    views = draw(net, rng).views
    x, targets = data(loss, rng)

    class ByHand(torch.autograd.Function):
        @staticmethod
        def forward(ctx, *tensors):
            passed = net.forward_backward(dict(zip(views, tensors, strict=True)), x, targets)
            ctx.save_for_backward(*(passed.gradients[name] for name in views))
            return passed.loss

        @staticmethod
        def backward(ctx, g):
            return tuple(g * gradient for gradient in ctx.saved_tensors)

    assert torch.autograd.gradcheck(ByHand.apply, tuple(w.clone().requires_grad_() for w in views.values()))


@pytest.mark.parametrize("loss", LOSSES)
def test_an_ensemble_is_its_members_one_by_one(rng, loss):
    net = network(Tanh(), loss)
    members = [[draw(net, rng) for _ in range(3)] for _ in range(2)]
    grid = Parameters.stack([Parameters.stack(row) for row in members])
    x, targets = data(loss, rng, 2, 3)
    together = net.forward_backward(grid.views, x, targets)
    row = net.forward_backward(Parameters.stack(members[1]).views, x[:, 1], targets[1])
    assert together.loss.shape == (2, 3)
    assert row.loss.shape == (3,)
    for e in range(2):
        for f in range(3):
            alone = net.forward_backward(members[e][f].views, x[:, e, f], targets[e, f])
            for other, at in ((together, (e, f)), *(((row, (f,)),) if e == 1 else ())):
                torch.testing.assert_close(other.loss[at], alone.loss, **EXACT)
                torch.testing.assert_close(other.outputs[at], alone.outputs, **EXACT)
                torch.testing.assert_close(other.states[(slice(None), *at)], alone.states, **EXACT)
                for name in alone.gradients:
                    torch.testing.assert_close(other.gradients[name][at], alone.gradients[name], **EXACT)


def test_the_loss_is_a_mean_so_a_doubled_batch_changes_no_weight_gradient(rng):
    net = network(Tanh(), "cross-entropy")
    weights = draw(net, rng).views
    x, targets = data("cross-entropy", rng)
    once = net.forward_backward(weights, x, targets)
    twice = net.forward_backward(weights, x.repeat(1, 2, 1), targets.repeat(2))
    torch.testing.assert_close(once.gradients, twice.gradients, **EXACT)
    torch.testing.assert_close(once.states, 2 * twice.states[:, :N], **EXACT)  # every sample's part carries 1/N


def test_tensors_are_declared_with_their_shapes():
    shapes = {name: shape for name, (shape, _) in network(Tanh(), "cross-entropy").tensors().items()}
    assert shapes == {"W": (H, I), "U": (H, H), "b": (H,), "V": (O, H), "c": (O,)}
