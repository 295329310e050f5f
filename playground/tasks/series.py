"""The next value of a time series."""

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationInfo, field_validator

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, registry
from playground.tasks.tables import LONGEST
from playground.tasks.views import Curves, View

if TYPE_CHECKING:
    from torch import Generator, Tensor

OMEGA = 2 * np.pi / 12
"""The sine's angle a step: twelve steps a cycle."""

PAIR, DAMPING = (2 * np.pi / 15, 2 * np.pi / 6), 0.02
"""The two angles a step of the damped pair, and by how much both die away: e^(−0.02 t)."""


@registry.register
class NextValue(Task):
    """Say at every step the next value of a series, x_{t+1}, from x_1 … x_t. All sources have variance 1.

    sine: √2·sin(ωt + φ), ω = 2π/12, any phase φ. damped pair: e^(−γt)·(two waves, each a_k cos ω_k t + b_k sin ω_k t
    with a_k, b_k normal, of variance 1/2). mackey-glass: chaotic, see `mackey_glass`; yours: a column of numbers; these
    two standardised, windows anywhere in them.

    The baseline is the best guess from the current value alone, with r the correlation of neighbours. sine and pair:
    E[x_{t+1} | x_t] = r·x_t and error 1 − r², with r = cos ω: sin² ω (the pair: see `baseline_loss`). The others: the
    best straight line over all windows. Persistence, "next = now", is one such guess and scores 2(1 − r) at variance 1;
    the 1 − cos ω in print belongs to a sine of amplitude 1, whose variance is 1/2.
    """

    title: ClassVar[str] = "next value"
    summary: ClassVar[str] = "Read a series of numbers, and say at every step which comes next."
    loss: ClassVar[LossName] = "mean squared error"
    metric: ClassVar[MetricName] = "mean squared error"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("many_to_many",)
    kind: Literal["series"] = "series"
    source: Annotated[
        Literal["sine", "damped pair", "mackey-glass", "yours"], Field(description="Where the numbers come from.")
    ] = "sine"
    values: Annotated[
        tuple[float, ...],
        Field(max_length=LONGEST, description="Your numbers, in order; read for the source yours only."),
    ] = ()

    @field_validator("values")
    @classmethod
    def _long_enough(cls, values: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
        if info.data.get("source") != "yours":
            return values
        needed = info.data.get("length", 2) + 2
        if len(values) < needed:
            raise ValueError(
                f"The series has {len(values)} numbers, and {needed} or more are needed for sequences of {needed - 2}. "
                "Upload a longer column, or make the sequences shorter."
            )
        if not np.isfinite(np.var(values)) or min(values) == max(values):
            raise ValueError(
                f"The numbers run from {min(values):g} to {max(values):g}, and cannot be brought to variance 1. "
                "Upload a column that varies, by less than 1e150."
            )
        return values

    @property
    def inputs(self) -> int:
        return 1

    @property
    def outputs(self) -> int:
        return 1

    @property
    def baseline_loss(self) -> float:
        if self.source == "sine":
            return float(np.sin(OMEGA) ** 2)
        if self.source == "damped pair":
            # Given x_t, x_{t+1} is normal: mean e^(−γ) r x_t, variance e^(−2γ(t+1)) (1 − r²), r the mean of cos ω_k.
            died = np.exp(-2 * DAMPING * np.arange(1, self.length + 1)).mean()
            return float((1 - np.cos(PAIR).mean() ** 2) * died)
        return best_straight_line(self.recorded(), self.length)

    @property
    def baseline_metric(self) -> float:
        return self.baseline_loss

    def recorded(self) -> NDArray[np.float64]:
        """The one long series of which sequences are cut."""
        return mackey_glass() if self.source == "mackey-glass" else standardised(self.values)

    def sample(self, count: int, generator: "Generator") -> Batch:
        steps = torch.arange(self.length + 1, dtype=torch.float64)[:, None]
        x = self._drawn(count, steps, generator)[..., None]
        return Batch(x[:-1], x[1:])

    def _drawn(self, count: int, steps: "Tensor", generator: "Generator") -> "Tensor":
        if self.source == "sine":
            phase = 2 * torch.pi * torch.rand(count, generator=generator, dtype=torch.float64)
            return torch.sin(OMEGA * steps + phase) * 2**0.5
        if self.source == "damped pair":
            a, b = torch.randn(2, 2, count, generator=generator, dtype=torch.float64) / 2**0.5
            angles = steps.new_tensor(PAIR)[:, None] * steps[:, None]  # (T + 1, 2, 1)
            waves = a * angles.cos() + b * angles.sin()
            return torch.sum(waves, 1) * torch.exp(-DAMPING * steps)
        numbers = torch.from_numpy(self.recorded())
        starts = torch.randint(len(numbers) - self.length, (count,), generator=generator)
        return numbers[starts + steps.long()]

    def view_input(self, x: NDArray[np.float64]) -> View:
        return Curves(x, ("value",))

    def view_output(self, y: NDArray[np.float64]) -> View:
        return Curves(y, ("next value",))


@lru_cache(maxsize=8)
def standardised(values: tuple[float, ...]) -> NDArray[np.float64]:
    """At mean 0 and variance 1."""
    numbers = np.array(values)
    standard: NDArray[np.float64] = (numbers - numbers.mean()) / numbers.std()
    return standard


@lru_cache(maxsize=1)
def mackey_glass() -> NDArray[np.float64]:
    """dx/dt = 0.2 x(t − 17) / (1 + x(t − 17)^10) − 0.1 x(t), every 4 units of t, once it has settled; standardised.

    By the classical Runge–Kutta method in steps of 1/4; half way between two steps the delayed value is their mean.
    Source: Mackey & Glass 1977.
    """
    dt, delay, every, settled = 0.25, 68, 16, 2_000

    def slope(x: float, delayed: float) -> float:
        return 0.2 * delayed / (1 + delayed**10) - 0.1 * x

    path = [1.2] * (delay + 1)
    for _ in range(settled + 2_000 * every):
        x, start, end = path[-1], path[-delay - 1], path[-delay]
        middle = (start + end) / 2
        k1 = slope(x, start)
        k2 = slope(x + dt / 2 * k1, middle)
        k3 = slope(x + dt / 2 * k2, middle)
        k4 = slope(x + dt * k3, end)
        path.append(x + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4))
    return standardised(tuple(path[delay + settled :: every]))


def best_straight_line(numbers: NDArray[np.float64], length: int) -> float:
    """The error of the best a + b·x_t for x_{t+1}, over all windows of `length`, which hold the ends less often."""
    pair = np.arange(len(numbers) - 1)
    windows = np.minimum(pair, len(numbers) - length - 1) - np.maximum(pair - length + 1, 0) + 1
    (xx, xy), (_, yy) = np.cov(numbers[:-1], numbers[1:], aweights=windows, bias=True)
    return float(yy - xy**2 / xx) if xx > 0 else float(yy)
