"""An old run gives the alarms that it gave live, and others with other thresholds; two runs are compared by what they
measured."""

import pytest

from playground.diagnosis.verdict import verdict
from playground.runs.again import findings, findings_at
from playground.runs.outcome import outcome_of
from playground.runs.worker import run_folder
from playground.training.presets import PRESETS


@pytest.fixture
def trained(catalog):
    def train(key, **changes):
        folder = catalog.create(PRESETS[key].config.patched({"pace": 0, **changes}))
        run_folder(folder.path)
        return folder

    return train


@pytest.mark.parametrize("key", ["P5", "P7"])
def test_an_old_run_says_what_it_said_live(trained, key):
    folder = trained(key)
    live = folder.findings()
    assert {found.kind for found in live} >= {"exploding", "not_finite"}
    assert sorted(findings(folder, folder.config()), key=str) == sorted(live, key=str)


def test_with_other_thresholds_it_says_something_else(trained):
    folder = trained("P1", updates=60)
    strict = folder.config().patched({"alarms.vanishing.share": 1e-12})
    early = folder.config().patched({"alarms.vanishing.updates": 10})
    assert [found.update for found in findings(folder, folder.config()) if found.kind == "vanishing"] == [30]
    assert not [found for found in findings(folder, strict) if found.kind == "vanishing"]
    assert [found.update for found in findings(folder, early) if found.kind == "vanishing"] == [10]
    told = findings_at(folder.path, early.model_dump(mode="json")["alarms"])
    assert told == [found.model_dump(mode="json") for found in findings(folder, early)]


def test_two_stored_runs_have_a_verdict(trained):
    forgot, cured = trained("P1", updates=120), trained("P1", updates=120, **{"cell.recurrent_init.kind": "orthogonal"})
    said = verdict(outcome_of(forgot), outcome_of(cured), "orthogonal", over=True)
    assert said.startswith("Orthogonal helped: accuracy 100 %")
    assert "vanishing over time" in said


def test_a_run_that_broke_says_where(trained):
    outcome = outcome_of(trained("P5"))
    assert outcome.diverged == 16
    assert "not finite" in outcome.alarms
