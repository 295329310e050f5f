"""What was found, when a run is over: how it ended, why, and what to try next. Three sentences at most, in measured
numbers."""

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from playground.core.errors import InvalidConfig
from playground.core.words import number
from playground.diagnosis.alarm import Alarm, Cleared, Severity, standing
from playground.diagnosis.not_finite import KIND
from playground.diagnosis.standing import learns
from playground.diagnosis.verdict import BETTER, Outcome, score, solves

if TYPE_CHECKING:
    from playground.training.config import RunConfig

RANKS: dict[Severity, int] = {"failure": 0, "warning": 1, "note": 2}
NAMED = 4
"""Alarms that are called by their names beside the worst one."""
_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-ZΑ-Ω0-9‖])")


class Facts(NamedTuple):
    """Of a run that is over: what it was, how it ended after which update, its ending's own words, how it scored, what
    was raised and cleared; and of the uppermost layer how many of `span` steps its gradient reached at the end, NaN
    where that was not measured.
    """

    config: "RunConfig"
    how: Literal["finished", "stopped", "diverged", "failed"]
    update: int
    words: str
    outcome: Outcome
    findings: Sequence[Alarm | Cleared] = ()
    reached: float = math.nan
    span: float = math.nan


def sentences(facts: Facts) -> tuple[str, ...]:
    """One to three of them."""
    found = (_ending(facts), _why(facts), _next(facts))
    return tuple(one_sentence(text) for text in found if text)


def one_sentence(text: str) -> str:
    """The first one of a text."""
    return _ENDS.split(text.strip())[0]


# How it ended


def _ending(facts: Facts) -> str:
    lost = _lost(facts)
    if facts.how == "failed":
        return facts.words
    if lost is not None:
        where = lost.sentence.removeprefix(f"Update {lost.update}: ")
        return f"It broke at update {lost.update:,}: {where}"
    if facts.how == "diverged":
        return f"It broke at update {facts.update:,}: its weights are no longer finite."
    over = "Stopped" if facts.how == "stopped" else "Over"
    if facts.outcome.update < 0:
        return f"{over} before anything was tested."
    if facts.how == "stopped":
        return f"Stopped after update {facts.update:,} of {facts.config.updates:,}: {_result(facts)}."
    return f"After {facts.update:,} updates {_result(facts)}."


def _result(facts: Facts) -> str:
    """What came of it."""
    run = facts.outcome
    guess = run.guessing if math.isfinite(run.guessing) else None
    figures = f"{run.metric_title} {run.said(run.metric)}"
    figures += "" if guess is None else f", guessing is {run.said(guess)}"
    reached = score(run)
    if not math.isfinite(run.metric):
        return f"its score is {number(run.metric)}"
    if not learns(facts.config):
        return f"with a learning rate of 0 it only measures: {figures}"
    if solves(run.metric, run.is_share, guess):
        return f"it has solved the task, at update {run.solved or 0:,} for the first time: {figures}"
    if run.solved is not None:
        return f"it had solved the task at update {run.solved:,} and lost it again: {figures}"
    if guess is None:
        return f"it stands at {figures}"
    if abs(reached) <= BETTER:
        return f"it has learned nothing: {figures}"
    return f"it has learned a part of it: {figures}" if reached > 0 else f"it is worse than guessing: {figures}"


# Why


def _why(facts: Facts) -> str:
    lost = _lost(facts)
    if lost is not None:
        return _led_there(facts, lost)
    if found := _standing(facts):
        worst, others = found[0], found[1 : NAMED + 1]
        text = f"{_title(facts, worst)}, seen at update {worst.update:,}: {_bare(worst.sentence)}"
        return f"{text[0].upper()}{text[1:]}" + _listed(facts, "; besides ", others) + "."
    if facts.how == "failed" and facts.outcome.update < 0:
        return ""
    raised = [found for found in facts.findings if isinstance(found, Alarm)]
    over = _listed(facts, ": what was raised is over, ", raised[-NAMED:]) if raised else " was raised"
    return f"No alarm {'stands' if raised else ''}{over}{_reach(facts)}.".replace("  ", " ")


def _led_there(facts: Facts, lost: Alarm) -> str:
    """The chain of a NaN: what grew, what was raised before; or the likeliest cause, where nothing came before it."""
    grown = [link for link in lost.chain if link.startswith("gradient norm")]
    before = [f for f in facts.findings if isinstance(f, Alarm) and f is not lost and f.severity != "note"]
    raised = _listed(facts, "", before[: NAMED + 1])
    if grown or raised:
        return f"What led there: {'; '.join([*grown, *filter(None, [raised])])}."
    return f"The likeliest cause: {lost.causes[0]}" if lost.causes else ""


def _listed(facts: Facts, before: str, alarms: Sequence[Alarm]) -> str:
    named = dict.fromkeys(f"{_title(facts, one)} (update {one.update:,})" for one in alarms)
    return f"{before}{', '.join(named)}" if named else ""


def _reach(facts: Facts) -> str:
    if not (math.isfinite(facts.reached) and facts.span > 0):
        return ""
    return f", and at the end the gradient reaches {facts.reached:.0f} of {facts.span:.0f} steps back"


def _lost(facts: Facts) -> Alarm | None:
    """The alarm of a number that was not finite, where that was the end of the run."""
    if facts.how not in ("diverged", "stopped"):
        return None
    found = next((one for one in facts.findings if isinstance(one, Alarm) and one.kind == KIND), None)
    return found if facts.how == "diverged" or (found and found.update == facts.update) else None


def _standing(facts: Facts) -> list[Alarm]:
    """Alarms that were not cleared, the worst and then the earliest first."""
    return sorted(standing(facts.findings), key=lambda alarm: (RANKS[alarm.severity], alarm.update))


def _title(facts: Facts, alarm: Alarm) -> str:
    titles = {symptom.name: symptom.title for symptom in facts.config.alarms.symptoms()}
    return titles.get(alarm.kind, alarm.kind.replace("_", " "))


def _bare(sentence: str) -> str:
    """Without its full stop, to stand inside another one."""
    text = one_sentence(sentence).rstrip(".")
    return f"{text[0].lower()}{text[1:]}" if text[:1].isupper() and text[1:2].islower() else text


# What next


def _next(facts: Facts) -> str:
    if facts.how == "failed":
        said = _ENDS.split(facts.words.strip())
        return said[-1] if len(said) > 1 else ""
    lost = _lost(facts)
    for alarm in [lost] if lost else _standing(facts):
        if alarm.remedies:
            remedy = alarm.remedies[0]
            backing = _ENDS.split(remedy.reason)[-1].rstrip(".")
            return f"Try next: {remedy.title} ({backing[0].lower()}{backing[1:]})."
    return f"Try next: {_onward(facts)}."


def _onward(facts: Facts) -> str:
    config, run = facts.config, facts.outcome
    if not learns(config):
        return "a learning rate above 0"
    if facts.how == "stopped" and run.solved is None:
        return f"the same to its end, {config.updates:,} updates"
    if run.solved is not None:
        longer = 2 * config.task.length
        return f"length {longer}, twice as far to remember" if _fits(config, "task.length", longer) else "another seed"
    if abs(score(run)) > BETTER and _fits(config, "updates", 2 * config.updates):
        return f"{2 * config.updates:,} updates, to see whether it goes on"
    return "another seed, then ten times the learning rate"


def _fits(config: "RunConfig", path: str, value: int) -> bool:
    try:
        return config.patched({path: value}) != config
    except InvalidConfig:
        return False
