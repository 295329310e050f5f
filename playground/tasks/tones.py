"""Transcribing tones."""

import math
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, registry
from playground.tasks.views import Curves, Tokens, View

if TYPE_CHECKING:
    from torch import Generator, Tensor

LETTERS = "ABCDEFGH"
SHORTEST, LONGEST = 2, 4


@registry.register
class Tones(Task):
    """Write down, frame by frame, which of L letters sounds. A frame is what a filter bank hears: L channels, noisy.

    Channel k of a frame is 1 if letter k sounds, else 0, plus σ·n, n normal. A letter lasts 2 to 4 frames and another
    one follows, all as likely. One frame alone is ambiguous; its neighbours, before and after, help. The baseline is
    the best guess from one frame, see `best_guess`. A stream remembers (last letter, frames that it has left), (2, N).
    """

    title: ClassVar[str] = "transcribing tones"
    summary: ClassVar[str] = "Every letter has a tone, held for a few noisy frames. Write down which one sounds."
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "accuracy"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("many_to_many",)
    streams: ClassVar[bool] = True
    kind: Literal["tones"] = "tones"
    letters: Annotated[int, Field(ge=4, le=8, description="Letters L, and channels.")] = 6
    noise: Annotated[float, Field(ge=0.1, le=2, description="Standard deviation σ of the noise.")] = 0.6

    @property
    def inputs(self) -> int:
        return self.letters

    @property
    def outputs(self) -> int:
        return self.letters

    @property
    def baseline_loss(self) -> float:
        return best_guess(self.letters, self.noise)[0]

    @property
    def baseline_metric(self) -> float:
        return best_guess(self.letters, self.noise)[1]

    def window(self, count: int, generator: "Generator", memory: "Tensor | None") -> "tuple[Batch, Tensor]":
        if memory is None:
            first = torch.randint(self.letters, (count,), generator=generator)
            memory = torch.stack([first, torch.zeros_like(first)])
        last, left = memory
        tones = self.length // SHORTEST + 1
        durations = torch.randint(SHORTEST, LONGEST + 1, (tones, count), generator=generator)
        turns = torch.randint(1, self.letters, (tones, count), generator=generator)
        letters = torch.cat([last[None], turns]).cumsum(0) % self.letters
        ends = torch.cat([left[None], durations]).cumsum(0)
        tone = (ends[:, None] <= torch.arange(self.length)[:, None]).sum(0)
        sounding = letters.gather(0, tone)
        noise = torch.randn(self.length, count, self.letters, generator=generator, dtype=torch.float64)
        x = noise.mul_(self.noise).scatter_add_(-1, sounding[..., None], torch.ones_like(noise[..., :1]))
        left = ends.gather(0, tone[-1:]).squeeze(0) - self.length
        return Batch(x, sounding), torch.stack([sounding[-1], left])

    def view_input(self, x: NDArray[np.float64]) -> View:
        return Curves(x, tuple(f"channel {letter}" for letter in LETTERS[: self.letters]))

    def view_output(self, y: NDArray[np.float64]) -> View:
        return Tokens(tuple(LETTERS[int(letter)] for letter in y))


@lru_cache(maxsize=64)
def best_guess(letters: int, noise: float) -> tuple[float, float]:
    """Loss and accuracy of the best guess from one frame, by quadrature in one dimension.

    With s = 1/σ and z_k normal, the channels over σ are y_k = z_k, and y_j = z_j + s for the letter j that sounds; the
    posterior is softmax(s·y). Accuracy: P(y_j above all others) = ∫ φ(z) Φ(z + s)^(L−1) dz.
    Loss: E ln S − s·E y_j = E ln S − s² with S = Σ_k exp(s·y_k), and by Frullani's integral, with u = exp(v),
    E ln S = ∫ (exp(−u) − E exp(−uS)) dv. The channels are independent, so with G(u) = E exp(−u·exp(s·z)):
    E exp(−uS) = G(u·exp(s²)) · G(u)^(L−1).
    """
    s = 1 / noise
    z = np.linspace(-9, 9, 721)
    density = np.exp(-(z**2) / 2) / np.exp(-(z**2) / 2).sum()
    below = np.array([NormalDist().cdf(place) for place in z + s])
    accuracy = (density * below ** (letters - 1)).sum()
    shift = math.ceil(
        s * s / 0.25
    )  # G is asked at v and at v + s²: both lie on the grid, which is fine enough for 1e-9
    step = s * s / shift
    v = step * np.arange(math.floor((-9 * s - s * s - 40) / step), math.ceil((9 * s + s * s + 5) / step))
    g = np.exp(-np.exp(np.minimum(v[:, None] + s * z, 700))) @ density
    v = v[:-shift]
    mean_log = step * (np.exp(-np.exp(v)) - g[shift:] * g[:-shift] ** (letters - 1)).sum()
    return float(mean_log - s * s), float(accuracy)
