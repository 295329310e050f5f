"""Curves, frames, strokes and notes as SVG: the truth in the colour of the text, the network in that of the run."""

import math

import numpy as np
from numpy.typing import NDArray

from playground.tasks.views import Curves, Frames, Notes, Strokes, View
from playground.ui.markup import svg

STEP, WIDEST = 12.0, 720.0
"""Pixels of a time step in a drawing, and of a whole one."""


def drawing(view: View, about: str, said: View | None = None) -> str:
    """A view as SVG; `said` over it, in the colour of the run."""
    if isinstance(view, Curves):
        return _channels(view, about) if view.values.shape[1] > 3 else _curves(view, about, said)
    if isinstance(view, Frames):
        return _heat(view.pixels.T, about)
    if isinstance(view, Strokes):
        return _strokes(view.points, about, said.points if isinstance(said, Strokes) else None)
    if isinstance(view, Notes):
        return _notes(view, about, said if isinstance(said, Notes) else None)
    raise TypeError(f"{type(view).__name__} are written, not drawn.")


def _curves(view: Curves, about: str, said: View | None) -> str:
    other = said.values if isinstance(said, Curves) else np.empty((0, 1))
    steps, height = len(view.values), 64.0
    every = np.concatenate([view.values.ravel(), other.ravel()])
    every = every[np.isfinite(every)]
    low, high = (float(every.min()), float(every.max())) if len(every) else (0.0, 1.0)
    span = high - low or 1.0
    width = min(max(160.0, STEP * steps), WIDEST)

    def paths(values: NDArray[np.float64], style: str) -> list[str]:
        x = (np.arange(len(values)) + 0.5) * width / max(1, steps)
        y = 5 + (high - values) / span * (height - 10)
        return [f'<path d="{_way(x, column)}" fill="none" {style}/>' for column in y.T]

    zero = 5 + high / span * (height - 10)
    axis = (
        f'<path d="M 0 {zero:.1f} H {width:g}" stroke="currentColor" stroke-opacity="0.2"/>' if low < 0 < high else ""
    )
    dashes = ("", ' stroke-dasharray="2 3"', ' stroke-dasharray="6 3"')
    truth = [
        path.replace("/>", f"{dashes[i]}/>")
        for i, path in enumerate(paths(view.values, 'stroke="currentColor" stroke-opacity="0.7" stroke-width="1.5"'))
    ]
    mine = paths(other, 'class="ex-net" stroke="currentColor" stroke-width="2"')
    names = ", ".join(view.names)
    return svg(width, height, f"{about}: {names}", [axis, *truth, *mine])


def _way(x: NDArray[np.float64], y: NDArray[np.float64]) -> str:
    """A line, lifted where there is no number; a lone point gets a short stroke."""
    there = np.isfinite(y)
    parts = []
    for t in np.flatnonzero(there):
        alone = not (t > 0 and there[t - 1]) and not (t + 1 < len(y) and there[t + 1])
        parts.append(f"{'L' if t > 0 and there[t - 1] else 'M'} {x[t]:.1f} {y[t]:.1f}" + (" h 2" if alone else ""))
    return " ".join(parts)


def _heat(values: NDArray[np.float64], about: str) -> str:
    """Rows of cells, brighter for more; time runs to the right."""
    top = float(np.nanmax(np.abs(values))) or 1.0
    rows, steps = values.shape
    wide, tall = min(STEP, WIDEST / steps), 8.0
    cells = [
        f'<rect x="{t * wide:.1f}" y="{row * tall:g}" width="{wide - 1:.1f}" height="{tall - 1:g}" '
        f'fill="currentColor" fill-opacity="{0.06 + 0.84 * min(1.0, abs(value) / top):.2f}"/>'
        for row, line in enumerate(values)
        for t, value in enumerate(line)
        if math.isfinite(value)
    ]
    return svg(steps * wide, rows * tall, about, cells)


def _channels(view: Curves, about: str) -> str:
    return _heat(view.values.T, f"{about}: {', '.join(view.names)}")


def _strokes(points: NDArray[np.float64], about: str, said: NDArray[np.float64] | None) -> str:
    """A pen's way in the plane, equal in both directions, y upwards; a dot where it begins."""
    size, edge = 132.0, 8.0
    every = points if said is None else np.concatenate([points, said])
    every = every[np.isfinite(every).all(1)]
    low = every.min(0) if len(every) else np.zeros(2)
    span = float(np.ptp(every, axis=0).max()) if len(every) else 1.0
    scale = (size - 2 * edge) / (span or 1.0)

    def line(way: NDArray[np.float64], style: str) -> str:
        x, y = edge + (way[:, 0] - low[0]) * scale, size - edge - (way[:, 1] - low[1]) * scale
        dot = f'<circle cx="{x[0]:.1f}" cy="{y[0]:.1f}" r="3" fill="currentColor"/>' if len(way) else ""
        return f'<g {style}><path d="{_way(x, y)}" fill="none" stroke="currentColor" stroke-width="1.5"/>{dot}</g>'

    shapes = [line(points, 'opacity="0.6"')]
    if said is not None:
        shapes.append(line(said, 'class="ex-net"'))
    return svg(size, size, about, shapes)


def _notes(view: Notes, about: str, said: Notes | None) -> str:
    """A piano roll: the true notes hollow, the network's filled; ✗ under each that differs, a line for a rest."""
    pitches = [p for notes in (view, said) if notes for p in notes.pitches if p >= 0] or [60]
    low, high = min(pitches), max(pitches)
    step, tall = 18.0, 5.0
    bottom = (high - low + 1) * tall + 4

    def place(pitch: int) -> float:
        return (high - pitch) * tall if pitch >= 0 else bottom

    shapes = []
    for t, pitch in enumerate(view.pitches):
        if pitch > -2:
            shapes.append(_bar(t * step, place(pitch), step, tall, 'fill="none" stroke="currentColor"'))
    for t, pitch in enumerate(said.pitches if said else ()):
        if pitch > -2:
            style = 'class="ex-net" fill="currentColor" fill-opacity="0.55"'
            shapes.append(_bar(t * step, place(pitch), step, tall, style))
        if pitch != view.pitches[t] > -2:
            shapes.append(
                f'<text class="ex-wrong" x="{(t + 0.5) * step:g}" y="{bottom + 18:g}" text-anchor="middle" '
                f'font-size="11" fill="currentColor">{"✗" if pitch > -2 else "✕"}</text>'
            )
    return svg(len(view.pitches) * step, bottom + 22, about, shapes)


def _bar(x: float, y: float, width: float, height: float, style: str) -> str:
    return f'<rect x="{x + 1:g}" y="{y + 0.5:g}" width="{width - 2:g}" height="{height:g}" rx="1.5" {style}/>'
