"""One language of colour and number for every picture.

Blue is vanishing, orange exploding, grey healthy, magenta not finite, teal the run, violet its twin. What depends on
the ground (light or dark) stands in a plotly template, so that a page switches its theme by switching the template;
what a figure draws with a colour of its own reads well on both.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.diagnosis.alarm import Severity
from playground.figures import outcome_style
from playground.figures.drawn import Trace, heatmap, merged, scatter
from playground.figures.outcome_style import GROUNDS as GROUNDS
from playground.figures.outcome_style import Ground as Ground

Axis = Literal["xaxis", "yaxis"]

RUN = "#0d9488"  # teal: loss, current line
TWIN = "#8b5cf6"  # violet, dashed: the run beside it
GHOST = "#8b93a1"  # the same thing at the start of the run, and what is only there to compare with
VANISHING = "#3b82f6"
EXPLODING = "#ea6a12"
NOT_FINITE = "#d0218b"

Colour = Literal["vanishing", "exploding", "not-finite", "ink"]
"""What a colour means. Ink is the ground's own."""
MEANT: dict[Colour, str | None] = {
    "vanishing": VANISHING,
    "exploding": EXPLODING,
    "not-finite": NOT_FINITE,
    "ink": None,
}

INK = {"light": "#31333f", "dark": "#e6e8ec"}
MUTED = {"light": "#6b7280", "dark": "#9aa3b0"}
HALO = {ground: ", ".join(["0 0 2px " + colour] * 3) for ground, colour in (("light", "#ffffff"), ("dark", "#111417"))}
HAIRLINE = {"light": "#e7e9ee", "dark": "#2a2f38"}

DECADES = 8  # the diverging scale reaches from 10⁻⁸ to 10⁸ of its reference in every picture
DIVERGING = {
    "light": ["#0b2f7a", "#1f5fd0", "#6ea2ee", "#c3d6f3", "#eceef1", "#f8d4b4", "#f2a057", "#e26a10", "#a83a00"],
    "dark": ["#8fbcff", "#5f9bf5", "#3a6cc0", "#2d4470", "#2b3038", "#6a4526", "#b4651c", "#f08a2c", "#ffc08a"],
}
EXACT_ZERO = {"light": "#061634", "dark": "#cfe2ff"}
SEQUENTIAL = {
    "light": ["#eef4f3", "#a9d8d1", "#45a99d", "#0f766e", "#06302d"],
    "dark": ["#161d20", "#134e4a", "#17857b", "#3cc7b6", "#d8fff7"],
}

UPDATES_SHOWN = (60, 100, 150, 200, 300, 400, 600, 800)  # stops of a growing axis of updates, then ×10 each


def template(ground: Ground) -> Mapping[str, Any]:
    """A plotly template, of what depends on the ground: ink, grid, colour scales."""
    axis: dict[str, Any] = {
        "gridcolor": HAIRLINE[ground],
        "linecolor": HAIRLINE[ground],
        "zeroline": False,
        "ticks": "",
        "tickfont": {"size": 12, "color": MUTED[ground]},
        "title": {"font": {"size": 12, "color": MUTED[ground]}, "standoff": 4},
        "exponentformat": "power",
        "automargin": False,
        # Otherwise each label is measured at each drawing, to hide one that sticks out by a pixel.
        "ticklabeloverflow": "allow",
    }
    return {
        "layout": {
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"size": 12, "color": INK[ground]},
            "xaxis": axis,
            "yaxis": axis,
            "legend": {"font": {"size": 12, "color": MUTED[ground]}, "bgcolor": "rgba(0,0,0,0)"},
            "hoverlabel": {"font": {"size": 12}, "namelength": -1},
            "coloraxis": {"colorscale": _scale(DIVERGING[ground])},
            "coloraxis2": {"colorscale": _scale(SEQUENTIAL[ground])},
            "coloraxis3": {"colorscale": _two(EXACT_ZERO[ground], NOT_FINITE)},
            "coloraxis4": {"colorscale": outcome_style.bands(outcome_colours(ground))},
            # An alarm's glyph also stands on cells of its own colour.
            "shapedefaults": {"line": {"color": INK[ground]}, "label": {"font": {"shadow": HALO[ground]}}},
        },
        "data": {"scatter": [{"line": {"color": INK[ground]}, "marker": {"color": INK[ground]}}]},
    }


def outcome_colours(ground: Ground) -> list[str]:
    """Of a map's cells, by outcome_style's numbers."""
    return outcome_style.colours(ground, EXACT_ZERO[ground], NOT_FINITE)


def base_layout(right: int, lowest: bool = False) -> dict[str, Any]:
    """What every figure shares. The left margin is one for all, and `right` one for a column, so that plot areas above
    each other align; the `lowest` of a column has room for the title of the axis that they share.
    """
    return {
        "margin": {"l": 56, "r": right, "t": 24, "b": 38 if lowest else 22},
        "showlegend": True,
        # Above the plot: beside the data it would cost the width that time steps need. At the container's edge, because
        # plotly makes the margin larger for one that hangs on the plot.
        "legend": {
            "orientation": "h",
            "itemwidth": 30,
            "x": 1,
            "xanchor": "right",
            "yref": "container",
            "y": 1,
            "yanchor": "top",
        },
        "hovermode": "closest",
    }


def log_axis(limits: tuple[float, float], ticks: int) -> dict[str, Any]:
    """An axis between two powers of ten, labelled only at powers of ten."""
    # plotly writes powers of ten a quarter larger than it is told to. An axis over another one would otherwise have its
    # ticks where the other has its own, whatever number that is.
    return {"type": "log", "range": limits, "tickmode": "auto", "nticks": ticks, "tickfont": {"size": 10}}


def cells(hover: str, **place: Any) -> list[Any]:
    """The traces of a heat map of log10 ratios: the cells, those that have no ratio, and the marks on these."""
    # White and thin, on the cells' own dark or magenta ground: a row may be only four pixels high.
    white = {"color": "#ffffff", "line": {"color": "#ffffff", "width": 1}, "size": 5}
    hover += "<br>10^%{z:.1f} of the reference<extra></extra>"
    return [
        heatmap(name="ratio", coloraxis="coloraxis", hoverongaps=False, hovertemplate=hover, **place),
        heatmap(name="unplaced", coloraxis="coloraxis3", hoverinfo="skip", **place),
        merged(mark("zero", showlegend=False), {"marker": white}),
        merged(mark("not finite", showlegend=False), {"marker": white}),
    ]


def cell_axes() -> dict[str, Any]:
    """Their colour axes: one with its own labels, and one that needs none."""
    ticks = {"tickvals": [-8, -4, 0, 4, 8], "ticktext": ["10⁻⁸", "10⁻⁴", "1", "10⁴", "10⁸"]}
    strip = {"thickness": 8, "outlinewidth": 0, "x": 1.02, "xpad": 0, "len": 1.06, **ticks}
    ratios = {"cmin": -DECADES, "cmax": DECADES, "colorbar": strip}
    return {"coloraxis": ratios, "coloraxis3": {"cmin": 0, "cmax": 1, "showscale": False}}


def marks_axis() -> dict[str, Any]:
    """An unseen axis from 0 (bottom) to 1 (top) over the plot, for marks of values that no log axis can place."""
    return {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True}


def mark(symbol: Literal["zero", "not finite"], axis: str = "y", **more: Any) -> Trace:
    """The trace of ▽ (exactly zero) or ✕ (NaN, ±∞) marks."""
    zero = symbol == "zero"
    name = "exactly 0" if zero else "not finite"
    return scatter(
        x=[],
        y=[],
        yaxis=axis,
        name=name,
        meta=name,  # what a legend calls it, whatever it is renamed to
        mode="markers",
        marker={
            "symbol": "triangle-down-open" if zero else "x-thin",
            "size": 8,
            "color": VANISHING if zero else NOT_FINITE,
            "line": {"width": 1.5 if zero else 2, "color": VANISHING if zero else NOT_FINITE},
        },
        hoverinfo="skip",
        **more,
    )


def updates_axis(newest: int, updates: int, row: int | None = None) -> dict[str, Any]:
    """Range and ticks of an axis of updates: 60 at first, then growing by stops, never past the run's own `updates`.

    With `row`, the updates from one row to the next, it is the falling axis of a waterfall: the newest on top, and
    below it as many updates as the others show.
    """
    shown = max(UPDATES_SHOWN[0], min(stop(newest), max(updates, newest)))
    step = next(nice * 10**power for power in range(9) for nice in (1, 2, 5) if nice * 10**power >= shown / 6)
    # Given one by one, because below the start of the run a falling axis would count on to −20, −40.
    if row is None:
        ticks, limits = range(0, shown + 1, step), (-0.01 * shown, 1.01 * shown)
    else:
        top = -(-newest // row) * row + row / 2
        ticks, limits = range(0, newest + 1, step), (min(top - shown - row, -row / 2), top)
    return {"range": limits, "tickvals": list(ticks), "tickformat": ",d"}


def stop(newest: int) -> int:
    scale = 1
    while True:
        for at in UPDATES_SHOWN:
            if newest <= at * scale:
                return at * scale
        scale *= 10


def decades(values: NDArray[np.float64], span: float, step: float = 1.0) -> tuple[float, float] | None:
    """log10 limits, in whole steps and at least `span` wide, around the finite positive values; None without any.

    Whole steps, so that an axis which grows with the data does so rarely.
    """
    logs = np.log10(values[np.isfinite(values) & (values > 0)])
    if not logs.size:
        return None
    low = math.floor((logs.min() - 0.08) / step) * step
    high = math.ceil((logs.max() + 0.08) / step) * step
    missing = max(0.0, span - (high - low))
    low -= math.ceil(missing / 2 / step) * step
    return low, max(high, low + span)


def twin_look() -> dict[str, Any]:
    """What is different of a trace that is a twin's."""
    return {"line": {"color": TWIN, "dash": "dash"}, "marker": {"color": TWIN, "line": {"color": TWIN}}}


class AlarmMark(NamedTuple):
    """Where an alarm stands on an axis, and how it looks. A cleared one is fainter."""

    at: int
    severity: Severity = "failure"
    colour: Colour = "not-finite"
    cleared: bool = False


GLYPHS: dict[Severity, str] = {"failure": "✕", "warning": "▲"}
"""A note has none: it is no mark in a picture."""

FAINT = 0.4

MEANINGS: dict[str, Colour] = {
    "vanish": "vanishing",
    "cut": "vanishing",
    "weights_collapse": "vanishing",
    "stalled": "vanishing",
    "plateau": "vanishing",
    "explod": "exploding",
    "loss_": "exploding",
    "weights_grow": "exploding",
}
"""By how the kind of an alarm begins."""


def alarm_colour(kind: str, severity: Severity) -> Colour:
    """What an alarm is about, as a colour's name."""
    if severity == "note":
        return "ink"
    found = next((colour for begins, colour in MEANINGS.items() if kind.startswith(begins)), None)
    return found or ("not-finite" if severity == "failure" else "ink")


def alarm_marks(marks: Iterable[AlarmMark], axis: Axis) -> list[dict[str, Any]]:
    """plotly shapes: a line across the plot at each place of an alarm. Of several the worst that stands is drawn."""
    ranks = list(GLYPHS)
    shown = [mark for mark in marks if mark.severity in ranks]
    # The last one of a place stays.
    shown.sort(key=lambda mark: (mark.cleared, ranks.index(mark.severity)), reverse=True)
    return [_line_across(mark, axis) for _, mark in sorted({mark.at: mark for mark in shown}.items())]


def _line_across(mark: AlarmMark, axis: Axis) -> dict[str, Any]:
    across = {"xaxis": ("x", "y"), "yaxis": ("y", "x")}[axis]
    meant = MEANT[mark.colour]
    if mark.cleared:
        meant = f"rgba{(*bytes.fromhex((meant or GHOST)[1:]), FAINT)}"
    colour = {"color": meant} if meant else {}
    return {
        "type": "line",
        f"{across[0]}0": mark.at,
        f"{across[0]}1": mark.at,
        f"{across[1]}0": 0,
        f"{across[1]}1": 1,
        f"{across[1]}ref": "paper",
        "line": {"width": 1.5, "dash": "2px,2px", **colour},
        "label": {
            "text": GLYPHS[mark.severity],
            "textposition": "start",
            "textangle": 0,
            "xanchor": "left",
            "yanchor": "bottom",
            "font": {"size": 13, **colour},
        },
    }


def _scale(colours: Sequence[str]) -> list[tuple[float, str]]:
    return [(i / (len(colours) - 1), colour) for i, colour in enumerate(colours)]


def _two(low: str, high: str) -> list[tuple[float, str]]:
    return [(0.0, low), (0.5, low), (0.5, high), (1.0, high)]
