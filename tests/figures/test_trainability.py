"""A map's drawing: every cell where its settings are, by colour, sign and words; told apart by everybody."""

import itertools
import json

import numpy as np
import pytest

from playground.figures import outcome_style, style, trainability, trainability_horizon, trainability_marginals
from playground.figures.outcome_style import OUTCOMES, PAPER
from playground.figures.trainability import Key, MapData, Panel, Scale, Side, Square, Theory
from playground.figures.trainability_horizon import HorizonData
from playground.figures.trainability_marginals import MarginalData
from tests.figures.plotlys import checked
from tests.figures.sight import apart, contrast

GAINS = Side("gain of U", ("0.5", "1", "2"), True)
KINDS = Side("activation φ", ("tanh", "ReLU"), False)
WORDS = list(OUTCOMES)
EMPTY = Square(0, outcome_style.special("empty"), None, "", "not trained yet", "nothing")


def square(number, word):
    return Square(number, outcome_style.code(word, 1.0, True), None, OUTCOMES[word].sign, word, f"cell {number}")


def outcomes(*rows):
    numbers = itertools.count()
    return tuple(tuple(square(next(numbers), word) for word in row) for row in rows)


LINE = Theory("bound", "γσ_max = 1", (1.0, 1.0, None, 1.5), (-0.5, 0.5, None, 1.0))
TWO = outcomes(("forgets", "learns", "blows up"), ("forgets", "forgets", "stalls"))
KEYS = (Key("learns", "●", {"light": "#000000", "dark": "#ffffff"}, "It does."),)
DATA = MapData("Outcome", "Rule.", GAINS, KINDS, (Panel("", TWO, (LINE,)),), None, KEYS, {LINE.name: "It must vanish."})
NUMBERS = DATA._replace(
    panels=(
        Panel("", ((EMPTY, EMPTY._replace(code=None, value=-2.0, said="0.01", sign="0.01"), TWO[0][2]), TWO[1]), ()),
    ),
    scale=Scale(-4.0, 0.0, {-4.0: "10⁻⁴", 0.0: "1"}),
)


def drawn(figure):
    checked(figure)
    return json.loads(json.dumps(figure.plain()))


def test_every_cell_stands_in_its_row_and_column_with_its_number_sign_and_words():
    heat, line = drawn(trainability.draw(DATA))["data"]
    assert heat["text"] == [["▽", "●", "▲"], ["▽", "▽", "○"]]
    assert heat["hovertext"][1] == ["cell 3", "cell 4", "cell 5"]
    assert heat["z"][0] == [outcome_style.code(word, 1.0, True) for word in ("forgets", "learns", "blows up")]
    assert (line["x"], line["hoverinfo"]) == ([1.0, 1.0, None, 1.5], "skip")


def test_numbers_rise_and_names_are_listed_downward():
    layout = drawn(trainability.draw(DATA))["layout"]
    assert layout["xaxis"]["range"] == [-0.5, 2.5]
    assert layout["xaxis"]["ticktext"] == ["0.5", "1", "2"]
    assert layout["yaxis"]["range"] == [1.5, -0.5]
    upward = drawn(trainability.draw(DATA._replace(x=KINDS, y=GAINS)))["layout"]
    assert (upward["xaxis"]["range"], upward["yaxis"]["range"]) == ([-0.5, 1.5], [-0.5, 2.5])


def test_of_a_number_each_cell_is_in_one_of_two_heat_maps():
    codes, numbers = drawn(trainability.draw(NUMBERS))["data"]
    assert [[value is None for value in row] for row in codes["z"]] == [[False, True, False], [False] * 3]
    assert numbers["z"] == [[None, -2.0, None], [None] * 3]
    layout = drawn(trainability.draw(NUMBERS))["layout"]
    assert layout["coloraxis2"]["cmin"] < -4 < layout["coloraxis2"]["cmax"] == 0
    diverging = NUMBERS._replace(scale=NUMBERS.scale._replace(diverging=True))
    assert drawn(trainability.draw(diverging))["layout"]["coloraxis"]["cmin"] == -4


def test_one_row_needs_no_axis_beside_it_and_panels_share_theirs():
    single = DATA._replace(y=None, panels=(Panel("clip: none", TWO[:1], ()), Panel("clip: norm", TWO[1:], ())))
    first, second = (drawn(trainability.draw(single, i))["layout"] for i in (0, 1))
    assert first["yaxis"]["tickvals"] == []
    assert first == second
    many = DATA._replace(panels=(Panel("", TWO * 8, ()),))
    assert trainability.height(single) < trainability.height(many, low=True) < trainability.height(many)


def test_only_long_names_are_slanted_and_they_get_room():
    names = Side("initialiser", ("torch default", "Xavier uniform", "orthogonal", "x" * 60), False)
    assert not trainability.slanted(KINDS)
    assert not trainability.slanted(Side("rate", ("1.2·10⁻⁴",) * 32, True))
    assert trainability.slanted(names)
    assert trainability.under(KINDS) < trainability.under(names) < 140
    assert trainability.across(names)["ticktext"][-1].endswith("…")


def test_the_words_go_row_by_row_and_join_neighbours():
    assert trainability.words(DATA) == (
        "Outcome, across: gain of U 0.5 to 2; down: activation φ. "
        "activation φ tanh: forgets at 0.5; learns at 1; blows up at 2. "
        "activation φ ReLU: forgets at 0.5 to 1; stalls at 2. γσ_max = 1: It must vanish."
    )
    assert "learns at tanh, ReLU" in trainability.words(
        DATA._replace(x=KINDS, y=None, panels=(Panel("", outcomes(("learns", "learns")), ()),))
    )


def test_the_words_of_a_large_map_are_bounded():
    side = Side("gain", tuple(str(i) for i in range(32)), True)
    row = (EMPTY, *(EMPTY._replace(value=float(i), code=None, said=f"v{i}") for i in range(31)))
    words = trainability.words(NUMBERS._replace(x=side, y=side, panels=(Panel("", (row,) * 32, ()),)))
    assert words.count("from v0 at 1 to v30 at 31; 1 without a number") == 16
    assert "Of 2 rows one is told." in words


@pytest.mark.parametrize("ground", style.GROUNDS)
def test_outcomes_are_told_apart_by_everybody_on_both_grounds(ground):
    full = {word: look.colours[ground] for word, look in OUTCOMES.items()}
    for one, other in itertools.combinations(full.values(), 2):
        assert apart(one, other) > 25
    assert len({look.sign for look in OUTCOMES.values()}) == len(OUTCOMES)
    for word, colour in full.items():
        assert contrast(colour, OUTCOMES[word].ink) >= 3  # WCAG 2.2, 1.4.11
        assert apart(colour, outcome_style.EMPTY[ground]) > 15
    shades = [outcome_style.mixed(full["learns"], PAPER[ground], each) for each in outcome_style.STRENGTHS]
    assert [contrast(each, PAPER[ground]) for each in shades] == sorted(
        contrast(each, PAPER[ground]) for each in shades
    )


def test_paler_while_it_trains_and_where_seeds_disagree():
    codes = [outcome_style.code("stalls", *how) for how in ((1.0, False), (0.5, True), (2 / 3, True), (1.0, True))]
    assert np.diff(codes).tolist() == [1, 1, 1]


@pytest.mark.parametrize("ground", style.GROUNDS)
def test_every_number_has_its_colour_on_the_axis(ground):
    colours = style.outcome_colours(ground)
    assert len(colours) == outcome_style.CODES
    scale = style.template(ground)["layout"]["coloraxis4"]["colorscale"]
    low, high = outcome_style.AXIS["cmin"], outcome_style.AXIS["cmax"]
    for code, colour in enumerate(colours):
        at = (code - low) / (high - low)
        below, above = [s for s in scale if s[0] <= at][-1], next(s for s in scale if s[0] >= at)
        assert below[1] == above[1] == colour


SHARES = {"learns": 0.5, "is learning": 0.0, "stalls": 0.0, "forgets": 1 / 3, "blows up": 1 / 6}
NOTHING = dict.fromkeys(OUTCOMES, float("nan"))


def test_a_marginal_stacks_the_shares_from_below():
    figure = drawn(trainability_marginals.draw(MarginalData(KINDS, (6, 0), (SHARES, NOTHING))))
    first, second = np.transpose(figure["data"][0]["z"])
    counts = {word: int((first == outcome_style.code(word, 1.0, True)).sum()) for word in OUTCOMES}
    assert counts == {"learns": 50, "is learning": 0, "stalls": 0, "forgets": 33, "blows up": 17}
    assert (np.diff(first) >= 0).all()
    assert set(second) == {outcome_style.special("empty")}
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["●", "▽", "▲"]
    words = trainability_marginals.words(MarginalData(KINDS, (6, 0), (SHARES, NOTHING)))
    assert words == (
        "activation φ: tanh: 50 % learns, 33 % forgets, 17 % blows up (6 cells); ReLU: nothing measured yet."
    )


@pytest.mark.parametrize("side", [KINDS, Side("gain", ("1", "2"), True)])
def test_the_horizon_stands_against_the_length(side):
    nan = float("nan")
    data = HorizonData(side, (12.0, nan), (8.0, nan), (30.0, nan), (60, None))
    figure = drawn(trainability_horizon.draw(data))
    *band, median = figure["data"]
    assert median["y"] == [12.0, None]
    assert figure["layout"]["yaxis"]["range"][1] > 60
    assert {60, 30.0} <= {value for trace in band for value in trace["y"]}
    first, second = side.values
    said = f"{first}: 12 (8 to 30) of 60 steps; {second}: nothing measured yet."
    assert trainability_horizon.words(data).endswith(said)
