"""The page of runs, without a browser: what is listed, found, grouped, thrown away and brought back."""

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from playground.core.measurement import Row
from playground.runs.catalog import Catalog, owner_of
from playground.runs.engine import engine
from playground.runs.folder import RunFolder
from playground.runs.labels import Label
from playground.runs.records import Ending
from playground.runs.status import RunStatus
from playground.runs.table import to_table
from playground.training.config import RunConfig
from playground.training.presets import PRESETS, nearest
from playground.ui import history, listing, state, thumbnail

ANN, BOB = owner_of("ann's cookie"), owner_of("bob's cookie")
CONFIG = RunConfig().patched({"task.length": 5, "hidden": 3, "updates": 2})
HOSTILE = "<img src=x onerror=alert(1)> [a](https://x.test) $x$ :red[b] \"'&"


@pytest.fixture(autouse=True)
def ann(monkeypatch):
    monkeypatch.setattr(state, "owner", lambda: ANN)


@pytest.fixture
def ended(catalog):
    """Makes runs that have ended, each a minute older than the one before, with a metric."""
    made = []

    def make(metric=0.5, owner=ANN, outcome="finished", label=None, config=CONFIG, **more):
        made.append(metric)
        started = datetime.now(UTC) - timedelta(minutes=len(made))
        folder = RunFolder.create(
            catalog.root, config, owner, run_id=f"{started:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}", **more
        )
        specs = folder.specs()
        values = {spec.name: np.full(spec.shape, metric) if spec.axes else metric for spec in specs}
        folder.parts.write(1, to_table(specs, 1, [Row(0, 1e9, values), Row(2, 1e9 + 1, values)]))
        folder.write_end(Ending(outcome=outcome, sentence=f"It is {outcome}.", update=2))
        if label:
            folder.write_label(label)
        return folder

    return make


def lines(app):
    """The runs that are on the page, in order."""
    ends = (button.key.removesuffix(".open") for button in app.button if (button.key or "").endswith(".open"))
    return [key.removeprefix("history.") for key in ends]


def said(app):
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.info))


def test_the_empty_page_leads_to_the_playground(at):
    app = at("runs.py")
    assert "No run yet" in said(app)
    app.button(key="history.begin").click().run()
    assert app.button(key="bar.train")


def test_every_outcome_is_listed_and_found_by_status_text_and_tags(at, ended, catalog):
    label = Label.of("Before the exam", "why does it forget", ["exam", "lstm"])
    done, lost, named = ended(), ended(outcome="diverged"), ended(label=label)
    waiting = catalog.create(CONFIG, ANN)
    broken = ended()
    Path(broken.path, "config.json").write_text("{")
    app = at("runs.py")

    assert set(lines(app)) == {run.run_id for run in (done, lost, named, waiting, broken)}
    for status in ("finished", "diverged", "queued", "broken"):
        assert f">{status}<" in said(app)
    assert "hidden units H 3" in said(app)
    assert "cannot be read" in said(app)

    app.button_group(key="history.status").set_value(["diverged"]).run()
    assert lines(app) == [lost.run_id]
    app.button_group(key="history.status").set_value([]).run()
    app.button_group(key="history.tags").set_value(["exam", "lstm"]).run()
    assert lines(app) == [named.run_id]
    app.button_group(key="history.tags").set_value([]).run()
    app.text_input(key="history.find").set_value("FORGET before").run()
    assert lines(app) == [named.run_id]
    app.text_input(key="history.find").set_value("nothing of the kind").run()
    assert lines(app) == []
    assert "No run fits" in said(app)


def test_best_is_how_much_better_than_guessing_it_ended(at, ended):
    metrics = [0.3, 0.9, float("nan"), 0.6]
    runs = [ended(metric).run_id for metric in metrics]
    app = at("runs.py")
    assert lines(app) == runs
    app.button_group(key="history.order").set_value("best").run()
    assert lines(app) == [runs[1], runs[3], runs[0], runs[2]]


def test_a_page_at_first_and_the_rest_behind_more(at, ended, monkeypatch):
    monkeypatch.setattr(history, "PAGE", 2)
    runs = [ended().run_id for _ in range(3)]
    app = at("runs.py")
    assert lines(app) == runs[:2]
    app.button(key="history.more").click().run()
    assert lines(app) == runs


def test_twins_stand_together_where_the_newer_one_is(at, ended):
    one, between = ended(), ended()
    other = ended(twin=one.run_id)
    Path(one.path, "twin").write_text(other.run_id)

    app = at("runs.py")

    assert lines(app) == [one.run_id, other.run_id, between.run_id]
    assert "Twins" in said(app)


def test_a_run_is_thrown_away_and_brought_back(at, ended, catalog):
    folder, other = ended(label=Label.of(HOSTILE[:60], "", [])), ended()
    app = at("runs.py", run=folder.run_id)

    app.menu_button(key=f"history.{folder.run_id}.more").click("Delete").run()
    assert lines(app) == [other.run_id]
    assert "run" not in app.query_params
    assert catalog.in_trash(folder.run_id)

    app.button(key=f"history.undo.{folder.run_id}").click().run()
    assert lines(app) == [folder.run_id, other.run_id]
    assert not [button for button in app.button if "undo" in (button.key or "")]


def test_a_clone_is_a_form_and_no_run(at, ended, catalog):
    folder = ended()
    app = at("runs.py")
    app.menu_button(key=f"history.{folder.run_id}.more").click("Clone into the form").run()
    assert not app.exception
    assert app.query_params["hidden"] == "3"
    assert "run" not in app.query_params
    assert catalog.ids() == [folder.run_id]


def test_a_stopped_run_is_resumed_and_watched(at, ended, catalog):
    folder, done = ended(outcome="stopped"), ended()
    app = at("runs.py")
    assert "Resume" not in app.menu_button(key=f"history.{done.run_id}.more").options
    app.menu_button(key=f"history.{folder.run_id}.more").click("Resume").run()
    assert not app.exception
    assert catalog.get(folder.run_id).end() is None
    assert app.query_params["run"] == folder.run_id


def test_what_people_write_is_text_and_nothing_else(at, ended):
    ended(label=Label.of(HOSTILE[:60], HOSTILE, ["<b>"]))
    app = at("runs.py")
    assert "<img" not in said(app)
    assert "&lt;img src=x" in said(app)
    assert "<b>" not in said(app)


def test_others_are_seen_only_where_that_is_switched_on_and_never_changed(at, ended, monkeypatch):
    mine, others = ended(), ended(owner=BOB)
    assert lines(at("runs.py")) == [mine.run_id]

    monkeypatch.setenv("PLAYGROUND_SHARED_HISTORY", "1")
    engine.cache_clear()
    app = at("runs.py")
    assert lines(app) == [mine.run_id]
    app.button_group(key="history.whose").set_value("everyone’s").run()
    assert lines(app) == [mine.run_id, others.run_id]
    assert "somebody else’s" in said(app)
    options = app.menu_button(key=f"history.{others.run_id}.more").options
    assert options == ["Train on, to twice the updates", "Clone into the form", "Export"], "what makes one's own, alone"


def test_a_run_that_is_deleted_while_the_list_is_drawn_is_still_a_line_of_it(catalog, ended):
    gone, last = ended(), ended()
    here = listing.entries(ANN)
    for folder in (gone, last):
        catalog.delete(folder.run_id)
    entry = next(run for run in here if run.run_id == gone.run_id)
    assert entry.title == f"run {gone.run_id}"
    assert listing.measured(gone.run_id, 2, entry.status).words == ""
    assert thumbnail.drawn(gone.run_id, 2) == ""
    assert listing.entry(last, ANN).status == "broken"
    assert listing.found(here, gone.run_id, (), ()) == [entry]


def test_what_a_run_has_come_to_is_looked_at_again_when_its_end_is_taken_back(ended):
    folder = ended(outcome="diverged")
    before = listing.measured(folder.run_id, 2, RunStatus.DIVERGED)
    folder.delete_end()
    assert listing.measured(folder.run_id, 2, RunStatus.RUNNING) != before


def test_every_preset_has_a_title_of_its_own(catalog):
    titles = list(listing._titles().values())
    assert len(set(titles)) == len(titles)
    assert not [title for title in titles if title.startswith("…")]
    for key, title in list(listing._titles().items())[::12]:
        assert listing._words(Catalog(catalog.root).create(PRESETS[key].config).run_id) == title


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_with_one_change_is_still_that_preset(key):
    config = PRESETS[key].config
    assert nearest(config).key == key
    assert nearest(config.patched({"seed": 7, "pace": 3})).key == key
