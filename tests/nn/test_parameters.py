"""One flat buffer, seen by name."""

import torch

from playground.core.seeds import generator
from playground.nn.initializers import Constant, Orthogonal, XavierUniform
from playground.nn.parameters import Parameters

TENSORS = {"W": ((4, 3), XavierUniform()), "U": ((4, 4), XavierUniform()), "b": ((4,), Constant(value=2.0))}


def draw(tensors=TENSORS, dtype=torch.float64, seed=0):
    return Parameters.draw(tensors, lambda name: generator(seed, name), dtype)


def test_views_and_buffer_are_the_same_memory():
    weights = draw()
    assert weights.flat.shape == (4 * 3 + 4 * 4 + 4,)
    assert {name: tuple(view.shape) for name, view in weights.views.items()} == {"W": (4, 3), "U": (4, 4), "b": (4,)}
    weights.views["U"][1, 2] = 42.0
    assert (weights.flat == 42.0).sum() == 1
    weights.flat.zero_()
    assert all((view == 0).all() for view in weights.views.values())


def test_another_initialiser_for_one_tensor_leaves_the_others():
    plain, changed = draw(), draw(TENSORS | {"U": ((4, 4), Orthogonal())})
    assert torch.equal(plain.views["W"], changed.views["W"])
    assert not torch.equal(plain.views["U"], changed.views["U"])


def test_a_float32_network_starts_from_the_rounded_weights_of_its_float64_twin():
    assert torch.equal(draw(dtype=torch.float32).flat, draw().flat.float())


def test_a_clone_is_apart_and_a_stack_holds_its_members():
    weights = draw()
    copy = weights.clone()
    copy.views["W"].zero_()
    assert weights.views["W"].abs().min() > 0
    stack = Parameters.stack([weights, draw(seed=1)])
    assert stack.views["W"].shape == (2, 4, 3)
    assert stack.dims == weights.dims == {"W": 2, "U": 2, "b": 1}
    assert torch.equal(stack.views["U"][0], weights.views["U"])
    assert torch.equal(stack.views["b"][1], draw(seed=1).views["b"])
