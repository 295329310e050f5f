"""What the browser gets: the whole picture as JSON, and the same text while nothing has changed."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from playground.sweeps.axis import Axis
from playground.sweeps.folder import NOTHING, Seen
from playground.sweeps.measures import MEASURES
from playground.sweeps.member import Member
from playground.sweeps.ready import READY
from playground.ui.maps import drawing, kept

SPEC = READY["init-activation-clip"].spec


def forget():
    drawing.kept.clear()
    drawing.known.clear()


@pytest.fixture(autouse=True)
def forgotten():
    forget()
    yield
    forget()


def seen(*cells, version=1):
    members = {(cell, 0): Member(cell=cell, seed=0, updates=200, over=True, metric=1.0, solved=60) for cell in cells}
    return Seen({"block.json": (version, version)}, members, {})


@pytest.mark.parametrize("measure", list(MEASURES))
def test_it_is_json_without_a_template_and_says_of_each_cell_what_it_is(measure):
    shown = json.loads(drawing.drawn("one", SPEC, seen(0, 7), True, measure, True).json)

    panels, rows, columns = shown["shape"]
    assert (panels, rows, columns) == SPEC.shape
    assert len(shown["panels"]) == panels
    for panel in shown["panels"]:
        assert "template" not in panel["figure"]["layout"]
        texts = [trace["hovertext"] for trace in panel["figure"]["data"] if trace["type"] == "heatmap"]
        for row in range(rows):
            for column in range(columns):
                assert any(text[row][column] for text in texts)


def test_a_map_that_is_over_is_drawn_once_for_all():
    first = drawing.drawn("one", SPEC, seen(0), True, "outcome", False)

    assert drawing.drawn("one", SPEC, seen(0), True, "outcome", False) is first
    assert drawing.drawn("one", SPEC, seen(0, 1, version=2), True, "outcome", False).cells.keys() == {0, 1}


def test_one_that_goes_on_is_not_drawn_anew_at_every_look(monkeypatch):
    monkeypatch.setattr(kept, "SHARE", 1e6)
    first = drawing.drawn("one", SPEC, seen(0), False, "outcome", False)

    assert drawing.drawn("one", SPEC, seen(0, 1, version=2), False, "outcome", False) is first
    at_its_end = drawing.drawn("one", SPEC, seen(0, 1, version=2), True, "outcome", False)
    assert at_its_end.cells.keys() == {0, 1}


def test_an_empty_map_keeps_nobody_waiting_for_its_first_colours(monkeypatch):
    monkeypatch.setattr(kept, "SHARE", 1e6)
    assert drawing.drawn("one", SPEC, NOTHING, False, "outcome", False).cells == {}

    assert drawing.drawn("one", SPEC, seen(0), False, "outcome", False).cells.keys() == {0}


def test_two_maps_that_have_not_begun_are_not_taken_for_each_other():
    one = drawing.drawn("", SPEC, NOTHING, True, "outcome", False)
    other = drawing.drawn("", READY["gain-rate"].spec, NOTHING, True, "outcome", False)

    assert json.loads(one.json)["shape"] != json.loads(other.json)["shape"]


def test_maps_with_the_same_hash_are_two_maps():
    """hash(−1) is hash(−2)."""
    low, lower = (
        SPEC.model_copy(update={"panels": None, "y": None, "x": Axis.spread("cell.bias_init.value", at, 6.0, 2)})
        for at in (-1.0, -2.0)
    )
    assert hash(low) == hash(lower)
    one, other = (drawing.drawn("", spec, NOTHING, True, "outcome", False) for spec in (low, lower))

    assert one.json != other.json


def test_while_one_draws_others_get_what_there_was():
    boxes, drawing_now, done = kept.Kept[str](2), Event(), Event()

    def slow():
        drawing_now.set()
        assert done.wait(20)
        return "new"

    assert boxes.get("map", {}, False, lambda: "old") == "old"
    with ThreadPoolExecutor(1) as other:
        coming = other.submit(boxes.get, "map", {"block": (1, 1)}, False, slow)
        assert drawing_now.wait(20)
        assert boxes.get("map", {"block": (1, 1)}, False, lambda: pytest.fail("drawn twice")) == "old"
        done.set()
        assert coming.result(20) == "new"


def test_what_the_server_draws_is_json_alone():
    drawn = drawing.drawn("one", SPEC, seen(0), True, "outcome", False)

    assert set(json.loads(drawn.json)) == {"id", "title", "rule", "words", "heights", "shape", "legend", "panels"}
