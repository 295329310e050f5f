import json
import math

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.figures import style
from playground.figures.figure import grid


@given(st.lists(st.floats(), max_size=20), st.sampled_from([1.0, 4.0]), st.sampled_from([0.5, 1.0]))
def test_limits_hold_the_data_and_stand_on_whole_steps(values, span, step):
    limits = style.decades(np.array(values, dtype=np.float64), span, step)
    shown = [math.log10(v) for v in values if math.isfinite(v) and v > 0]
    assert (limits is None) == (not shown)
    if limits:
        low, high = limits
        assert low <= min(shown)
        assert max(shown) <= high
        assert high - low >= span
        assert low / step == round(low / step)


@given(st.integers(0, 10**6))
def test_an_axis_of_updates_shows_all_and_grows_rarely(newest):
    view = style.updates_axis(newest, newest)
    low, high = view["range"]
    assert low <= 0 <= newest <= high
    assert len(view["tickvals"]) <= 7
    row = grid(newest, 1, 256)
    falling = style.updates_axis(newest, newest, row)
    assert newest < falling["range"][1] < newest + 1.5 * row
    assert falling["range"][0] <= 0
    assert min(falling["tickvals"]) == 0
    assert max(falling["tickvals"]) <= newest


def test_the_axis_begins_at_sixty_and_stops_growing_at_the_runs_end():
    assert style.updates_axis(0, 5000)["tickvals"][-1] == 60
    assert style.updates_axis(350, 400)["range"][1] == pytest.approx(404)
    assert style.updates_axis(350, 360)["range"][1] == pytest.approx(363.6)


def test_an_alarm_is_a_line_across_the_plot_at_its_update():
    (mark,) = style.alarm_marks([style.AlarmMark(17)], "xaxis")
    assert (mark["x0"], mark["x1"], mark["yref"], mark["y0"], mark["y1"]) == (17, 17, "paper", 0, 1)
    (mark,) = style.alarm_marks([style.AlarmMark(17)], "yaxis")
    assert (mark["y0"], mark["y1"], mark["xref"]) == (17, 17, "paper")


def test_of_several_alarms_at_one_update_the_worst_that_stands_is_marked():
    failure = style.AlarmMark(5, "failure", "exploding")
    marks = [
        style.AlarmMark(9, "warning", "ink"),
        failure._replace(cleared=True),
        style.AlarmMark(5, "warning", "vanishing"),
    ]
    five, nine = style.alarm_marks(marks, "xaxis")
    assert (five["x0"], five["label"]["text"], five["line"]["color"]) == (5, "▲", style.VANISHING)
    assert (nine["x0"], "color" in nine["line"]) == (9, False), "the ground decides"
    (worst,) = style.alarm_marks([*marks[1:], failure], "xaxis")
    assert (worst["label"]["text"], worst["label"]["font"]["color"]) == ("✕", style.EXPLODING)


def test_a_note_is_no_mark_and_a_cleared_alarm_a_fainter_one():
    assert style.alarm_marks([style.AlarmMark(5, "note", "ink")], "xaxis") == []
    (mark,) = style.alarm_marks([style.AlarmMark(5, cleared=True)], "xaxis")
    assert mark["line"]["color"] == f"rgba(208, 33, 139, {style.FAINT})"


def test_an_alarm_has_the_colour_of_what_it_is_about():
    registered = {
        "vanishing": "vanishing",
        "cut_off": "vanishing",
        "exploding": "exploding",
        "weights_growing": "exploding",
    }
    assert {kind: style.alarm_colour(kind, "warning") for kind in registered} == registered
    assert style.alarm_colour("not_finite", "failure") == "not-finite"
    assert style.alarm_colour("oscillating", "warning") == "ink"


@pytest.mark.parametrize("ground", style.GROUNDS)
def test_plotly_takes_what_depends_on_the_ground_as_it_stands(ground):
    ours = style.template(ground)
    theirs = go.layout.Template(ours).to_plotly_json()
    assert json.loads(json.dumps(theirs["layout"])) == json.loads(json.dumps(ours["layout"]))
