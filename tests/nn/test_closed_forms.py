"""What algebra says a gradient must be: the closed forms of SCIENCE.md §2, by their numbers there.

10 is in test_stack.py, 11 in test_clipping.py, 15 in test_torch_counterparts.py.
"""

import math

import pytest
import torch

from playground.nn import scan
from playground.nn.activations import Identity, Relu
from playground.nn.activations import registry as activations
from playground.nn.architectures.many_to_many import ManyToMany
from playground.nn.architectures.many_to_one import ManyToOne
from playground.nn.cells import registry as cells
from playground.nn.cells.gru import Gru
from playground.nn.cells.lstm import Lstm
from playground.nn.cells.vanilla import Vanilla
from playground.nn.initializers import Normal, Orthogonal, TorchUniform
from tests.nn import loops
from tests.nn.builders import close, data, draw, leaves, name, normal, parts

T, N, I, H = 30, 4, 3, 16  # noqa: E741
EXACT = {"rtol": 1e-10, "atol": 0}
every_cell = pytest.mark.parametrize("cell", [cls() for cls in cells], ids=name)


def norms_back(cell, weights, x, initial, last):
    """‖∂L/∂h_t‖ of each step and sample, for a loss on h_T alone whose gradient there is `last`."""
    tape = scan.forward(cell, weights, x, initial)
    back = scan.backward(cell, weights, tape, last[None])
    return back.h.norm(dim=-1), tape, back


@pytest.mark.parametrize("gain", [0.8, 1.0, 1.5])
def test_1_a_linear_orthogonal_network_is_a_straight_line(rng, gain):
    weights = {"W": normal(rng, H, I), "U": Orthogonal(gain=gain).draw((H, H), rng), "b": normal(rng, H)}
    norms, _, back = norms_back(
        Vanilla(activation=Identity()), weights, normal(rng, T, N, I), [normal(rng, N, H)], normal(rng, N, H)
    )
    factor = gain ** torch.arange(T - 1, -1, -1, dtype=torch.float64)
    torch.testing.assert_close(norms, factor[:, None] * norms[-1], **EXACT)
    for t in range(T):  # not the norms alone: total_t = (Uᵀ)^(T−t) total_T
        power = torch.linalg.matrix_power(weights["U"], T - 1 - t)
        close(back.h[t], back.h[-1] @ power)


def test_2_identity_and_positive_relu_states_keep_the_norm(rng):
    weights = {"W": normal(rng, H, I).abs(), "U": torch.eye(H, dtype=torch.float64), "b": normal(rng, H).abs()}
    norms, tape, _ = norms_back(
        Vanilla(activation=Relu()), weights, normal(rng, T, N, I).abs(), [normal(rng, N, H).abs()], normal(rng, N, H)
    )
    assert (tape.h > 0).all()
    torch.testing.assert_close(norms, norms[-1].expand(T, N), **EXACT)


@pytest.mark.parametrize("b", [-1.0, 0.0, 1.0, 3.0])
@pytest.mark.parametrize(("cell", "carrier"), [(Lstm(), 1), (Gru(), 0)], ids=["lstm c", "gru h"])
def test_3_without_weights_the_gate_that_keeps_is_the_factor_per_step(rng, cell, carrier, b):
    """∂c_T/∂c_0 = σ(b)^T, ∂h_T/∂h_0 = σ(b)^T."""
    kept = type(cell)(**{"forget_bias" if carrier else "keep_bias": {"kind": "constant", "value": b}})
    weights = {letter: torch.zeros(shape, dtype=torch.float64) for letter, (shape, _) in kept.tensors(I, H).items()}
    shape, init = kept.tensors(I, H)["b"]
    weights["b"] = init.draw(shape, rng)
    initial = [normal(rng, N, H) for _ in kept.states]
    tape = scan.forward(kept, weights, normal(rng, T, N, I), initial)
    told = normal(rng, N, H)
    final = [told if i == carrier else None for i in range(len(kept.states))]
    nothing = torch.zeros(1, N, H, dtype=torch.float64)
    back = scan.backward(kept, weights, tape, nothing, final)
    sigma = 1 / (1 + math.exp(-b))
    for t in range(T + 1):
        torch.testing.assert_close(back.states[carrier][t], sigma ** (T - t) * told, **EXACT)
        torch.testing.assert_close(tape.states[carrier][t], sigma**t * initial[carrier], **EXACT)


@pytest.fixture(params=activations, ids=lambda cls: cls().kind)
def activation(request):
    return request.param()


def step_jacobian(cell, weights, x, h0):
    """∂h_2/∂h_1, read off the backward pass: one sample for each row, with a unit vector as its loss gradient."""
    x, h0 = x[:, :1].expand(2, H, I), h0[:1].expand(H, H)
    tape = scan.forward(cell, weights, x, [h0])
    return scan.backward(cell, weights, tape, torch.eye(H, dtype=torch.float64)[None]).h[0], tape


def test_4_a_step_stretches_by_at_most_gamma_sigma_max(rng, activation):
    cell = Vanilla(activation=activation)
    for scale in (0.3, 1.0, 3.0):
        weights = {"W": normal(rng, H, I), "U": scale * normal(rng, H, H) / H**0.5, "b": normal(rng, H)}
        x, h0 = normal(rng, 2, N, I), normal(rng, N, H)
        jacobian, tape = step_jacobian(cell, weights, x, h0)

        def step(h, w=weights, x_2=x[1, 0]):
            return loops.step(cell, w, x_2, (h,))[0][0]

        close(jacobian, torch.autograd.functional.jacobian(step, tape.h[1, 0].clone()))
        bound = cell.slope_bound() * torch.linalg.matrix_norm(weights["U"], 2)
        assert torch.linalg.matrix_norm(jacobian, 2) <= bound * (1 + 5e-5)  # γ is printed with four decimals


def test_4_sigma_max_below_one_over_gamma_suffices_for_vanishing(rng, activation):
    cell = Vanilla(activation=activation)
    weights = {"W": normal(rng, H, I), "U": Orthogonal(gain=0.9 / cell.slope_bound()).draw((H, H), rng)}
    weights["b"] = normal(rng, H)
    norms, *_ = norms_back(cell, weights, normal(rng, T, N, I), [normal(rng, N, H)], normal(rng, N, H))
    ceiling = 0.9001 ** torch.arange(T - 1, -1, -1, dtype=torch.float64)
    assert (norms <= ceiling[:, None] * norms[-1] * (1 + 1e-12)).all()


@pytest.mark.parametrize("w", [0.5, 1.0, -1.1])
def test_5_the_scalar_linear_unit(w):
    """dx_T/dw = T·x_0·w^(T−1)."""
    one = torch.ones(1, 1, dtype=torch.float64)
    weights = {"W": 0 * one, "U": w * one, "b": torch.zeros(1, dtype=torch.float64)}
    _, _, back = norms_back(Vanilla(activation=Identity()), weights, torch.zeros(T, 1, 1).double(), [0.7 * one], one)
    assert back.weights["U"].item() == pytest.approx(T * 0.7 * w ** (T - 1), rel=1e-10)


@every_cell
def test_7_weight_shares_sum_to_the_gradient(rng, cell, monkeypatch):
    """Each step's share is the gradient of a copy of the weights that this step alone uses."""
    weights, x = draw(cell.tensors(I, H), rng), normal(rng, 6, N, I)
    initial, g = [normal(rng, N, H) for _ in cell.states], normal(rng, 6, N, H)
    g[[0, 1, 2, 4]] = 0
    tape = scan.forward(cell, weights, x, initial)
    # In blocks of one step, the gradient of a block is the share of its step; the last step comes first.
    shares, of_block = [], type(cell).gradients

    def kept(self, delta, part):
        shares.insert(0, {letter: share.clone() for letter, share in of_block(self, delta, part).items()})
        return of_block(self, delta, part)

    with monkeypatch.context() as patch:
        patch.setattr(scan, "AT_ONCE", 1)
        patch.setattr(type(cell), "gradients", kept)
        back = scan.backward(cell, weights, tape, g)

    copies, states, value = [leaves(weights) for _ in x], tuple(initial), 0
    for w, x_t, g_t in zip(copies, x, g, strict=True):
        states, _ = loops.step(cell, w, x_t, states)
        value = value + (states[0] * g_t).sum()
    value.backward()
    close(shares, [{letter: w.grad for letter, w in copy.items()} for copy in copies])
    close(back.weights, {letter: sum(share[letter] for share in shares) for letter in weights})
    # The sum of norms is not the norm.
    assert sum(share["U"].norm() for share in shares) > 1.01 * back.weights["U"].norm()


def many_to_many(cell, rng, layers=1, direction="one_way"):
    net = ManyToMany().network(parts(cell, layers=layers, direction=direction, answers=6))
    weights = draw(net.tensors(), rng)
    forward = net.forward(weights, data(net.parts, rng)[0])
    return net, weights, forward, normal(rng, *forward.outputs.shape)


@every_cell
@pytest.mark.parametrize("direction", ["one_way", "two_passes", "concatenated"])
def test_8_backward_at_every_step_without_an_update_is_one_backward_of_the_sum(rng, cell, direction):
    net, weights, forward, g_y = many_to_many(cell, rng, 2, direction)
    each = [torch.zeros_like(g_y).index_copy_(0, torch.tensor([k]), g_y[k : k + 1]) for k in range(len(g_y))]
    one_by_one = [net.backward(weights, forward, part) for part in each]
    at_once = net.backward(weights, forward, g_y)
    close({n: sum(one.gradients[n] for one in one_by_one) for n in weights}, at_once.gradients)
    for i, back in enumerate(at_once.passes):
        for s, total in enumerate(back.total):
            close(sum(one.passes[i].total[s] for one in one_by_one), total)


@every_cell
@pytest.mark.parametrize("layers", [1, 2])
def test_9_a_window_of_the_whole_sequence_is_the_whole_way_back(rng, cell, layers):
    net, weights, forward, g_y = many_to_many(cell, rng, layers)
    close(net.backward_window(weights, forward, g_y, 0, 6), net.backward(weights, forward, g_y))
    one = ManyToOne().network(net.parts._replace(answers=1))
    close(one.backward_window(weights, forward, g_y[-1:], 0, 6), one.backward(weights, forward, g_y[-1:]))


@every_cell
def test_9_in_a_window_of_one_only_the_direct_term_remains(rng, cell):
    net, weights, forward, g_y = many_to_many(cell, rng)
    for t in range(6):
        (back,) = net.backward_window(weights, forward, g_y, t, t + 1).passes
        close(back.total[0], back.direct)
        close(back.direct[0], g_y[t] @ weights["V"])


@pytest.mark.parametrize(("factor", "steps", "end"), [(2.0, 128, math.inf), (1.1, 931, math.inf), (0.25, 75, 0.0)])
def test_14_where_float32_ends(factor, steps, end):
    one = torch.ones(1, 1)
    weights = {"W": 0 * one, "U": factor * one, "b": torch.zeros(1)}
    norms, *_ = norms_back(Vanilla(activation=Identity()), weights, torch.zeros(steps + 1, 1, 1), [0 * one], one)
    assert norms[0].item() == end
    assert norms[1].item() not in (0.0, math.inf)


def forgetting(bias):
    return {"kind": "constant", "value": bias}


@pytest.mark.parametrize(
    ("cls", "changes", "expected"),  # SCIENCE §3: decay of the total norm per step back at H = 64
    [
        (Vanilla, {}, 0.546),
        (Vanilla, {"recurrent_init": Orthogonal()}, 0.969),
        (Gru, {}, 0.650),
        (Lstm, {"forget_bias": forgetting(0)}, 0.641),
        (Lstm, {"forget_bias": forgetting(1)}, 0.855),
        (Lstm, {"forget_bias": forgetting(2)}, 0.958),
    ],
    ids=["torch default", "orthogonal", "GRU", "LSTM", "LSTM b_f = 1", "LSTM b_f = 2"],
)
def test_decay_per_step_at_initialisation(rng, cls, changes, expected):
    # torch draws W from U(±1/√H) too, and two biases, which add up.
    as_torch = {"input_init": TorchUniform(gain=(2 / 64) ** 0.5), "bias_init": Normal(std=(2 / (3 * 64)) ** 0.5)}
    cell = cls(**as_torch | changes)
    rates = []
    for _ in range(8):
        weights = {letter: init.draw(shape, rng) for letter, (shape, init) in cell.tensors(2, 64).items()}
        x = torch.rand(50, 32, 2, generator=rng, dtype=torch.float64)
        x[..., 1] = 0
        x[[8, 33], :, 1] = 1  # a value and a mark, as in adding
        norms, *_ = norms_back(cell, weights, x, scan.zeros(cell, x, 64), normal(rng, 32, 64))
        total = norms.mean(1)
        rates.append((total[0] / total[-1]).item() ** (1 / 49))
    assert sum(rates) / len(rates) == pytest.approx(expected, abs=0.06)  # the input is described, not given
