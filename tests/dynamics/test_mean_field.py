"""Mean field against closed forms, against Gauss–Hermite, and against a large random network."""

import numpy as np
import pytest

from playground.dynamics import mean_field as theory
from playground.nn.activations import registry

KINDS = registry.kinds()
GAINS = np.array([0.3, 0.7, 1.0, 1.4])


def fields(kind):
    return registry[kind]().model_dump(exclude={"kind"})


def field(kind, g2, variance):
    return theory.mean_field(kind, fields(kind), g2, variance)


@pytest.mark.parametrize("kind", KINDS)
def test_it_knows_every_activation_and_means_the_same_by_it(kind):
    import torch

    a = np.linspace(-12, 12, 1001) + 1e-4  # beside the kinks
    tensor = torch.from_numpy(a)
    activation = registry[kind]()
    value = activation.value(tensor)
    assert theory.known(kind)
    phi = theory.phi(kind, fields(kind))
    np.testing.assert_allclose(phi.value(a), value.numpy(), atol=1e-6)
    np.testing.assert_allclose(phi.slope(a), activation.slope(tensor, value).numpy(), atol=1e-6)


def test_a_slope_of_its_own():
    assert theory.mean_field("leaky_relu", {"slope_below": 0.5}, 1.0, 0.1).chi == pytest.approx((1 + 0.25) / 2)


def test_identity_passes_on_g_squared_and_settles_where_the_input_holds_it():
    found = field("identity", GAINS[:2] ** 2, 0.5)
    np.testing.assert_allclose(found.chi, GAINS[:2] ** 2)
    np.testing.assert_allclose(found.q, 0.5 / (1 - GAINS[:2] ** 2), rtol=1e-3)


def test_relu_passes_on_half_of_it_whatever_the_input():
    found = field("relu", GAINS[:, None] ** 2, np.array([0.0, 0.1, 10.0]))
    np.testing.assert_allclose(found.chi, np.broadcast_to(GAINS[:, None] ** 2 / 2, (4, 3)), rtol=1e-6)


@pytest.mark.parametrize("kind", ["tanh", "softsign", "hardtanh"])
def test_small_gains_without_input_see_only_the_slope_at_0(kind):
    np.testing.assert_allclose(field(kind, np.array([0.01, 0.25]), 0.0).chi, [0.01, 0.25], rtol=1e-4)


def test_without_end_is_a_number_too():
    found = field("identity", 4.0, 1.0)
    assert found.q == pytest.approx(theory.VARIANCES[-1])
    assert found.chi == pytest.approx(4.0)


def test_what_is_not_measured_stays_so():
    assert np.isnan(field("tanh", np.array([np.nan, 1.0]), np.array([1.0, np.nan])).chi).all()


@pytest.mark.parametrize("kind", ["tanh", "sigmoid", "silu", "gelu"])
def test_smooth_functions_agree_with_gauss_hermite(kind):
    phi, g2, variance = theory.phi(kind, fields(kind)), 0.81, 0.3
    found = field(kind, g2, variance)
    z, weight = np.polynomial.hermite_e.hermegauss(80)
    weight = weight / weight.sum()
    a = np.sqrt(found.q) * z
    assert g2 * weight @ phi.value(a) ** 2 + variance == pytest.approx(float(found.q), rel=1e-3)
    assert g2 * weight @ phi.slope(a) ** 2 == pytest.approx(float(found.chi), rel=1e-3)


@pytest.mark.parametrize(("gain", "variance"), [(1.0, 0.25), (2.5, 0.5)])
def test_a_large_driven_network_grows_and_shrinks_as_it_says(gain, variance):
    """λ₁ ≈ ½ ln χ within 0.01 at N = 500 (SCIENCE §2.12), and a gradient through T steps by χ^((T−1)/2)."""
    units, steps, settle = 500, 200, 20
    random = np.random.default_rng(3)
    U = random.normal(0, gain / np.sqrt(units), (units, units))
    h, v, grown = np.zeros(units), random.normal(size=units), []
    for _ in range(steps):
        h = np.tanh(U @ h + random.normal(0, np.sqrt(variance), units))
        v = (1 - h**2) * (U @ v)
        size = np.linalg.norm(v)
        grown.append(np.log(size))
        v /= size
    exponent = np.mean(grown[settle:])
    chi = field("tanh", gain**2, variance).chi
    assert exponent == pytest.approx(0.5 * np.log(chi), abs=0.01)
    assert theory.log_ratio(chi, 30) == pytest.approx(29 * exponent / np.log(10), abs=0.15)


def test_nothing_arrives_where_nothing_is_passed_on():
    assert theory.log_ratio(0.0, 30) == -np.inf
    assert theory.log_ratio(np.array([1.0, 0.5]), 1).tolist() == [0, 0]
