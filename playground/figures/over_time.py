"""What pictures over time steps share: their axis, the rows to choose from, and where a signal enters."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import Measurements, Series
from playground.core.reach import BACKWARDS
from playground.figures import style
from playground.figures.drawn import Trace, merged
from playground.figures.figure import Choice, LiveTrace

NO_STATE = "This network has no recurrent state: no gradient travels through time."
NOTHING_YET = "Nothing measured yet."
LAST_ANSWER = "flow of the last answer"


class Headline(NamedTuple):
    """The gradient that a page is about: its name, its norms (update, row, time), and the row numbers, top first."""

    name: str
    series: Series
    rows: Mapping[str, int]


def headline(measurements: Measurements) -> Headline | None:
    """The flow of one loss term where several steps have one, else the total gradient, which then is the same thing.

    With a loss at every step the total has a direct part everywhere, and looks healthy where nothing flows.
    """
    if "total_gradient" not in measurements:
        return None
    total = measurements["total_gradient"]
    rows = top_first(total.spec.labels)
    if "flow_gradient" in measurements:
        return Headline(LAST_ANSWER, measurements["flow_gradient"], rows)
    return Headline("total", total, rows)


def nothing(measurements: Measurements) -> str:
    """Why there is no headline."""
    return NO_STATE if measurements.names() else NOTHING_YET


def top_first(labels: Sequence[str]) -> dict[str, int]:
    """Rows from the uppermost layer down, with the place of each on the axis; → before ←."""
    ways = 2 if any(label.endswith(BACKWARDS) for label in labels) else 1
    places = sorted(range(len(labels)), key=lambda i: (-(i // ways), i))
    return {labels[i]: i for i in places}


def named(row: str, what: str, rows: Mapping[str, object]) -> str:
    """A trace's own name, among those of several rows."""
    return what if len(rows) == 1 else f"{row}: {what}"


def of_row(trace: Trace, row: str, rows: Mapping[str, object], arrays: Mapping[str, LiveTrace]) -> Trace:
    """The trace as that of one row, with its arrays. The first row is what is seen."""
    name = named(row, trace["name"], rows)
    return merged(trace, {**arrays[name].arrays, "name": name, "visible": row == next(iter(rows))})


def choices_of(rows: Mapping[str, object], traces: Sequence[str]) -> dict[str, Choice]:
    """One choice a row, on an axis that is the same for all: what is lower in one layer stands lower."""
    return {row: Choice(tuple(named(row, what, rows) for what in traces), None) for row in rows}


def own_steps(row: str, series: Series) -> int:
    """How many steps a row has: one that reads from the end is an encoder's alone, and ends where a decoder begins."""
    length, handover = series.spec.shape[-1], series.spec.handover
    return handover if handover and row.endswith(BACKWARDS) else length


def divider(handover: int) -> list[dict[str, object]]:
    """plotly's shape: the line between an encoder's steps and its decoder's; none where there is no decoder."""
    if not handover:
        return []
    line = {"color": style.GHOST, "width": 1, "dash": "dash"}
    label = {"text": "encoder\u2003\u2003decoder", "textposition": "end", "textangle": 0, "yanchor": "top"}
    font = {"size": 11, "color": style.GHOST}
    place = {"type": "line", "xref": "x", "yref": "paper", "x0": handover + 0.5, "x1": handover + 0.5, "y0": 0, "y1": 1}
    return [{**place, "line": line, "label": {**label, "font": font}}]


def at_start(series: Series) -> NDArray[np.float64] | None:
    """The values at update 0."""
    return series.values[0] if len(series) and series.updates[0] == 0 else None


def last_finite(series: Series) -> NDArray[np.float64] | None:
    """The last values of which anything is finite."""
    values = series.values
    updates = np.flatnonzero(np.isfinite(values).any(axis=tuple(range(1, values.ndim))))
    return values[updates[-1]] if len(updates) else None


def time_axis(length: int) -> dict[str, object]:
    """Time steps 1 … T, each with half a step around it: the same for a line and for the cells of a heat map."""
    return {
        "range": [0.5, max(length, 1) + 0.5],
        "tickmode": "auto",
        "nticks": 8,
        "tickformat": "d",
        "showticklabels": length > 0,
        "minallowed": 0.5,
        "maxallowed": max(length, 1) + 0.5,
    }
