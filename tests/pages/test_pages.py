"""Every page with nothing to show, and with a run in any state; without a browser, and without an engine."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from playground.training.config import RunConfig
from tests.pages.acts import checked, keys, said
from tests.pages.conftest import MAIN
from tests.pages.states import STATES, diverged
from tests.pages.trial import TRIAL, answer

__all__ = ["TRIAL"]  # what the fixture `folder` puts there

PAGES = Path(__file__).parents[2] / "pages"
EXPECTED = {
    "playground.py": "See a network forget",
    "compare.py": "No run yet",
    "runs.py": "No run yet",
    "share.py": "A link for a class",
    "about.py": "Equations",
    "map.py": "the cells take their colours",
    "lessons.py": "Predict first, then see.",
    "teach.py": "Lesson by lesson",
}
SAID = {
    "playground.py": {
        "done": "After 8 updates it had solved the task",
        "diverged": "It broke at update 1",
        "broken": "This is not JSON",
    },
    "compare.py": {
        "done": "<td>finished, update 8 of 8",
        "running": "<td>running, update 1 of 8",
        "diverged": "<td>diverged, update 1 of 8",
        "broken": "This is not JSON",
    },
    "runs.py": {"done": "finished", "running": "running", "diverged": "diverged", "broken": "This is not JSON"},
}
"""How a run stands, in the words of the pages that say it. The others show what the form has, or nothing of a run."""


def test_no_page_is_forgotten_here():
    assert set(EXPECTED) == {file.name for file in PAGES.glob("*.py")}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_page_is_short(name):
    assert len((PAGES / name).read_text().splitlines()) <= 110


@pytest.mark.parametrize("name", EXPECTED)
def test_a_page_without_any_run(at, name):
    assert EXPECTED[name] in said(at(name))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", EXPECTED)
def test_a_page_with_a_run_in_any_state(at, catalog, name, state):
    folder = STATES[state](catalog)

    app = at(name, run=folder.run_id)

    text = said(app)
    for other, words in SAID.get(name, {}).items():
        assert (words in text) == (other == state), (words, text)
    if name == "playground.py":
        assert ("bar.pause" if state == "running" else "bar.train") in keys(app)
    if name == "lessons.py":
        assert "run" not in app.query_params, "what the playground watches is none of a lesson's"
        app = checked(app.switch_page("../../pages/playground.py").run())
    assert app.query_params["run"] == folder.run_id
    # The form has what the run was trained with, as far as that can be read.
    assert app.query_params.get("hidden") == (None if state == "broken" else "3")
    if name == "share.py":
        assert f"run={folder.run_id}" in app.code[0].value
        assert ("now: **See a network forget**." in text) == (state == "broken")


@pytest.mark.usefixtures("folder", "me")
@pytest.mark.parametrize("state", STATES)
def test_a_lesson_beside_a_run_in_any_state(catalog, book, state):
    run = STATES[state](catalog).run_id
    answer(book)
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params["lesson"], app.query_params["run"] = "trial", run

    text = said(checked(app.switch_page("../../pages/lessons.py").run()))

    assert "Look around" in text
    assert app.query_params["run"] == run
    assert ("bar.pause" if state == "running" else "bar.train") in keys(app)
    for other, words in SAID["playground.py"].items():
        assert (words in text) == (other == state), (words, text)


def test_a_run_is_opened_from_the_list(at, catalog):
    folder = diverged(catalog)
    app = at("runs.py")

    app.button(key=f"history.{folder.run_id}.open").click().run()

    assert not app.exception, [e.value for e in app.exception]
    assert app.query_params["run"] == folder.run_id
    assert app.query_params["hidden"] == "3"


def test_a_broken_run_has_its_reason_and_hides_no_other(at, catalog, tmp_path):
    folder = diverged(catalog)
    broken = tmp_path / "20991231-235959-0badc0de"  # the first of the list
    broken.mkdir()
    (broken / "config.json").write_text("{")

    app = at("runs.py")

    assert any("This is not JSON" in text.value for text in app.markdown)
    assert app.button(key=f"history.{broken.name}.open").disabled
    assert not app.button(key=f"history.{folder.run_id}.open").disabled


def test_a_run_that_is_not_there_is_said_not_to_be(at):
    app = at("playground.py", run="20260101-000000-0badc0de")

    assert any("There is no run" in warning.value for warning in app.warning)


def test_the_form_follows_the_link(at):
    app = at("playground.py", hidden="17", **{"clip.kind": "value"})

    assert app.number_input(key="form.hidden").value == 17
    assert app.selectbox(key="form.clip.kind").value == "value"
    assert app.number_input(key="form.clip.lo").value == RunConfig().patched({"clip.kind": "value"}).clip.lo


@pytest.mark.parametrize("value", [9999, 0, -5])
def test_a_number_out_of_range_is_kept_with_its_sentence_and_blocks_training(at, value):
    app = at("playground.py")

    app.number_input(key="form.hidden").set_value(value).run()

    assert any(text.value.startswith(":red[") for text in app.markdown)
    assert app.number_input(key="form.hidden").value == value
    assert app.button(key="bar.train").disabled
    assert "hidden" not in app.query_params

    app.number_input(key="form.hidden").set_value(32).run()
    assert not app.button(key="bar.train").disabled
    assert not any(text.value.startswith(":red[") for text in app.markdown)
