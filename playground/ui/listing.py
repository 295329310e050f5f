"""The runs that a browser may see, as lines of a list: what each is called, filtered, sorted, those that belong
together beside each other. Nothing here draws."""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache, lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from playground.core.errors import BrokenRun, PlaygroundError
from playground.diagnosis.verdict import score
from playground.runs.engine import engine
from playground.runs.folder import RunFolder
from playground.runs.labels import Label
from playground.runs.outcome import outcome_of
from playground.runs.records import Ending
from playground.runs.status import RunStatus, RunSummary, describe
from playground.training.presets import PRESETS, nearest
from playground.ui import twins

MOST = 500
"""Runs that are looked through: older ones are on the disk, and on the command line."""

Order = Literal["newest", "best"]


class Entry(NamedTuple):
    """`mine`: this browser may change it; `own`: its own or nobody's."""

    run_id: str
    status: RunStatus
    reason: str
    update: int
    updates: int
    started: datetime
    label: Label
    mine: bool
    own: bool

    @property
    def words(self) -> str:
        """What it is, whatever it is called."""
        try:
            return f"run {self.run_id}" if self.status is RunStatus.BROKEN else _words(self.run_id)
        except PlaygroundError:
            return f"run {self.run_id}"  # deleted for good since it was listed

    @property
    def title(self) -> str:
        return self.label.name or self.words

    @property
    def unique(self) -> str:
        """A title that no other run has."""
        return f"{self.title}, {self.started:%d %b %H:%M:%S}, {self.run_id[-4:]}"


class Measured(NamedTuple):
    """How far it came: in words, and from 0 (guessing) to 1."""

    words: str
    score: float


def entries(owner: str | None) -> list[Entry]:
    """Newest first, broken ones among them."""
    return [entry(folder, owner) for folder in islice(engine().catalog.watchable(owner), MOST)]


def entry(folder: RunFolder, owner: str | None) -> Entry:
    label, holder, end = Label(), None, None
    try:
        holder, end = folder.owner(), folder.end()
        label = folder.label()
    except BrokenRun:
        pass  # the summary says why, or it is the label alone, which nobody needs
    try:
        run = _ended(folder.run_id, end) if end else describe(folder)
    except PlaygroundError:
        run = describe(folder)  # deleted for good at this moment: broken
    return Entry(*run[:6], label, mine=holder is not None and holder == owner, own=holder is None or holder == owner)


@lru_cache(2000)
def _ended(run_id: str, _end: Ending) -> RunSummary:
    """Of a run that has ended, as long as it ended in this way: most of a list is that, and stays as it is."""
    return describe(engine().catalog.get(run_id))._replace(config=None)


def found(runs: Iterable[Entry], text: str, statuses: Sequence[str], tags: Sequence[str]) -> list[Entry]:
    """Those with every word of the text in what is said of them, one of the statuses, and every tag."""
    wanted = text.casefold().split()

    def says(run: Entry) -> bool:
        said = " ".join((run.label.name, run.label.note, *run.label.tags, run.words, run.reason)).casefold()
        return all(word in said for word in wanted)

    def fits(run: Entry) -> bool:
        kept = (not statuses or run.status in statuses) and set(tags) <= set(run.label.tags)
        return kept and (not wanted or says(run))

    return [run for run in runs if fits(run)]


def in_order(runs: Sequence[Entry], order: Order) -> list[Entry]:
    """Newest first as they come; or by how much better than guessing they ended, what was never tested last."""
    if order == "newest":
        return list(runs)
    return sorted(runs, key=lambda run: measured(run.run_id, run.update, run.status).score, reverse=True)


def together(runs: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Runs that are trained in lockstep, twins or seeds of one another, at the place of the first of them."""
    by_id = {run.run_id: run for run in runs}
    for run in runs:
        if run.run_id in by_id:
            names = engine().catalog.together(run.run_id)
            yield [by_id.pop(name) for name in names if name in by_id]


@lru_cache(1000)
def measured(run_id: str, _update: int, _status: RunStatus) -> Measured:
    """Up to an update and in a status, which are named so that a run which went on is looked at again."""
    try:
        run = outcome_of(engine().catalog.get(run_id))
    except PlaygroundError:
        return Measured("", -math.inf)
    if run.update < 0:
        return Measured("", -math.inf)
    words = f"{run.metric_title} {run.said(run.metric)}"
    if math.isfinite(run.guessing):
        words += f", guessing {run.said(run.guessing)}"
    if run.solved is not None:
        words += f", solved at update {run.solved:,}"
    return Measured(words, score(run))


@lru_cache(2000)
def _words(run_id: str) -> str:
    """What a run has differently from the nearest preset; its pace is no part of what it is."""
    config = engine().catalog.get(run_id).config()
    preset = nearest(config)
    title, base = _titles()[preset.key], preset.config.model_copy(update={"pace": config.pace})
    return title if config == base else f"{title}: {twins.difference(base, config)}"


@cache
def _titles() -> dict[str, str]:
    """Of the presets. One that goes on from the one before it says so by "…"."""
    found, head = {}, ""
    for preset in PRESETS.values():
        goes_on = preset.title.startswith("…")
        head = head if goes_on else preset.title
        found[preset.key] = f"{head} {preset.title}" if goes_on else head
    return found
