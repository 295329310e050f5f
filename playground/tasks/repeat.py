"""Repeat."""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.tasks.base import Batch, one_hot, registry
from playground.tasks.digits import DigitTask

if TYPE_CHECKING:
    from torch import Generator


@registry.register
class Repeat(DigitTask):
    """Read T digits and write them as they came: y_k = x_k.

    Every answer lies exactly T steps behind its digit, the first one too: there is no easy end to begin with, as there
    is in reversal. Guessing scores ln S a digit and S^−T for all, by default ln 10 and 10^−8.
    """

    title: ClassVar[str] = "repeat"
    summary: ClassVar[str] = "Read some digits, then write them in the same order."
    kind: Literal["repeat"] = "repeat"

    def sample(self, count: int, generator: "Generator") -> Batch:
        digits = self.digits(count, generator)
        return Batch(one_hot(digits, self.symbols), digits)
