"""The app without a browser, and without an engine."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from playground.lessons.notebook import Notebook
from playground.runs.catalog import Catalog
from playground.runs.engine import engine
from playground.runs.store import Store
from playground.ui import state

ME = "ab" * 32
"""Whose browser it is in a test that has one."""
MAIN = Path(__file__).parents[2] / "playground" / "ui" / "main.py"


@pytest.fixture(autouse=True)
def catalog(tmp_path, monkeypatch):
    """Of a folder of its own. The process keeps its engine, and with it the catalog, so that is forgotten."""
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path))
    # A test has no browser: its cookies are a mock.
    monkeypatch.setattr(state, "owner", lambda: None)

    engine.cache_clear()
    yield Catalog(tmp_path)
    engine.cache_clear()


@pytest.fixture
def me(monkeypatch):
    """A browser that keeps its cookie."""
    monkeypatch.setattr(state, "owner", lambda: ME)


@pytest.fixture
def book(tmp_path):
    """What it has answered."""
    return Notebook(Store.at(tmp_path), ME)


@pytest.fixture
def folder(request, tmp_path, monkeypatch):
    """A teacher's own lessons: one, the test file's TRIAL."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "50-trial.md").write_text(request.module.TRIAL)
    monkeypatch.setenv("PLAYGROUND_LESSONS", str(folder))
    return folder


@pytest.fixture
def at():
    """Opens a page, by the name of its file, with these fields in its link and these keys in its session."""

    def open_page(name="playground.py", session=None, **link):
        app = AppTest.from_file(str(MAIN), default_timeout=30)
        for field, value in link.items():
            app.query_params[field] = value
        for key, value in (session or {}).items():
            app.session_state[key] = value
        app.run()
        if name != "playground.py":
            app.switch_page(f"../../pages/{name}").run()
        assert not app.exception, [e.value for e in app.exception]
        return app

    return open_page
