"""What makes no sense together, each with the reason and with a value that does."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import ValidationError

from playground.core.errors import Conflict, problems_of
from playground.nn.architectures import registry as architectures

if TYPE_CHECKING:
    from playground.training.config import RunConfig


def conflicts(config: "RunConfig") -> Iterator[Conflict]:
    """The first is what a user is told."""
    yield from _architecture(config)
    yield from _direction(config)
    yield from _arrival(config)
    yield from _learning(config)
    yield from _time(config)
    yield from _work(config)


def _architecture(config: "RunConfig") -> Iterator[Conflict]:
    fitting = config.task.architectures
    if config.architecture.kind not in fitting:  # type: ignore[attr-defined]  # every component has one
        names = " or ".join(f"'{kind}'" for kind in fitting)
        yield Conflict(
            "architecture.kind",
            f"{config.architecture.title} does not go with the task {config.task.title}. Write {names}.",
            fitting[0],
        )


def _direction(config: "RunConfig") -> Iterator[Conflict]:
    architecture = config.architecture
    if config.direction not in architecture.directions:
        yield Conflict(
            "direction",
            f"{architecture.title} reads one way only. {architecture.why_not} Write 'one_way'.",
            "one_way",
        )
    if config.direction != "one_way" and config.arrival != "offline":
        yield Conflict(
            "direction",
            "Online, the answer at step t is due before step t + 1 has arrived, and a second reading from the end "
            "needs the whole sequence. Write 'one_way', or take the task offline.",
            "one_way",
        )
    if not architecture.recurrent and config.layers > 1:
        yield Conflict("layers", f"{architecture.title} has one hidden layer. Write 1.", 1)


def _arrival(config: "RunConfig") -> Iterator[Conflict]:
    kind = config.architecture.kind  # type: ignore[attr-defined]
    if config.arrival != "offline" and kind not in ("many_to_many", "many_to_one"):
        yield Conflict(
            "arrival",
            f"Online, a network answers while its input arrives; {config.architecture.title} does not work that way. "
            f"Write 'offline', or choose {architectures['many_to_many'].title}.",
            "offline",
        )
    if config.arrival == "stream" and not (config.task.streams and kind == "many_to_many"):
        yield Conflict(
            "arrival",
            f"The task {config.task.title}, {config.architecture.title}, has a beginning and an end and makes no "
            "endless stream. Write 'online' or 'offline'.",
            "offline",
        )


def _learning(config: "RunConfig") -> Iterator[Conflict]:
    learning, architecture = config.learning, config.architecture
    if not learning.windowed:
        return
    if not architecture.truncates:
        yield Conflict(
            "learning.kind",
            f"{learning.title[0].upper()}{learning.title[1:]} takes one sequence of states piece by piece, which "
            f"{architecture.title} does not have. Write 'cumulative'.",
            "cumulative",
        )
    if config.direction != "one_way":
        yield Conflict(
            "learning.kind",
            f"{learning.title[0].upper()}{learning.title[1:]} takes the sequence piece by piece, and a network that "
            "reads from the end needs it whole. Write 'cumulative', or one way.",
            "cumulative",
        )


MOST_STEPS = 10_000
"""Steps of a recurrent network in one update: a quarter of a second, for which others wait."""


def _work(config: "RunConfig") -> Iterator[Conflict]:
    steps = max(config.task.length, config.task.answers)
    sweeps = 1 if config.one_answer else config.learning.sweeps(steps)
    taken = sweeps * steps * config.layers * (2 if config.direction == "two_passes" else 1)
    if sweeps > 1 and taken > MOST_STEPS:
        yield Conflict(
            "learning.kind",
            f"{config.learning.title[0].upper()}{config.learning.title[1:]} would take {taken:,} steps an update, and "
            f"{MOST_STEPS:,} are allowed. Make the sequence shorter, or write 'cumulative'.",
            "cumulative",
        )


def _time(config: "RunConfig") -> Iterator[Conflict]:
    kind = config.architecture.kind  # type: ignore[attr-defined]
    if config.shuffle_time and kind == "one_to_many":
        yield Conflict("shuffle_time", "One input has no order that could be shuffled. Write false.", False)
    if config.shuffle_time and config.arrival == "stream":
        yield Conflict("shuffle_time", "A stream goes on in its order; shuffled it would be none. Write false.", False)
    if not config.test_length:
        return
    if kind == "window_mlp":
        yield Conflict(
            "test_length",
            f"{config.architecture.title} has a weight for each of its {config.task.length} time steps and cannot take "
            "sequences of another length. Write 0, or choose a recurrent network, which takes any length.",
            0,
        )
    try:
        _ = config.test_task
    except ValidationError as error:
        yield Conflict("test_length", f"As a length of this task: {problems_of(error)[0].sentence}", 0)
