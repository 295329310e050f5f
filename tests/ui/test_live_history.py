import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from playground.core.measurement import MeasurementSpec, Row, Series
from playground.figures.figure import HEAT_ROWS, LINE_ROWS, grid
from playground.ui.live.history import History

SPECS = (
    MeasurementSpec(name="loss", title="l", description="d", unit="1"),
    MeasurementSpec(name="norms", title="n", description="d", unit="1", axes=("time",), shape=(2,), every=3),
    MeasurementSpec(name="edges", title="e", description="d", unit="1", axes=("edge",), shape=(2,), every=0),
    MeasurementSpec(name="unwanted", title="u", description="d", unit="1"),
)
NEEDS = ("loss", "norms", "edges")


def row(update, last=False, norms=1.0):
    values = {"loss": float(update), "unwanted": 0.0}
    if update % 3 == 0 or last:
        values["norms"] = np.full(2, norms)
    if update == 0:
        values["edges"] = np.array([0.0, 1.0])
    return Row(update, float(update), values)


def history(updates):
    made = History(SPECS, NEEDS)
    for update in range(updates):
        made.add(row(update, last=update == updates - 1))
    return made


@given(st.integers(1, 3000))
def test_it_holds_the_grid_and_the_newest_and_no_more(updates):
    series = history(updates).since(-1, NEEDS)["loss"]
    spacing = grid(updates - 1, 1, LINE_ROWS)
    assert series.updates.tolist() == sorted({*range(0, updates, spacing), updates - 1})
    assert series.values.tolist() == [float(update) for update in series.updates]
    assert len(history(updates).since(-1, NEEDS)["norms"]) <= HEAT_ROWS + 2


@given(st.integers(1, 1500), st.integers(-1, 1500))
def test_who_comes_back_gets_exactly_what_is_newer_and_the_start(updates, after):
    made = history(updates)
    everything = made.since(-1, NEEDS)["loss"].updates
    expected = {int(u) for u in everything if u > after} | {0, updates - 1}
    assert set(made.since(after, NEEDS)["loss"].updates.tolist()) == expected


def test_what_nobody_draws_is_not_kept():
    assert "unwanted" not in history(3).since(-1, NEEDS)


def test_of_what_only_now_is_shown_the_start_and_the_newest_are_kept():
    made = History(SPECS, NEEDS, now=["norms"])
    for update in range(60):
        made.add(row(update, norms=np.nan if update > 50 else 1.0))
    kept = made.since(-1, NEEDS)["norms"]
    assert kept.updates.tolist() == [0, 48, 57]
    assert np.isfinite(kept.values).all(axis=1).tolist() == [True, True, False]
    assert len(made.since(-1, NEEDS)["loss"]) == 60


def test_old_rows_are_known_already():
    made = history(5)
    made.add(row(2))
    assert made.newest == 4
    assert made.since(-1, NEEDS)["loss"].updates.tolist() == [0, 1, 2, 3, 4]


def test_the_last_finite_picture_before_a_break_is_kept_off_the_grid():
    made = History(SPECS, NEEDS)
    for update in range(1001):
        made.add(row(update, last=True))
    made.add(row(1001, last=True, norms=np.nan))
    made.add(row(1002, last=True, norms=np.nan))
    kept = made.since(1001, NEEDS)["norms"]
    assert kept.updates.tolist() == [0, 1000, 1002]
    assert np.isfinite(kept.values).all(axis=1).tolist() == [True, True, False]


def test_words_see_numbers_whole_and_arrays_at_both_ends():
    overview = history(10).overview(NEEDS)
    assert len(overview["loss"]) == 10
    assert overview["norms"].updates.tolist() == [0, 9]
    assert overview["edges"].updates.tolist() == [0]


def test_nothing_measured_yet():
    empty = History(SPECS, NEEDS)
    assert empty.newest == -1
    assert all(len(empty.since(-1, NEEDS)[name]) == 0 for name in NEEDS)
    assert len(empty.start(NEEDS)["edges"]) == 0


@given(st.integers(1, 1500), st.integers(0, 3))
def test_what_is_stored_is_taken_over_as_if_it_had_been_added(updates, broken):
    rows = [row(u, u == updates - 1, np.nan if u >= updates - broken else 1.0) for u in range(updates)]

    def stored(spec):
        found = [r for r in rows if spec.name in r.values]
        values = np.array([r.values[spec.name] for r in found]).reshape(len(found), *spec.shape)
        return Series(spec, np.array([r.update for r in found], np.int64), values)

    added, opened = History(SPECS, NEEDS), History(SPECS, NEEDS)
    for each in rows:
        added.add(each)
    opened.open(updates - 1, stored)
    more = row(updates)
    for made in (added, opened):
        made.add(more)
    assert opened.newest == added.newest
    for name in NEEDS:
        one, other = added.since(-1, NEEDS)[name], opened.since(-1, NEEDS)[name]
        assert one.updates.tolist() == other.updates.tolist()
        np.testing.assert_array_equal(one.values, other.values)
