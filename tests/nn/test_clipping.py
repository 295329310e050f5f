"""Clipping against torch.nn.utils, closed form 11, and an AGC written row by row."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from playground.nn.clipping import Adaptive, ByNorm, ByValue, PerParameter
from playground.nn.norms import global_norm, norm, norms

DIMS = {"W": 2, "b": 1}
INF, NAN = float("inf"), float("nan")
finite = st.floats(-1e6, 1e6)


def clip(rule, gradients, weights=None, dims=DIMS):
    dims = {name: dims[name] for name in gradients}
    weights = weights or {name: torch.ones_like(g) for name, g in gradients.items()}
    return rule.clip(gradients, weights, {name: norm(g, dims[name]) for name, g in gradients.items()}, dims)


def by_torch(function, gradients, *args):
    parameters = {name: torch.nn.Parameter(torch.zeros_like(g)) for name, g in gradients.items()}
    for name, parameter in parameters.items():
        parameter.grad = gradients[name].clone()
    function(parameters.values(), *args)
    return {name: parameter.grad for name, parameter in parameters.items()}


def some_gradients(rng, scale=1.0, dtype=torch.float64):
    return {
        "W": torch.randn(3, 4, generator=rng, dtype=dtype) * scale,
        "b": torch.randn(3, generator=rng, dtype=dtype) * scale,
    }


def test_closed_form_11_by_value_turns_and_by_norm_does_not():
    g = {"b": torch.tensor([100.0, 1.0], dtype=torch.float64)}

    def angle(rule):
        return math.degrees(math.atan2(*reversed(clip(rule, g)["b"].tolist())))

    before = math.degrees(math.atan2(1, 100))
    assert angle(ByValue(lo=-1, hi=1)) - before == pytest.approx(44.43, abs=0.005)
    assert angle(ByNorm(threshold=1.0)) == pytest.approx(before, abs=1e-10)


@pytest.mark.parametrize("scale", [1e-3, 0.1, 1.0, 1e5])
@pytest.mark.parametrize("threshold", [1e-3, 0.3, 1.0, 10.0])
def test_by_norm_is_torchs(rng, scale, threshold):
    g = some_gradients(rng, scale)
    expected = by_torch(clip_grad_norm_, g, threshold)
    torch.testing.assert_close(clip(ByNorm(threshold=threshold), g), expected, rtol=1e-10, atol=0)


@pytest.mark.parametrize("bound", [1e-3, 0.5, 100.0])
def test_by_value_is_torchs(rng, bound):
    g = some_gradients(rng)
    expected = by_torch(clip_grad_value_, g, bound)
    torch.testing.assert_close(clip(ByValue(lo=-bound, hi=bound), g), expected, rtol=0, atol=0)


def test_by_value_has_two_bounds_of_its_own():
    g = {"b": torch.tensor([-5.0, -0.5, 0.5, 5.0])}
    assert clip(ByValue(lo=-0.25, hi=2.0), g)["b"].tolist() == [-0.25, -0.25, 0.5, 2.0]


@pytest.mark.parametrize("wrong", [INF, -INF, NAN])
@pytest.mark.parametrize(
    ("rule", "theirs"),
    [(ByNorm(threshold=1.0), (clip_grad_norm_, 1.0)), (ByValue(lo=-1, hi=1), (clip_grad_value_, 1.0))],
    ids=["norm", "value"],
)
def test_what_is_not_finite_goes_the_way_it_goes_in_torch(rng, wrong, rule, theirs):
    g = some_gradients(rng)
    g["W"][1, 2] = wrong
    torch.testing.assert_close(clip(rule, g), by_torch(theirs[0], g, *theirs[1:]), equal_nan=True, rtol=1e-10, atol=0)


def test_one_inf_makes_itself_nan_and_all_others_zero(rng):
    g = some_gradients(rng)
    g["W"][1, 2] = INF
    clipped = clip(ByNorm(), g)
    assert clipped["W"][1, 2].isnan()
    assert (clipped["W"].nan_to_num() == 0).all()
    assert (clipped["b"] == 0).all()
    g["W"][1, 2] = NAN
    assert all(c.isnan().all() for c in clip(ByNorm(), g).values())


@given(st.lists(finite, min_size=3, max_size=3), st.floats(1e-3, 1e3))
def test_by_norm_keeps_the_direction_and_the_bound(elements, threshold):
    g = torch.tensor(elements, dtype=torch.float64)
    clipped = clip(ByNorm(threshold=threshold), {"b": g})["b"]
    size = g.norm().item()
    assert clipped.norm().item() <= threshold * (1 + 1e-12)
    assert torch.equal(clipped, g) or size > threshold - 1e-6
    torch.testing.assert_close(clipped * size, g * clipped.norm().item(), rtol=1e-9, atol=1e-9)


def test_per_parameter_is_torchs_clip_of_each_tensor_alone(rng):
    g = some_gradients(rng, 10.0)
    g["b"] *= 1e-3
    clipped = clip(PerParameter(threshold=0.5), g)
    for name in g:
        torch.testing.assert_close(clipped[name], by_torch(clip_grad_norm_, {name: g[name]}, 0.5)[name])
    assert torch.equal(clipped["b"], g["b"])


def agc_row_by_row(g, w, ratio, floor):
    """Brock et al. 2021, eq. 3, one unit at a time and in plain Python; a vector is one unit, as in their code."""

    def unit(g_i, w_i):
        g_size, w_size = math.hypot(*g_i), max(math.hypot(*w_i), floor)
        factor = ratio * w_size / g_size if g_size > ratio * w_size else 1.0
        return [factor * element for element in g_i]

    if g.ndim == 1:
        return torch.tensor(unit(g.tolist(), w.tolist()), dtype=g.dtype)
    return torch.tensor([unit(a, b) for a, b in zip(g.tolist(), w.tolist(), strict=True)], dtype=g.dtype)


@pytest.mark.parametrize(("ratio", "floor"), [(0.01, 1e-3), (0.5, 1e-3), (2.0, 1.0)])
def test_agc_is_the_rule_row_by_row(rng, ratio, floor):
    g, w = some_gradients(rng), some_gradients(rng)
    w["W"][0], w["b"][1], g["W"][2] = 0.0, 0.0, 0.0
    clipped = clip(Adaptive(ratio=ratio, floor=floor), g, w)
    for name in g:
        expected = agc_row_by_row(g[name], w[name], ratio, floor)
        torch.testing.assert_close(clipped[name], expected, rtol=1e-10, atol=0)


@pytest.mark.parametrize("wrong", [INF, -INF, NAN])
def test_agc_shows_what_is_not_finite_in_its_row_alone(rng, wrong):
    g, w = some_gradients(rng), some_gradients(rng)
    g["W"][1, 2] = wrong
    clipped = clip(Adaptive(), g, w)
    assert not clipped["W"][1].isfinite().all()
    assert clipped["W"][[0, 2]].isfinite().all()


@pytest.mark.parametrize("rule", [ByNorm, PerParameter], ids=lambda rule: rule().kind)
@pytest.mark.parametrize("size", [1e20, 1e30, 3e38])
@pytest.mark.parametrize("threshold", [1.0, 1e-3])
def test_huge_float32_gradients_are_clipped_not_frozen(rng, rule, size, threshold):
    g = some_gradients(rng, dtype=torch.float32)
    g = {name: (t / t.abs().max()).clamp(-1, 1) * size for name, t in g.items()}
    assert all(c.isfinite().all() for c in g.values())
    clipped = {name: c.double() for name, c in clip(rule(threshold=threshold), g).items()}
    sizes = [c.norm().item() for c in clipped.values()]
    for measured in [math.hypot(*sizes)] if rule is ByNorm else sizes:
        assert measured == pytest.approx(threshold, rel=1e-3)


def test_agc_clips_huge_float32_gradients_too(rng):
    g, w = some_gradients(rng, 1e30, torch.float32), some_gradients(rng, dtype=torch.float32)
    rows = clip(Adaptive(ratio=0.01), g, w)["W"].double().norm(dim=1)
    torch.testing.assert_close(rows, 0.01 * w["W"].double().norm(dim=1), rtol=1e-5, atol=0)


@pytest.mark.parametrize(
    ("dtype", "size"),
    [
        (torch.float32, 1e-30),
        (torch.float32, 1e30),
        (torch.float64, 1.0),
        (torch.float64, 1e-200),
        (torch.float64, 1e200),
    ],
    ids=str,
)
def test_norms_neither_overflow_nor_vanish_before_the_network_does(dtype, size):
    """SCIENCE §7: in float64 or scaled. A float64 network holds 1e200 and 1e-200, whose squares it cannot hold."""
    g = torch.full((4, 4), size, dtype=dtype)
    expected = {"W": 4 * size, "b": 2 * size}
    together = norms({"W": g, "b": g[0]}, DIMS)
    for name, tensor in (("W", g), ("b", g[0])):
        for measured in (norm(tensor, DIMS[name]), together[name]):
            assert measured.dtype == torch.float64
            assert measured.item() == pytest.approx(expected[name], rel=1e-6, abs=0)
    assert global_norm(together).item() == pytest.approx(math.sqrt(20) * size, rel=1e-6, abs=0)


@pytest.mark.parametrize("members", [(), (5,), (2, 3)], ids=str)
def test_norms_are_those_of_each_tensor_and_member(rng, members):
    g = {"W": torch.randn(*members, 3, 4, generator=rng), "b": torch.randn(*members, 3, generator=rng)}
    measured = norms(g, DIMS)
    assert list(measured) == ["W", "b"]
    for name, tensor in g.items():
        expected = tensor.double().flatten(len(members)).square().sum(-1).sqrt()
        torch.testing.assert_close(measured[name], expected, rtol=1e-12, atol=0)
    torch.testing.assert_close(
        global_norm(measured), (measured["W"] ** 2 + measured["b"] ** 2).sqrt(), rtol=1e-12, atol=0
    )
