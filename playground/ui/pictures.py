"""How a task's sequences are drawn: what is given, what is true and what the network says, one under the other.

A stranger's words may be among them: everything passes through `markup`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.tasks.views import Curves, Notes, Strokes, Tokens, View
from playground.ui.drawings import drawing
from playground.ui.markup import words_of

NOT_FINITE = "✕ not finite"


class Example(NamedTuple):
    """One held-out sequence. `counts` says which answers are asked, `finite` which of the network's are numbers;
    `said` is None before any is known. `together`: answer t belongs to input t."""

    given: View
    true: View
    said: View | None
    counts: NDArray[np.bool_]
    finite: NDArray[np.bool_]
    together: bool


def html(example: Example) -> str:
    """An example as a block of HTML."""
    given, true, together = example.given, example.true, example.together
    if isinstance(true, Tokens):
        rows = _answers(example)
        if isinstance(given, Tokens) and together:
            return _block(_table([_row("given", _words(given)), *rows], given.separator))
        table = _table(rows, true.separator)
    else:
        table = _line('true <b class="ex-net">network</b>' if example.said else "true", _drawn(example))
    return _block(_given(given) + table)


def _given(view: View) -> str:
    if isinstance(view, Tokens):
        return _table([_row("given", _words(view))], view.separator)
    return _line("given", drawing(view, "what is given"))


def _answers(example: Example) -> list[str]:
    true, said = example.true, example.said
    assert isinstance(true, Tokens)
    rows = [
        _row(
            "true",
            [_word(w, blank=not c) if c else "<td></td>" for w, c in zip(true.items, example.counts, strict=False)],
        )
    ]
    if isinstance(said, Tokens):
        cells = []
        for item, right, asked, finite in zip(said.items, true.items, example.counts, example.finite, strict=False):
            if not finite:
                cells.append(f'<td class="ex-lost" title="{NOT_FINITE}">✕</td>')
            elif asked and item != right:
                cells.append(f'<td class="ex-wrong"><s>{words_of(item)}</s><sup>✗</sup></td>')
            else:
                cells.append(_word(item, blank=not asked))
        if not example.finite.any():
            cells = [f'<td class="ex-lost" colspan="{max(1, len(cells))}">{NOT_FINITE}</td>']
        rows.append(_row("network", cells))
    return rows


def _words(view: Tokens) -> list[str]:
    blank = view.blank or (False,) * len(view.items)
    return [_word(item, faint) for item, faint in zip(view.items, blank, strict=True)]


def _word(item: str, blank: bool = False) -> str:
    shown = words_of(item.replace(" ", "␣") if item.strip() == "" else item)
    return f'<td class="ex-blank">{shown}</td>' if blank else f"<td>{shown}</td>"


def _row(head: str, cells: Sequence[str]) -> str:
    return f'<tr><th scope="row">{head}</th>{"".join(cells)}</tr>'


def _table(rows: Sequence[str], separator: str) -> str:
    tight = "" if separator else " ex-tight"
    return f'<table class="ex-words{tight}"><tbody>{"".join(rows)}</tbody></table>'


def _line(head: str, content: str) -> str:
    return f'<div class="ex-line"><span>{head}</span>{content}</div>'


def _block(content: str) -> str:
    return f'<div class="ex-example">{content}</div>'


def _drawn(example: Example) -> str:
    """Truth and answer in one drawing, as far as they are asked, and are numbers."""
    true, said, lost = _blanked(example.true, example.counts), None, ""
    if example.said is not None and not example.finite.all():
        lost = f'<b class="ex-lost">{NOT_FINITE}{" in part" if example.finite.any() else ""}</b>'
    if example.said is not None and example.finite.any():
        said = _blanked(example.said, example.finite)
    if isinstance(true, Curves) and len(true.values) == 1:
        return _numbers(true, said) + lost
    return drawing(true, "the true answer" + (" and the network's" if said else ""), said) + lost


def _blanked(view: View, shown: NDArray[np.bool_]) -> View:
    """Without the steps that are not asked, or are no numbers."""
    if isinstance(view, Curves):
        return view._replace(values=np.where(shown[:, None], view.values, np.nan))
    if isinstance(view, Strokes):
        return Strokes(view.points[shown[: len(view.points)]])
    if isinstance(view, Notes):
        return view._replace(pitches=tuple(p if s else -2 for p, s in zip(view.pitches, shown, strict=False)))
    return view


def _numbers(true: Curves, said: View | None) -> str:
    """One answer of few numbers is read better than it is drawn."""
    words = [
        f"{name} <b>{value:.3g}</b>" for name, value in zip(map(words_of, true.names), true.values[0], strict=True)
    ]
    if isinstance(said, Curves):
        words.append(" ".join(f'<b class="ex-net">{value:.3g}</b>' for value in said.values[0]))
    return "<span>" + " · ".join(words).replace("-", "−") + "</span>"
