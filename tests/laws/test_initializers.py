"""Laws of every initialiser: shape, precision, its own generator and nothing else, and what it declares."""

import pytest
import torch

from playground.nn.gate_biases import GateBiases, PerGate
from playground.nn.gate_biases import registry as gate_biases
from playground.nn.initializers import rectangular, registry


@pytest.fixture(params=registry, ids=lambda cls: cls().kind)
def cls(request):
    return request.param


def shapes_of(cls):
    return [(8, 8)] if cls.square_only else [(8, 8), (12, 5), (5, 12), (7,)]


def test_shape_and_precision(cls, rng):
    for shape in shapes_of(cls):
        drawn = cls().draw(shape, rng)
        assert drawn.shape == shape
        assert drawn.dtype == torch.float64
        assert drawn.isfinite().all()


def test_the_same_generator_state_gives_the_same_numbers(cls):
    for shape in shapes_of(cls):
        first, second = (cls().draw(shape, torch.Generator().manual_seed(5)) for _ in range(2))
        assert torch.equal(first, second)


def test_the_global_stream_is_left_alone(cls, rng):
    before = torch.get_rng_state()
    cls().draw((8, 8), rng)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_declared_spread_is_the_measured_one(cls, rng):
    fan_out, fan_in = 400, 300
    declared = cls().expected_std(fan_out, fan_in)
    if declared is None:
        pytest.skip("promises no spread")
    drawn = cls().draw((fan_out, fan_in), rng)
    assert drawn.std().item() == pytest.approx(declared, rel=0.01)
    assert abs(drawn.mean().item()) < 5 * declared / (fan_out * fan_in) ** 0.5


def test_a_gain_is_a_factor_on_every_number(cls):
    if "gain" not in cls.model_fields:
        pytest.skip("has no gain")
    for gain in (0.0, 0.5, 1.7, 10.0):
        scaled, plain = (cls(gain=g).draw((8, 8), torch.Generator().manual_seed(5)) for g in (gain, 1.0))
        torch.testing.assert_close(scaled, gain * plain, rtol=1e-12, atol=0)


def test_only_square_ones_are_refused_for_rectangular_fields(cls):
    if cls.square_only:
        with pytest.raises(ValueError, match="needs a square matrix"):
            rectangular(cls())
    else:
        assert rectangular(cls()) == cls()


@pytest.fixture(params=gate_biases, ids=lambda cls: cls().kind)
def gate_bias(request):
    return request.param


def test_a_gate_bias_is_one_finite_number_a_unit(gate_bias):
    first, second = (gate_bias().draw_bias(7, torch.Generator().manual_seed(5)) for _ in range(2))
    assert first.shape == (7,)
    assert first.dtype == torch.float64
    assert first.isfinite().all()
    assert torch.equal(first, second)


def test_gates_are_drawn_one_after_another_each_by_its_own(gate_bias):
    """Gate k of the vector is the k-th draw of a generator that serves one gate at a time."""
    whole = GateBiases(gates=4, others="normal", keeping=gate_bias(), keeps=2, opposite=1)
    drawn = whole.draw((28,), torch.Generator().manual_seed(5)).view(4, 7)
    source = torch.Generator().manual_seed(5)
    alone = [registry["normal"]().draw((7,), source) for _ in range(4)]
    alone[2] = gate_bias().draw_bias(7, source)
    if gate_bias().also_opposite:
        alone[1] = -alone[2]
    assert torch.equal(drawn, torch.stack(alone))


def test_gate_by_gate_draws_each_block_with_its_own_fans(cls):
    """A law holds for each block as for a matrix of its own."""
    shape = (4, 4) if cls.square_only else (4, 6)
    stacked = PerGate(gates=3, init=cls()).draw((12, shape[1]), torch.Generator().manual_seed(5))
    source = torch.Generator().manual_seed(5)
    assert torch.equal(stacked, torch.cat([cls().draw(shape, source) for _ in range(3)]))
