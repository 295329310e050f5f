"""Laws over every figure: they hold for whatever was measured, and what is live is what is drawn."""

import pickle
from functools import cache

import numpy as np
import pytest

from playground.figures.gallery import FIGURES
from tests.figures.plotlys import checked


@cache
def prepared(figure, measured):
    """Data and drawing: each law looks at the same ones."""
    data = figure.prepare(measured)
    return data, checked(figure.draw(data))


every_figure = pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)


@every_figure
def test_whatever_was_measured_can_be_drawn_and_said(figure, any_run):
    data, _ = prepared(figure, any_run)
    words = figure.words(data)
    for sentence in [words] if isinstance(words, str) else words.values():
        assert sentence.endswith(".")


@every_figure
def test_every_live_array_belongs_to_a_drawn_trace_and_fits_its_updates(figure, any_run):
    data, drawn = prepared(figure, any_run)
    names = {trace.name for trace in drawn.data}
    live = figure.live(data)
    assert set(live.traces) <= names
    for trace in live.traces.values():
        if trace.along:
            assert trace.every >= 1
            assert {len(array) for array in trace.arrays.values()} == {len(trace.arrays[trace.along])}
            assert (np.diff(trace.arrays[trace.along]) >= 0).all()
    assert all(np.isfinite(limits).all() and limits[0] < limits[1] for limits in live.extents.values())


@every_figure
def test_a_figure_looks_only_at_what_it_declares(figure, any_run):
    part = type(any_run)({name: any_run[name] for name in figure.needs if name in any_run})
    if not part.names():
        return  # why there is nothing, it may say from all that there is
    # What is prepared is all that words and drawings know.
    assert pickle.dumps(figure.prepare(part)) == pickle.dumps(figure.prepare(any_run))


@every_figure
def test_without_its_first_need_a_figure_offers_nothing_and_says_one_thing(figure, any_run):
    if figure.needs[0] not in any_run:
        data = figure.prepare(any_run)
        assert not figure.choices(data)
        assert figure.words(data)


@every_figure
def test_each_choice_shows_traces_that_exist_and_has_words(figure, any_run):
    data, drawn = prepared(figure, any_run)
    traces = {trace.name: trace for trace in drawn.data}
    choices = figure.choices(data)
    first = next(iter(choices.values())).traces if choices else ()
    for choice in choices.values():
        assert set(choice.traces) <= set(traces)
        assert all(traces[name].visible is (name in first) for name in choice.traces), "the first is what is shown"
    if choices and len(any_run["loss"]):
        assert set(figure.words(data)) == set(choices)


@every_figure
def test_the_lines_of_a_twin_are_drawn_and_every_choice_has_some(figure, any_run):
    data, drawn = prepared(figure, any_run)
    lines = set(figure.twin(data)) if figure.twin else set()
    assert lines <= {trace.name for trace in drawn.data}
    assert all(lines & set(choice.traces) for choice in figure.choices(data).values() if figure.twin)


def test_pictures_above_each_other_are_aligned(any_run):
    for side in ("time", "updates"):
        there = [f for f in FIGURES if f.side == side and f.needs[0] in any_run]
        drawn = {f: prepared(f, any_run)[1].layout for f in there}
        assert len({(layout.margin.l, layout.margin.r) for layout in drawn.values()}) <= 1
        assert len({layout.xaxis.range for f, layout in drawn.items() if f.shares_axis}) <= 1


def test_few_are_on_the_page_at_first():
    at_first = [figure.name for figure in FIGURES if figure.shown]
    assert at_first == ["gradient_now", "gradient_history", "gates", "loss", "weights", "clipping"]


@every_figure
def test_names_differ_and_what_stands_on_the_page_is_short(figure):
    assert [each.name for each in FIGURES].count(figure.name) == 1
    assert figure.rule.endswith(".")
    assert len(figure.rule) <= {"time": 110, "updates": 84}[figure.side], "one line of its column"
