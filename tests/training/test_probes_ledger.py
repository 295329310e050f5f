"""The laws of the clip ledger, for every rule and any gradient."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from playground.nn.clipping import Adaptive, ByNorm, ByValue, NoClip, PerParameter
from playground.nn.norms import norm
from playground.training.probes.clip_ledger import changed, cosine, was_clipped

RULES = (NoClip(), ByNorm(threshold=2), PerParameter(threshold=2), ByValue(lo=-1, hi=0.5), Adaptive(ratio=0.1))


def clip(rule, W, b, weights=1.0):
    """Raw and clipped gradient of a matrix and a vector as flat arrays, and the norms of each tensor on both sides."""
    raw = {"W": torch.tensor(W, dtype=torch.float64).reshape(2, -1), "b": torch.tensor(b, dtype=torch.float64)}
    dims = {"W": 2, "b": 1}
    norms = {name: norm(g, dims[name]) for name, g in raw.items()}
    clipped = rule.clip(raw, {name: torch.full_like(g, weights) for name, g in raw.items()}, norms, dims)
    flat = [np.concatenate([g.flatten().numpy() for g in side.values()]) for side in (raw, clipped)]
    after = {name: norm(g, dims[name]) for name, g in clipped.items()}
    return *flat, *(np.array([v.item() for v in side.values()]) for side in (norms, after))


NUMBERS = st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-6)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
@given(st.lists(NUMBERS, min_size=4, max_size=4), st.lists(NUMBERS, min_size=3, max_size=3))
def test_the_laws_of_the_ledger(rule, W, b):
    raw, clipped, before, after = clip(rule, W, b)
    assert (after <= before * (1 + 1e-12)).all()
    share, angle, was = changed(raw, clipped), cosine(raw, clipped), was_clipped(before, after)
    assert (share == 0) == np.array_equal(raw, clipped)
    assert 0 <= share <= 1
    assert 0 < angle <= 1
    if share == 0:
        assert (angle, was) == (1, 0)
    if was:
        assert share > 0
    if rule.kind in ("none", "norm"):
        assert angle == pytest.approx(1, abs=1e-12)


@given(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_by_norm_clips_exactly_above_its_threshold(size, threshold):
    *_, before, after = clip(ByNorm(threshold=threshold), [size, 0, 0, 0], [0.0])
    if abs(size - threshold) > 1e-5 * (1 + threshold):
        assert was_clipped(before, after) == (size > threshold)


def test_by_value_turns_and_by_norm_does_not():
    raw, clipped, *_ = clip(ByValue(), [100, 1, 0, 0], [0.0])
    assert math.degrees(math.acos(cosine(raw, clipped))) == pytest.approx(44.43, abs=0.005)
    assert changed(raw, clipped) == 1 / 5
    raw, clipped, *_ = clip(ByNorm(), [100, 1, 0, 0], [0.0])
    assert cosine(raw, clipped) == pytest.approx(1, abs=1e-15)
    assert changed(raw, clipped) == 2 / 5


def test_a_ledger_of_odd_gradients():
    nan, inf = math.nan, math.inf
    zero, one = np.zeros(2), np.array([1.0, 0.0])
    assert cosine(zero, zero) == cosine(one, one) == 1
    assert cosine(one * 1e300, one * 1e-300) == 1
    assert all(math.isnan(cosine(*pair)) for pair in ((zero, one), (one * nan, one), (one, np.array([inf, 0]))))
    assert changed(np.array([nan, 1.0]), np.array([nan, 1.0])) == 0
    assert changed(np.array([inf, 1.0]), np.array([nan, 0.0])) == 1
    assert was_clipped(one, one) == was_clipped(zero, zero) == 0
    assert was_clipped(one, one * 0.5) == was_clipped(one * nan, one * nan) == was_clipped(np.array([inf]), zero) == 1
