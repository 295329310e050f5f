"""Every page with nothing to show, and with a run that has ended; without a browser, and without an engine."""

import math

import numpy as np
import pytest

from playground.core.measurement import Row
from playground.diagnosis.diagnose import ALWAYS
from playground.diagnosis.not_finite import NonFinite, alarm
from playground.diagnosis.past import Past
from playground.runs.records import Ending
from playground.runs.table import to_table
from playground.training.config import RunConfig

PAGES = ("playground.py", "runs.py", "about.py")
CONFIG = RunConfig().patched({"task.length": 5, "hidden": 3, "updates": 2})


def diverged(catalog):
    """A run of nobody that blew up at update 1: its first update finite, its second not."""
    folder = catalog.create(CONFIG)
    specs = folder.specs()
    rows = [
        Row(update, 1e9 + update, {spec.name: np.full(spec.shape, value) for spec in specs})
        for update, value in ((0, 1.0), (1, math.nan))
    ]
    folder.parts.write(1, to_table(specs, 1, rows))
    found = alarm(CONFIG, 1, [NonFinite("forward", "hidden states", 3, (0, 2, 1), 1, 0, 4.0)], Past({}, ALWAYS))
    folder.write_alarms([found])
    folder.write_end(Ending(outcome="diverged", sentence=found.sentence, update=1))
    return folder


@pytest.mark.parametrize("name", PAGES)
def test_a_page_without_any_run(at, name):
    app = at(name)

    texts = [element.value for element in (*app.markdown, *app.info)]
    expected = {"playground.py": "See a network forget", "runs.py": "No run yet", "about.py": "Equations"}
    assert any(expected[name] in text for text in texts), texts


@pytest.mark.parametrize("name", PAGES)
def test_a_page_with_a_run_that_has_ended(at, catalog, name):
    folder = diverged(catalog)

    app = at(name, run=folder.run_id)

    assert app.query_params["run"] == folder.run_id
    if name == "runs.py":
        assert any("diverged" in text.value for text in app.markdown)
        assert any("hidden = 3" in text.value for text in app.markdown)
    if name == "playground.py":
        assert app.button(key="bar.train")


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
