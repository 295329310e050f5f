"""How many steps back the signal reaches before training, along one of a map's axes, against T."""

from collections.abc import Sequence
from typing import NamedTuple

from playground.figures import style
from playground.figures.drawn import Drawn, Trace, scatter
from playground.figures.trainability import Side, across, under

ALL, RANGE = "all there are", "smallest to largest"
BAND = "rgba(139, 147, 161, 0.22)"
WIDTH = 0.3  # of a column, to both sides


class HorizonData(NamedTuple):
    """By value of the axis, over its networks: the median, the smallest and the largest number of steps at update 0,
    NaN where nothing is measured, and the longest T, None there."""

    side: Side
    median: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    length: tuple[int | None, ...]


def draw(data: HorizonData) -> Drawn:
    x = list(range(len(data.side.values)))
    median = scatter(
        name="reached, the median",
        x=x,
        y=data.median,
        mode="lines+markers" if data.side.numeric else "markers",
        line={"color": style.RUN, "width": 2.5},
        marker={"color": style.RUN, "size": 7},
        text=[f"{data.side.title} {said}" for said in _said(data)],
        hovertemplate="%{text}<extra></extra>",
    )
    figure = Drawn([*(_band(data) if data.side.numeric else _bars(data)), median], style.base_layout(16, True))
    figure.update_layout(
        xaxis=across(data.side),
        yaxis={
            "range": [0, 1.06 * max([1, *filter(None, data.length)])],
            "nticks": 5,
            "tickformat": "d",
            "title": {"text": "steps back"},
        },
        margin={"b": under(data.side)},
    )
    return figure


def _band(data: HorizonData) -> list[Trace]:
    x = list(range(len(data.side.values)))
    return [
        _grey(ALL, x, data.length, "dot"),
        _grey("smallest", x, data.low) | {"showlegend": False},
        _grey(RANGE, x, data.high) | {"fill": "tonexty", "fillcolor": BAND},
    ]


def _bars(data: HorizonData) -> list[Trace]:
    """Between names there is nothing: each stands for itself."""
    wide = [at for i in range(len(data.length)) for at in (i - WIDTH, i + WIDTH, None)]
    tall = [at for i in range(len(data.length)) for at in (i, i, None)]
    return [
        _grey(ALL, wide, [at for length in data.length for at in (length, length, None)], "dot"),
        _grey(RANGE, tall, [at for ends in zip(data.low, data.high, strict=True) for at in (*ends, None)]),
    ]


def _grey(name: str, x: Sequence[float | None], y: Sequence[float | None], dash: str = "solid") -> Trace:
    line = {"color": style.GHOST, "width": 1.5, "dash": dash}
    return scatter(name=name, x=x, y=y, mode="lines", line=line, hoverinfo="skip")


def _said(data: HorizonData) -> list[str]:
    columns = zip(data.side.values, data.median, data.low, data.high, data.length, strict=True)
    return [f"{value}: {_steps(median, low, high, length)}" for value, median, low, high, length in columns]


def _steps(median: float, low: float, high: float, length: int | None) -> str:
    if median != median:
        return "nothing measured yet"
    between = f" ({low:g} to {high:g})" if low < high else ""
    return f"{median:g}{between} of {length} steps"


def words(data: HorizonData) -> str:
    """Every value, with what is reached."""
    return f"Steps back that the signal reaches before training. {data.side.title}: {'; '.join(_said(data))}."


def title(data: HorizonData) -> str:
    return f"Memory horizon along {data.side.title}"


RULE = "Steps back that receive 1/1000 of the signal before training. Dotted: all there are, T."
