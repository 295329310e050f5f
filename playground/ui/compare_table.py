"""One table of what differs between the runs, and of what came of it."""

from collections.abc import Iterable, Sequence
from typing import Any

from playground.core.words import number
from playground.diagnosis.verdict import Outcome
from playground.figures.compare_style import LOOKS
from playground.ui.compared import Side
from playground.ui.markup import words_of
from playground.ui.settings import ABSENT, Settings, title

DASHES = {"solid": "", "dash": "8 4", "dot": "2 3"}


def html(sides: Sequence[Side], outcomes: Sequence[Outcome]) -> str:
    """A column for each run. Of the settings only those that differ; what is not as in the first run is bold."""
    settings = Settings([side.config for side in sides])
    heads = "".join(f'<th scope="col">{swatch(LOOKS[side.place])} {words_of(side.title)}</th>' for side in sides)
    differs = [_row(title(path), _cells(settings, path)) for path in settings.differing]
    one = len(sides) == 1
    nothing = "" if differs or one else _wide("No setting differs: the same run again.", len(sides))
    found = [_row(name, [(cell, False) for cell in cells]) for name, cells in _outcome(sides, outcomes)]
    return (
        f'<div class="cmp-scroll"><table class="cmp-table"><thead><tr><td></td>{heads}</tr></thead>'
        f"<tbody>{'' if one else _wide('What differs', len(sides))}{''.join(differs)}{nothing}</tbody>"
        f"<tbody>{_wide('What came of it', len(sides))}{''.join(found)}</tbody></table></div>"
    )


def _cells(settings: Settings, path: str) -> list[tuple[str, bool]]:
    values = settings.values[path]
    return [(settings.said(path, place), value != values[0]) for place, value in enumerate(values)]


def _row(name: str, cells: Iterable[tuple[str, bool]]) -> str:
    drawn = (f"<td><b>{words_of(text)}</b></td>" if bold else f"<td>{words_of(text)}</td>" for text, bold in cells)
    return f'<tr><th scope="row">{words_of(name)}</th>{"".join(drawn)}</tr>'


def _wide(text: str, columns: int) -> str:
    return f'<tr class="cmp-part"><th colspan="{columns + 1}">{words_of(text)}</th></tr>'


def swatch(look: dict[str, Any]) -> str:
    """The run's line, as pictures draw it."""
    line = look["line"]
    stroke = f'stroke="{line.get("color", "currentColor")}" stroke-dasharray="{DASHES[line["dash"]]}"'
    path = f'<path d="M 0 3 H 28" stroke-width="2.5" {stroke}/>'
    return f'<svg class="cmp-swatch" viewBox="0 0 28 6" width="28" height="6" aria-hidden="true">{path}</svg>'


def _outcome(sides: Sequence[Side], outcomes: Sequence[Outcome]) -> list[tuple[str, list[str]]]:
    return [
        ("status", [f"{side.summary.status.value}, {_progress(side)}" for side in sides]),
        ("score", [_score(run) for run in outcomes]),
        ("solved at", [ABSENT if run.solved is None else f"update {run.solved:,}" for run in outcomes]),
        ("signal at the far end, at the start", [_far(run) for run in outcomes]),
        ("alarms", [", ".join(run.alarms) or "none" for run in outcomes]),
    ]


def _progress(side: Side) -> str:
    return f"update {max(0, side.summary.update):,} of {side.summary.updates:,}"


def _score(run: Outcome) -> str:
    if run.update < 0:
        return "not tested yet"
    guessing = f", guessing {run.said(run.guessing)}" if run.guessing == run.guessing else ""
    return f"{run.metric_title} {run.said(run.metric)}{guessing}"


def _far(run: Outcome) -> str:
    return number(run.far_ratio) if run.far_ratio == run.far_ratio else ABSENT
