"""Drawing a shape."""

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, one_hot, registry
from playground.tasks.views import Strokes, Tokens, View

if TYPE_CHECKING:
    from torch import Generator

SHAPES = ("circle", "spiral", "star", "figure eight")
SMALL, LARGE = 0.6, 1.0
"""Sizes, uniformly between."""


@lru_cache(maxsize=64)
def templates(length: int) -> NDArray[np.complex128]:
    """The shapes as points of the complex plane, from 1 + 0i on and inside the unit circle: (shapes, length)."""
    u = np.linspace(0, 1, length)
    circle = np.exp(2j * np.pi * u)
    spiral = (1 - 0.9 * u) * np.exp(4j * np.pi * u)
    corners = np.exp(4j * np.pi / 5 * np.arange(6))  # every second corner of a pentagon
    star = np.interp(5 * u, np.arange(6), corners.real) + 1j * np.interp(5 * u, np.arange(6), corners.imag)
    eight = np.cos(2 * np.pi * u) + 0.5j * np.sin(4 * np.pi * u)
    return np.stack([circle, spiral, star, eight])


@registry.register
class Drawing(Task):
    """Draw a circle, a spiral, a star or a figure eight in K pen positions: p_k = s·R(φ)·shape(u_k), u_k = 0 … 1.

    Size s in U[0.6, 1] and turn φ in U[−a, a] cannot be known from the shape's name, so that the input gives both: the
    shape, one-hot, and where the pen starts, (s cos φ, s sin φ). The baseline knows the step alone and draws the mean
    E p_k = E[s]·(sin a / a)·P̄_k, P̄ the mean of the shapes P. Its error is the variance, half that of the point since
    both coordinates are averaged: (E[s²]·mean|P_k|² − |E p_k|²) / 2, averaged over k.
    """

    title: ClassVar[str] = "drawing"
    summary: ClassVar[str] = "Move a pen: circle, spiral, star or figure eight?"
    loss: ClassVar[LossName] = "mean squared error"
    metric: ClassVar[MetricName] = "mean squared error"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("one_to_many",)
    kind: Literal["drawing"] = "drawing"
    length: Annotated[int, Field(ge=6, le=200, description="Pen positions K of every drawing.")] = 41
    turn: Annotated[float, Field(ge=0, le=180, description="Largest turn a of a shape, in degrees, either way.")] = 30

    @property
    def inputs(self) -> int:
        return len(SHAPES) + 2

    @property
    def outputs(self) -> int:
        return 2

    @property
    def baseline_loss(self) -> float:
        shapes = templates(self.length)
        size, square = (SMALL + LARGE) / 2, (LARGE**3 - SMALL**3) / (LARGE - SMALL) / 3
        mean = size * np.sinc(self.turn / 180) * shapes.mean(0)
        return float((square * np.abs(shapes) ** 2 - np.abs(mean) ** 2).mean() / 2)

    @property
    def baseline_metric(self) -> float:
        return self.baseline_loss

    def sample(self, count: int, generator: "Generator") -> Batch:
        shape = torch.randint(len(SHAPES), (count,), generator=generator)
        size, turn = torch.rand(2, count, generator=generator, dtype=torch.float64)
        start = torch.polar(SMALL + (LARGE - SMALL) * size, (2 * turn - 1) * self.turn * torch.pi / 180)
        points = torch.from_numpy(templates(self.length))[shape].T * start  # (K, N)
        x = torch.cat([one_hot(shape, len(SHAPES)), torch.view_as_real(start)], -1)
        return Batch(x[None], torch.view_as_real(points.contiguous()))

    def view_input(self, x: NDArray[np.float64]) -> View:
        right, up = x[0, -2:]
        return Tokens((f"{SHAPES[x[0, :-2].argmax()]} from ({right:.2f}, {up:.2f})",))

    def view_output(self, y: NDArray[np.float64]) -> View:
        return Strokes(y)
