"""Every page with nothing to show, and with a run that has ended; without a browser, and without an engine."""

from pathlib import Path

import pytest

from playground.training.config import RunConfig
from tests.pages.states import STATES, diverged

EXPECTED = {
    "playground.py": "See a network forget",
    "compare.py": "No run yet",
    "runs.py": "No run yet",
    "share.py": "A link for a class",
    "about.py": "Equations",
    "map.py": "the cells take their colours",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_page_without_any_run(at, name):
    app = at(name)

    texts = [element.value for element in (*app.markdown, *app.info)]
    assert any(EXPECTED[name] in text for text in texts), texts


@pytest.mark.parametrize("name", EXPECTED)
def test_a_page_is_short(name):
    assert len((Path(__file__).parents[2] / "pages" / name).read_text().splitlines()) <= 110


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", EXPECTED)
def test_a_page_with_a_run_in_any_state(at, catalog, name, state):
    folder = STATES[state](catalog)

    app = at(name, run=folder.run_id)

    assert app.query_params["run"] == folder.run_id
    texts = [element.value for element in (*app.markdown, *app.info, *app.caption)]
    if name == "playground.py":
        assert app.button(key="bar.pause" if state == "running" else "bar.train")
    if name in ("playground.py", "runs.py") and state == "broken":
        assert any("This is not JSON" in text or "config\\.json" in text for text in texts), texts
    if name == "runs.py" and state != "broken":
        assert any("finished" in text if state == "done" else state in text for text in texts)


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
