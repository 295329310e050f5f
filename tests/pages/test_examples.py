"""Examples on the playground's page: of a run as far as it has come; before any run, as far as a worker can say."""

import numpy as np
import pytest
import torch

from playground.core.measurement import Row
from playground.runs.engine import engine
from playground.runs.records import Ending
from playground.runs.table import to_table
from playground.tasks import registry as tasks
from playground.training.config import RunConfig
from playground.training.probes import examples as probe
from playground.ui import pictures

OPEN = {"examples.open": True}


def given(config):
    batch = config.test_task.sample(4, torch.Generator().manual_seed(0))
    if config.one_answer:
        batch = batch._replace(targets=batch.targets[-1:], counts=None)
    return {name: np.asarray(value, dtype=float) for name, value in probe.of(batch).items()}


def trained(catalog, config, prediction):
    """A run of two updates; `prediction` makes the answers of update 0 from the true ones."""
    folder = catalog.create(config)
    specs, known = folder.specs(), given(config)
    known["example_prediction"] = prediction(known["example_target"])
    values = {s.name: known.get(s.name, np.ones(s.shape) if s.axes else 1.0) for s in specs}
    folder.parts.write(1, to_table(specs, 1, [Row(0, 1e9, values)]))
    folder.write_end(Ending(outcome="finished", sentence="Done.", update=0))
    return folder


def drawn(app):
    return next((text.value for text in app.markdown if "ex-examples" in text.value), "")


@pytest.mark.parametrize("kind", tasks.kinds())
def test_the_answers_of_a_run_are_shown(at, catalog, kind):
    config = RunConfig().patched({"task.kind": kind, "updates": 2})
    folder = trained(catalog, config, lambda true: true)

    app = at(session=OPEN, run=folder.run_id)

    assert drawn(app).count('<div class="ex-example">') == 3
    assert "network" in drawn(app)
    assert "✗" not in drawn(app)
    assert any("answers after update 0" in caption.value for caption in app.caption)
    assert len(app.get("audio")) == (6 if kind == "melody" else 0)


def test_answers_that_are_no_numbers_are_said_to_be_none(at, catalog):
    config = RunConfig().patched({"task.kind": "echo", "updates": 2})
    folder = trained(catalog, config, lambda true: np.full_like(true, np.nan))

    assert drawn(at(session=OPEN, run=folder.run_id)).count(pictures.NOT_FINITE) == 3


def test_they_belong_to_the_run_not_to_the_form(at, catalog):
    config = RunConfig().patched({"task.kind": "reversal", "updates": 2})
    folder = trained(catalog, config, lambda true: true)

    app = at(session=OPEN, run=folder.run_id, **{"task.kind": "melody"})

    assert any(caption.value.startswith("reversal, held out") for caption in app.caption)


def test_before_any_run_a_worker_is_asked(at, monkeypatch):
    config = RunConfig()
    monkeypatch.setattr(engine(), "inspect", lambda _: inspected(config))

    app = at(session=OPEN)

    assert drawn(app).count('<div class="ex-example">') == 3
    assert "network" not in drawn(app)


def inspected(config):
    from playground.training.inspection import inspect_config

    return inspect_config(config.patched({"hidden": 4})).model_dump(mode="json")


def test_while_no_worker_answers_it_says_so(at):
    assert any("still starting" in caption.value for caption in at(session=OPEN).caption)


def test_what_is_closed_is_not_drawn(at, catalog):
    folder = trained(catalog, RunConfig(updates=2), lambda true: true)

    assert drawn(at(run=folder.run_id)) == ""


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"cell.kind": "lstm", "direction": "two_passes"},
        {"architecture.kind": "window_mlp"},
        {"task.kind": "reversal", "cell.kind": "gru", "direction": "two_passes", "layers": 2},
        {"direction": "two_passes", "layers": 2},
    ],
)
def test_what_a_config_would_do_is_said(at, monkeypatch, changes):
    config = RunConfig().patched(changes)
    found = inspected(config)
    monkeypatch.setattr(engine(), "inspect", lambda _: found)

    app = at(**{path: str(value) for path, value in changes.items()})

    said = next(text.value for text in app.markdown if "parameters" in text.value)
    assert f"**{found['parameter_count']:,}** parameters" in said
    assert ("ρ(U)" in said) == (config.architecture.recurrent)
    assert ("gates decide" in said) == bool(config.cell.gates)
    assert ("encoder → " in said) == (changes.get("task.kind") == "reversal")
    assert ("read-out" in said) == ("direction" in changes)
