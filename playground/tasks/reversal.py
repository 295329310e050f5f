"""Reversal."""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.tasks.base import Batch, one_hot, registry
from playground.tasks.digits import DigitTask

if TYPE_CHECKING:
    from torch import Generator


@registry.register
class Reversal(DigitTask):
    """Read T digits and write them backwards: y_k = x_{T+1−k}.

    The first answer is the last digit read: from there the way back through time grows by two steps with each answer,
    so that a network learns the first answers soon and the last ones late. Guessing scores ln S a digit and S^−T for
    all, by default ln 10 and 10^−8. Source: Sutskever, Vinyals & Le 2014 reverse what they read for that reason.
    """

    title: ClassVar[str] = "reversal"
    summary: ClassVar[str] = "Read some digits, then write them backwards."
    kind: Literal["reversal"] = "reversal"

    def sample(self, count: int, generator: "Generator") -> Batch:
        digits = self.digits(count, generator)
        return Batch(one_hot(digits, self.symbols), digits.flip(0))
