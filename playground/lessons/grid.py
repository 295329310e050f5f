"""Squared paper for a curve over time steps: t = 1 … T to the right, decades upwards; or that curve on it."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from playground.core.words import number
from playground.lessons.lesson import Draw, Lesson
from playground.lessons.readings import reading

WIDTH, HEIGHT = 640.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 632.0, 8.0, 226.0
LABELS = 12
"""At most, along each axis."""


class Paper(NamedTuple):
    """Whole decades, from `low` to `high`."""

    steps: int
    low: int
    high: int

    def x(self, step: int) -> float:
        return LEFT + (RIGHT - LEFT) * (step - 1) / max(self.steps - 1, 1)

    def y(self, decade: float) -> float:
        """What lies outside stands on the edge."""
        inside = min(max(decade, self.low), self.high)
        return TOP + (BOTTOM - TOP) * (self.high - inside) / (self.high - self.low)


def steps_of(lesson: Lesson, draw: Draw) -> int:
    """As many time steps as what is measured has."""
    return reading(draw.value).steps(lesson.config(draw.state))


def svg(steps: int, low: float, high: float, curve: Sequence[float] | None = None) -> str:
    """`curve` is log10 at every time step. A point that is off the paper is a hollow one, on the edge; NaN is none."""
    bottom = math.floor(math.log10(low))
    paper = Paper(steps, bottom, max(math.ceil(math.log10(high)), bottom + 1))
    said = f"A grid of {steps} time steps and {paper.high - paper.low} decades"
    shapes = [*_squares(paper), *_labels(paper), *(_curve(paper, curve) if curve else ())]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="{said}{", with the measured curve" if curve else ""}." fill="none" '
        f'font-size="11">{"".join(shapes)}</svg>'
    )


def _squares(paper: Paper) -> Iterator[str]:
    for step in range(1, paper.steps + 1):
        yield f'<path d="M {paper.x(step):.1f} {TOP:g} V {BOTTOM:g}" stroke="currentColor" stroke-opacity="0.2"/>'
    for decade in range(paper.low, paper.high + 1):
        yield f'<path d="M {LEFT:g} {paper.y(decade):.1f} H {RIGHT:g}" stroke="currentColor" stroke-opacity="0.35"/>'


def _labels(paper: Paper) -> Iterator[str]:
    for step in range(1, paper.steps + 1, math.ceil(paper.steps / LABELS)):
        yield _text(paper.x(step), BOTTOM + 14, str(step), "middle")
    for decade in range(paper.low, paper.high + 1, math.ceil((paper.high - paper.low) / LABELS)):
        yield _text(LEFT - 5, paper.y(decade) + 4, number(10.0**decade, 1), "end")
    yield _text((LEFT + RIGHT) / 2, HEIGHT - 4, "time step t", "middle")


def _curve(paper: Paper, curve: Sequence[float]) -> Iterator[str]:
    points = [(paper.x(t), value) for t, value in enumerate(curve, start=1) if not math.isnan(value)]
    line = " ".join(f"{x:.1f},{paper.y(value):.1f}" for x, value in points)
    yield f'<polyline class="curve" points="{line}" stroke="currentColor" stroke-width="2"/>'
    for x, value in points:
        fill = "currentColor" if paper.low <= value <= paper.high else "none"
        yield f'<circle cx="{x:.1f}" cy="{paper.y(value):.1f}" r="2.5" fill="{fill}" stroke="currentColor"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor">{text}</text>'
