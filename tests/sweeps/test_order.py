"""Which cells come next: every cell once; a coarse lattice first; then where neighbours differ, by halving."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from playground.sweeps.axis import Axis
from playground.sweeps.order import LATTICE, order
from playground.sweeps.outcome import Outcome
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig

GAINS = tuple(round(0.1 * i, 1) for i in range(1, 33))
RATES = tuple(round(0.01 * i, 2) for i in range(1, 33))
KINDS = ("tanh", "relu", "sigmoid")
SMALL = RunConfig(hidden=4)


def axis_of_gains(count):
    return Axis(path="cell.recurrent_init.gain", values=GAINS[:count])


def grid(columns, rows=None, kinds=0):
    return MapSpec(
        base=SMALL,
        x=axis_of_gains(columns),
        y=Axis(path="optimizer.learning_rate", values=RATES[:rows]) if rows else None,
        panels=Axis(path="cell.activation.kind", values=KINDS[:kinds]) if kinds else None,
        seeds=1,
    )


@settings(max_examples=15)
@given(st.integers(1, 16), st.integers(0, 8), st.integers(0, 3), st.data())
def test_every_cell_comes_once_whatever_is_known(columns, rows, kinds, data):
    spec = grid(columns, rows, kinds)
    known = data.draw(st.dictionaries(st.sampled_from(list(spec.cells())), st.sampled_from(Outcome), max_size=40))

    found = order(spec, known)

    assert sorted(found) == list(spec.cells())
    assert found == order(spec, dict(reversed(known.items())))


@settings(max_examples=15)
@given(st.integers(1, 32), st.integers(1, 8))
def test_at_first_the_coarse_lattice_leaves_no_cell_far_from_it(columns, rows):
    spec = grid(columns, rows)
    lattices = [{*range(0, n, LATTICE), n - 1} if n > LATTICE else {*range(n)} for n in (rows, columns)]
    count = math.prod(map(len, lattices))

    first = [spec.place(cell) for cell in order(spec, {})[:count]]

    assert {(place.row, place.column) for place in first} == {(r, c) for r in lattices[0] for c in lattices[1]}


def test_what_no_lattice_holds_comes_at_half_its_distance_next():
    assert order(grid(9), {}) == [0, 4, 8, 2, 6, 1, 3, 5, 7]


def test_a_choice_has_no_lattice():
    spec = MapSpec(x=Axis(path="cell.recurrent_init.kind", values=("torch", "orthogonal", "identity", "he_normal")),
                   y=Axis(path="cell.activation.kind", values=KINDS))  # fmt: skip

    assert order(spec, {}) == list(spec.cells())
    assert order(spec, {0: Outcome.LEARNS, 1: Outcome.FORGETS}) == [*range(2, 12), 0, 1]


def test_cells_that_cannot_be_trained_never_come():
    spec = MapSpec(x=Axis(path="clip.kind", values=("none", "norm")), y=Axis(path="clip.threshold", values=(1, 2)))

    assert order(spec, {}) == [1, 3]


def sought(spec, outcome):
    """How many cells are trained until each neighbour of a cell that differs is known, one cell at a time."""
    known = {}
    while True:
        cell = next(cell for cell in order(spec, known) if cell not in known)
        known[cell] = outcome(spec.place(cell))
        if spec.shape[:2] == (1, 1) and any(
            left in known and left + 1 in known and known[left] != known[left + 1] for left in range(spec.shape[2] - 1)
        ):
            return len(known)


def test_a_border_on_a_line_is_found_by_halving():
    """Of 32 cells 9 are the lattice, and two more are enough in the gap of four in which the border is."""
    for border in range(1, 31):
        assert sought(grid(32), lambda p, b=border: Outcome.FORGETS if p.column < b else Outcome.LEARNS) <= 9 + 2


def test_in_the_plane_the_border_comes_before_the_rest():
    """A slanted border through 16 × 16: after half of the cells all those at the border are known."""
    spec = grid(16, 16)

    def outcome(cell):
        place = spec.place(cell)
        return Outcome.LEARNS if 2 * place.column + place.row < 22 else Outcome.BLOWS_UP

    border = {
        cell
        for cell in spec.cells()
        for row, column in ((0, 1), (1, 0))
        if (p := spec.place(cell)).row + row < 16
        and p.column + column < 16
        and outcome(cell) != outcome(cell + 16 * row + column)
    }
    known = {}
    while len(known) < 128:
        free = [cell for cell in order(spec, known) if cell not in known]
        known |= {cell: outcome(cell) for cell in free[:8]}  # a block

    assert border <= known.keys()


def test_what_lies_in_another_panel_says_nothing():
    spec = grid(9, None, 2)
    known = {0: Outcome.LEARNS, 4: Outcome.LEARNS, 8: Outcome.LEARNS} | dict.fromkeys((9, 13), Outcome.FORGETS)

    found = order(spec, known | {17: Outcome.LEARNS})

    assert found[0] == 15  # halfway between 13, which forgets, and 17, which learns
