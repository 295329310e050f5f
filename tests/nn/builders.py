"""Small cells and networks with their numbers, and the comparison of every gradient with autograd's."""

from functools import partial

import torch

from playground.nn import losses
from playground.nn.activations import Activation
from playground.nn.activations import registry as activations
from playground.nn.initializers import TorchUniform
from playground.nn.network import Parts
from tests.nn import loops

T, N, I, H, O = 6, 3, 2, 4, 3  # noqa: E741
close = partial(torch.testing.assert_close, rtol=1e-10, atol=1e-12)
FOR_GATES = ("sigmoid", "tanh", "hardtanh")


def variants(cls):
    """A cell with every activation in each place that takes one, and a few in the gates."""
    for slot, field in cls.model_fields.items():
        if isinstance(field.default, Activation):
            for phi in FOR_GATES if slot == "gate_activation" else activations.kinds():
                yield cls(**{slot: phi})


def name(cell):
    """The kind, and what differs from the default."""
    default = type(cell)()
    changed = [f"{k}={v.kind}" for k, v in cell if isinstance(v, Activation) and v != getattr(default, k)]
    return "-".join([cell.kind, *changed])


def normal(rng, *shape):
    return torch.randn(*shape, generator=rng, dtype=torch.float64)


def draw(tensors, rng, *members):
    """Weights large enough that what has kinks meets all of its pieces."""
    return {name: 0.7 * normal(rng, *members, *shape) for name, (shape, _) in tensors.items()}


def parts(cell, **changes):
    """A network's parts, small ones."""
    small = Parts(cell, I, H, O, 1, "one_way", "cross-entropy", TorchUniform(), T, 1)
    return small._replace(**changes)


def data(p, rng, *members, steps=None):
    """Inputs (T, …, N, I) and targets (K, …, N) or (K, …, N, O)."""
    x = normal(rng, p.length if steps is None else steps, *members, N, p.inputs)
    if p.loss == "cross-entropy":
        return x, torch.randint(p.outputs, (p.answers, *members, N), generator=rng)
    return x, normal(rng, p.answers, *members, N, p.outputs)


def leaves(tensors):
    return {name: tensor.clone().requires_grad_() for name, tensor in tensors.items()}


def kept_gradient(tensor):
    return torch.zeros_like(tensor) if tensor.grad is None else tensor.grad


def totals(states):
    """The gradients of one run: of each state (T, N, H), and of those before the first step."""
    after = [torch.stack([kept_gradient(s) for s in one]) for one in zip(*states[1:], strict=True)]
    return after, [kept_gradient(s) for s in states[0]]


def against_autograd(net, oracle, weights, x, targets, counts=None, reduction="mean", initial=None, reading=None):
    """Answers, loss, and the gradients of every weight, every state and every first state; returns both sides.

    `reading` are the targets and the mask of a network that reads its own answers.
    """
    reading = reading or {}
    forward = net.forward(weights, x, targets, reading.get("forced"), initial)
    value, g_y = losses.loss(net.parts.loss, forward.outputs, targets, counts, reduction)
    found = net.backward(weights, forward, g_y)

    theirs = leaves(weights)
    runs, y = oracle(net, theirs, x, initial, **reading)
    expected = loops.loss(net.parts.loss, y, targets, counts, reduction)
    expected.backward(retain_graph=True)
    close(forward.outputs, y.detach())
    close(value, expected.detach())
    assert found.gradients.keys() == weights.keys()
    for name in weights:
        close(found.gradients[name], theirs[name].grad)
    for back, states in zip(found.passes, runs, strict=True):
        after, before = totals(states)
        close(list(back.total), after)
        close(list(back.initial), before)
    return found, runs


def assert_direct(found, runs, onward=()):
    """direct_t = total_t − Jᵀ total_{t+1}, with autograd's J.

    `onward` says of the first runs which run goes on from their last states.
    """
    # Another way back over the loop would write to what it kept: first all of it is read.
    kept = [[[kept_gradient(state).clone() for state in after] for after in states] for states in runs]
    for i, (back, states, total) in enumerate(zip(found.passes, runs, kept, strict=True)):
        direct = []
        for t in range(1, len(states)):
            direct.append(total[t][0])
            if t + 1 < len(states):
                (h, *c), (g_h, *g_c) = states[t + 1], total[t + 1]
                # h is made from c: what has come to c through h must not count twice.
                for j, state in enumerate(c):
                    g_c[j] = g_c[j] - torch.autograd.grad(h, state, g_h, retain_graph=True)[0]
                direct[-1] = total[t][0] - torch.autograd.grad([h, *c], states[t][0], [g_h, *g_c], retain_graph=True)[0]
        if i < len(onward):
            direct[-1] = direct[-1] - kept[onward[i]][0][0]
        close(back.direct, torch.stack(direct)[-len(back.direct) :])
        for before in direct[: -len(back.direct)]:
            close(before, torch.zeros_like(before))
