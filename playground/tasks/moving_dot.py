"""A dot that moves left or right: the smallest video."""

import math
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, one_hot, registry
from playground.tasks.views import Frames, Tokens, View

if TYPE_CHECKING:
    from torch import Generator

DIRECTIONS = ("left", "right")


@registry.register
class MovingDot(Task):
    """A dot starts anywhere on a ring of P pixels and moves one pixel a frame: left or right?

    No single frame says anything, nor do all of them out of order: the dot visits the same T neighbours either way.
    Guessing scores 1/2 and ln 2. The order of the frames is all there is.
    """

    title: ClassVar[str] = "moving dot"
    summary: ClassVar[str] = "A tiny video: does the dot move to the left or to the right?"
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "accuracy"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("many_to_one", "window_mlp")
    kind: Literal["moving_dot"] = "moving_dot"
    length: Annotated[int, Field(ge=2, le=200, description="Frames T of every video.")] = 8
    pixels: Annotated[int, Field(ge=3, le=50, description="Pixels P of the ring on which the dot moves.")] = 12

    @property
    def inputs(self) -> int:
        return self.pixels

    @property
    def outputs(self) -> int:
        return 2

    @property
    def baseline_loss(self) -> float:
        return math.log(2)

    @property
    def baseline_metric(self) -> float:
        return 1 / 2

    def sample(self, count: int, generator: "Generator") -> Batch:
        start = torch.randint(self.pixels, (1, count), generator=generator)
        direction = torch.randint(2, (1, count), generator=generator)
        places = (start + torch.arange(self.length)[:, None] * (2 * direction - 1)) % self.pixels
        return Batch(one_hot(places, self.pixels), direction)

    def view_input(self, x: NDArray[np.float64]) -> View:
        return Frames(x)

    def view_output(self, y: NDArray[np.float64]) -> View:
        return Tokens(tuple(DIRECTIONS[int(direction)] for direction in y))
