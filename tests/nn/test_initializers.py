"""Initialisers against the distributions and matrices of their papers."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from playground.core import seeds
from playground.nn.cells.gru import Gru
from playground.nn.cells.lstm import Lstm
from playground.nn.gate_biases import Chrono
from playground.nn.initializers import (
    Constant,
    HeNormal,
    HeUniform,
    LeCunNormal,
    LeCunUniform,
    Normal,
    Orthogonal,
    ScaledIdentity,
    Sparse,
    SpectralRadius,
    TorchUniform,
    XavierNormal,
    XavierUniform,
    rectangular,
    registry,
)
from playground.nn.parameters import Parameters

FAN_OUT, FAN_IN = 300, 500
gains = st.floats(0.01, 10)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def radius(matrix):
    return np.abs(np.linalg.eigvals(matrix.numpy())).max()


@pytest.mark.parametrize(
    ("initializer", "bound"),
    [
        (XavierUniform(gain=2.0), 2 * math.sqrt(6 / (FAN_IN + FAN_OUT))),
        (HeUniform(gain=0.5), 0.5 * math.sqrt(6 / FAN_IN)),
        (LeCunUniform(), math.sqrt(3 / FAN_IN)),
        (TorchUniform(), 1 / math.sqrt(FAN_IN)),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_uniform_ones_fill_their_interval_evenly(initializer, bound):
    drawn = initializer.draw((FAN_OUT, FAN_IN), generator()).flatten()
    assert drawn.abs().max() <= bound
    shares = torch.histc(drawn, 10, -bound, bound) / len(drawn)
    torch.testing.assert_close(shares, torch.full_like(shares, 0.1), rtol=0, atol=0.004)  # five standard errors


@pytest.mark.parametrize(
    ("initializer", "std"),
    [
        (XavierNormal(), math.sqrt(2 / (FAN_IN + FAN_OUT))),
        (HeNormal(gain=3.0), 3 * math.sqrt(2 / FAN_IN)),
        (LeCunNormal(), 1 / math.sqrt(FAN_IN)),
        (Normal(std=0.7), 0.7),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_normal_ones_are_normal(initializer, std):
    z = initializer.draw((FAN_OUT, FAN_IN), generator()) / std
    for moment, expected in ((1, 0.0), (2, 1.0), (3, 0.0), (4, 3.0)):
        assert (z**moment).mean().item() == pytest.approx(expected, abs=0.13)


def test_torchs_own_recurrent_bounds():
    """torch.nn.RNN draws everything from U(±1/√H)."""
    torch.manual_seed(0)
    theirs = torch.nn.RNN(4, 64).weight_hh_l0.detach().double()
    ours = TorchUniform().draw((64, 64), generator())
    assert ours.abs().max() <= 1 / 8
    assert theirs.std().item() == pytest.approx(ours.std().item(), rel=0.03)


@given(gain=gains, shape=st.tuples(st.integers(1, 12), st.integers(1, 12)))
def test_every_singular_value_of_an_orthogonal_matrix_is_its_gain(gain, shape):
    matrix = Orthogonal(gain=gain).draw(shape, generator())
    np.testing.assert_allclose(np.linalg.svd(matrix.numpy(), compute_uv=False), gain, rtol=1e-10)


def test_orthogonal_matrices_are_spread_over_the_whole_group():
    """Without the sign of R's diagonal, Q would have a preferred sign; over the whole group E[Q] = 0, E[Q²] = 1/n."""
    source = generator()
    drawn = torch.stack([Orthogonal().draw((3, 3), source) for _ in range(4000)])
    assert drawn.mean(0).abs().max() < 5 * math.sqrt(1 / 3 / 4000)
    torch.testing.assert_close((drawn**2).mean(0), torch.full((3, 3), 1 / 3, dtype=torch.float64), rtol=0, atol=0.025)
    assert (torch.linalg.det(drawn) > 0).double().mean().item() == pytest.approx(0.5, abs=0.04)


@given(gain=gains, size=st.integers(1, 12))
def test_identity_is_a_diagonal_of_gains(gain, size):
    matrix = ScaledIdentity(gain=gain).draw((size, size), generator())
    np.testing.assert_array_equal(matrix.numpy(), gain * np.eye(size))


@given(nonzeros=st.integers(1, 40), target=st.floats(0.1, 5), seed=st.integers(0, 50))
def test_sparse_has_its_numbers_a_row_and_its_radius(nonzeros, target, seed):
    matrix = Sparse(nonzeros=nonzeros, radius=target).draw((32, 32), generator(seed))
    assert ((matrix != 0).sum(1) == min(nonzeros, 32)).all()
    assert radius(matrix) == pytest.approx(target, rel=1e-8)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 8])
@pytest.mark.parametrize("seed", range(20))
def test_a_very_sparse_matrix_is_still_finite(size, seed):
    """One number a row can make a nilpotent matrix, whose ρ is 0: no factor brings that to 0.95."""
    assert Sparse(nonzeros=1).draw((size, size), generator(seed)).isfinite().all()


def test_sparse_numbers_stand_anywhere():
    source = generator()
    share = torch.stack([Sparse(nonzeros=4).draw((16, 16), source) != 0 for _ in range(500)]).double().mean(0)
    torch.testing.assert_close(share, torch.full_like(share, 0.25), rtol=0, atol=0.1)


@given(target=st.floats(0.1, 10), size=st.integers(2, 40))
def test_spectral_radius_is_exact(target, size):
    assert radius(SpectralRadius(radius=target).draw((size, size), generator())) == pytest.approx(target, rel=1e-10)


@pytest.mark.parametrize("value", [0.0, -1.5, 3.0])
def test_constant(value):
    assert (Constant(value=value).draw((5, 3), generator()) == value).all()


GINIBRE_64 = 1.054
"""Mean ρ of a 64 × 64 matrix of independent numbers of variance 1/64 (numpy, 400 of them; 90 % lie in 0.98 … 1.15). The
circular law's 1 holds for H → ∞."""


@pytest.mark.parametrize(
    ("kind", "factor"), [("torch", 3**-0.5), ("xavier_uniform", 1.0), ("lecun_normal", 1.0), ("he_uniform", 2**0.5)]
)
def test_spectral_radius_at_h_64_is_that_of_random_matrices(kind, factor):
    source = generator()
    measured = np.mean([radius(registry[kind]().draw((64, 64), source)) for _ in range(30)])
    assert measured == pytest.approx(factor * GINIBRE_64, rel=0.04)


@pytest.mark.parametrize("kind", ["identity", "sparse", "spectral_radius"])
def test_square_ones_are_refused_for_other_shapes_by_a_sentence(kind):
    with pytest.raises(ValueError, match=f"'{kind}' needs a square matrix, and only the recurrent one is") as caught:
        rectangular(registry[kind]())
    offered = str(caught.value).split("Write one of: ")[1].rstrip(".").split(", ")
    assert "xavier_uniform" in offered
    assert all(rectangular(registry[name]()) for name in offered)


GATED = [
    pytest.param(Gru, "keep_bias", 1, None, id="gru z"),
    pytest.param(Lstm, "forget_bias", 2, 1, id="lstm f"),  # o, i, f, g
]
every_gated_cell = pytest.mark.parametrize(("cls", "field", "keeps", "opposite"), GATED)
INPUTS, HIDDEN = 5, 16


def weights_of(cell, hidden=HIDDEN):
    """A cell's first weights, each tensor from its own stream, as in a run."""
    streams = cell.tensors(INPUTS, hidden)
    return Parameters.draw(streams, lambda name: seeds.generator(3, name), torch.float64).views


@every_gated_cell
def test_each_gates_block_is_orthogonal_and_the_stack_is_not(cls, field, keeps, opposite):
    del field, keeps, opposite
    gain = 1.5
    weights = weights_of(cls(recurrent_init=Orthogonal(gain=gain), input_init=Orthogonal(gain=gain)))
    for letter in "UW":  # W's blocks are (16, 5): its columns
        blocks = weights[letter].split(HIDDEN)
        unit = gain**2 * torch.eye(weights[letter].shape[1], dtype=torch.float64)
        for block in blocks:
            torch.testing.assert_close(block.T @ block, unit, rtol=1e-10, atol=1e-12)
        # As one matrix its columns are longer by √gates; and no block is the other.
        assert torch.linalg.svdvals(weights[letter])[0] == pytest.approx(gain * len(blocks) ** 0.5)
        assert all((a - b).abs().max() > 0.1 for a in blocks for b in blocks if a is not b)


@every_gated_cell
@pytest.mark.parametrize("value", [-2.0, 0.5, 3.0])
def test_the_bias_of_the_gate_that_keeps_lands_in_its_block(cls, field, keeps, opposite, value):
    del opposite
    cell = cls(bias_init=Constant(value=0.25), **{field: {"kind": "constant", "value": value}})
    blocks = weights_of(cell)["b"].split(HIDDEN)
    assert [block.unique().tolist() for block in blocks] == [
        [value if i == keeps else 0.25] for i in range(len(blocks))
    ]


@every_gated_cell
def test_chrono_spreads_time_scales_evenly(cls, field, keeps, opposite):
    """b ~ ln U(1, T_max − 1), and −b in the input gate of an LSTM; a GRU has no gate of that name."""
    cell, hidden = cls(bias_init=Constant(value=0.25), **{field: Chrono(longest=40)}), 2000
    blocks = weights_of(cell, hidden)["b"].split(hidden)
    assert blocks[keeps].min() > 0
    assert blocks[keeps].max() <= math.log(39)
    shares = torch.histc(blocks[keeps].exp(), 10, 1, 39) / hidden
    torch.testing.assert_close(shares, torch.full_like(shares, 0.1), rtol=0, atol=0.034)  # five standard errors
    for i, block in enumerate(blocks):
        if i == opposite:
            assert torch.equal(block, -blocks[keeps])
        elif i != keeps:
            assert (block == 0.25).all()


@every_gated_cell
@pytest.mark.parametrize("bias", [{"kind": "constant", "value": 3.0}, {"kind": "chrono", "longest": 100}], ids=str)
@pytest.mark.parametrize("others", [Constant(), Normal(std=1.0)], ids=lambda init: init.kind)
def test_another_bias_for_the_gate_that_keeps_leaves_all_else(cls, field, keeps, opposite, bias, others):
    plain = weights_of(cls(bias_init=others, **{field: {"kind": "constant", "value": 1.0}}))
    changed = weights_of(cls(bias_init=others, **{field: bias}))
    assert torch.equal(plain["W"], changed["W"])
    assert torch.equal(plain["U"], changed["U"])
    may_change = {keeps} | ({opposite} if bias["kind"] == "chrono" else set())
    pairs = zip(plain["b"].split(HIDDEN), changed["b"].split(HIDDEN), strict=True)
    same = [torch.equal(before, after) for before, after in pairs]
    assert same == [i not in may_change for i in range(len(same))]
