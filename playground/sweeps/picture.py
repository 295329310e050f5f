"""A map's cells as they are drawn: colour, sign and words of each, by outcome or by one of the numbers behind it."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from playground.core.words import number, share
from playground.figures import outcome_style, style
from playground.figures.outcome_style import OUTCOMES, SIGNS
from playground.figures.trainability import Key, MapData, Panel, Scale, Side, Square, Theory
from playground.sweeps.axis import Axis
from playground.sweeps.boundary import Boundary
from playground.sweeps.cells import Cell, facts
from playground.sweeps.contours import Line
from playground.sweeps.measures import MEASURES, said, updates_said
from playground.sweeps.outcome import RULES, Facts, Outcome
from playground.sweeps.spec import MapSpec

ALWAYS = ("metric", "ratio", "largest_norm", "clipped")
"""The numbers that are said of a cell whatever it shows."""
SPECIAL = {
    "impossible": ("no network", "Its settings do not go together, or it could not be trained."),
    "never": ("not solved", "No test counts as solved."),
    "zero": ("exactly 0", "A scale of powers of ten has no place for it."),
    "not finite": ("not finite", "NaN, ∞ or −∞."),
}
"""Cells without a colour of the scale, in the legend."""
FASTEST = 20
"""Of the updates of a map this fraction is the darkest colour: what solves a task solves it in some."""
GUESSING = 2.0
"""Times the error of guessing, from which on errors are all as bad."""


class Shown(NamedTuple):
    """What a cell shows: the number of a colour, or else a place on the scale; its sign; and in a few words."""

    code: int | None
    place: float | None
    sign: str
    said: str


EMPTY = Shown(outcome_style.special("empty"), None, SIGNS["empty"], "not trained yet")
IMPOSSIBLE = Shown(outcome_style.special("impossible"), None, SIGNS["impossible"], "cannot be trained")


def picture(
    spec: MapSpec,
    cells: Mapping[int, Cell],
    measure: str = "outcome",
    boundaries: Sequence[Boundary] = (),
    failures: Mapping[int, str] | None = None,
) -> MapData:
    """Everything that is drawn. `failures` are cells that could not be trained, and why; those whose settings do not go
    together are known anyway."""
    why_not = {**spec.impossible(), **(failures or {})}
    shown: dict[int, tuple[Shown, str]] = {}
    for at, (cell, fact) in enumerate(zip(map(cells.get, spec.cells()), facts(spec), strict=True)):
        if at in why_not or fact is None:
            shown[at] = IMPOSSIBLE, why_not[at]
        else:
            shown[at] = (_shown(measure, cell, fact), _told(cell, fact)) if cell else (EMPTY, EMPTY.said)
    titles = [(axis, {value: f"{axis.title} {axis.value_title(value)}" for value in axis.values}) for axis in spec.axes]
    squares = []
    for at, (found, told) in shown.items():
        settings = spec.settings(at)
        where = ", ".join(words[settings[axis.path]] for axis, words in titles)
        squares.append(Square(at, *found, f"{where}<br>{told}"))
    panels, rows, columns = spec.shape
    how = MEASURES[measure]
    return MapData(
        title=how.title[:1].upper() + how.title[1:],
        rule=how.rule,
        x=side(spec.x),
        y=side(spec.y) if spec.y else None,
        panels=tuple(
            Panel(
                f"{spec.panels.title}: {spec.panels.value_title(spec.panels.values[panel])}" if spec.panels else "",
                tuple(tuple(squares[(panel * rows + row) * columns :][:columns]) for row in range(rows)),
                tuple(_theory(each, each.panels[panel]) for each in boundaries if each.panels[panel]),
            )
            for panel in range(panels)
        ),
        scale=_scale(spec, measure, [square.value for square in squares if square.value is not None]),
        legend=_legend(squares, measure),
        theory=_rules(boundaries),
    )


def _shown(measure: str, cell: Cell, known: Facts) -> Shown:
    how = MEASURES[measure]
    if how.value is None:
        code = outcome_style.code(cell.outcome, cell.share, cell.over)
        return Shown(code, None, OUTCOMES[cell.outcome].sign, cell.outcome if cell.over else f"{cell.outcome} so far")
    value = cell.values[measure]
    words = said(measure, value, known)
    special = None
    if measure == "solved" and value == math.inf:
        special = "never"
    elif not math.isfinite(value):
        special = "not finite"
    elif how.log and value <= 0:
        special = "zero"
    if special:
        return Shown(outcome_style.special(special), None, SIGNS[special], words)
    sign = words.removesuffix(" updates") + ("" if cell.over else "…")
    return Shown(None, math.log10(value) if how.log else value, sign, words)


def _told(cell: Cell, known: Facts) -> str:
    """All that is known of a cell."""
    each = sorted(cell.counts.items(), key=lambda pair: (pair[0] is not cell.outcome, pair[0].bad))
    counts = [
        f"{OUTCOMES[outcome].sign} {outcome}" + (f" ({many} of {cell.seeds} seeds)" if cell.seeds > 1 else "")
        for outcome, many in each
    ]
    when = f" after {updates_said(cell.when)} updates" if cell.when is not None else ""
    so_far = "" if cell.over else f"<br>so far, after {updates_said(cell.updates)} updates"
    numbers = "<br>".join(f"{MEASURES[name].title} {said(name, cell.values[name], known)}" for name in ALWAYS)
    return f"{counts[0]}{when}{so_far}<br>{''.join(f'{count}<br>' for count in counts[1:])}{numbers}"


def side(axis: Axis) -> Side:
    return Side(axis.title, tuple(axis.value_title(value) for value in axis.values), axis.numeric)


def _theory(boundary: Boundary, pieces: Sequence[Line]) -> Theory:
    """One trace, with gaps."""
    x: list[float | None] = []
    y: list[float | None] = []
    for piece in pieces:
        x += [*piece.x, None]
        y += [*piece.y, None]
    return Theory(boundary.kind, boundary.name, tuple(x[:-1]), tuple(y[:-1]))


def _rules(boundaries: Sequence[Boundary]) -> dict[str, str]:
    """By name; lines that say the same, because they are not there, together."""
    names: dict[str, list[str]] = {}
    for each in boundaries:
        names.setdefault(each.rule, []).append(each.name)
    return {", ".join(together): rule for rule, together in names.items()}


def _scale(spec: MapSpec, measure: str, places: Sequence[float]) -> Scale | None:
    """As wide at the first cell as at the last one, where the measure lets it be: colours that stand keep standing."""
    how, known = MEASURES[measure], [fact for fact in facts(spec) if fact]
    if how.value is None:
        return None
    if how.unit == "share" or (how.unit == "score" and all(fact.is_share for fact in known)):
        return Scale(0.0, 1.0, {at / 4: share(at / 4) for at in range(5)})
    if how.unit == "score":
        top = GUESSING * max(fact.guessing for fact in known if not fact.is_share)
        return Scale(0.0, top, {at * top / 4: number(at * top / 4) for at in range(5)})
    if how.unit == "updates":
        ticks = [spec.updates / FASTEST, spec.updates / 4, spec.updates]
        return Scale(math.log10(ticks[0]), math.log10(ticks[-1]), {math.log10(at): updates_said(at) for at in ticks})
    if measure == "ratio":
        decades = range(-style.DECADES, style.DECADES + 1, 4)
        return Scale(-style.DECADES, style.DECADES, {float(at): number(10.0**at) for at in decades}, diverging=True)
    low, high = math.floor(min(places, default=0.0)), math.ceil(max(places, default=1.0))
    high = max(high, low + 1)
    return Scale(low, high, {float(at): number(10.0**at) for at in range(low, high + 1, math.ceil((high - low) / 5))})


def _legend(squares: Sequence[Square], measure: str) -> tuple[Key, ...]:
    """Every outcome, though none may have it; and of the rest what there is to see."""
    colours = {ground: style.outcome_colours(ground) for ground in style.GROUNDS}

    def key(name: str, sign: str, code: int, rule: str) -> Key:
        return Key(name, sign, {ground: each[code] for ground, each in colours.items()}, rule)

    codes = {square.code for square in squares}
    special = [
        key(name, SIGNS[each], outcome_style.special(each), rule)
        for each, (name, rule) in SPECIAL.items()
        if outcome_style.special(each) in codes
    ]
    if MEASURES[measure].value is not None:
        return tuple(special)
    outcomes = [
        key(each, OUTCOMES[each].sign, outcome_style.code(each, share=1.0, over=True), RULES[each]) for each in Outcome
    ]
    return *outcomes, *special
