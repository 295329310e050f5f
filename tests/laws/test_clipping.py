"""Laws of every clip rule: members are clipped by themselves, nothing given is changed, nothing small is touched."""

import pytest
import torch

from playground.nn.clipping import registry
from playground.nn.norms import norm

DIMS = {"W": 2, "b": 1}


@pytest.fixture(params=registry, ids=lambda cls: cls().kind)
def rule(request):
    return request.param()


def tensors(rng, members=(), scale=1.0, dtype=torch.float64):
    return {
        "W": torch.randn(*members, 3, 4, generator=rng, dtype=dtype) * scale,
        "b": torch.randn(*members, 3, generator=rng, dtype=dtype) * scale,
    }


def clip(rule, g, w):
    return rule.clip(g, w, {name: norm(t, DIMS[name]) for name, t in g.items()}, DIMS)


@pytest.mark.parametrize("members", [(4,), (2, 3)])
def test_each_member_is_clipped_as_if_alone(rule, rng, members):
    g, w = tensors(rng, members), tensors(rng, members)
    scale = torch.logspace(-3, 3, g["b"][..., 0].numel(), dtype=torch.float64).reshape(members)
    g = {name: t * scale[(..., *(None,) * DIMS[name])] for name, t in g.items()}
    together = clip(rule, g, w)
    for place in torch.cartesian_prod(*map(torch.arange, members)).reshape(-1, len(members)).tolist():
        place = tuple(place)
        alone = clip(rule, {n: t[place] for n, t in g.items()}, {n: t[place] for n, t in w.items()})
        for name in g:
            torch.testing.assert_close(together[name][place], alone[name], rtol=1e-12, atol=0)


def test_one_members_nan_is_not_its_neighbours(rule, rng):
    g, w = tensors(rng, (3,)), tensors(rng, (3,))
    g["W"][1] = float("nan")
    clipped = clip(rule, g, w)
    assert clipped["W"][1].isnan().all()
    assert all(clipped[name][[0, 2]].isfinite().all() for name in g)


def test_what_is_given_stays_as_it_is(rule, rng):
    g, w = tensors(rng, scale=100.0), tensors(rng)
    kept = {name: t.clone() for name, t in (g | {f"w {n}": t for n, t in w.items()}).items()}
    clip(rule, g, w)
    assert all(torch.equal(t, kept[name]) for name, t in g.items())
    assert all(torch.equal(t, kept[f"w {name}"]) for name, t in w.items())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_shape_and_precision_are_kept(rule, rng, dtype):
    g = tensors(rng, dtype=dtype, scale=100.0)
    clipped = clip(rule, g, tensors(rng, dtype=dtype))
    assert {n: (t.shape, t.dtype) for n, t in clipped.items()} == {n: (t.shape, t.dtype) for n, t in g.items()}


def test_small_gradients_pass_untouched(rule, rng):
    g = tensors(rng, scale=1e-7)
    clipped = clip(rule, g, tensors(rng))
    assert all(torch.equal(clipped[name], g[name]) for name in g)


def test_a_zero_gradient_stays_zero(rule, rng):
    g = {name: torch.zeros_like(t) for name, t in tensors(rng).items()}
    assert all((t == 0).all() for t in clip(rule, g, g).values())


def test_no_element_grows_or_changes_its_sign(rule, rng):
    g = tensors(rng, scale=100.0)
    for name, clipped in clip(rule, g, tensors(rng)).items():
        assert (clipped.abs() <= g[name].abs()).all()
        assert (clipped * g[name] >= 0).all()


def test_clipping_twice_is_clipping_once(rule, rng):
    g, w = tensors(rng, scale=100.0), tensors(rng)
    once = clip(rule, g, w)
    torch.testing.assert_close(clip(rule, once, w), once, rtol=1e-5, atol=0)
