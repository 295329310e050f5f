"""Summary."""

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
class Summary(Task):
    """Read T letters, K of them capitals, and write the capitals in their order.

    Letters are drawn from S, small ones and capitals from the same; a capital has a mark beside it, and stands at any
    step. So the network must choose what it stores. Guessing scores 1/S and ln S a letter, and S^−K for all of them.
    """

    title: ClassVar[str] = "summary"
    summary: ClassVar[str] = "Read a long line of letters and write down the capitals alone."
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "exact match"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("encoder_decoder",)
    kind: Literal["summary"] = "summary"
    length: Annotated[int, Field(ge=5, le=100, description="Letters T that are read.")] = 24
    capitals: Annotated[int, Field(ge=1, le=5, description="Capitals K among them, to write down.")] = 3
    symbols: Annotated[int, Field(ge=2, le=10, description="Size S of the alphabet.")] = 6

    @property
    def inputs(self) -> int:
        return self.symbols + 1

    @property
    def outputs(self) -> int:
        return self.symbols

    @property
    def answers(self) -> int:
        return self.capitals

    @property
    def baseline_loss(self) -> float:
        return math.log(self.symbols)

    @property
    def baseline_metric(self) -> float:
        return float(self.symbols) ** -self.capitals

    def sample(self, count: int, generator: "Generator") -> Batch:
        letters = torch.randint(self.symbols, (self.length, count), generator=generator)
        places = torch.rand(self.length, count, generator=generator).argsort(0)[: self.capitals].sort(0).values
        mark = letters.new_zeros(letters.shape).scatter_(0, places, 1)
        x = torch.cat([one_hot(letters, self.symbols), mark[..., None]], -1)
        return Batch(x, letters.gather(0, places))

    def view_input(self, x: NDArray[np.float64]) -> View:
        letters = (LETTERS[letter] for letter in x[:, :-1].argmax(-1))
        return Tokens(
            tuple(letter if mark else letter.lower() for letter, mark in zip(letters, x[:, -1] > 0.5, strict=True)),
            tuple(bool(mark < 0.5) for mark in x[:, -1]),
        )

    def view_output(self, y: NDArray[np.float64]) -> View:
        return Tokens(tuple(LETTERS[int(letter)] for letter in y))
