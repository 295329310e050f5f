"""A wave of a given frequency."""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, registry
from playground.tasks.views import Curves, Tokens, View

if TYPE_CHECKING:
    from torch import Generator

SLOW, FAST = 2 * np.pi / 20, 2 * np.pi / 8
"""Angles ω a step: 20 and 8 steps a cycle."""


@registry.register
class Frequency(Task):
    """Write sin(ωt), t = 1 … K, given ω. It is uniform on [2π/20, 2π/8] and shown as a number from −1 to 1.

    Slow waves and fast ones start alike and part soon: the network needs an oscillator that it can tune. The baseline
    knows t alone and says the mean m_t = E sin(ωt); its error is the variance E sin²(ωt) − m_t², averaged over t, with
    E sin(ωt) = (cos at − cos bt) / (b − a)t and E sin²(ωt) = 1/2 − (sin 2bt − sin 2at) / 4(b − a)t on [a, b].
    """

    title: ClassVar[str] = "wave from a frequency"
    summary: ClassVar[str] = "Get one number, the frequency, and swing that fast."
    loss: ClassVar[LossName] = "mean squared error"
    metric: ClassVar[MetricName] = "mean squared error"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("one_to_many",)
    kind: Literal["frequency"] = "frequency"

    @property
    def inputs(self) -> int:
        return 1

    @property
    def outputs(self) -> int:
        return 1

    @property
    def baseline_loss(self) -> float:
        t = np.arange(1, self.length + 1)
        width = (FAST - SLOW) * t
        mean = (np.cos(SLOW * t) - np.cos(FAST * t)) / width
        square = 0.5 - (np.sin(2 * FAST * t) - np.sin(2 * SLOW * t)) / (4 * width)
        return float((square - mean**2).mean())

    @property
    def baseline_metric(self) -> float:
        return self.baseline_loss

    def sample(self, count: int, generator: "Generator") -> Batch:
        x = 2 * torch.rand(1, count, 1, generator=generator, dtype=torch.float64) - 1
        omega = (SLOW + FAST) / 2 + (FAST - SLOW) / 2 * x
        return Batch(x, (omega * torch.arange(1, self.length + 1)[:, None, None]).sin())

    def view_input(self, x: NDArray[np.float64]) -> View:
        omega = (SLOW + FAST) / 2 + (FAST - SLOW) / 2 * x[0, 0]
        return Tokens((f"a cycle in {2 * np.pi / omega:.1f} steps",))

    def view_output(self, y: NDArray[np.float64]) -> View:
        return Curves(y, ("wave",))
