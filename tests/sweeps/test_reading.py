"""The sentence about a map says what its cells say: examples word by word, and every clause of it on random maps."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from playground.sweeps.outcome import Outcome
from playground.sweeps.reading import summary
from tests.sweeps.claims import Reader
from tests.sweeps.grids import BIAS, CLIP, GAIN, INIT, KIND, LENGTH, PARTLY, RATE, cell, grid, spec

LEARNS, LEARNING, STALLS, FORGETS, BLOWS_UP = Outcome

GAIN_RATE = spec(GAIN, RATE)
GAIN_LENGTH = spec(GAIN, LENGTH)
GAIN_CLIP = spec(GAIN, CLIP)
GAIN_KIND = spec(GAIN, KIND)
KINDS = spec(INIT, KIND, CLIP)
PANELS = spec(GAIN, LENGTH, KIND)
ONE = spec(GAIN)
NEGATIVE = spec(BIAS, base={"cell": {"kind": "vanilla", "recurrent_init": {"kind": "constant"}}})
SPECS = (GAIN_RATE, GAIN_LENGTH, GAIN_CLIP, GAIN_KIND, KINDS, PANELS, ONE, NEGATIVE, spec(CLIP), spec(RATE, GAIN))


def either_side(gain, low, high):
    return FORGETS if gain < low else BLOWS_UP if gain > high else LEARNS


SAID = (
        (
            GAIN_RATE,
            lambda g, r: STALLS if 0.7 < g < 1.3 and r > 0.05 else either_side(g, 0.8, 1.2),
            "The network learns only for gain of U 0.8–1.2 and learning rate up to 0.01; at a lower gain of U it "
            "forgets, at a higher gain of U it blows up.",
        ),
        (
            GAIN_CLIP,
            lambda g, c: LEARNS if g < 1.1 or c == "norm" else BLOWS_UP,
            "The network learns for gain of U up to 1, whatever the clipping; above that only for clipping by norm; "
            "otherwise it blows up.",
        ),
        (
            KINDS,
            lambda i, k, _: LEARNS if i in ("xavier_uniform", "orthogonal") and k != "sigmoid" else FORGETS,
            "The network learns only for initialiser of U Xavier uniform or orthogonal and activation φ tanh or ReLU, "
            "whatever the clipping; elsewhere it forgets.",
        ),
        (
            GAIN_LENGTH,
            lambda g, t: LEARNS if abs(g - 1) < 5 / t else FORGETS if g < 1 else BLOWS_UP,
            "The network learns for gain of U from 0.6 at length T 10 and for gain of U 1 at length T 50; the range "
            "narrows as the length T grows; below the range it forgets, above the range it blows up.",
        ),
        (
            GAIN_KIND,
            lambda g, k: LEARNS if g < {"tanh": 1.3, "relu": 1.1, "sigmoid": 0}[k] else BLOWS_UP,
            "The network learns for gain of U up to 1.2 with activation φ tanh, for gain of U up to 1 with activation "
            "φ ReLU and nowhere with activation φ sigmoid; where it does not, it blows up.",
        ),
        (
            ONE,
            lambda g: either_side(g, 0.8, 1.2),
            "The network learns only for gain of U 0.8–1.2; below that it forgets, above that it blows up.",
        ),
        (
            ONE,
            lambda g: (LEARNS, 20 + 100 * round(abs(g - 1), 1)),
            "Every cell learns, the soonest after 20 updates (gain of U 1), the last after 80.",
        ),
        (ONE, lambda _: (LEARNS, 40), "Every cell learns, after 40 updates."),
        (ONE, lambda _: FORGETS, "Nothing learns within 200 updates: every cell forgets."),
        (
            ONE,
            lambda g: LEARNING if g > 0.7 else STALLS,
            "Nothing solves the task within 200 updates: the network is learning only for gain of U from 0.8; "
            "elsewhere it stalls.",
        ),
        (
            GAIN_RATE,
            lambda g, r: LEARNS if (g, r) == (1, 1e-2) else STALLS,
            "Only one cell learns (gain of U 1, learning rate 0.01); elsewhere it stalls.",
        ),
        (
            GAIN_RATE,
            lambda g, r: LEARNS if (round(5 * g) + round(1e4 * r) % 7) % 2 else STALLS,
            "12 of 24 cells learn; no axis by itself decides which.",
        ),
        (
            NEGATIVE,
            lambda b: LEARNS if -1.5 < b < 0.7 else BLOWS_UP,
            "The network learns only for value of U −1 to 0.5; elsewhere it blows up.",
        ),
)  # fmt: skip


@pytest.mark.parametrize(("map_spec", "outcome", "said"), SAID)
def test_what_is_said(map_spec, outcome, said):
    cells = grid(map_spec, outcome)
    assert summary(map_spec, cells) == said
    Reader(map_spec, cells).check(said)


# Of rows only the first and the last are told.
@pytest.mark.parametrize(("map_spec", "outcome", "said"), [each for each in SAID if "the range" not in each[2]])
def test_one_cell_that_differs_makes_it_untrue(map_spec, outcome, said):
    """What reads the sentences back would see it if they were wrong."""
    cells = grid(map_spec, outcome)
    for number, mine in cells.items():
        other = STALLS if mine.outcome is LEARNS else LEARNS
        with pytest.raises(AssertionError):
            Reader(map_spec, cells | {number: cell(number, other)}).check(said)


def test_it_says_how_much_is_measured():
    assert summary(ONE, {}) == "No cell is measured yet."
    assert summary(ONE, {}, over=True) == "No cell is measured."
    some = grid(ONE, lambda _: FORGETS, kept=lambda number: number < 2)
    assert summary(ONE, some) == "So far, with 2 of 6 cells measured, nothing learns yet: every cell forgets."
    assert summary(ONE, some, over=True) == "With 2 of 6 cells measured, nothing learns: every cell forgets."
    under_way = grid(ONE, lambda _: (LEARNS, 40), over=False)
    assert summary(ONE, under_way) == "So far every cell learns, after 40 updates."
    assert summary(ONE, under_way, over=True) == "Every cell learns, after 40 updates."


def test_it_says_where_the_seeds_differ():
    cells = grid(ONE, lambda g: either_side(g, 0.8, 1.2))
    cells[1] = cells[1]._replace(share=2 / 3)
    said = summary(ONE, cells)
    assert said.endswith("above that it blows up; in 1 of 6 cells the seeds differ.")
    Reader(ONE, cells).check(said)


def test_cells_that_cannot_be_are_not_missed():
    assert len(PARTLY.impossible()) == 6
    assert summary(PARTLY, grid(PARTLY, lambda *_: (LEARNS, 20))) == "Every cell learns, after 20 updates."


# Every kind of map there is, and those that are nearly one: each cell may go astray.
FAMILIES = (
    lambda at, k: at[0] >= k,
    lambda at, k: at[0] < k and at[-1] >= k - 1,
    lambda at, k: at[0] < k or at[-1] >= k,
    lambda at, k: sum(at) < k,
    lambda at, k: abs(at[0] - k) < 2 and at[-1] != 1,
    lambda at, k: (at[0] * 7 + at[-1] * 3 + k) % 3 == 0,
    lambda *_: False,
    lambda *_: True,
)


@given(
    map_spec=st.sampled_from(SPECS),
    family=st.sampled_from(FAMILIES),
    k=st.integers(0, 5),
    best=st.sampled_from(Outcome),
    astray=st.sampled_from((0.0, 0.05, 0.2, 0.7)),
    missing=st.sampled_from((0.0, 0.5, 0.9)),
    seed=st.integers(0, 10**6),
)
@settings(max_examples=250)
@example(GAIN_KIND, FAMILIES[3], 3, LEARNS, 0.0, 0.0, 0)
@example(KINDS, FAMILIES[2], 1, LEARNS, 0.05, 0.0, 1)
def test_every_clause_holds_for_the_cells(map_spec, family, k, best, astray, missing, seed):
    draw = random.Random(seed)
    cells = {}
    for number in map_spec.cells():
        place = map_spec.place(number)
        at = tuple(i for i, axis in zip((place.column, place.row, place.panel),
                                        (map_spec.x, map_spec.y, map_spec.panels), strict=True) if axis)  # fmt: skip
        outcome = best if family(at, k) else (FORGETS if at[0] < k else BLOWS_UP)
        if draw.random() < astray:
            outcome = draw.choice(list(Outcome))
        if draw.random() >= missing:
            found = cell(number, outcome, draw.randint(1, 200) if outcome is LEARNS else None)
            cells[number] = found._replace(share=1 if draw.random() >= astray else 2 / 3)
    if cells:
        Reader(map_spec, cells).check(summary(map_spec, cells))
