"""Temporal order."""

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
    from torch import Generator, Tensor

DISTRACTORS = 4
LETTERS = "ABcdef"
"""The informative two stand out."""
ANSWERS = ("AA", "AB", "BA", "BB")


@registry.register
class TemporalOrder(Task):
    """Which of A, B came first, and which second: AA, AB, BA or BB.

    Six symbols: A and B, each once at a step in [0.1·T, 0.2·T) and once in [0.5·T, 0.6·T); four distractors elsewhere.
    Guessing scores 1/4 and ln 4. Source: Hochreiter & Schmidhuber 1997, task 6a, as in Pascanu, Mikolov & Bengio 2013.
    """

    title: ClassVar[str] = "temporal order"
    summary: ClassVar[str] = "Two of the symbols matter. Say which came first and which second."
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "accuracy"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("many_to_one", "window_mlp")
    kind: Literal["order"] = "order"
    length: Annotated[int, Field(ge=10, le=200, description="Time steps T of every sequence.")] = 30

    @property
    def inputs(self) -> int:
        return 2 + DISTRACTORS

    @property
    def outputs(self) -> int:
        return 4

    @property
    def baseline_loss(self) -> float:
        return math.log(4)

    @property
    def baseline_metric(self) -> float:
        return 1 / 4

    def sample(self, count: int, generator: "Generator") -> Batch:
        def place(start: int, stop: int) -> "Tensor":
            low, high = (math.ceil(tenths * self.length / 10) for tenths in (start, stop))
            return torch.randint(low, high, (1, count), generator=generator)

        symbols = torch.randint(2, 2 + DISTRACTORS, (self.length, count), generator=generator)
        informative = torch.randint(2, (2, count), generator=generator)
        symbols.scatter_(0, torch.cat([place(1, 2), place(5, 6)]), informative)
        return Batch(one_hot(symbols, self.inputs), (2 * informative[0] + informative[1])[None])

    def view_input(self, x: NDArray[np.float64]) -> View:
        return Tokens(tuple(LETTERS[symbol] for symbol in x.argmax(-1)))

    def view_output(self, y: NDArray[np.float64]) -> View:
        return Tokens(tuple(ANSWERS[int(answer)] for answer in y))
