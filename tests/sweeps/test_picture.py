"""From cells to what is drawn: nothing is dropped, nothing is told twice, and what is not there says so."""

import math

import pytest

from playground.figures import outcome_style, trainability
from playground.sweeps import profiles
from playground.sweeps.axis import Axis
from playground.sweeps.boundary import boundaries
from playground.sweeps.cells import cells
from playground.sweeps.measures import MEASURES
from playground.sweeps.member import Member
from playground.sweeps.outcome import RULES, Outcome
from playground.sweeps.picture import picture
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig

SPEC = MapSpec(
    base=RunConfig.parse({"cell": {"kind": "vanilla", "recurrent_init": {"kind": "orthogonal"}}, "hidden": 8}),
    x=Axis(path="cell.recurrent_init.gain", values=(0.5, 1.0, 2.0)),
    y=Axis(path="task.length", values=(10, 20)),
    panels=Axis(path="cell.activation.kind", values=("tanh", "relu")),
    seeds=2,
)
DONE = {"updates": 200, "over": True, "metric": 0.26, "ratio": 0.5, "largest_norm": 3.0, "sigma_max": 1.0, "gamma": 1.0}


def both(cell, **changes):
    return [Member(cell=cell, seed=seed, **{**DONE, **changes}) for seed in range(2)]


LEARNS = {"metric": 1.0, "solved": 80}
MEMBERS = [
    *both(0, ratio=0.0),
    *both(1, **LEARNS),
    *both(2, diverged=5, metric=math.nan, ratio=math.nan, largest_norm=math.inf),
    *both(3, metric=0.3, over=False, updates=40),
    both(4, **LEARNS)[0],
    both(4)[1],
    *both(6, horizon=7.0),
]


def squares(measure="outcome", **more):
    data = picture(SPEC, cells(SPEC, MEMBERS), measure, **more)
    return [square for panel in data.panels for row in panel.rows for square in row]


def test_cells_stand_where_their_numbers_say():
    data = picture(SPEC, {})
    assert [[[s.number for s in row] for row in panel.rows] for panel in data.panels] == [
        [[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]],
    ]  # fmt: skip
    assert [panel.title for panel in data.panels] == ["activation φ: tanh", "activation φ: ReLU"]
    assert (data.x.title, data.x.values, data.y.values) == ("gain of U", ("0.5", "1", "2"), ("10", "20"))
    assert {s.said for panel in data.panels for row in panel.rows for s in row} == {"not trained yet"}


def test_an_outcome_is_colour_sign_and_word():
    found = squares()
    assert [(s.sign, s.said) for s in found[:3]] == [("▽", "forgets"), ("●", "learns"), ("▲", "blows up")]
    assert found[1].code == outcome_style.code("learns", 1.0, True)
    assert (found[3].code, found[3].said) == (outcome_style.code("stalls", 1.0, False), "stalls so far")
    assert found[4].code == outcome_style.code("stalls", 0.5, True), "of two equals the worse one, paler"
    assert found[1].hover.split("<br>")[:2] == [
        "gain of U 1, length T 10, activation φ tanh", "● learns (2 of 2 seeds) after 80 updates",
    ]  # fmt: skip
    assert "● learns (1 of 2 seeds)" in found[4].hover
    assert "so far, after 40 updates" in found[3].hover


@pytest.mark.parametrize("measure", [name for name in MEASURES if name != "outcome"])
def test_every_measured_cell_has_a_place_on_the_scale_or_says_why_not(measure):
    data = picture(SPEC, cells(SPEC, MEMBERS), measure)
    found = [square for panel in data.panels for row in panel.rows for square in row]
    for square in found:
        assert (square.code is None) != (square.value is None)
    for square in (s for s in found if s.value is not None):
        assert math.isfinite(square.value)
        assert square.said
    assert data.scale.low < data.scale.high
    assert all(data.scale.low <= at <= data.scale.high for at in data.scale.ticks)
    assert trainability.draw(data).data
    assert trainability.words(data).endswith(".")


def test_what_no_scale_can_place_is_a_mark_and_in_the_legend():
    ratio, norm, solved = squares("ratio"), squares("largest_norm"), squares("solved")
    marks = {name: (outcome_style.special(name), outcome_style.SIGNS[name]) for name in outcome_style.SPECIAL}
    assert (ratio[0].code, ratio[0].sign) == marks["zero"]
    assert (ratio[2].code, ratio[2].sign) == marks["not finite"]
    assert (norm[2].code, norm[2].sign) == marks["not finite"]
    assert (solved[0].code, solved[0].sign) == marks["never"]
    assert solved[1].sign == "80"
    legend = [key.name for key in picture(SPEC, cells(SPEC, MEMBERS), "ratio").legend]
    assert legend == ["exactly 0", "not finite"]
    assert squares("ratio")[3].sign == "0.50…", "still training"


def test_the_legend_names_every_outcome_with_its_rule():
    legend = picture(SPEC, {}).legend
    assert [(key.name, key.rule) for key in legend] == [(each.value, RULES[each]) for each in Outcome]
    assert all(set(key.colours) == {"light", "dark"} for key in legend)


def test_a_cell_that_cannot_be_trained_says_why():
    found = squares(failures={5: "It ran out of memory."})
    assert (found[5].sign, found[5].said) == ("–", "cannot be trained")
    assert found[5].hover.endswith("It ran out of memory.")


def test_theory_is_drawn_in_its_panel_and_lines_that_are_not_there_are_told_together():
    members = [
        Member(cell=cell, seed=0, **DONE | {"sigma_max": SPEC.config(cell).cell.recurrent_init.gain})
        for cell in SPEC.cells()
    ]
    data = picture(SPEC, cells(SPEC, members), boundaries=boundaries(SPEC, members))
    assert [[line.kind for line in panel.lines] for panel in data.panels] == [["bound"], ["bound"]]
    (line,) = data.panels[0].lines
    assert line.x == (1.0, 1.0)
    assert len(data.theory) == 2


def test_profiles_are_of_every_axis_and_the_horizon_of_those_that_matter():
    shares = profiles.shares(SPEC, cells(SPEC, MEMBERS))
    assert [each.side.title for each in shares] == ["gain of U", "length T", "activation φ"]
    assert shares[0].cells == (3, 2, 1)
    assert shares[0].shares[0] == pytest.approx(
        {"learns": 0, "is learning": 0, "stalls": 2 / 3, "forgets": 1 / 3, "blows up": 0}
    )
    members = [*both(0, horizon=4.0), *both(3, horizon=4.0), *both(1, horizon=10.0)]
    assert [each.side.title for each in profiles.horizons(SPEC, members)] == ["gain of U", "length T"]
    assert profiles.horizons(SPEC, []) == ()
