"""What became of a network of a map, in one of five words. The thresholds are those by which single runs are judged."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from playground.core.words import number, share
from playground.diagnosis import verdict
from playground.diagnosis.symptoms.vanishing import Vanishing
from playground.sweeps.member import BLOWN, Member
from playground.training.config import RunConfig

FORGOTTEN = Vanishing().share
"""The share of the signal at the first step below which a network that does not learn has forgotten it."""


class Outcome(StrEnum):
    """From the best to the worst.

    - learns: a held-out test `solves` the task: `SOLVED` of the answers right, or `SOLVED_ERROR` of guessing's error;
    - is learning: none did, but the newest one has more than `BETTER` of the way from guessing to a perfect score;
    - stalls: no more than that, for another reason than the next one;
    - forgets: no more than that, and ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ is below `FORGOTTEN`, or exactly 0;
    - blows up: weights are not finite, or the loss rose over `BLOWN` times what guessing costs, and stayed there.
    """

    LEARNS = "learns"
    LEARNING = "is learning"
    STALLS = "stalls"
    FORGETS = "forgets"
    BLOWS_UP = "blows up"

    @property
    def plural(self) -> str:
        """Of several cells: they learn."""
        return _PLURAL[self]

    @property
    def bad(self) -> int:
        """0 is the best."""
        return _BAD[self]


_BAD = {outcome: place for place, outcome in enumerate(Outcome)}
_PLURAL = dict(zip(Outcome, ("learn", "are learning", "stall", "forget", "blow up"), strict=True))

RULES: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.LEARNS: f"A test on held-out sequences gets {share(verdict.SOLVED)} of the answers right, or has at "
        f"most {share(verdict.SOLVED_ERROR)} of the error of guessing.",
        Outcome.LEARNING: f"Not there yet, but more than {share(verdict.BETTER)} of the way from guessing to perfect.",
        Outcome.STALLS: "No better than guessing, though no loss of the signal is measured.",
        Outcome.FORGETS: f"No better than guessing, and the first step receives less than {number(FORGOTTEN, 1)} of "
        "the signal.",
        Outcome.BLOWS_UP: f"Weights are not finite, or the loss is over {number(BLOWN)} times that of guessing and of "
        "the start, to the end.",
    }
)
"""Each outcome's rule, as the screen says it."""


class Facts(NamedTuple):
    """What a test's score is held against: as the probe *held_out* declares it. `length` is T."""

    metric: str
    is_share: bool
    guessing: float
    length: int


def facts_of(config: RunConfig) -> Facts:
    task = config.task
    return Facts(task.metric, task.is_share, task.baseline_metric, task.length)


def outcome(member: Member, facts: Facts) -> Outcome | None:
    """As it stands; None before its first update. A test that is no number is no better than guessing."""
    if broken(member) is not None:
        return Outcome.BLOWS_UP
    if member.solved is not None:
        return Outcome.LEARNS
    if not member.updates:
        return None
    if verdict.score(standing(member, facts)) > verdict.BETTER:
        return Outcome.LEARNING
    return Outcome.FORGETS if member.ratio < FORGOTTEN else Outcome.STALLS


def broken(member: Member) -> int | None:
    """The update at which it blew up."""
    return min((at for at in (member.diverged, member.blew_up) if at is not None), default=None)


def standing(member: Member, facts: Facts) -> verdict.Outcome:
    """In the figures by which two runs are compared."""
    return verdict.Outcome(
        member.updates, facts.metric, facts.is_share, facts.guessing, member.metric, member.ratio_first,
        member.diverged, member.solved,
    )  # fmt: skip
