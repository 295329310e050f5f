"""The page that draws runs over each other, in every state that a run can be in."""

import json

import pytest

from playground.runs.records import Ending
from playground.training.config import RunConfig
from tests.pages.states import CONFIG, OTHER, diverged, done, measured, running


def pictures(app):
    (element,) = app.get("bidi_component")
    return {one["name"]: one for one in json.loads(json.loads(element.proto.json)["pictures"])}


def table(app):
    return next(text.value for text in app.markdown if "cmp-table" in text.value)


def compared(at, *folders, **session):
    return at("compare.py", session=session, runs=",".join(folder.run_id for folder in folders))


def test_without_any_run_it_says_how_to_get_one(at):
    app = at("compare.py")

    assert any("No run yet" in info.value for info in app.info)
    assert not app.get("bidi_component")


def test_with_none_chosen_there_is_only_the_list(at, catalog):
    done(catalog)

    app = at("compare.py")

    assert app.multiselect[0].value == []
    assert not app.get("bidi_component")


@pytest.mark.parametrize("other", [done, running, diverged])
def test_two_runs_in_any_state_are_drawn_over_each_other(at, catalog, other):
    app = compared(at, done(catalog), other(catalog, OTHER))

    drawn = pictures(app)
    assert set(drawn) == {"loss", "metric", "gradient", "ratio", "weights"}
    assert [trace["name"] for trace in drawn["loss"]["figure"]["data"][:2]] == ["A", "B"]
    assert "U orthogonal" in drawn["loss"]["figure"]["data"][1]["meta"]
    assert "B against A" in next(text.value for text in app.markdown if "against" in text.value)
    status = {done: "finished", running: "running", diverged: "diverged"}[other]
    assert f"<td>{status}, update" in table(app)


def test_what_differs_stands_out_and_the_pictures_can_show_the_difference(at, catalog):
    app = compared(at, done(catalog), running(catalog))

    assert "how U is drawn" in table(app)
    assert "<b>orthogonal</b>" in table(app)
    assert "hidden units H" not in table(app)
    (folded,) = [one for one in app.expander if one.label.startswith("The same in all")]
    assert "hidden units H" in folded.markdown[0].value
    app.segmented_control(key="compare.as").set_value("difference to the first").run()
    assert not app.exception
    assert pictures(app)["loss"]["words"] == "B: ×0.56 at update 1."


def test_a_run_alone_has_its_pictures_and_nothing_to_differ_from(at, catalog):
    app = compared(at, done(catalog))

    assert any("One run alone" in info.value for info in app.info)
    assert "What differs" not in table(app)
    assert not app.get("segmented_control")


def test_what_another_page_hands_over_is_compared(at, catalog):
    first, second = done(catalog), done(catalog, OTHER)

    app = at("compare.py", session={"compare.runs": [second.run_id, first.run_id]})

    assert app.multiselect[0].value == [second.run_id, first.run_id]
    assert app.query_params["runs"] == f"{second.run_id},{first.run_id}"


def test_a_twin_comes_with_its_run(at, catalog):
    first, second = catalog.create_twins(CONFIG, OTHER)
    for folder in (first, second):
        measured(folder, (1.0,)).write_end(Ending(outcome="finished", sentence="Done.", update=8))
    app = at("compare.py")

    app.multiselect[0].select(first.run_id).run()

    assert app.multiselect[0].value == [first.run_id, second.run_id]


def test_a_strangers_run_is_left_out_as_one_that_is_not_there(at, catalog):
    mine, strangers = done(catalog), done(catalog, OTHER, owner="somebody")

    app = at("compare.py", runs=f"{mine.run_id},{strangers.run_id},20260101-000000-0badc0de")

    assert any("left out" in warning.value for warning in app.warning)
    assert app.multiselect[0].value == [mine.run_id]
    assert strangers.run_id not in app.multiselect[0].options


def test_a_broken_run_has_its_reason_and_hides_no_other(at, catalog, tmp_path):
    whole, broken = done(catalog), done(catalog, OTHER)
    app = compared(at, whole, broken)
    (tmp_path / broken.run_id / "config.json").write_text("{")

    app.run()

    assert not app.exception
    assert any("This is not JSON" in warning.value for warning in app.warning)
    assert [trace["name"] for trace in pictures(app)["loss"]["figure"]["data"][:1]] == ["A"]


def test_a_damaged_part_is_said_to_be(at, catalog, tmp_path):
    whole, broken = done(catalog), done(catalog, OTHER)
    (tmp_path / broken.run_id / "parts" / "000001.parquet").write_bytes(b"PAR1 nothing PAR1")

    app = compared(at, whole, broken)

    assert any("cannot be read" in warning.value for warning in app.warning)
    assert [trace["name"] for trace in pictures(app)["loss"]["figure"]["data"][:1]] == ["A"]


def test_another_task_is_drawn_where_it_can_be_and_not_judged(at, catalog):
    app = compared(at, done(catalog), done(catalog, RunConfig().patched({"task.kind": "adding", "hidden": 3})))

    assert pictures(app)["metric"]["words"].endswith("Not here: B.")
    assert any("Another task" in text.value for text in app.markdown)
