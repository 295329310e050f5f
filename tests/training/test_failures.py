"""The famous failures: on three seeds the named alarms come, in order and in time; and the remedy removes them."""

import pytest

from playground.diagnosis.summary import Facts, one_sentence, sentences
from playground.diagnosis.verdict import helped
from playground.training.cures import SEEDS
from playground.training.presets import FAILURES, PRESETS
from tests.training.whole import run as trained

# preset → alarms in the order in which they have to come, each with the first and last update at which it may
STORIES = {
    "P1": [("vanishing", 30, 60), ("plateau", 240, 240)],
    "P1s": [("vanishing", 30, 60), ("plateau", 240, 240)],
    "P1d": [("vanishing_depth", 35, 130)],
    "P2x": [("vanishing", 30, 60), ("plateau", 240, 240)],
    "P3": [("vanishing", 30, 60), ("plateau", 180, 180)],
    "P3l": [("vanishing", 30, 60), ("plateau", 120, 120)],
    "P5": [("exploding", 10, 20), ("loss_avalanche", 11, 21), ("not_finite", 12, 22)],
    "P6": [("clip_always", 50, 60)],
    "P6x": [("clip_always", 50, 60)],
    "P6e": [("clip_idle", 4, 10), ("exploding", 10, 20), ("not_finite", 12, 22)],
    "P7": [
        ("exploding", 0, 0),
        ("saturated", 1, 2),
        ("cut_off", 2, 5),
        ("weights_growing", 7, 12),
        ("not_finite", 28, 36),
    ],
    "P7h": [("exploding", 0, 3), ("loss_avalanche", 1, 3), ("not_finite", 2, 4)],
    "P7g": [("loss_avalanche", 2, 5), ("weights_growing", 7, 10), ("not_finite", 10, 20)],
    "P7f": [("not_finite", 0, 0)],
}
PHASES = {
    "P5": {"forward"},
    "P6e": {"forward"},
    "P7": {"loss"},  # the read-out runs away: the states of a tanh cannot
    "P7h": {"forward"},
    "P7g": {"loss"},
    "P7f": {"forward"},
}
seeds = pytest.mark.parametrize("seed", SEEDS)


def config_of(key, seed):
    return PRESETS[key].config.patched({"seed": seed, "pace": 0})


def first_of(alarms, kind):
    return next((alarm for alarm in alarms if alarm.kind == kind), None)


@seeds
@pytest.mark.parametrize("key", STORIES)
def test_the_named_alarms_come_in_order(key, seed):
    alarms = trained(config_of(key, seed)).alarms
    found = [first_of(alarms, kind) for kind, *_ in STORIES[key]]
    assert all(found), [alarm.kind for alarm in alarms]
    for alarm, (_, earliest, latest) in zip(found, STORIES[key], strict=True):
        assert earliest <= alarm.update <= latest
    assert found == sorted(found, key=lambda alarm: alarms.index(alarm))


@seeds
@pytest.mark.parametrize("key", PHASES)
def test_nan_is_found_in_its_phase_with_the_chain_that_led_there(key, seed):
    alarm = first_of(trained(config_of(key, seed)).alarms, "not_finite")
    assert alarm.phase in PHASES[key]
    assert alarm.chain[-1].endswith(("NaN", "inf"))
    if key in ("P5", "P7", "P7g"):
        assert alarm.chain[0].startswith("gradient norm grew ×")


@seeds
@pytest.mark.parametrize("key", [key for key in FAILURES if key != "P3g"])
def test_its_remedy_is_offered_and_removes_the_alarm(key, seed):
    kind, cure = FAILURES[key]
    config = config_of(key, seed)
    failed = trained(config)
    alarm = first_of(failed.alarms, kind)
    remedy = next(remedy for remedy in alarm.remedies if remedy.kind == cure)
    cured = trained(config.patched(remedy.changes))
    assert kind not in {alarm.kind for alarm in cured.alarms}
    assert helped(failed.outcome, cured.outcome) or key == "P6x"  # which learns with its clip as well


FORGETTING = ("vanishing", "vanishing_depth", "cut_off", "stalled", "plateau", "weights_collapse")


@pytest.mark.parametrize("key", FAILURES)
def test_clipping_is_never_offered_for_forgetting(key):
    for alarm in trained(config_of(key, 0)).alarms:
        if alarm.kind in FORGETTING:
            assert not {"clip_norm", "clip_value"} & {remedy.kind for remedy in alarm.remedies}


@seeds
@pytest.mark.parametrize("key", ["P2a", "P2b", "P2c", "order", "running_sum"])
def test_a_healthy_run_raises_nothing_to_its_end(key, seed):
    """Of the other presets test_presets.py says the same, for as long as it trains them."""
    assert not [alarm.sentence for alarm in trained(config_of(key, seed)).alarms]


@pytest.mark.parametrize("key", FAILURES)
def test_the_three_sentences_at_its_end_name_the_failure(key):
    config = config_of(key, 0)
    run = trained(config)
    lost = run.outcome.diverged
    how, update = ("finished", config.updates) if lost is None else ("diverged", lost)
    found = sentences(Facts(config, how, update, "", run.outcome, run.findings))
    kind, _ = FAILURES[key]
    titles = {symptom.name: symptom.title for symptom in config.alarms.symptoms()} | {"not_finite": "no longer finite"}
    assert titles[kind] in " ".join(found).lower()
    assert len(found) == 3
    assert all(one_sentence(text) == text for text in found)
