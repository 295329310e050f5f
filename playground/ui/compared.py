"""Which runs are compared: chosen from a list, named in the link, or handed over by the page of runs."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import streamlit as st

from playground.core.errors import BrokenRun
from playground.figures.compare_style import MOST
from playground.runs.engine import engine
from playground.runs.folder import RunFolder
from playground.runs.status import RunStatus, RunSummary, describe
from playground.training.config import RunConfig
from playground.ui import settings, state, twins

INBOX = "compare.runs"
"""Session key: names of runs that another page wants compared."""
LETTERS = "ABCDEF"
OFFERED = 50
_CHOICE = "compare.choice"


class Side(NamedTuple):
    """One of the runs that are compared: its letter, and what tells it from the others in a few words."""

    letter: str
    name: str
    folder: RunFolder
    summary: RunSummary
    config: RunConfig

    @property
    def place(self) -> int:
        return LETTERS.index(self.letter)

    @property
    def title(self) -> str:
        """As legends and table heads have it."""
        return f"{self.letter} · {self.name}" if self.name else self.letter


def choose() -> tuple[str, ...]:
    """The list, and the runs chosen from it; where this browser has no run at all, a sentence instead."""
    catalog, owner = engine().catalog, state.owner()
    offered = {run.run_id: run for run in catalog.list(owner, OFFERED) if run.status is not RunStatus.BROKEN}
    wanted = _wanted()
    allowed = [run_id for run_id in wanted if catalog.may_watch(run_id, owner)][:MOST]
    if len(allowed) < len(wanted[:MOST]):
        st.warning("Some of these runs are not there, or belong to another browser. They are left out.")
    offered |= {run_id: describe(catalog.get(run_id)) for run_id in allowed if run_id not in offered}
    if not offered:
        st.info("No run yet. Train one on the playground's page, change one thing, train again, and compare them here.")
        return ()
    st.session_state[_CHOICE] = allowed
    state.show_as(runs=tuple(allowed))
    titles = _titles(offered.values())
    st.multiselect(
        "Runs", list(titles), key=_CHOICE, format_func=titles.__getitem__, max_selections=MOST, on_change=_chosen,
        placeholder="Choose two to six runs; the first is what the others are compared with.",
    )  # fmt: skip
    return tuple(allowed)


def _wanted() -> list[str]:
    """Handed over, or chosen before, or named by the link; at first what is watched on the playground's page."""
    if INBOX in st.session_state:
        return [str(run_id) for run_id in st.session_state.pop(INBOX)]
    if _CHOICE in st.session_state:
        return list(st.session_state[_CHOICE])
    watched = state.watched()
    return list(state.view().runs) or with_companions([], [watched] if watched else [])


def _chosen() -> None:
    before, now = state.view().runs, st.session_state[_CHOICE]
    stayed = [run_id for run_id in now if run_id in before]
    st.session_state[_CHOICE] = with_companions(stayed, [run_id for run_id in now if run_id not in before])


def with_companions(runs: Sequence[str], new: Iterable[str]) -> list[str]:
    """Those, and the new ones, each with the runs that were trained in step with it, while there is room."""
    catalog, owner = engine().catalog, state.owner()
    found = list(runs)
    for run_id in new:
        if catalog.may_watch(run_id, owner):
            found += [run_id, *(other for other in catalog.together(run_id) if catalog.may_watch(other, owner))]
    return list(dict.fromkeys(found))[:MOST]


def _titles(runs: Iterable[RunSummary]) -> dict[str, str]:
    """What each is called in the list. It takes equal titles for the same."""
    titles: dict[str, str] = {}
    for run in runs:
        text = f"{_name(run)} · {run.started:%d %b %H:%M:%S}"
        titles[run.run_id] = f"{text} · {run.run_id[-8:]}" if text in titles.values() else text
    return titles


def _name(run: RunSummary) -> str:
    label = label_of(engine().catalog.get(run.run_id))
    if label or run.config is None:
        return label or run.run_id
    usual = RunConfig()
    differs = run.config.model_copy(update={"pace": usual.pace})  # how fast it went says nothing of what it was
    return twins.difference(usual, differs) if differs != usual else "the defaults"


def label_of(folder: RunFolder) -> str:
    """The name that somebody gave it."""
    try:
        return folder.label().name
    except BrokenRun:
        return ""


def sides(runs: Sequence[str]) -> tuple[list[Side], list[str]]:
    """Those that can be read and that this browser may see, and a sentence for each that is broken."""
    catalog, owner = engine().catalog, state.owner()
    seen = [(letter, run) for letter, run in zip(LETTERS, runs, strict=False) if catalog.may_watch(run, owner)]
    found = [(letter, describe(catalog.get(run))) for letter, run in seen]
    whole = [(letter, run, run.config) for letter, run in found if run.config is not None]
    names = settings.names([config for _, _, config in whole])
    folders = [catalog.get(run.run_id) for _, run, _ in whole]
    broken = [f"{letter}: {run.reason}" for letter, run in found if run.config is None]
    return [
        Side(letter, label_of(folder) or name or _name(run), folder, run, config)
        for (letter, run, config), name, folder in zip(whole, names, folders, strict=True)
    ], broken


def going(those: Iterable[Side]) -> bool:
    """Whether any of them still has something to do."""
    return any(side.summary.status.unfinished for side in those)
