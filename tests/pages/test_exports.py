"""The buttons of one run's exports: what is there, what is not and why, and nothing of a stranger's."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from playground.runs.export import FORMATS
from playground.runs.records import Checkpoint, Origin
from playground.training.config import RunConfig
from playground.ui import exports
from playground.ui.words import plain

SMALL = {"hidden": 5, "batch": 4, "updates": 60, "task": {"kind": "recall", "length": 6}}


@pytest.fixture
def shown():
    def run(run_id):
        def page(run_id):
            from playground.ui import exports

            exports.show(run_id, "k")

        app = AppTest.from_function(page, default_timeout=30, args=(run_id,)).run()
        assert not app.exception
        return [button.proto.label for button in app.get("download_button")], [c.value for c in app.caption], app.code

    return run


@pytest.fixture
def folder(catalog):
    folder = catalog.create(RunConfig.parse(SMALL))
    folder.write_checkpoint(Checkpoint("", 0, b""))
    return folder


def test_each_format_has_a_button_or_a_reason(folder, shown):
    missing = set() if find_spec("tensorboard") else {"tensorboard"}
    buttons, captions, code = shown(folder.run_id)
    assert buttons == [format.title for name, format in FORMATS.items() if name not in missing]
    assert len(captions) == len(missing)
    assert not code

    folder.write_origin(Origin(run_id=folder.run_id, update=30))
    buttons, captions, _ = shown(folder.run_id)
    assert "PyTorch script" not in buttons
    assert captions[0].startswith("PyTorch script: This run goes on from update 30")


def test_of_a_long_run_the_page_passes_on_what_is_small(folder, shown, monkeypatch):
    monkeypatch.setattr(exports, "MOST_VALUES", 10)
    buttons, captions, code = shown(folder.run_id)
    assert buttons == ["PyTorch script", "Weights", "Config"]
    assert "too long" in captions[-1]
    assert f"export {folder.run_id} --format" in code[0].value


def test_a_strangers_run_and_a_broken_one_have_no_buttons(catalog, folder, shown):
    foreign = catalog.create(RunConfig.parse(SMALL), "somebody else")
    assert shown(foreign.run_id)[:2] == (
        [],
        [plain("There is no run of this name that you may see. Open one from the list of runs.")],
    )
    Path(folder.path, "config.json").write_text("{")
    buttons, captions, _ = shown(folder.run_id)
    assert not buttons
    assert "cannot be read" in captions[0]
