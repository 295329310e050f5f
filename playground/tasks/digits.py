"""What the tasks share that read digits and write them."""

import math
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Task

if TYPE_CHECKING:
    from torch import Generator, Tensor


class DigitTask(Task):
    """T random digits of S are read, and the same digits are written, in an order that the task decides.

    Each is as likely as the others, whatever has been written so far: guessing scores 1/S and ln S a digit, and S^−T
    for all of them.
    """

    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "exact match"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("encoder_decoder",)
    length: Annotated[int, Field(ge=2, le=30, description="Digits T of every sequence.")] = 8
    symbols: Annotated[int, Field(ge=2, le=10, description="Different digits S.")] = 10

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
        return float(self.symbols) ** -self.length

    def digits(self, count: int, generator: "Generator") -> "Tensor":
        """(T, N)"""
        return torch.randint(self.symbols, (self.length, count), generator=generator)
