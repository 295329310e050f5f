"""Dates in many formats."""

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, one_hot, registry
from playground.tasks.guessing import Guess, best_fixed_guess
from playground.tasks.views import Tokens, View

if TYPE_CHECKING:
    from torch import Generator

FIRST, DAYS = date(1950, 1, 1), 36_525
"""A century, to the end of 2049."""

MONTHS = "january february march april may june july august september october november december"
FORMATS = ("{day} {name} ", "{name} {day}, ", "{day} {name:.3} ", "{day}.{month}.", "{month}/{day}/")
"""Before the year: 3 march, march 3, 3 mar, 3.12. and 12/3/, as in Germany and in America."""

BLANK = "·"
CHARACTERS = (BLANK, *"0123456789 ,./", *sorted(set(MONTHS) - {" "}))
BEFORE = len("september 30, ")
"""Characters before the year, at most."""


class Calendar(NamedTuple):
    """Every day: its number in a leap year (D,), and year, month and day as 8 digits (D, 8)."""

    of_the_year: NDArray[np.int64]
    digits: NDArray[np.int64]


@lru_cache(maxsize=1)
def calendar() -> Calendar:
    days = [FIRST + timedelta(n) for n in range(DAYS)]
    of_the_year = np.array([(day.replace(year=2000) - date(2000, 1, 1)).days for day in days])
    numbers = np.array([10_000 * day.year + 100 * day.month + day.day for day in days])
    return Calendar(of_the_year, numbers[:, None] // 10 ** np.arange(7, -1, -1) % 10)


@lru_cache(maxsize=1)
def beginnings() -> NDArray[np.int64]:
    """What stands before the year, padded at the front: numbers of characters, (formats, 366, BEFORE)."""
    number = {character: place for place, character in enumerate(CHARACTERS)}
    days = [date(2000, 1, 1) + timedelta(n) for n in range(366)]
    texts = [f.format(day=d.day, month=d.month, name=MONTHS.split()[d.month - 1]) for f in FORMATS for d in days]
    table = np.array([[number[character] for character in text.rjust(BEFORE, BLANK)] for text in texts])
    return table.reshape(len(FORMATS), 366, BEFORE)


@lru_cache(maxsize=1)
def best_guess() -> Guess:
    return best_fixed_guess(calendar().digits, np.ones(DAYS))


@registry.register
class Dates(Task):
    """Read a date letter by letter, in one of several formats, and write it as 8 digits: year, month, day (ISO 8601).

    Any day of 1950 to 2049, in any format, all as likely. The year comes last and is written first. Which number is the
    month depends on the mark between them: 3.12. is in December, 3/12/ in March. Dates are padded at the front. The
    baseline is the best guess from the digit's place alone, over all days; as a whole, any day: 1 in 36,525.
    """

    title: ClassVar[str] = "dates"
    summary: ClassVar[str] = "Read a date in one of many formats and write it in the standard one."
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "exact match"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("encoder_decoder",)
    kind: Literal["dates"] = "dates"
    length: Annotated[int, Field(ge=BEFORE + 4, le=50, description="Characters T that are read, padding included.")] = (
        BEFORE + 4
    )
    formats: Annotated[
        int, Field(ge=1, le=5, description="The first F of 3 march, march 3, 3 mar, 3.12. and 12/3/.")
    ] = 5

    @property
    def inputs(self) -> int:
        return len(CHARACTERS)

    @property
    def outputs(self) -> int:
        return 10

    @property
    def answers(self) -> int:
        return 8

    @property
    def baseline_loss(self) -> float:
        return best_guess().loss

    @property
    def baseline_metric(self) -> float:
        return best_guess().exact

    def sample(self, count: int, generator: "Generator") -> Batch:
        of_the_year, digits = map(torch.from_numpy, calendar())
        day = torch.randint(DAYS, (count,), generator=generator)
        style = torch.randint(self.formats, (count,), generator=generator)
        before, written = torch.from_numpy(beginnings())[style, of_the_year[day]], digits[day]
        shown = torch.cat([before, written[:, :4] + CHARACTERS.index("0")], -1).T
        shown = torch.nn.functional.pad(shown, (0, 0, self.length - len(shown), 0))
        return Batch(one_hot(shown, self.inputs), written.T.contiguous())

    def view_input(self, x: NDArray[np.float64]) -> View:
        characters = x.argmax(-1)
        return Tokens(tuple(CHARACTERS[c] for c in characters), tuple((characters == 0).tolist()), "")

    def view_output(self, y: NDArray[np.float64]) -> View:
        return Tokens(tuple("-" * (k in (4, 6)) + str(int(digit)) for k, digit in enumerate(y)), separator="")
