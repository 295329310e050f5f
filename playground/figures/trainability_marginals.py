"""A map along one of its axes: for every value the share of each outcome, one on top of the other."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from playground.core.words import share
from playground.figures import outcome_style, style
from playground.figures.drawn import Drawn, heatmap
from playground.figures.outcome_style import OUTCOMES
from playground.figures.trainability import Side, across, under

STEPS = 100
ROOM = 0.12  # of a column, that a part needs for its sign


class MarginalData(NamedTuple):
    """By value of the axis: how many cells are measured, and the share of each outcome among them, by its word."""

    side: Side
    cells: tuple[int, ...]
    shares: tuple[Mapping[str, float], ...]


def draw(data: MarginalData) -> Drawn:
    columns = [_column(cells, shares) for cells, shares in zip(data.cells, data.shares, strict=True)]
    hover = [f"{data.side.title} {said}" for said in _said(data)]
    heat = heatmap(
        name="outcomes",
        z=np.transpose(columns).tolist(),
        y0=0.5 / STEPS,
        dy=1 / STEPS,
        hovertext=[hover],  # of a column, whatever the height
        hovertemplate="%{hovertext}<extra></extra>",
        coloraxis="coloraxis4",
        xgap=2,
    )
    figure = Drawn([heat], style.base_layout(right=16, lowest=True))
    figure.update_layout(
        xaxis=across(data.side),
        yaxis={
            "range": [0, 1],
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "tickformat": ".0%",
            "showgrid": False,
            "title": {"text": "cells"},
        },
        coloraxis4=outcome_style.AXIS,
        margin={"b": under(data.side)},
        annotations=[sign for at, shares in enumerate(data.shares) for sign in _signs(at, shares)],
    )
    return figure


def _column(cells: int, shares: Mapping[str, float]) -> list[int]:
    """From below: what learns first."""
    if not cells:
        return [outcome_style.special("empty")] * STEPS
    ends = np.round(np.cumsum([shares[word] for word in OUTCOMES]) * STEPS).astype(int)
    codes = [outcome_style.code(word, share=1.0, over=True) for word in OUTCOMES]
    return np.repeat(codes, np.diff(ends, prepend=0)).tolist()


def _signs(at: int, shares: Mapping[str, float]) -> list[dict[str, Any]]:
    """In the middle of each part that has room."""
    found, low = [], 0.0
    for word, look in OUTCOMES.items():
        part = shares[word]
        if part >= ROOM:
            font = {"size": 15, "color": look.ink, "shadow": "none"}
            found.append({"text": look.sign, "x": at, "y": low + part / 2, "showarrow": False, "font": font})
        low += part
    return found


def _said(data: MarginalData) -> list[str]:
    return [
        f"{value}: {_shares(cells, shares)}"
        for value, cells, shares in zip(data.side.values, data.cells, data.shares, strict=True)
    ]


def _shares(cells: int, shares: Mapping[str, float]) -> str:
    if not cells:
        return "nothing measured yet"
    parts = [f"{share(part)} {word}" for word, part in shares.items() if part]
    return f"{', '.join(parts)} ({cells:,} {'cells' if cells > 1 else 'cell'})"


def words(data: MarginalData) -> str:
    """Every value, with its shares."""
    return f"{data.side.title}: {'; '.join(_said(data))}."


def title(data: MarginalData) -> str:
    return f"Along {data.side.title}"


RULE = "Of the cells with this value, the share that learns, is learning, stalls, forgets and blows up, from below."
