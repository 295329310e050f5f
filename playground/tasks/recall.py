"""Recall of the first symbol."""

import math
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

LETTERS = "ABCDEFGHIJ"


@registry.register
class RecallFirst(Task):
    """Name at step T the symbol x_1, one of S; every later input is a random symbol of the same alphabet.

    The distractors are random, so that nothing but memory helps: with blanks in their place a network can wait for
    the only symbol that ever comes. Guessing scores 1/S and ln S.
    """

    title: ClassVar[str] = "recall the first symbol"
    summary: ClassVar[str] = "Name at the last step the symbol that came first. All others are distractors."
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "accuracy"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("many_to_one", "window_mlp")
    kind: Literal["recall"] = "recall"
    symbols: Annotated[int, Field(ge=2, le=10, description="Size S of the alphabet.")] = 4

    @property
    def inputs(self) -> int:
        return self.symbols

    @property
    def outputs(self) -> int:
        return self.symbols

    @property
    def baseline_loss(self) -> float:
        return math.log(self.symbols)

    @property
    def baseline_metric(self) -> float:
        return 1 / self.symbols

    def sample(self, count: int, generator: "Generator") -> Batch:
        symbols = torch.randint(self.symbols, (self.length, count), generator=generator)
        return Batch(one_hot(symbols, self.symbols), symbols[:1])

    def view_input(self, x: NDArray[np.float64]) -> View:
        return Tokens(tuple(LETTERS[symbol] for symbol in x.argmax(-1)))

    def view_output(self, y: NDArray[np.float64]) -> View:
        return Tokens(tuple(LETTERS[int(symbol)] for symbol in y))
