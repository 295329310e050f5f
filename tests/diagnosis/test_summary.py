"""What is said of a run that is over: three sentences at most, and nothing that was not measured."""

import math

import pytest

from playground.diagnosis import symptom
from playground.diagnosis.alarm import Alarm, Cleared, Remedy
from playground.diagnosis.summary import Facts, one_sentence, sentences
from playground.diagnosis.verdict import Outcome
from playground.training.config import RunConfig

CONFIG = RunConfig()
FORGOT = Outcome(400, "accuracy", True, 0.25, 0.24, 2e-8, None, None)
SOLVED = Outcome(400, "accuracy", True, 0.25, 1.0, 0.05, None, 60)
CURE = Remedy(kind="orthogonal", title="U orthogonal", reason="It keeps. It helped on 3 of 3 seeds.", changes={})
VANISHING = Alarm(
    kind="vanishing", update=36, severity="warning", remedies=(CURE,),
    sentence="It forgets: the far end receives 2.2·10⁻⁸ of the signal, and the loss stays at guessing.",
)  # fmt: skip
PLATEAU = Alarm(kind="plateau", update=240, severity="note", sentence="It has learned nothing yet.")
CLIPPED = Alarm(kind="clip_always", update=50, severity="warning", sentence="100 % of the updates are clipped.")
EXPLODING = Alarm(kind="exploding", update=12, severity="warning", sentence="The gradient grows.")
NAN = Alarm(
    kind="not_finite", update=16, causes=("The weights ran away.",),
    sentence="Update 16: pre-activation a at time step 9 is no longer finite, on the way forward (2,048 inf).",
    chain=("gradient norm grew ×3.5 an update for 12 updates", "pre-activation a: inf"),
)  # fmt: skip


def said(outcome=FORGOT, *findings, how="finished", update=400, words="", config=CONFIG, **more):
    return sentences(Facts(config, how, update, words, outcome, findings, **more))


def test_a_solved_run_says_when_and_how_far_its_gradient_reached():
    assert said(SOLVED, reached=30, span=30) == (
        "After 400 updates it has solved the task, at update 60 for the first time: accuracy 100 %, guessing is 25 %.",
        "No alarm was raised, and at the end the gradient reaches 30 of 30 steps back.",
        "Try next: length 60, twice as far to remember.",
    )


def test_nothing_learned_is_told_with_what_stands_and_its_first_remedy():
    assert said(FORGOT, PLATEAU, VANISHING) == (
        "After 400 updates it has learned nothing: accuracy 24 %, guessing is 25 %.",
        "Vanishing over time, seen at update 36: it forgets: the far end receives 2.2·10⁻⁸ of the signal, and the loss "
        "stays at guessing; besides plateau at the baseline (update 240).",
        "Try next: U orthogonal (it helped on 3 of 3 seeds).",
    )


def test_nan_is_told_with_its_place_and_the_chain_that_led_there():
    broke = FORGOT._replace(diverged=16)
    assert said(broke, EXPLODING, NAN, how="diverged", update=16)[:2] == (
        "It broke at update 16: pre-activation a at time step 9 is no longer finite, on the way forward (2,048 inf).",
        "What led there: gradient norm grew ×3.5 an update for 12 updates; exploding (update 12).",
    )
    alone = NAN.model_copy(update={"chain": ()})
    assert said(broke, alone, how="diverged", update=16)[1] == "The likeliest cause: The weights ran away."
    assert said(broke, how="diverged", update=16)[0] == "It broke at update 16: its weights are no longer finite."


def test_a_stop_at_the_first_nan_is_told_as_nan_and_an_earlier_one_is_not():
    assert said(FORGOT, NAN, how="stopped", update=16)[0].startswith("It broke at update 16")
    assert said(FORGOT, NAN, how="stopped", update=90)[0].startswith("Stopped after update 90 of 400")


def test_a_run_that_was_stopped_early_says_of_how_many():
    assert said(FORGOT._replace(update=20), how="stopped", update=39) == (
        "Stopped after update 39 of 400: it has learned nothing: accuracy 24 %, guessing is 25 %.",
        "No alarm was raised.",
        "Try next: the same to its end, 400 updates.",
    )
    untested = FORGOT._replace(update=-1, metric=math.nan)
    assert said(untested, how="stopped", update=-1)[0] == "Stopped before anything was tested."


def test_a_failure_is_told_in_its_own_words():
    words = "The worker died 3 times in a row after update 7. Make batch, length or hidden smaller."
    untested = FORGOT._replace(update=-1, metric=math.nan)
    assert said(untested, how="failed", update=7, words=words) == tuple(
        f"{one}." for one in words.removesuffix(".").split(". ")
    )


def test_clipped_to_death_is_told_and_a_warning_over_a_note():
    assert said(FORGOT, PLATEAU, CLIPPED)[1].startswith("Clipped nearly always, seen at update 50: 100 % of")


def test_what_was_cleared_is_over():
    over = Cleared(kind="exploding", raised=12, update=60, sentence="It is back.")
    assert said(SOLVED, EXPLODING, over)[1] == "No alarm stands: what was raised is over, exploding (update 12)."


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (SOLVED._replace(metric=0.5), "had solved the task at update 60 and lost it again: accuracy 50 %"),
        (FORGOT._replace(metric=0.6), "has learned a part of it: accuracy 60 %"),
        (FORGOT._replace(metric=0.02), "is worse than guessing: accuracy 2 %"),
        (FORGOT._replace(metric=math.nan), "its score is NaN"),
        (FORGOT._replace(guessing=math.nan, metric=0.6), "it stands at accuracy 60 %."),
        (
            Outcome(400, "mean squared error", False, 1 / 6, 0.002, 1.0, None, 240),
            "mean squared error 0.0020, guessing",
        ),
    ],
)
def test_every_result_has_its_words(outcome, words):
    first, _, last = said(outcome)
    assert words in first
    assert last.startswith("Try next: ")


def test_a_learning_rate_of_0_only_measures():
    config = CONFIG.patched({"optimizer.learning_rate": 0.0})
    assert "it only measures" in said(FORGOT, config=config)[0]
    assert said(FORGOT, config=config)[2] == "Try next: a learning rate above 0."


@pytest.mark.parametrize("severity", ["failure", "warning", "note"])
@pytest.mark.parametrize("kind", [cls.model_fields["kind"].default for cls in symptom.registry])
def test_every_alarm_is_named_in_one_sentence(kind, severity):
    alarm = Alarm(kind=kind, update=5, severity=severity, sentence="Something happened: 0.5 of it. And more.")
    title = next(one.title for one in CONFIG.alarms.symptoms() if one.name == kind)
    for found in (said(FORGOT, alarm), said(FORGOT, alarm, NAN, how="diverged", update=16)):
        assert len(found) <= 3
        assert all(one_sentence(text) == text and text.endswith(".") for text in found)
        assert title in found[1].lower() or severity == "note"
