"""Running sum."""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, registry
from playground.tasks.views import Curves, View

if TYPE_CHECKING:
    from torch import Generator


@registry.register
class RunningSum(Task):
    """x_t in U[−1, 1]; say at every step the sum so far, over √T: s_t = (x_1 + … + x_t) / √T.

    The best guess from x_t alone is x_t / √T, since the others are on average 0; it misses the t − 1 values before,
    each of variance 1/3. Over t = 1 … T: mean of (t − 1) / (3T) = (T − 1) / (6T), about 1/6.
    The scale √T keeps s_t within the range of a tanh for every T.
    """

    title: ClassVar[str] = "running sum"
    summary: ClassVar[str] = "Say at every step the sum of all the numbers so far."
    loss: ClassVar[LossName] = "mean squared error"
    metric: ClassVar[MetricName] = "mean squared error"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("many_to_many",)
    kind: Literal["running_sum"] = "running_sum"

    @property
    def inputs(self) -> int:
        return 1

    @property
    def outputs(self) -> int:
        return 1

    @property
    def baseline_loss(self) -> float:
        return (self.length - 1) / (6 * self.length)

    @property
    def baseline_metric(self) -> float:
        return self.baseline_loss

    def sample(self, count: int, generator: "Generator") -> Batch:
        x = 2 * torch.rand(self.length, count, 1, generator=generator, dtype=torch.float64) - 1
        return Batch(x, x.cumsum(0) / self.length**0.5)

    def view_input(self, x: NDArray[np.float64]) -> View:
        return Curves(x, ("value",))

    def view_output(self, y: NDArray[np.float64]) -> View:
        return Curves(y, ("sum so far / √T",))
