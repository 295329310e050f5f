"""Delayed echo."""

import math
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, one_hot, registry

if TYPE_CHECKING:
    from torch import Generator, Tensor


@registry.register
class Echo(Task):
    """Say at step t the symbol x_{t−d}, one of S; all are random.

    Guessing scores 1/S and ln S, for the current symbol says nothing of the one d steps ago. The first d answers of a
    sequence do not count, except where a stream goes on: its `memory` is the last d symbols, (d, N).
    """

    title: ClassVar[str] = "delayed echo"
    summary: ClassVar[str] = "Repeat every symbol a fixed number of steps after it came."
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "accuracy"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("many_to_many",)
    streams: ClassVar[bool] = True
    kind: Literal["echo"] = "echo"
    length: Annotated[int, Field(ge=12, le=200, description="Time steps T of every sequence.")] = 20
    symbols: Annotated[int, Field(ge=2, le=10, description="Size S of the alphabet.")] = 4
    delay: Annotated[int, Field(ge=1, le=10, description="Steps d between a symbol and its echo.")] = 3

    @property
    def inputs(self) -> int:
        return self.symbols

    @property
    def outputs(self) -> int:
        return self.symbols

    @property
    def asked(self) -> range:
        return range(self.delay, self.length)

    @property
    def baseline_loss(self) -> float:
        return math.log(self.symbols)

    @property
    def baseline_metric(self) -> float:
        return 1 / self.symbols

    def window(self, count: int, generator: "Generator", memory: "Tensor | None") -> "tuple[Batch, Tensor]":
        symbols = torch.randint(self.symbols, (self.length, count), generator=generator)
        counts = torch.ones(self.length, count, dtype=torch.float64)
        if memory is None:
            counts[: self.delay] = 0
            memory = torch.zeros_like(symbols[: self.delay])
        heard = torch.cat([memory, symbols])
        return Batch(one_hot(symbols, self.symbols), heard[: self.length], counts), heard[self.length :]
