"""A broken run to mend: each attempt costs its updates, the first result is written down."""

import pytest
from streamlit.testing.v1 import AppTest

from playground.lessons.lesson import CHALLENGE
from playground.lessons.shelf import find
from playground.runs.engine import engine
from playground.runs.records import Ending
from playground.runs.store import Store
from tests.pages.acts import checked, keys, press, said
from tests.pages.conftest import MAIN
from tests.pages.states import measured

pytestmark = pytest.mark.usefixtures("folder")
TRIAL = """---
title: A trial
minutes: 3
goal: You can mend.
configs:
  broken: {task.length: 5, hidden: 3, updates: 8}
challenge: {ask: It is broken., state: broken, budget: 20, par: 10, goal: accuracy at the end > 0.97, hints: [One, Two]}
---
## Mend it
![Mend it](challenge:)
"""


@pytest.fixture
def app():
    return opened()


def opened():
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params["lesson"] = "trial"
    return checked(app.switch_page("../../pages/lessons.py").run())


def attempt(app, catalog, right, outcome="finished", updates=8):
    """Trains what is set, and does what a worker does with it; the run's name."""
    known = set(catalog.ids())
    press(app, "bar.train")
    (run,) = set(catalog.ids()) - known
    folder = measured(catalog.get(run), [right] * (updates + 1))
    folder.write_end(Ending(outcome=outcome, sentence="Done.", update=updates))
    checked(app.run())
    return run


def test_at_first_nothing_is_spent(app):
    assert "It is broken." in said(app)
    assert "Used 0 of 20 updates." in said(app)
    assert "No attempt yet." in said(app)
    assert "challenge.set" in keys(app)
    assert "challenge.again" not in keys(app)


def test_hints_come_one_by_one(app):
    assert "One" not in said(app)
    press(app, "challenge.hint")
    assert "One" in said(app)
    assert "Two" not in said(app)
    press(app, "challenge.hint")
    assert "Two" in said(app)
    assert "challenge.hint" not in keys(app)


@pytest.mark.usefixtures("me")
def test_an_attempt_is_mended_and_written_down(app, catalog, book):
    press(app, "challenge.set")
    assert "challenge.set" not in keys(app)
    attempt(app, catalog, 0.3)
    assert "| 1 | nothing | 8 | 30 %, not reached |" in said(app)
    assert "Not mended yet. 12 updates are left." in said(app)
    assert book.entries() == ()
    run = attempt(app, catalog, 1.0, updates=7)
    assert "Mended with 15 of 20 updates: 0.6 of 1." in said(app)
    (entry,) = book.entries("trial")
    assert (entry.question, entry.ask, entry.answer) == (CHALLENGE, "It is broken.", 15)
    assert entry.points == pytest.approx(0.6)
    assert entry.truth == "accuracy at the end: 100 %"
    assert entry.run == run


def change(app, **changes):
    app.session_state["config.changes"] = app.session_state["config.changes"] | changes


@pytest.mark.usefixtures("me")
def test_each_attempt_says_what_it_changed_and_what_came_of_it(app, catalog, book):
    press(app, "challenge.set")
    attempt(app, catalog, 0.9, updates=1)
    change(app, **{"cell.kind": "gru"})
    attempt(app, catalog, 1.0, outcome="diverged", updates=2)
    change(app, **{"task.length": 4})
    attempt(app, catalog, 1.0, updates=3)
    assert "| 1 | nothing | 1 | 90 %, not reached |" in said(app)
    assert "| 2 | GRU | 2 | 100 %, not finite |" in said(app)
    assert "GRU | 3 | 100 %, another task |" in said(app)
    assert book.entries() == ()


@pytest.mark.usefixtures("me")
def test_of_twins_each_is_an_attempt(app, catalog):
    press(app, "challenge.set")
    attempt(app, catalog, 0.3)
    change(app, hidden=4)
    known = set(catalog.ids())
    checked(app.run())
    press(app, "bar.twin")
    for run in set(catalog.ids()) - known:
        measured(catalog.get(run), [1.0] * 5).write_end(Ending(outcome="finished", sentence="Done.", update=4))
    checked(app.run())
    assert "Mended with 12 of 20 updates" in said(app)
    assert "| 3 |" in said(app)
    catalog.delete(catalog.ids()[0])
    catalog.delete(catalog.ids()[0])
    assert "| 3 |" in said(checked(app.run())), "what was spent stays spent"


@pytest.mark.usefixtures("me")
def test_a_run_that_the_budget_does_not_allow_is_said(app):
    press(app, "challenge.set")
    change(app, updates=30)
    assert "The run that is set makes 30 updates, and 20 are left." in said(checked(app.run()))


@pytest.mark.usefixtures("me")
def test_a_spent_budget_is_a_result_and_may_be_begun_anew(app, catalog, book):
    press(app, "challenge.set")
    for _ in range(3):
        attempt(app, catalog, 0.3)
    assert "Used 24 of 20 updates." in said(app)
    assert "The budget is spent" in said(app)
    assert [entry.points for entry in book.entries()] == [0]
    press(app, "challenge.again")
    assert "Used 0 of 20 updates." in said(app)
    attempt(app, catalog, 1.0)
    assert "Mended with 8 of 20 updates: 1 of 1." in said(app)
    assert [entry.points for entry in book.entries()] == [0], "the first result counts"


@pytest.mark.usefixtures("me")
def test_what_was_spent_stays_spent_when_a_run_is_deleted(app, catalog):
    press(app, "challenge.set")
    catalog.delete(attempt(app, catalog, 0.3))
    checked(app.run())
    assert "| 1 | nothing | 8 | 30 %, not reached |" in said(app)
    assert "Used 8 of 20 updates." in said(app)


@pytest.mark.usefixtures("me")
def test_what_was_spent_stays_spent_in_another_session(app, catalog, book):
    press(app, "challenge.set")
    kept, gone = attempt(app, catalog, 0.3), attempt(app, catalog, 0.4, updates=7)
    catalog.delete(gone)
    app = opened()
    assert "Used 15 of 20 updates." in said(app)
    assert "| 1 | nothing | 8 | 30 %, not reached |" in said(app)
    assert "| 2 | – | 7 | deleted |" in said(app)
    assert [each.run_id for each in book.attempts("trial")] == [kept, gone]

    press(app, "challenge.again")
    assert book.attempts("trial") == ()
    assert "Used 0 of 20 updates." in said(opened())


@pytest.mark.usefixtures("me")
def test_a_mended_run_stays_mended_in_another_session_when_it_is_deleted(app, catalog):
    press(app, "challenge.set")
    catalog.delete(attempt(app, catalog, 1.0))
    assert "Mended with 8 of 20 updates: 1 of 1." in said(opened())


@pytest.mark.usefixtures("me")
def test_what_cannot_be_written_costs_a_sentence(app, catalog, monkeypatch):
    def denied(self, path, data, before=Store.write):
        if path.startswith("answers/"):
            raise PermissionError(13, "a path")
        before(self, path, data)

    press(app, "challenge.set")
    monkeypatch.setattr(Store, "write", denied)
    attempt(app, catalog, 0.3)
    assert "Your answers cannot be kept now: Permission denied." in said(app)


@pytest.mark.usefixtures("me")
@pytest.mark.parametrize("owner", [None, "ef" * 32])
def test_a_run_of_somebody_else_is_no_attempt(app, catalog, book, monkeypatch, owner):
    monkeypatch.setattr(engine().catalog, "_shared", True)  # all may look at all
    press(app, "challenge.set")
    theirs = measured(catalog.create(find("trial").config("broken"), owner), [1.0] * 9)
    theirs.write_end(Ending(outcome="finished", sentence="Done.", update=8))
    app.session_state["run.watched"] = theirs.run_id
    checked(app.run())
    assert "Used 0 of 20 updates." in said(app)
    assert book.entries() == ()


@pytest.mark.usefixtures("me")
def test_while_it_trains_the_goal_is_not_looked_at(app, catalog, book):
    press(app, "challenge.set")
    press(app, "bar.train")
    measured(catalog.get(catalog.ids()[0]), [1.0] * 4)
    checked(app.run())
    assert "It trains." in said(app)
    assert "challenge.again" not in keys(app)
    assert book.entries() == ()
