"""A melody in a style."""

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, one_hot, registry
from playground.tasks.guessing import Guess, best_fixed_guess
from playground.tasks.views import Notes, Tokens, View

if TYPE_CHECKING:
    from torch import Generator

REST = 15
"""Its class; 0 … 14 are the white keys of two octaves."""

PITCHES = (60, 62, 64, 65, 67, 69, 71, 72, 74, 76, 77, 79, 81, 83, 84)
"""MIDI numbers: C4 to C6."""

NAMES = ("C4", "D4", "E4", "F4", "G4", "A4", "B4", "C5")
"""Where a melody can start."""

STYLES = {
    "march": "0 2 4 4  3 2 1 .  1 3 5 5  4 3 2 .",
    "scale": "0 1 2 3 4 5 6 7  7 6 5 4 3 2 1 0",
    "waltz": "0 4 4  2 5 5  1 4 4  0 2 .",
    "lullaby": "0 . 2 1  0 . 4 2  3 . 5 4  2 1 0 .",
}
"""Steps of the scale above the first note, and dots for rests; from the end a style goes on at its beginning."""


@lru_cache(maxsize=64)
def songbook(styles: int, length: int) -> NDArray[np.int64]:
    """All melodies as classes: (styles, starts, length)."""
    songs = np.full((styles, len(NAMES), length), REST)
    for style, pattern in enumerate(list(STYLES.values())[:styles]):
        steps = pattern.split()
        for t in range(length):
            if steps[t % len(steps)] != ".":
                songs[style, :, t] = np.arange(len(NAMES)) + int(steps[t % len(steps)])
    return songs


@lru_cache(maxsize=64)
def best_guess(styles: int, length: int) -> Guess:
    songs = songbook(styles, length).reshape(-1, length)
    return best_fixed_guess(songs, np.ones(len(songs)))


@registry.register
class Melody(Task):
    """Play a melody of K notes from its first note, one of 8, and its style, one of S.

    A style is a walk over the scale of C, as many steps above the first note. Which note comes next depends on the
    style and on the place in it: in a scale F leads to G on the way up and to E on the way down. Classes: 15 notes, C4
    to C6, and a rest.
    The baseline knows the place and neither note nor style: the best guess at each step over all 8·S melodies.
    The styles were composed for this task.
    """

    title: ClassVar[str] = "melody"
    summary: ClassVar[str] = "Play on from a first note, in a given style."
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "accuracy"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("one_to_many",)
    kind: Literal["melody"] = "melody"
    length: Annotated[int, Field(ge=2, le=64, description="Notes K of every melody.")] = 16
    styles: Annotated[int, Field(ge=2, le=4, description="The first S of march, scale, waltz, lullaby.")] = 4

    @property
    def inputs(self) -> int:
        return len(NAMES) + self.styles

    @property
    def outputs(self) -> int:
        return len(PITCHES) + 1

    @property
    def baseline_loss(self) -> float:
        return best_guess(self.styles, self.length).loss

    @property
    def baseline_metric(self) -> float:
        return best_guess(self.styles, self.length).accuracy

    def sample(self, count: int, generator: "Generator") -> Batch:
        start = torch.randint(len(NAMES), (count,), generator=generator)
        style = torch.randint(self.styles, (count,), generator=generator)
        x = torch.cat([one_hot(start, len(NAMES)), one_hot(style, self.styles)], -1)
        songs = torch.from_numpy(songbook(self.styles, self.length))
        return Batch(x[None], songs[style, start].T.contiguous())

    def view_input(self, x: NDArray[np.float64]) -> View:
        start, style = x[0, : len(NAMES)].argmax(), x[0, len(NAMES) :].argmax()
        return Tokens((f"{list(STYLES)[style]} from {NAMES[start]}",))

    def view_output(self, y: NDArray[np.float64]) -> View:
        return Notes(tuple((*PITCHES, -1)[int(note)] for note in y))
