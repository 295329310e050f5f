"""The adding problem."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, registry
from playground.tasks.views import Curves, View

if TYPE_CHECKING:
    from torch import Generator


@registry.register
class Adding(Task):
    """x_t = (value in U[0, 1], mark); two marks, one in each half; the answer at T is the sum or mean of the marked.

    Always answering the expected 1 scores Var(a + b) = 2/12 = 1/6; for the mean, 1/2 scores a quarter of that, 1/24.
    Sources: Hochreiter & Schmidhuber 1997; the sum as in Arjovsky, Shah & Bengio 2016 and Bai, Kolter & Koltun 2018,
    the mean as in Pascanu, Mikolov & Bengio 2013.
    """

    title: ClassVar[str] = "adding"
    summary: ClassVar[str] = "Add the two marked numbers, one in each half of the sequence."
    loss: ClassVar[LossName] = "mean squared error"
    metric: ClassVar[MetricName] = "mean squared error"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("many_to_one", "window_mlp")
    kind: Literal["adding"] = "adding"
    target: Annotated[
        Literal["sum", "mean"],
        Field(description="Whether the answer is the sum of the two marked numbers or their mean."),
    ] = "sum"

    @property
    def inputs(self) -> int:
        return 2

    @property
    def outputs(self) -> int:
        return 1

    @property
    def baseline_loss(self) -> float:
        return 1 / 6 if self.target == "sum" else 1 / 24

    @property
    def baseline_metric(self) -> float:
        return self.baseline_loss

    def sample(self, count: int, generator: "Generator") -> Batch:
        half = self.length // 2
        values = torch.rand(self.length, count, generator=generator, dtype=torch.float64)
        first = torch.randint(half, (1, count), generator=generator)
        second = torch.randint(half, self.length, (1, count), generator=generator)
        marked = torch.cat([first, second])
        marks = torch.zeros_like(values).scatter_(0, marked, 1.0)
        pair = values.gather(0, marked)
        answer = pair.sum(0) if self.target == "sum" else pair.mean(0)
        return Batch(torch.stack([values, marks], dim=-1), answer[None, :, None])

    def view_input(self, x: NDArray[np.float64]) -> View:
        return Curves(x, ("value", "mark"))

    def view_output(self, y: NDArray[np.float64]) -> View:
        return Curves(y, (self.target,))
