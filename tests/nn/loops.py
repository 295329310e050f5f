"""The oracle: cells, stacks and architectures once more, as plain loops that autograd differentiates.

Written gate by gate from the equations in the docstrings. Nothing of `playground.nn` is used but names and sizes.
"""

import torch
from torch.nn import functional as F

from playground.nn.cells.lstm import Lstm

PHI = {
    "tanh": lambda _, a: torch.tanh(a),
    "sigmoid": lambda _, a: torch.sigmoid(a),
    "relu": lambda _, a: F.relu(a),
    "leaky_relu": lambda phi, a: F.leaky_relu(a, phi.slope_below),
    "identity": lambda _, a: 1 * a,
    "hardtanh": lambda _, a: F.hardtanh(a),
    "softsign": lambda _, a: F.softsign(a),
    "silu": lambda _, a: F.silu(a),
    "gelu": lambda _, a: F.gelu(a),
}


def apply(phi, a):
    return PHI[phi.kind](phi, a)


def retained(tensor):
    """The same numbers, whose gradient is kept."""
    tensor = tensor * torch.ones((), dtype=tensor.dtype, requires_grad=True)
    tensor.retain_grad()
    return tensor


def vanilla(cell, w, x, states):
    (h,) = states
    return (apply(cell.activation, x @ w["W"].T + h @ w["U"].T + w["b"]),), ()


def gru(cell, w, x, states):
    (h,) = states
    (W_r, W_z, W_n), (U_r, U_z, U_n), (b_r, b_z, b_n) = (w[letter].chunk(3) for letter in "WUb")
    r = apply(cell.gate_activation, x @ W_r.T + h @ U_r.T + b_r)
    z = apply(cell.gate_activation, x @ W_z.T + h @ U_z.T + b_z)
    n = apply(cell.activation, x @ W_n.T + b_n + r * (h @ U_n.T))
    return ((1 - z) * n + z * h,), (r, z)


def lstm(cell, w, x, states):
    h, c = states
    gates = zip(*(w[letter].chunk(4) for letter in "WUb"), strict=True)
    a_o, a_i, a_f, a_g = (x @ W.T + h @ U.T + b for W, U, b in gates)
    o, i, f = (apply(cell.gate_activation, a) for a in (a_o, a_i, a_f))
    c = retained(f * c + i * apply(cell.activation, a_g))  # before h is made of it: that way counts, too
    return (o * apply(cell.output_activation, c), c), (o, i, f)


STEPS = {"vanilla": vanilla, "gru": gru, "lstm": lstm, "plain_lstm": lambda _, *given: lstm(Lstm(), *given)}


def step(cell, w, x, states):
    """The states after one step, and the gates; of a cell that is a test's own, its own step."""
    return STEPS[cell.kind](cell, w, x, states) if cell.kind in STEPS else (cell.step(w, x, states), ())


def run(cell, w, x, initial, cut=()):
    """The states of all steps, a tuple each, with the ones before the first at index 0; gradients are kept.

    Before the steps in `cut` (0 is the first) the states are detached.
    """
    states = [tuple(retained(state) for state in initial)]
    for t, x_t in enumerate(x):
        before = tuple(s.detach() for s in states[-1]) if t in cut else states[-1]
        after, _ = step(cell, w, x_t, before)
        states.append(tuple(state if state.retains_grad else retained(state) for state in after))
    return states


def zeros(cell, x, hidden):
    return tuple(x.new_zeros(x.shape[-2], hidden) for _ in cell.states)


def stack(p, weights, x, initial=None, prefix="", direction=None, cut=()):
    """The runs of all passes, each in its running order, and what the uppermost layer says at every step."""
    direction, runs = direction or p.direction, []
    if direction == "concatenated":
        x = torch.stack([torch.cat([x[t], x[len(x) - 1 - t]], -1) for t in range(len(x))])
    for layer in range(p.layers):
        said = []
        for arrow in ("", "←") if direction == "two_passes" else ("",):
            suffix = ("" if p.layers == 1 else "₁₂₃₄"[layer]) + arrow
            w = {letter: weights[f"{prefix}{letter}{suffix}"] for letter in p.cell.tensors(1, 1)}
            start = initial[len(runs)] if initial else zeros(p.cell, x, p.hidden)
            runs.append(run(p.cell, w, list(x)[:: -1 if arrow else 1], start, cut))
            said.append(torch.stack([states[0] for states in runs[-1][1:]][:: -1 if arrow else 1]))
        x = torch.cat(said, -1)
    return runs, x


def readout(weights, h):
    return h @ weights["V"].T + weights["c"]


def many_to_one(net, weights, x, initial=None, **how):
    runs, _ = stack(net.parts, weights, x, initial, **how)
    last = runs[-2:] if net.parts.direction == "two_passes" else runs[-1:]
    return runs, readout(weights, torch.cat([states[-1][0] for states in last], -1))[None]


def many_to_many(net, weights, x, initial=None, **how):
    runs, top = stack(net.parts, weights, x, initial, **how)
    return runs, readout(weights, top)


def as_input(p, said):
    """The answer as the next step reads it, without a way back through the choice."""
    return F.one_hot(said, p.outputs).double() if p.loss == "cross-entropy" else said.detach()


def writing(p, weights, first, initial, targets, forced, answers, prefix="", feeds=True, cut=()):
    """Steps that read the answer before: the true one where `forced`, else the network's own, found greedily."""
    xs = [first]
    while True:
        # The whole prefix anew for each answer: slow, and nothing to get wrong.
        runs, top = stack(p, weights, torch.stack(xs), initial, prefix, "one_way", cut)
        ys = readout(weights, top)
        if len(ys) == answers:
            return runs, ys
        own = ys[-1].argmax(-1) if p.loss == "cross-entropy" else ys[-1]
        said = as_input(p, own)
        if forced is not None:
            said = torch.where(forced[len(ys) - 1][:, None], as_input(p, targets[len(ys) - 1]), said)
        gap = first.new_zeros(len(said), first.shape[-1] - said.shape[-1]) if feeds else None
        xs.append(torch.cat([gap, said], -1) if feeds else torch.zeros_like(first))


def one_to_many(net, weights, x, initial=None, targets=None, forced=None, cut=()):
    p, feeds = net.parts, net.feed == "answers"
    first = torch.cat([x[0], x.new_zeros(x.shape[1], p.outputs)], -1) if feeds else x[0]
    answers = p.answers if targets is None else len(targets)
    return writing(p, weights, first, initial, targets, forced, answers, feeds=feeds, cut=cut)


def encoder_decoder(net, weights, x, initial=None, targets=None, forced=None):
    p = net.parts
    read, _ = stack(p, weights, x, initial, "enc ")
    ends = [states[-1] for states in read]
    if p.direction == "two_passes":
        ends = [tuple(a + b for a, b in zip(*ends[i : i + 2], strict=True)) for i in range(0, len(ends), 2)]
    written, ys = writing(p, weights, x.new_zeros(x.shape[1], p.outputs), ends, targets, forced, p.answers, "dec ")
    return read + written, ys


def window_mlp(net, weights, x):
    window = torch.cat(list(x), -1)
    h = apply(net.parts.cell.activation, window @ weights["A"].T + weights["a"])
    return [], readout(weights, h)[None]


def loss(name, y, targets, counts=None, reduction="mean"):
    """The loss of answers (K, N, O), each term by torch's own."""
    if name == "cross-entropy":
        each = F.cross_entropy(y.flatten(0, 1), targets.flatten(), reduction="none").view(targets.shape)
    else:
        each = F.mse_loss(y, targets, reduction="none").mean(-1)
    counts = torch.ones_like(each) if counts is None else counts
    return (each * counts).sum() / (counts.sum() if reduction == "mean" else y.shape[1])
