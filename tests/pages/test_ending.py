"""What a run's end says on the page, and when."""

import pytest
from streamlit.testing.v1 import AppTest

from playground.runs.records import Ending, Heartbeat
from tests.pages.test_compare import diverged, done, running

SCRIPT = "from playground.ui import ending, state\nstate.begin()\nending.show()"


def page(folder):
    app = AppTest.from_string(SCRIPT, default_timeout=30)
    app.query_params["run"] = folder.run_id
    app.run()
    assert not app.exception
    return app


def said(app):
    return "".join(text.value for text in app.markdown)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (done, "After 8 updates it had solved the task at update 0 and lost it again: accuracy 80 %"),
        (diverged, "It broke at update 1: hidden states"),
    ],
)
def test_an_ended_run_says_what_was_found(catalog, make, words):
    text = said(page(make(catalog)))

    assert 'role="status"' in text
    assert words in text
    assert "Try next: " in text


def test_it_comes_with_the_end_and_not_before(catalog):
    folder = running(catalog)
    app = page(folder)
    assert said(app) == ""

    folder.write_end(Ending(outcome="stopped", sentence="Stopped after update 1.", update=1))

    assert "Stopped after update 1 of 8" in said(app.run())


def test_of_twins_both_must_have_ended(catalog):
    first, second = catalog.create_twins(*(done(catalog).config(),) * 2)
    first.write_end(Ending(outcome="stopped", sentence="Stopped after update -1.", update=-1))
    second.write_attempts(["one"])
    second.write_heartbeat(Heartbeat(attempt="one", time=4e9, update=1))

    assert said(page(first)) == ""


def test_a_failed_run_says_why_and_a_broken_one_nothing_here(catalog, tmp_path):
    failed, broken = running(catalog), done(catalog)
    failed.write_end(Ending(outcome="failed", sentence="The disk is full. It ended there.", update=1))
    (tmp_path / broken.run_id / "config.json").write_text("{")

    text = said(page(failed))
    assert "</b> The disk is full. No alarm was raised" in text
    assert text.count("It ended there.") == 1
    assert said(page(broken)) == ""
