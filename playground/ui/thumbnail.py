"""A run at a glance, as a small drawing: its loss, and under it the gradient at every time step as it was last."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import PlaygroundError
from playground.core.measurement import Measurements, Series
from playground.figures import gradient_history
from playground.figures.style import DECADES, DIVERGING, EXACT_ZERO, NOT_FINITE
from playground.runs.engine import engine
from playground.runs.export import size
from playground.runs.folder import RunFolder
from playground.ui.markup import svg

WIDTH, CURVE, STRIP, GAP = 160.0, 40.0, 14.0, 4.0
POINTS = 80
"""Of a curve: two of them are a pixel."""
MOST = 2_000_000
"""Numbers of a run for which one is drawn: to read more takes memory that forty people share."""
GRADIENTS = ("total_gradient", "flow_gradient", "direct_gradient")

_STOPS = len(DIVERGING["light"])
_ZERO, _LOST, _NO_SIGNAL = _STOPS, _STOPS + 1, -1


@lru_cache(300)
def drawn(run_id: str, _update: int) -> str:
    """SVG; of a run that goes on one for each update at which it was looked at. Empty where nothing can be read."""
    try:
        folder = engine().catalog.get(run_id)
        if size(folder) > MOST:
            return ""
        loss, norms = folder.series("loss"), _newest(folder)
    except PlaygroundError:
        return ""
    return draw(loss, norms)


def draw(loss: Series | None, rows: Sequence[NDArray[np.float64]]) -> str:
    """`rows` are decades from the reference by time step, a layer each: −∞ is exactly 0, ∞ no signal to expect."""
    if loss is None or not len(loss):
        return ""
    return svg(
        WIDTH, CURVE + GAP + STRIP, "loss over training, last gradient over time steps", [*_curve(loss), *_strip(rows)]
    )


def style() -> str:
    """The colours that it takes from the pictures, on either ground."""
    colours = [*zip(DIVERGING["light"], DIVERGING["dark"], strict=True), (EXACT_ZERO["light"], EXACT_ZERO["dark"])]
    rules = [f".th-{i} {{ fill: light-dark({light}, {dark}); }}" for i, (light, dark) in enumerate(colours)]
    return f"<style>{' '.join(rules)} .th-{_LOST}, .th-lost {{ fill: {NOT_FINITE}; }}</style>"


def _newest(folder: RunFolder) -> list[NDArray[np.float64]]:
    """Decades of the newest update, the uppermost layer first; none for a network without recurrence."""
    found = {name: series for name in GRADIENTS if (series := folder.series(name)) is not None and len(series)}
    ends = {name: Series(s.spec, s.updates[[0, -1]], s.values[[0, -1]]) for name, s in found.items()}
    rows = gradient_history.prepare(Measurements(ends)).rows.values() if "total_gradient" in ends else ()
    return [row.decades[-1] for row in rows]


def _curve(loss: Series) -> list[str]:
    """On a log axis; a ✕ where it ended in what is not finite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(loss.values)
    finite = np.isfinite(logs)
    if not finite.any():
        return [_cross(4, CURVE / 2)]
    blocks = np.array_split(np.flatnonzero(finite), min(POINTS, int(finite.sum())))
    y = np.array([logs[block].mean() for block in blocks])
    last = max(1, int(loss.updates[-1]))
    x = np.array([loss.updates[block].mean() for block in blocks]) / last * (WIDTH - 8) + 4
    span = max(float(np.ptp(y)), 0.3)
    height = 4 + (y.max() - y) / span * (CURVE - 8)
    way = " ".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, height, strict=True))
    line = f'<path d="M {way} h 1" class="ex-net" fill="none" stroke="currentColor" stroke-width="1.5"/>'
    return [line] if finite[-1] else [line, _cross(min(WIDTH - 6, x[-1] + 6), height[-1] + 4)]


def _strip(rows: Sequence[NDArray[np.float64]]) -> list[str]:
    """One path a colour: a cell each would be a thousand elements on a page."""
    ways: dict[int, list[str]] = {}
    tall = STRIP / max(1, len(rows))
    for place, decades in enumerate(rows):
        wide, kinds, top = WIDTH / len(decades), _kinds(decades), CURVE + GAP + place * tall
        starts = np.flatnonzero(np.diff(kinds, prepend=-2))
        for start, end in zip(starts, [*starts[1:], len(kinds)], strict=True):
            left, right = start * wide, end * wide
            cell = f"M{left:.1f} {top:.1f}H{right:.1f}v{tall:.1f}H{left:.1f}z"
            ways.setdefault(int(kinds[start]), []).append(cell)
    ways.pop(_NO_SIGNAL, None)
    shapes = [f'<path class="th-{kind}" d="{"".join(cells)}"/>' for kind, cells in sorted(ways.items())]
    return [*shapes, _cross(WIDTH / 2 - 4, CURVE + GAP + STRIP - 3, "#ffffff")] if _LOST in ways else shapes


def _kinds(decades: NDArray[np.float64]) -> NDArray[np.int64]:
    """The stop of the diverging scale that is nearest; or one of the three that have no place on it."""
    steps = np.clip(np.nan_to_num(decades, posinf=0, neginf=0), -DECADES, DECADES)
    kinds = np.rint((steps + DECADES) / (2 * DECADES) * (_STOPS - 1)).astype(np.int64)
    kinds[np.isneginf(decades)] = _ZERO
    kinds[np.isnan(decades)] = _LOST
    kinds[np.isposinf(decades)] = _NO_SIGNAL
    return kinds


def _cross(x: float, y: float, colour: str = "") -> str:
    paint = f'fill="{colour}"' if colour else 'class="th-lost"'
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" font-weight="700" {paint}>✕</text>'
