"""What else must change so that a change fits, and which options fit at all, with the reason why the others do not."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from playground.core.errors import FieldProblem, InvalidConfig, reason
from playground.training.config import RunConfig


class Mended(NamedTuple):
    """A config with the changes in it, and what of the rest had to go back, with `instead` in its place."""

    config: RunConfig
    went_back: tuple[FieldProblem, ...] = ()


def mended(config: RunConfig, changes: Mapping[str, Any]) -> Mended:
    """Takes the changes; what stands in their way goes to the value that its conflict names.

    Raises InvalidConfig where the changes themselves are at fault, or nothing is named.
    """
    wanted = dict(changes)
    went_back: list[FieldProblem] = []
    while True:
        try:
            return Mended(config.patched(wanted), tuple(went_back))
        except InvalidConfig as error:
            problem = error.problems[0]
            if problem.instead is None or problem.path in wanted:
                raise
            wanted[problem.path] = problem.instead
            went_back.append(problem)


class Choices(NamedTuple):
    """The options that fit; those that do not, and why the first of these does not."""

    offered: tuple[Any, ...]
    left_out: tuple[Any, ...] = ()
    reason: str = ""


@lru_cache(maxsize=24)
def choices(config: RunConfig, path: str, options: Sequence[Any]) -> Choices:
    """What of `options` may stand at `path`, if the rest gives way where it can."""
    why: dict[Any, str] = {}
    for option in options:
        try:
            mended(config, {path: option})
        except InvalidConfig as error:
            why[option] = reason(error.problems[0].sentence)
    return Choices(tuple(o for o in options if o not in why), tuple(why), next(iter(why.values()), ""))
