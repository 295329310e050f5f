"""A map of what trains: one cell for each pair of settings, coloured by its outcome or by a number, theory as lines.

Cells stand at whole numbers, columns and rows counted from 0: names and numbers make an axis alike, and all cells are
equally large. Numbers rise upward; names are listed downward.
"""

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from playground.core.words import cut
from playground.figures import outcome_style, style
from playground.figures.drawn import Drawn, Trace, heatmap, scatter

LETTER = 6  # px of 12 px type, on average
LONGEST = 22  # letters of a label
OVER = 24  # px over the cells
UNDER = 42  # px under the cells: numbers, and the title of the axis
TICK = 8  # px of them that slanted names do not need
SLANT = 35  # degrees, of names too long to stand side by side
RISE = 0.57  # of a slanted name's length, its height
SIDE_BY_SIDE = 42  # letters of names that fit side by side into a panel
LEAST = 0.2  # of a scale's colours, that no number has
MANY = 12  # numbers of a row, that are not told one by one
TOLD = 24  # rows that a text tells; of more it tells every second, third, …
CELL, AREA = (16, 40), (56, 420)  # px, the least and the most: of a cell's height, of all rows

DASHES = {"bound": "dot", "even": "solid", "forgotten": "dash"}
"""Of a line of theory, by its kind."""


class Side(NamedTuple):
    """An axis in words: what it is, and its values in their order."""

    title: str
    values: tuple[str, ...]
    numeric: bool


class Square(NamedTuple):
    """One cell: `code` is its colour by outcome_style's numbers, or else `value` its place on the scale; `sign` stands
    in it, `said` is what it shows in a few words, `hover` all that is known of it."""

    number: int
    code: int | None
    value: float | None
    sign: str
    said: str
    hover: str


class Theory(NamedTuple):
    """A line of theory: points in columns and rows, None between its pieces."""

    kind: str
    name: str
    x: tuple[float | None, ...]
    y: tuple[float | None, ...]


class Panel(NamedTuple):
    title: str  # "" where there is only one
    rows: tuple[tuple[Square, ...], ...]
    lines: tuple[Theory, ...]


class Scale(NamedTuple):
    """Of a number: the values (log10 on a log scale) at its ends and at its ticks. A diverging one has its middle at
    what is neither too small nor too large."""

    low: float
    high: float
    ticks: Mapping[float, str]
    diverging: bool = False


class Key(NamedTuple):
    """An entry of the legend: words, sign, the colour on each ground, and what it means."""

    name: str
    sign: str
    colours: Mapping[outcome_style.Ground, str]
    rule: str


class MapData(NamedTuple):
    """What is drawn. Without `scale` the colours are outcomes; without y there is one row. `theory` are the sentences
    of the lines, by name, those that are not there included."""

    title: str
    rule: str
    x: Side
    y: Side | None
    panels: tuple[Panel, ...]
    scale: Scale | None
    legend: tuple[Key, ...]
    theory: Mapping[str, str]


def draw(data: MapData, panel: int = 0) -> Drawn:
    """One panel. All have the same axes and colours."""
    shown = data.panels[panel]
    traces = [_heat(shown, "coloraxis4", "outcome", lambda square: square.code)]
    if data.scale:
        colours = "coloraxis" if data.scale.diverging else "coloraxis2"
        traces.append(_heat(shown, colours, "number", lambda square: square.value))
    traces += [_line(line) for line in shown.lines]
    figure = Drawn(traces, style.base_layout(right=64 if data.scale else 16, lowest=True))
    figure.update_layout(
        xaxis=across(data.x),
        yaxis=_upward(data.y),
        coloraxis4=outcome_style.AXIS,
        margin={"l": max(56, 34 + _length(data.y)) if data.y else 24, "b": under(data.x)},
    )
    if data.scale:
        figure.update_layout(**{colours: _colours(data.scale)})
    return figure


def height(data: MapData, low: bool = False) -> int:
    """How many px a panel needs to be read with ease, labels included; in a `low` window, to be read at all."""
    rows = len(data.panels[0].rows)
    least, most = AREA
    each = CELL[0] if low else max(CELL[0], min(CELL[1], most // rows))
    return max(least, each * rows) + under(data.x) + OVER


def _heat(panel: Panel, colours: str, name: str, pick: Callable[[Square], float | None]) -> Trace:
    """The cells that `pick` finds something of."""

    def of(what: Callable[[Square], Any]) -> list[list[Any]]:
        return [[what(square) if pick(square) is not None else None for square in row] for row in panel.rows]

    return heatmap(
        name=name,
        z=of(pick),
        text=of(lambda square: square.sign),
        texttemplate="%{text}",
        hovertext=of(lambda square: square.hover),
        hovertemplate="%{hovertext}<extra></extra>",
        hoverongaps=False,
        coloraxis=colours,
        xgap=1,
        ygap=1,
    )


def _line(line: Theory) -> Trace:
    return scatter(
        name=line.name,
        x=line.x,
        y=line.y,
        mode="lines",
        line={"width": 2, "dash": DASHES[line.kind]},
        hoverinfo="skip",  # what is under the pointer is a cell
    )


def across(side: Side) -> dict[str, Any]:
    """The x axis of these values."""
    angle = -SLANT if slanted(side) else 0
    return {**_axis(side), "range": [-0.5, len(side.values) - 0.5], "tickangle": angle}


def _upward(side: Side | None) -> dict[str, Any]:
    if side is None:
        return {"range": [-0.5, 0.5], "tickvals": [], "showgrid": False}
    edges = [-0.5, len(side.values) - 0.5]
    return {**_axis(side), "range": edges if side.numeric else edges[::-1]}


def _axis(side: Side) -> dict[str, Any]:
    return {
        "tickvals": list(range(len(side.values))),
        "ticktext": [cut(value, LONGEST) for value in side.values],
        "showgrid": False,
        "title": {"text": side.title},
    }


def _length(side: Side) -> int:
    """px of the longest label."""
    return round(LETTER * max(min(len(value), LONGEST) for value in side.values))


def slanted(side: Side) -> bool:
    """Whether names are too long to stand side by side. Numbers never are: some can be left out."""
    return not side.numeric and len(side.values) * max(map(len, side.values)) > SIDE_BY_SIDE


def under(side: Side) -> int:
    """px that an x axis needs under the plot."""
    return UNDER + round(RISE * _length(side)) - TICK if slanted(side) else UNDER


def _colours(scale: Scale) -> dict[str, Any]:
    # The least is told from an empty cell.
    low = scale.low if scale.diverging else scale.low - LEAST * (scale.high - scale.low)
    bar = {"thickness": 8, "outlinewidth": 0, "x": 1.02, "xpad": 0, "len": 1.06}
    ticks = {"tickvals": list(scale.ticks), "ticktext": list(scale.ticks.values())}
    return {"cmin": low, "cmax": scale.high, "colorbar": {**bar, **ticks}}


def words(data: MapData) -> str:
    """The whole picture as text: row by row, neighbours that show the same together."""
    parts = [f"{data.title}, across: {_span(data.x)}" + (f"; {_down(data.y)}." if data.y else ".")]
    every = -(-sum(len(panel.rows) for panel in data.panels) // TOLD)
    if every > 1:
        parts.append(f"Of {every} rows one is told.")
    for panel in data.panels:
        head = f"{panel.title}. " if panel.title else ""
        for i, row in list(enumerate(panel.rows))[::every]:
            of = f"{data.y.title} {data.y.values[i]}: " if data.y else ""
            parts.append(f"{head}{of}{_row(row, data.x)}.")
            head = ""
    lines = {line.name for panel in data.panels for line in panel.lines}
    parts += [f"{name}: {rule}" for name, rule in data.theory.items() if name in lines]
    return " ".join(parts)


def _span(side: Side) -> str:
    return f"{side.title} {side.values[0]} to {side.values[-1]}" if side.numeric else side.title


def _down(side: Side) -> str:
    return f"{'up' if side.numeric else 'down'}: {_span(side)}"


def _row(row: tuple[Square, ...], side: Side) -> str:
    if len(row) > MANY and any(square.value is not None for square in row):
        return _extremes(row, side)
    found, at = [], 0
    for said, same in groupby(row, key=lambda square: square.said):
        here = side.values[at : at + len(list(same))]
        at += len(here)
        found.append(f"{said} at {f'{here[0]} to {here[-1]}' if side.numeric and len(here) > 1 else ', '.join(here)}")
    return "; ".join(found)


def _extremes(row: tuple[Square, ...], side: Side) -> str:
    """The least and the most of a row's numbers, and how many cells have none."""
    placed = [(square.value, square.said, side.values[i]) for i, square in enumerate(row) if square.value is not None]
    (_, least, here), (_, most, there) = min(placed), max(placed)
    rest = len(row) - len(placed)
    return f"from {least} at {here} to {most} at {there}" + (f"; {rest} without a number" if rest else "")
