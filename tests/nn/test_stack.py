"""Layers and directions: what a stack of cells is made of, and what each step of it has seen."""

import math

import pytest
import torch

from playground.nn.cells import registry
from playground.nn.stack import Stack
from tests.nn.builders import H, I, N, T, close, draw, name, normal

CELLS = [cls() for cls in registry]
every_cell = pytest.mark.parametrize("cell", CELLS, ids=name)


def count(stack, layer="", arrow=""):
    """Numbers in one pass's W, U and b."""
    return sum(math.prod(stack.tensors()[letter + layer + arrow][0]) for letter in "WUb")


def one_way(weights, arrow=""):
    return {letter: weights[letter + arrow] for letter in "WUb"}


@every_cell
@pytest.mark.parametrize("length", [1, T])
def test_closed_form_10_two_passes_are_two_independent_ones(rng, cell, length):
    both, single = Stack(cell, I, H, direction="two_passes"), Stack(cell, I, H)
    weights = draw(both.tensors(), rng)
    x, g = normal(rng, length, N, I), normal(rng, length, N, 2 * H)
    tapes = both.forward(weights, x)
    there, back = single.forward(one_way(weights), x), single.forward(one_way(weights, "←"), x.flip(0))
    close(tapes, (*there, *back))
    close(both.top(tapes), torch.cat([there[0].h[1:], back[0].h[1:].flip(0)], -1))
    close(both.last(tapes), torch.cat([there[0].h[-1], back[0].h[-1]], -1))

    found = both.backward(weights, tapes, g)
    found_there = single.backward(one_way(weights), there, g[..., :H])
    found_back = single.backward(one_way(weights, "←"), back, g[..., H:].flip(0))
    close(found.passes, (*found_there.passes, *found_back.passes))
    close(one_way(found.weights), found_there.weights)
    close(one_way(found.weights, "←"), found_back.weights)


@every_cell
def test_closed_form_10_two_passes_have_twice_the_parameters_layer_by_layer(cell):
    """A second layer reads [h→ ; h←], so its W is twice as wide as that of a second one-way layer."""
    single, both = Stack(cell, I, H, 2), Stack(cell, I, H, 2, "two_passes")
    gates = single.tensors()["b₁"][0][0] // H
    assert count(both, "₁") == count(both, "₁", "←") == count(single, "₁") == gates * (H * I + H**2 + H)
    assert (
        count(both, "₂") == count(both, "₂", "←") == count(Stack(cell, 2 * H, H)) == count(single, "₂") + gates * H**2
    )


@every_cell
@pytest.mark.parametrize("length", [5, 6])
def test_closed_form_10_concatenated_is_a_causal_network_on_both_ends_of_the_sequence(rng, cell, length):
    both, causal = Stack(cell, I, H, direction="concatenated"), Stack(cell, 2 * I, H)
    assert both.tensors() == causal.tensors()
    gates = both.tensors()["b"][0][0] // H
    assert count(both) - count(Stack(cell, I, H)) == gates * H * I
    weights, x, g = draw(both.tensors(), rng), normal(rng, length, N, I), normal(rng, length, N, H)
    ends = torch.stack([torch.cat([x[t], x[length - 1 - t]], -1) for t in range(length)])  # [x_t ; x_{T−t+1}]
    tapes = both.forward(weights, x)
    close(tapes, causal.forward(weights, ends))
    close(both.backward(weights, tapes, g), causal.backward(weights, tapes, g))


SEEN = {
    "one_way": lambda t, _: set(range(1, t + 1)),
    "two_passes": lambda _, length: set(range(1, length + 1)),
    "concatenated": lambda t, length: {*range(1, t + 1), *range(length - t + 1, length + 1)},
}


@every_cell
@pytest.mark.parametrize("length", [5, 6])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("direction", SEEN)
def test_what_a_step_has_seen(rng, cell, length, layers, direction):
    """Another x_s changes h_t only where step t has seen x_s: with the concatenated input, min(T, 2t) of them."""
    stack = Stack(cell, I, H, layers, direction)
    weights, x = draw(stack.tensors(), rng), normal(rng, length, N, I)
    before = stack.top(stack.forward(weights, x))
    seen = {t: set() for t in range(1, length + 1)}
    for s in range(length):
        moved = x.clone()
        moved[s] += 1
        changed = (stack.top(stack.forward(weights, moved)) != before).any(-1).any(-1)
        for t in changed.nonzero().flatten().tolist():
            seen[t + 1].add(s + 1)
    assert seen == {t: SEEN[direction](t, length) for t in seen}
    if direction == "concatenated":
        assert [len(seen[t]) for t in seen] == [min(length, 2 * t) for t in seen]


@pytest.mark.parametrize(
    ("direction", "way"),
    [("one_way", lambda s: T - s), ("concatenated", lambda s: min(T - s, s - 1))],
    ids=["one_way", "concatenated"],
)
def test_closed_form_10_concatenating_halves_the_longest_way_to_an_input(rng, direction, way):
    """A linear unit that keeps a hundredth of its state at each step: h_T shows over how many steps x_s has come."""
    stack = Stack(registry["vanilla"](activation="identity"), 1, 1, direction=direction)
    weights = {letter: torch.ones(shape, dtype=torch.float64) for letter, (shape, _) in stack.tensors().items()}
    weights["U"] *= 0.01
    x = normal(rng, T, 1, 1)
    before = stack.last(stack.forward(weights, x)).item()
    for s in range(1, T + 1):
        moved = x.clone()
        moved[s - 1] += 1
        assert round(math.log(stack.last(stack.forward(weights, moved)).item() - before, 0.01)) == way(s)


@every_cell
@pytest.mark.parametrize("direction", ["one_way", "two_passes"])
def test_a_second_layer_reads_the_first_one_s_states(rng, cell, direction):
    """Two stacks of one layer each, one after the other, from the same first states."""
    two = Stack(cell, I, H, 2, direction)
    lower, upper = Stack(cell, I, H, 1, direction), Stack(cell, two.width, H, 1, direction)
    weights, x = draw(two.tensors(), rng), normal(rng, T, N, I)
    initial = [[normal(rng, N, H) for _ in cell.states] for _ in range(2 * two.ways)]
    tapes = two.forward(weights, x, initial)
    arrows = ("", "←")[: two.ways]
    mine = [{f"{letter}{a}": weights[f"{letter}{n}{a}"] for letter in "WUb" for a in arrows} for n in "₁₂"]
    first = lower.forward(mine[0], x, initial[: two.ways])
    close(tapes, (*first, *upper.forward(mine[1], lower.top(first), initial[two.ways :])))


def test_names_of_passes_and_tensors():
    cell = CELLS[0]
    assert list(Stack(cell, I, H).tensors()) == ["W", "U", "b"]
    both = Stack(cell, I, H, 2, "two_passes", "enc ")
    assert list(both.tensors())[::3] == ["enc W₁", "enc W₁←", "enc W₂", "enc W₂←"]
    assert both.labels() == ("layer 1 →", "layer 1 ←", "layer 2 →", "layer 2 ←")
    assert Stack(cell, I, H, 2).labels() == ("layer 1", "layer 2")


@every_cell
def test_one_recurrent_matrix_a_pass(rng, cell):
    stack = Stack(cell, I, H, 2, "two_passes")
    weights = draw(stack.tensors(), rng)
    matrices = stack.recurrent(weights)
    for matrix, suffix in zip(matrices, ("₁", "₁←", "₂", "₂←"), strict=True):
        blocks = weights[f"U{suffix}"].split(H)
        assert torch.equal(matrix, blocks[-1])  # of a gated cell, the candidate's
