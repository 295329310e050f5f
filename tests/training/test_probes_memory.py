"""Weight shares, flows and Jacobians against autograd over a plain loop, and against closed forms; float64."""

import numpy as np
import pytest
import torch

from playground.nn import scan
from playground.nn.architectures import registry as architectures
from playground.nn.cells.gru import Gru
from playground.nn.cells.lstm import Lstm
from playground.nn.cells.vanilla import Vanilla
from playground.nn.losses import loss
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.loop import train
from playground.training.probes.flow_matrix import ANSWERS, answers_followed
from playground.training.probes.jacobian import products, spectral_norm
from playground.training.state import TrainingState
from tests.nn import builders, loops
from tests.nn.builders import close, normal
from tests.nn.forward_only import MinimalGated, PlainLstm

T, N, H = builders.T, builders.N, builders.H
CELLS = [Vanilla(), Gru(), Lstm(), Lstm(output_activation="relu"), MinimalGated(), PlainLstm()]
NETWORKS = {
    "one layer": ("many_to_one", {}),
    "two layers": ("many_to_many", {"layers": 2, "answers": T}),
    "two passes": ("many_to_one", {"direction": "two_passes", "layers": 2}),
    "encoder–decoder": ("encoder_decoder", {"answers": 2, "layers": 2, "direction": "two_passes"}),
}


def small(task, **more):
    return RunConfig.parse({"task": task, "hidden": 5, "batch": 4, "updates": 1, "precision": "float64"} | more)


def first(config):
    """The first update, the weights before it, and its batch."""
    state = TrainingState(config)
    start = {name: w.clone() for name, w in state.weights.views.items()}
    values = next(event for event in train(config, state) if isinstance(event, Update)).values
    return values, start, TrainingState(config).batch()


@pytest.mark.parametrize("cell", CELLS, ids=builders.name)
@pytest.mark.parametrize("what", NETWORKS)
def test_the_shares_of_all_steps_sum_to_the_gradient(cell, what, rng, monkeypatch):
    kind, changes = NETWORKS[what]
    p = builders.parts(cell, **changes)
    net = architectures[kind]().network(p)
    weights = builders.draw(net.tensors(), rng)
    x, targets = builders.data(p, rng)
    forward = net.forward(weights, x, targets, torch.ones(targets.shape, dtype=torch.bool))
    found = net.backward(weights, forward, loss(p.loss, forward.outputs, targets)[1])
    names = net.of_passes({name: name for name in weights})
    for at_once in (2**19, 1):
        monkeypatch.setattr(scan, "AT_ONCE", at_once)
        for letters, w, tape, back in zip(names, net.of_passes(weights), forward.tapes, found.passes, strict=True):
            blocks = list(scan.shares(cell, w, tape, back.total))
            assert sum(len(block["U"]) for block in blocks) == len(tape.x)
            for letter, name in letters.items():
                close(torch.cat([block[letter] for block in blocks]).sum(0), found.gradients[name])


@pytest.mark.parametrize("cell", ["vanilla", "lstm"])
def test_a_weight_share_is_the_gradient_of_that_steps_own_matrix(cell):
    """Autograd, with a matrix U of its own for each step."""
    config = small({"kind": "recall", "length": T}, cell=cell)
    values, start, (x, targets, _) = first(config)
    each = [start["U"].clone().requires_grad_() for _ in x]
    states = loops.zeros(config.cell, x, 5)
    for x_t, U in zip(x, each, strict=True):
        states, _ = loops.step(config.cell, start | {"U": U}, x_t, states)
    loops.loss("cross-entropy", loops.readout(start, states[0])[None], targets).backward()
    np.testing.assert_allclose(values["weight_share"], [[U.grad.norm().item() for U in each]], rtol=1e-9, atol=1e-16)


@pytest.mark.parametrize(
    "more", [{}, {"direction": "two_passes", "cell": "lstm"}, {"layers": 2, "cell": "gru"}], ids=str
)
def test_every_line_of_the_flow_matrix_is_one_answers_flow(more):
    config = small({"kind": "parity", "length": T}, **more)
    values, start, (x, targets, counts) = first(config)
    counts = torch.ones(targets.shape) if counts is None else counts
    weights = builders.leaves(start)
    runs, y = loops.many_to_many(config.network, weights, x)
    row = -2 if "direction" in more else -1
    states = [state[0] for state in runs[row][1:]]
    for k, line in enumerate(values["flow_matrix"]):
        one = loops.loss("cross-entropy", y[k : k + 1], targets[k : k + 1], counts[k : k + 1], "sum")
        of_states = torch.autograd.grad(one, states, retain_graph=True, materialize_grads=True)
        np.testing.assert_allclose(line, [g.norm(dim=-1).sum().item() for g in of_states], rtol=1e-9, atol=1e-16)
    np.testing.assert_allclose(values["flow_matrix"][-1], values["flow_gradient"][row], rtol=1e-10)


def test_a_decoders_flow_goes_on_into_its_encoder():
    values, _, batch = first(small("reversal", batch=3, cell="gru"))
    assert batch.counts is None
    np.testing.assert_allclose(values["flow_matrix"][-1], values["flow_gradient"][0], rtol=1e-10)
    handover = len(batch.x)
    assert (values["flow_matrix"][0, : handover + 1] > 0).all()  # the first answer: the encoder, one step of decoding
    assert (values["flow_matrix"][0, handover + 1 :] == 0).all()


def test_answers_are_followed_evenly_and_to_the_last():
    assert answers_followed(3) == [0, 1, 2]
    many = answers_followed(100)
    assert len(many) == ANSWERS
    assert many[-1] == 99
    assert set(np.diff(many)) <= {3, 4}


def taped(cell, rng, zero=False, samples=2):
    weights = builders.draw(cell.tensors(builders.I, H), rng)
    if zero:
        weights = {letter: torch.zeros_like(w) for letter, w in weights.items()}
    initial = tuple(normal(rng, samples, H) for _ in cell.states)
    return weights, scan.forward(cell, weights, normal(rng, T, samples, builders.I), initial), initial


@pytest.mark.parametrize("cell", [*dict.fromkeys(v for c in (Vanilla, Gru, Lstm) for v in builders.variants(c)),
                                  MinimalGated(), PlainLstm()], ids=builders.name)  # fmt: skip
def test_jacobian_products_are_autograds(cell, rng, monkeypatch):
    weights, tape, _ = taped(cell, rng)

    def last(t):
        def of(*states):
            for x_t in tape.x[t:, :1]:
                states, _ = loops.step(cell, weights, x_t, states)
            return torch.cat([state[0] for state in states])

        return of

    found = products(cell, weights, tape)
    for t in range(1, T + 1):
        rows = torch.autograd.functional.jacobian(
            last(t), tuple(state[t, :1] for state in map(torch.clone, tape.states))
        )
        np.testing.assert_allclose(found[t - 1], torch.cat([row[:, 0] for row in rows], -1), rtol=1e-9, atol=1e-12)
    monkeypatch.setattr(scan, "AT_ONCE", 1)
    np.testing.assert_allclose(products(cell, weights, tape), found, rtol=1e-12, atol=1e-15)


def test_a_linear_orthogonal_network_has_powers_of_its_gain(rng):
    cell, g = Vanilla(activation="identity"), 1.3
    weights, _, initial = taped(cell, rng)
    weights["U"] = g * torch.linalg.qr(weights["U"]).Q
    tape = scan.forward(cell, weights, normal(rng, 40, 2, builders.I), initial)
    np.testing.assert_allclose(spectral_norm(products(cell, weights, tape)), g ** np.arange(39.0, -1, -1), rtol=1e-10)


@pytest.mark.parametrize("b", [0.0, 1.5])
def test_gated_cells_without_weights_keep_what_their_gate_keeps(rng, b):
    """GRU: σ(b_z)^(T−t). LSTM: σ(b_f)^(T−t) along c, of which o·φ′(c) = 1/2 is also seen in h: times √(1 + 1/4)."""
    keeps = 1 / (1 + np.exp(-b))
    powers = keeps ** np.arange(T - 1.0, -1, -1)
    for cell, place, factor in ((Gru(), 1, 1.0), (Lstm(), 2, np.sqrt(1.25))):
        weights, _, _ = taped(cell, rng, zero=True)
        weights["b"][place * H : (place + 1) * H] = b
        nothing = scan.zeros(cell, tape_x := normal(rng, T, 2, builders.I), H)
        norms = spectral_norm(products(cell, weights, scan.forward(cell, weights, tape_x, nothing)))
        np.testing.assert_allclose(norms[:-1], factor * powers[:-1], rtol=1e-10)
        assert norms[-1] == 1


def test_no_norm_is_above_its_bound():
    for phi in ("tanh", "sigmoid", "gelu"):
        config = small({"kind": "recall", "length": 20}, cell={"kind": "vanilla", "activation": phi}, layers=2)
        values, *_ = first(config)
        bounds = values["jacobian_bound"][:, None] ** np.arange(19.0, -1, -1)
        assert (values["jacobian_norm"] <= bounds * (1 + 1e-12)).all()
    assert "jacobian_bound" not in first(small("recall", cell="gru"))[0]


@pytest.mark.parametrize("m", [0, 2, 4, 8])
@pytest.mark.parametrize("n", [1, 2, 7, 32])
def test_squaring_keeps_its_promise(rng, m, n):
    matrices = normal(rng, 20, n, n).numpy()
    matrices[:10] *= np.logspace(-150, 150, 10)[:, None, None]
    exact, found = np.linalg.norm(matrices, 2, axis=(1, 2)), spectral_norm(matrices, m)
    assert (found <= exact * (1 + 1e-12)).all()
    assert (found >= exact * (1 - np.log(n) / 2 ** (m + 1) - 1e-12)).all()


def test_zero_is_zero_and_what_is_not_finite_stays_so():
    odd = np.zeros((4, 3, 3))
    odd[1, 0, 1], odd[2, 0, 1], odd[3, 0, 0] = np.nan, -np.inf, 1e-320
    assert spectral_norm(odd).tolist() == pytest.approx([0, np.nan, np.inf, 1e-320], nan_ok=True)
