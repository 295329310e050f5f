"""How a reader sees a sequence: what is drawn, said or played for it. Plain data, so that the screen needs no torch."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Tokens(NamedTuple):
    """One word, letter or digit a step. `blank` ones are shown faintly: nothing is asked or said there."""

    items: tuple[str, ...]
    blank: tuple[bool, ...] = ()
    separator: str = " "


class Curves(NamedTuple):
    """Numbers over steps: values (steps, width), a name for each column."""

    values: NDArray[np.float64]
    names: tuple[str, ...]


class Frames(NamedTuple):
    """A tiny video: brightness 0 … 1, (steps, pixels)."""

    pixels: NDArray[np.float64]


class Strokes(NamedTuple):
    """A pen's way over the paper: (steps, 2)."""

    points: NDArray[np.float64]


class Notes(NamedTuple):
    """A melody, one note a step: MIDI numbers, −1 for a rest. `seconds` is how long a step lasts."""

    pitches: tuple[int, ...]
    seconds: float = 0.25


View = Tokens | Curves | Frames | Strokes | Notes
