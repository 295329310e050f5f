"""What was found, in three sentences, once the watched run has ended."""

from functools import lru_cache

from playground.core.errors import BrokenRun
from playground.runs.folder import RunFolder
from playground.runs.outcome import summary_of
from playground.runs.records import Ending
from playground.ui import markup, twins

KEPT = 64
"""Runs whose sentences are remembered: a page is drawn anew at every click."""


def show() -> None:
    """Nothing while the run, or its twin, goes on: the run bar draws the whole page again when that ends."""
    folder, twin = twins.watched()
    if folder is None or twins.going(folder, twin):
        return
    try:
        end = folder.end()
        said = _sentences(folder.path, end) if end else ()
    except BrokenRun:
        return  # The run bar has said it.
    if twin is not None:
        said = said[:2]  # what to try next is being tried beside it
    if said:
        # Read aloud politely: it comes by itself, and takes nothing away from whoever is reading something else.
        text = " ".join(markup.words_of(sentence) for sentence in said)
        markup.show(f'<p class="ex-ending" role="status"><b>What was found.</b> {text}</p>')


@lru_cache(KEPT)
def _sentences(path: str, _: Ending) -> tuple[str, ...]:
    """Of a run with this ending: one that was stopped may go on, and end otherwise."""
    return summary_of(RunFolder.at(path))
