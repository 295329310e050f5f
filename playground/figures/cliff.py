"""A cliff: the loss of the smallest recurrent network over its bias, and one step down from beside the edge.

    x_{t+1} = w·σ(x_t) + b,   x_0 = 0.5,   E(b) = (σ(x_T) − 0.7)²,   T = 50,  w = 5
    dx_{t+1}/db = w·σ′(x_t)·dx_t/db + 1,   dx_0/db = 0

Where w·σ′(x) = 1 a stable and an unstable state meet (saddle-node); between these two b the unit has two stable states.
At b* = x_0 − w·σ(x_0) it stands on the unstable one between them, and dx_T/db = (mᵀ − 1)/(m − 1) with m = w·σ′(x_0).
Source: Pascanu, Mikolov & Bengio 2013, §2.3 and eq. 8.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.words import number
from playground.figures import style
from playground.figures.drawn import Drawn, Trace, scatter

WEIGHT, START, STEPS, TARGET = 5.0, 0.5, 50, 0.7
RATE, CLIP = 0.1, 0.3  # of the step, and the norm that its gradient is clipped to
SHOWN = (-2.9, -1.9)
NEAR = 1e-3  # the wall is narrower than this, to either side of b*

Numbers = NDArray[np.float64]


class Loss(NamedTuple):
    """x_T, dx_T/db, E and dE/db, of every b."""

    state: Numbers
    sensitivity: Numbers
    loss: Numbers
    slope: Numbers


class Point(NamedTuple):
    b: float
    loss: float
    slope: float


class CliffData(NamedTuple):
    """E over b; where the unit has two stable states; b*; the steepest point, and where a step from it ends."""

    b: Numbers
    loss: Numbers
    bistable: tuple[float, float]
    edge: float
    steepest: Point
    plain: Point
    clipped: Point
    gentle: float  # the largest |dE/db| in the picture but for the wall


def unit(b: Numbers) -> Loss:
    """The unit after all its steps. Any b."""
    x, sensitivity = np.full_like(b, START), np.zeros_like(b)
    for _ in range(STEPS):
        y = _sigmoid(x)
        sensitivity = WEIGHT * y * (1 - y) * sensitivity + 1
        x = WEIGHT * y + b
    y = _sigmoid(x)
    return Loss(x, sensitivity, (y - TARGET) ** 2, 2 * (y - TARGET) * y * (1 - y) * sensitivity)


def edge() -> float:
    """b*, at which x_0 is an unstable fixed point."""
    return float(START - WEIGHT * _sigmoid(np.float64(START)))


def saddle_nodes() -> tuple[float, float]:
    """The b between which the unit has two stable states: w·σ(1 − σ) = 1 there."""
    y = 0.5 + np.array([0.5, -0.5]) * np.sqrt(1 - 4 / WEIGHT)
    low, high = np.log(y / (1 - y)) - WEIGHT * y
    return float(low), float(high)


def prepare() -> CliffData:
    wall = edge() + np.linspace(-NEAR, NEAR, 4001)
    b = np.unique(np.concatenate([np.linspace(*SHOWN, 401), wall]))
    found, on_wall = unit(b), unit(wall)
    place = int(np.abs(on_wall.slope).argmax())
    start = Point(float(wall[place]), float(on_wall.loss[place]), float(on_wall.slope[place]))
    kept = min(1.0, CLIP / abs(start.slope))
    return CliffData(
        b, found.loss, saddle_nodes(), edge(), start, _after(start, 1.0), _after(start, kept),
        float(np.abs(found.slope[np.abs(b - edge()) > 10 * NEAR]).max()),
    )  # fmt: skip


def _after(start: Point, kept: float) -> Point:
    """Where a step ends of whose gradient so much is kept."""
    b = start.b - RATE * kept * start.slope
    found = unit(np.array([b]))
    return Point(b, float(found.loss[0]), float(found.slope[0]))


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def draw(data: CliffData) -> Drawn:
    figure = Drawn(
        [
            scatter(
                name="E(b)", x=data.b, y=data.loss, mode="lines", line={"color": style.RUN, "width": 2.5},
                hovertemplate="b %{x:.3f}: loss %{y:.3f}<extra></extra>",
            ),
            _step("plain step", data.steepest, Point(SHOWN[1], data.steepest.loss, 0.0), style.EXPLODING),
            _step("clipped step", data.steepest, data.clipped, style.TWIN),
        ],
        style.base_layout(right=24, lowest=True),
    )  # fmt: skip
    low, high = data.bistable
    figure.update_layout(
        xaxis={"range": SHOWN, "title": {"text": "bias b"}},
        yaxis={"range": (0.0, 0.44), "tickvals": [0, 0.1, 0.2, 0.3, 0.4], "title": {"text": "loss E"}},
        shapes=[
            {"type": "rect", "x0": low, "x1": high, "y0": 0, "y1": 1, "yref": "paper", "line": {"width": 0},
             "fillcolor": style.GHOST, "opacity": 0.15},
            {"type": "line", "x0": data.edge, "x1": data.edge, "y0": 0, "y1": 1, "yref": "paper",
             "line": {"width": 1, "dash": "dot"}},
        ],
        annotations=[
            _note("two stable states", (low + high) / 2, 0.42),
            _note("b*", data.edge, 0.03, xanchor="right", xshift=-4),
            _note("far outside", SHOWN[1], data.steepest.loss, xanchor="right", yshift=12),
        ],
    )  # fmt: skip
    return figure


def _step(name: str, start: Point, end: Point, colour: str) -> Trace:
    """A line from the wall to where the step ends, or leaves the picture."""
    return scatter(
        name=name, x=[start.b, end.b], y=[start.loss, end.loss], mode="lines+markers",
        line={"color": colour, "width": 2}, marker={"color": colour, "size": 8},
        hovertemplate=f"{name}: b %{{x:.3f}}, loss %{{y:.3f}}<extra></extra>",
    )  # fmt: skip


def _note(text: str, x: float, y: float, **more: Any) -> dict[str, Any]:
    return {"text": text, "x": x, "y": y, "showarrow": False, "font": {"size": 12}, **more}


def words(data: CliffData) -> str:
    """The wall's slope against the plain's, and where the two steps end."""
    return (
        f"On the wall the slope is {number(data.steepest.slope)}, elsewhere at most {number(data.gentle)}. "
        f"With learning rate {RATE:g} a plain step goes to b = {number(data.plain.b)}, where the slope is "
        f"{number(data.plain.slope)}; clipped to {CLIP:g} it goes from b = {number(data.steepest.b, 3)} to "
        f"{number(data.clipped.b, 3)}. "
        f"Two stable states from b = {number(data.bistable[0], 3)} to {number(data.bistable[1], 3)}."
    )


TITLE = "A cliff in the loss"
RULE = "One unit, 50 steps: the loss over its bias b. Left of the wall it ends low, right of it high."
