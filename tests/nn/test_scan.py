"""The hand-derived backward pass against autograd on a loop written out, in float64."""

import pytest
import torch

from playground.nn import scan
from playground.nn.activations import registry as activations
from playground.nn.cells.vanilla import Vanilla

T, N, I, H = 7, 5, 3, 6  # noqa: E741
EXACT = {"rtol": 1e-10, "atol": 1e-12}


@pytest.fixture(params=activations, ids=lambda cls: cls().kind)
def cell(request):
    return Vanilla(activation=request.param())


def draw(rng, members=()):
    """Weights large enough that hardtanh and ReLU meet both of their pieces."""

    def normal(*shape):
        return torch.randn(*shape, generator=rng, dtype=torch.float64)

    weights = {"W": normal(*members, H, I), "U": normal(*members, H, H) / H**0.5, "b": normal(*members, H)}
    return weights, normal(T, *members, N, I), normal(*members, N, H), normal(T, *members, N, H)


class Unrolled:
    """The recurrence as autograd sees it, with a U of its own at each step, so that shares can be told apart."""

    def __init__(self, phi, weights, x, h0):
        self.weights = {name: w.clone().requires_grad_() for name, w in weights.items()}
        W, U, b = (self.weights[name] for name in "WUb")
        self.U_t, self.a, self.h = [], [], []
        h = h0
        for x_t in x:
            self.U_t.append(U.clone())
            self.a.append(x_t @ W.T + h @ self.U_t[-1].T + b)
            h = phi(self.a[-1])
            self.h.append(h)
            for tensor in (self.U_t[-1], self.a[-1], h):
                tensor.retain_grad()


def given_at(steps, g):
    return [g[t] if t + 1 in steps else None for t in range(T)]


def test_one_thread():
    assert torch.get_num_threads() == 1


def test_forward_is_the_recurrence(cell, rng):
    weights, x, h0, _ = draw(rng)
    trace = scan.forward(cell, weights, x, h0)
    loop = Unrolled(cell.activation.value, weights, x, h0)
    torch.testing.assert_close(trace.a, torch.stack(loop.a).detach(), **EXACT)
    torch.testing.assert_close(trace.h, torch.stack([h0, *loop.h]).detach(), **EXACT)
    torch.testing.assert_close(trace.x, x, rtol=0, atol=0)


@pytest.mark.parametrize("steps", [{T}, {1, T}, {3, 4, T}, set(range(1, T + 1))], ids=str)
def test_every_gradient_is_autograds(cell, rng, steps):
    weights, x, h0, g = draw(rng)
    trace = scan.forward(cell, weights, x, h0)
    back = scan.backward(cell, weights, trace, given_at(steps, g))

    loop = Unrolled(cell.activation.value, weights, x, h0)
    sum((loop.h[t - 1] * g[t - 1]).sum() for t in steps).backward()
    torch.testing.assert_close(back.states, torch.stack([h.grad for h in loop.h]), **EXACT)
    torch.testing.assert_close(back.preactivations, torch.stack([a.grad for a in loop.a]), **EXACT)
    for name, w in loop.weights.items():
        torch.testing.assert_close(back.weights[name], w.grad, **EXACT)


def test_closed_form_7_weight_shares_sum_to_the_gradient(cell, rng):
    weights, x, h0, g = draw(rng)
    trace = scan.forward(cell, weights, x, h0)
    back = scan.backward(cell, weights, trace, given_at({4, T}, g))
    shares = back.preactivations.mT @ trace.h[:-1]  # T H H

    loop = Unrolled(cell.activation.value, weights, x, h0)
    sum((loop.h[t - 1] * g[t - 1]).sum() for t in (4, T)).backward()
    torch.testing.assert_close(shares, torch.stack([U.grad for U in loop.U_t]), **EXACT)
    torch.testing.assert_close(shares.sum(0), back.weights["U"], **EXACT)
    assert shares.norm(dim=(1, 2)).sum() > back.weights["U"].norm()  # the sum of norms is not the norm


def test_total_is_direct_plus_what_comes_back(cell, rng):
    """total_t = direct_t + Uᵀ ∂L/∂a_{t+1}, SCIENCE §1, with ∂L/∂a from autograd."""
    weights, x, h0, g = draw(rng)
    back = scan.backward(cell, weights, scan.forward(cell, weights, x, h0), list(g))
    loop = Unrolled(cell.activation.value, weights, x, h0)
    (torch.stack(loop.h) * g).sum().backward()
    for t in range(T - 1):
        torch.testing.assert_close(back.states[t], g[t] + loop.a[t + 1].grad @ weights["U"], **EXACT)
    torch.testing.assert_close(back.states[-1], g[-1], rtol=0, atol=0)


@pytest.mark.parametrize("members", [(1,), (4,), (2, 3), (2, 1, 2)], ids=str)
def test_members_are_single_runs_one_by_one(cell, rng, members):
    weights, x, h0, g = draw(rng, members)
    trace = scan.forward(cell, weights, x, h0)
    back = scan.backward(cell, weights, trace, given_at({2, T}, g))
    assert back.states.shape == (T, *members, N, H)
    for place in torch.cartesian_prod(*map(torch.arange, members)).reshape(-1, len(members)).tolist():
        at, member = (slice(None), *place), {name: w[tuple(place)] for name, w in weights.items()}
        one = scan.forward(cell, member, x[at], h0[tuple(place)])
        one_back = scan.backward(cell, member, one, given_at({2, T}, g[at]))
        for together, alone in zip(trace, one, strict=True):
            torch.testing.assert_close(together[at], alone, **EXACT)
        torch.testing.assert_close(back.states[at], one_back.states, **EXACT)
        torch.testing.assert_close(back.preactivations[at], one_back.preactivations, **EXACT)
        for name, gradient in one_back.weights.items():
            torch.testing.assert_close(back.weights[name][tuple(place)], gradient, **EXACT)


def test_backward_changes_nothing_that_it_is_given(cell, rng):
    weights, x, h0, g = draw(rng)
    trace = scan.forward(cell, weights, x, h0)
    kept = [tensor.clone() for tensor in (*trace, *weights.values(), g)]
    first = scan.backward(cell, weights, trace, list(g))
    second = scan.backward(cell, weights, trace, list(g))
    assert all(torch.equal(a, b) for a, b in zip(kept, (*trace, *weights.values(), g), strict=True))
    assert torch.equal(first.states, second.states)


def test_a_single_step(cell, rng):
    weights, x, h0, g = draw(rng)
    back = scan.backward(cell, weights, scan.forward(cell, weights, x[:1], h0), [g[0]])
    loop = Unrolled(cell.activation.value, weights, x[:1], h0)
    (loop.h[0] * g[0]).sum().backward()
    torch.testing.assert_close(back.weights["U"], loop.weights["U"].grad, **EXACT)
    torch.testing.assert_close(back.states[0], g[0], rtol=0, atol=0)
