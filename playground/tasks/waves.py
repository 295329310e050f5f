"""Wave forms."""

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, registry
from playground.tasks.views import Curves, Tokens, View

if TYPE_CHECKING:
    from torch import Generator

SHAPES = ("sine", "square", "sawtooth", "triangle")
QUIET, LOUD = 0.5, 1.5
SLOW, FAST = 1 / 15, 1 / 8


@registry.register
class Waves(Task):
    """Name the shape of a noisy wave: sine, square, sawtooth or triangle.

    x_t = A·w(ft + φ) + σ·n_t; amplitude A in U[0.5, 1.5], frequency f in U[1/15, 1/8] cycles a step, any phase φ,
    n_t normal. One value alone says something, since a square never takes those in between: the baseline is the best
    guess from the last one, see `best_guess`. By default it is right in 51 %, where blind guessing gets 33 %.
    """

    title: ClassVar[str] = "wave forms"
    summary: ClassVar[str] = "Sine, square or sawtooth? Any loudness, pitch and phase, and noise."
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "accuracy"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("many_to_one", "window_mlp")
    kind: Literal["waves"] = "waves"
    shapes: Annotated[int, Field(ge=2, le=4, description="The first S of sine, square, sawtooth, triangle.")] = 3
    noise: Annotated[float, Field(ge=0, le=1, description="Standard deviation σ of the noise.")] = 0.1

    @property
    def inputs(self) -> int:
        return 1

    @property
    def outputs(self) -> int:
        return self.shapes

    @property
    def baseline_loss(self) -> float:
        return best_guess(self.shapes, self.noise)[0]

    @property
    def baseline_metric(self) -> float:
        return best_guess(self.shapes, self.noise)[1]

    def sample(self, count: int, generator: "Generator") -> Batch:
        shape = torch.randint(self.shapes, (1, count), generator=generator)
        loudness, frequency, phase = torch.rand(3, count, generator=generator, dtype=torch.float64)
        u = (phase + (SLOW + (FAST - SLOW) * frequency) * torch.arange(self.length)[:, None]) % 1
        forms = torch.stack([(2 * torch.pi * u).sin(), (0.5 - u).sign(), 2 * u - 1, 1 - 4 * (u - 0.5).abs()])
        wave = forms.gather(0, shape.expand_as(u)[None]).squeeze(0) * (QUIET + (LOUD - QUIET) * loudness)
        noise = torch.randn(self.length, count, generator=generator, dtype=torch.float64)
        return Batch((wave + self.noise * noise)[..., None], shape)

    def view_input(self, x: NDArray[np.float64]) -> View:
        return Curves(x, ("wave",))

    def view_output(self, y: NDArray[np.float64]) -> View:
        return Tokens(tuple(SHAPES[int(shape)] for shape in y))


@lru_cache(maxsize=64)
def best_guess(shapes: int, noise: float) -> tuple[float, float]:
    """Loss and accuracy of the best guess from one value z = A·w, plus noise.

    With A in U[a, b], b − a = 1, and m = max(a, |z|) the densities are: sine (arcosh b/|z| − arcosh m/|z|) / π; square
    1/2 on a < |z| < b; sawtooth and triangle ln(b/m) / 2, both being uniform in w. Noise convolves them, on a grid.
    """
    step = 0.001
    half = round((LOUD + 6 * noise) / step)
    z = np.abs(step * (np.arange(-half, half) + 0.5))
    inside = z < LOUD
    m = np.maximum(QUIET, z)
    sine = np.where(inside, np.arccosh(np.maximum(LOUD / z, 1)) - np.arccosh(np.maximum(m / z, 1)), 0) / np.pi
    square = np.where(inside & (z > QUIET), 0.5, 0)
    ramp = np.where(inside, np.log(LOUD / m), 0) / 2
    densities = np.stack([sine, square, ramp, ramp][:shapes])
    if noise > 0:
        reach = round(6 * noise / step)
        kernel = np.exp(-0.5 * (step * np.arange(-reach, reach + 1) / max(noise, step / 100)) ** 2)
        kernel /= kernel.sum()
        densities = np.stack([np.convolve(density, kernel, mode="same")[: len(z)] for density in densities])
    joint = densities * step / shapes
    total = np.broadcast_to(joint.sum(0), joint.shape)
    there = joint > 0
    return float((joint[there] * np.log(total[there] / joint[there])).sum()), float(joint.max(0).sum())
