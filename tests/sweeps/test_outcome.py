"""What a network's numbers are called, and that these are the thresholds of single runs."""

import pytest

from playground.core.measurement import MeasurementSpec, Series
from playground.diagnosis import verdict
from playground.diagnosis.thresholds import Thresholds
from playground.sweeps.member import Member
from playground.sweeps.outcome import FORGOTTEN, RULES, Facts, Outcome, broken, facts_of, outcome
from playground.training.config import RunConfig
from playground.training.probes.held_out import HeldOut

SHARE = Facts("accuracy", True, 0.25, 30)
ERROR = Facts("mean squared error", False, 1 / 6, 50)
INF, NAN = float("inf"), float("nan")


def member(**measured):
    return Member(cell=0, seed=0, **({"updates": 200, "metric": 0.25, "ratio": 0.1} | measured))


@pytest.mark.parametrize(
    ("measured", "facts", "expected"),
    [
        ({"metric": 1.0, "solved": 40}, SHARE, "learns"),
        ({"metric": 0.3, "solved": 40}, SHARE, "learns"),  # it did, whatever came later
        ({"metric": 0.96}, SHARE, "is learning"),
        ({"metric": 0.25 + 0.75 * 0.09}, SHARE, "stalls"),  # not more than noise
        ({"metric": 0.25 + 0.75 * 0.11}, SHARE, "is learning"),
        ({"metric": 0.26}, SHARE, "stalls"),
        ({"metric": 0.26, "ratio": 2e-8}, SHARE, "forgets"),
        ({"metric": 0.26, "ratio": 0.0}, SHARE, "forgets"),
        ({"metric": 0.26, "ratio": FORGOTTEN}, SHARE, "stalls"),
        ({"metric": 0.26, "ratio": NAN}, SHARE, "stalls"),  # a network without time
        ({"metric": 0.9, "ratio": 0.0}, SHARE, "is learning"),  # it has found another way
        ({"metric": 0.05}, ERROR, "is learning"),
        ({"metric": 0.16}, ERROR, "stalls"),
        ({"metric": 3.0, "ratio": 1e-9}, ERROR, "forgets"),
        ({"metric": 3.0, "blew_up": 7}, ERROR, "blows up"),
        ({"metric": NAN, "diverged": 17}, SHARE, "blows up"),
        ({"metric": 1.0, "solved": 40, "diverged": 90}, SHARE, "blows up"),
        ({"metric": INF}, ERROR, "stalls"),
        ({"metric": NAN}, ERROR, "stalls"),  # too large for a number on longer sequences, and no cell is left empty
        ({"metric": 0.25, "updates": 0}, SHARE, None),  # it has not moved
        ({"metric": NAN, "updates": 0, "diverged": 0}, SHARE, "blows up"),
    ],
)
def test_five_words(measured, facts, expected):
    found = outcome(member(**measured), facts)
    assert found == (None if expected is None else Outcome(expected))


def test_when_it_blew_up_is_the_first_sign_of_it():
    assert broken(member(diverged=17, blew_up=12)) == 12
    assert broken(member(diverged=17)) == 17
    assert broken(member()) is None


@pytest.mark.parametrize("task", ["recall", "adding", "reversal", "drawing"])
def test_scores_are_held_against_what_the_probe_of_single_runs_declares(task):
    config = RunConfig.parse({"task": task})
    facts = facts_of(config)
    declared = next(spec for spec in HeldOut().specs(config) if spec.name == "test_metric")
    assert (facts.metric, facts.is_share, facts.guessing) == (
        declared.title, declared.unit == "share", declared.reference,
    )  # fmt: skip
    assert facts.length == config.task.length


@pytest.mark.parametrize("metric", [0.2, 0.3, 0.33, 0.5, 0.969, 0.97, 1.0, NAN])
def test_a_network_stands_as_its_single_run_would(metric):
    import numpy as np

    from playground.sweeps.outcome import standing

    spec = MeasurementSpec(name="test_metric", title="accuracy", description="", unit="share", reference=0.25)
    series = Series(spec, np.array([200]), np.array([metric]))
    run = verdict.outcome(RunConfig(), series, 0.5, None, ())
    solved = 200 if verdict.solves(metric, True, 0.25) else None
    mine = member(metric=metric, ratio_first=0.5, solved=solved)
    assert repr(standing(mine, SHARE)) == repr(run)


def test_the_rules_say_the_thresholds():
    assert set(RULES) == set(Outcome)
    assert "97 %" in RULES[Outcome.LEARNS]
    assert "10 %" in RULES[Outcome.LEARNS]
    assert "10 %" in RULES[Outcome.LEARNING]
    assert "less than 0.001 of" in RULES[Outcome.FORGETS]
    assert "10 times" in RULES[Outcome.BLOWS_UP]
    assert Thresholds().vanishing.share == FORGOTTEN
    assert [each.plural for each in Outcome] == ["learn", "are learning", "stall", "forget", "blow up"]
