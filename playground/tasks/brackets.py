"""Brackets: which symbol may come next."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, one_hot, registry
from playground.tasks.views import Tokens, View

if TYPE_CHECKING:
    from torch import Generator

SYMBOLS = "()"
ONLY_OPEN, EITHER, ONLY_CLOSE = range(3)
ANSWERS = ("(", "( or )", ")")


@registry.register
class Brackets(Task):
    """A string of ( and ), never closed too often nor deeper than D: say at every step which symbol may come next.

    At depth 0 only (, at depth D only ), otherwise either, and then the string takes one by the toss of a coin. So the
    depth is a random walk between two walls: a walk without walls, folded at 0 and D. The baseline guesses from the
    current bracket alone; it follows exactly from the chain's distribution over the depths at t = 1 … T.
    Source: the Dyck language with one kind of bracket, as in Weiss, Goldberg & Yahav 2018: a counter.
    """

    title: ClassVar[str] = "brackets"
    summary: ClassVar[str] = "Count the open brackets: which one may come next?"
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "accuracy"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("many_to_many",)
    kind: Literal["brackets"] = "brackets"
    depth: Annotated[int, Field(ge=2, le=10, description="Deepest nesting D.")] = 3

    @property
    def inputs(self) -> int:
        return 2

    @property
    def outputs(self) -> int:
        return 3

    @property
    def baseline_loss(self) -> float:
        joint = self.symbol_and_answer()
        given = joint / joint.sum(1, keepdims=True)
        return float(-(joint[joint > 0] * np.log(given[joint > 0])).sum())

    @property
    def baseline_metric(self) -> float:
        return float(self.symbol_and_answer().max(1).sum())

    def symbol_and_answer(self) -> NDArray[np.float64]:
        """P(current symbol, answer), averaged over the steps; (2, 3)."""
        p = np.eye(self.depth + 1)[0]
        up = np.array([1.0, *[0.5] * (self.depth - 1), 0.0])
        joint = np.zeros((2, 3))
        for _ in range(self.length):
            opened, closed = np.roll(p * up, 1), np.roll(p * (1 - up), -1)
            for symbol, depths in enumerate((opened, closed)):
                joint[symbol] += depths[0], depths[1:-1].sum(), depths[-1]
            p = opened + closed
        return joint / self.length

    def sample(self, count: int, generator: "Generator") -> Batch:
        steps = 2 * torch.randint(2, (self.length, count), generator=generator) - 1
        depths = self.depth - (self.depth - steps.cumsum(0) % (2 * self.depth)).abs()
        closed = torch.diff(depths, dim=0, prepend=torch.zeros_like(depths[:1])) < 0
        answers = torch.where(depths == 0, ONLY_OPEN, torch.where(depths == self.depth, ONLY_CLOSE, EITHER))
        return Batch(one_hot(closed.long(), 2), answers)

    def view_input(self, x: NDArray[np.float64]) -> View:
        return Tokens(tuple(SYMBOLS[symbol] for symbol in x.argmax(-1)))

    def view_output(self, y: NDArray[np.float64]) -> View:
        return Tokens(tuple(ANSWERS[int(answer)] for answer in y))
