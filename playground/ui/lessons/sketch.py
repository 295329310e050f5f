"""A curve over time steps that a reader draws on a log axis, by setting heights at a few of them."""

import json
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from playground.core.words import number
from playground.ui.live.component import address

HANDLES = 7
"""Enough for a curve with a knee, few enough for fingers on a phone."""
LONGEST = 400
"""Letters of what a browser sends."""

Heights = tuple[float | None, ...]
"""log10 at each handle; None where the reader has set nothing."""


class Paper(NamedTuple):
    """What is drawn on: time steps t = 1 … `steps`, decades from `low` to `high`."""

    steps: int
    low: float
    high: float

    @classmethod
    def of(cls, steps: int, low: float, high: float) -> "Paper":
        """From bounds in the measurement's own unit."""
        return cls(steps, math.log10(low), math.log10(high))

    @property
    def handles(self) -> tuple[int, ...]:
        """At even distances, the first and the last step among them."""
        count = min(HANDLES, self.steps)
        return tuple(round(1 + i * (self.steps - 1) / max(1, count - 1)) for i in range(count))

    def curve(self, heights: Heights) -> tuple[float, ...] | None:
        """log10 at every step: straight between what was set, level beyond it; None where nothing was."""
        known = [(step, height) for step, height in zip(self.handles, heights, strict=True) if height is not None]
        if not known:
            return None
        steps, values = zip(*known, strict=True)
        return tuple(np.interp(np.arange(1, self.steps + 1), steps, values).round(6).tolist())

    def read(self, text: object) -> Heights | None:
        """What a browser says was drawn; None for what no sketch of ours sends."""
        try:
            found = json.loads(text) if isinstance(text, str) and len(text) <= LONGEST else None
        except ValueError:
            return None
        if not isinstance(found, list) or len(found) != len(self.handles):
            return None
        return tuple(found) if all(each is None or self._holds(each) for each in found) else None

    def _holds(self, height: object) -> bool:
        return isinstance(height, int | float) and not isinstance(height, bool) and self.low <= height <= self.high


_STUB = (
    f"const module = await import(location.origin + '{address()}/lessons/sketch.js');\nexport default module.default;\n"
)

_component = st.components.v2.component("playground_sketch", js=_STUB, isolate_styles=False)


def ask(question: str, paper: Paper, drawn: Heights | None, *, key: str) -> None:
    """An empty sketch, or one that begins with what was drawn before. What is drawn on it is `drawn` of its state."""
    begun = list(drawn) if drawn else [None] * len(paper.handles)
    _component(key=key, data=_data(question, paper, begun), on_drawn_change=_rerun)


def reveal(question: str, paper: Paper, drawn: Sequence[float], measured: Sequence[float], *, key: str) -> None:
    """The measured curve over the drawn one, each log10 at every step; () for one that is not there. And in words."""
    words = " ".join(
        f"{name}: {in_words(curve)}." for name, curve in (("Measured", measured), ("You drew", drawn)) if len(curve)
    )
    seen = [value for value in (*drawn, *measured) if math.isfinite(value)]
    wide = paper._replace(low=min([paper.low, *map(math.floor, seen)]), high=max([paper.high, *map(math.ceil, seen)]))
    _component(
        key=key, data=_data(question, wide, list(drawn), [*map(_plain, measured)], words), on_drawn_change=_rerun
    )


def in_words(curve: Sequence[float]) -> str:
    """First, middle and last step of a curve in log10."""
    steps = dict.fromkeys((1, (len(curve) + 1) // 2, len(curve)))
    return ", ".join(f"{number(_power(curve[step - 1]))} at step {step}" for step in steps)


def _power(height: float) -> float:
    """What a log10 is of; infinite beyond what a float holds."""
    return math.inf if height > 308 else 10.0**height


def _plain(height: float) -> float | str:
    """JSON has no −∞, which is the log of an exact zero, and no NaN."""
    return height if math.isfinite(height) else "zero" if height == -math.inf else "not finite"


def _data(
    question: str, paper: Paper, drawn: list[Any], measured: list[Any] | None = None, words: str = ""
) -> dict[str, str]:
    sketch = {
        **paper._asdict(),
        "ask": question,
        "handles": paper.handles,
        "drawn": drawn,
        "measured": measured,
        "locked": measured is not None,
        "words": words,
    }
    # As text: Streamlit loads pandas, 40 MB, to see whether a list or a mapping is a table.
    return {"sketch": json.dumps(sketch, allow_nan=False)}


def _rerun() -> None:
    """A change runs the card again, which is all that there is to do."""
