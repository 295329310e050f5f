"""The runs that this browser may see, newest first, and what can be done with each."""

from functools import partial
from typing import get_args

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.runs.engine import engine
from playground.runs.export import Format, size
from playground.runs.status import RunStatus, RunSummary
from playground.training.config import RunConfig
from playground.ui import PAGES, state, told
from playground.ui.words import plain

NEWEST = 50
"""Runs on the page: older ones are on the disk, and on the command line."""

LONGEST = 40
"""Letters of a value in a run's line."""

MOST_VALUES = 1_000_000
"""Numbers that the page exports: 40 MB as CSV, which the server has to hold while it passes them on."""

COLOURS = {
    RunStatus.RUNNING: "green",
    RunStatus.FINISHED: "gray",
    RunStatus.DIVERGED: "violet",
    RunStatus.FAILED: "red",
    RunStatus.BROKEN: "red",
    RunStatus.LOST: "orange",
}


def show() -> None:
    """Broken runs are listed with their reason, and disturb no other."""
    told.show()
    runs = engine().catalog.list(state.owner(), limit=NEWEST)
    if not runs:
        st.info("No run yet. Press Train on the playground's page; every run is kept here.")
        return
    for run in runs:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            _line(run)
            _actions(run)
    if len(runs) == NEWEST:
        st.caption(f"The newest {NEWEST}. `python -m playground runs` lists all.")


def _line(run: RunSummary) -> None:
    colour = COLOURS.get(run.status, "blue")
    st.markdown(f":{colour}-badge[{run.status.value}]", width="content")
    changes = run.config.difference(RunConfig()) if run.config else {}
    differs = ", ".join(f"{path} = {_short(value)}" for path, value in changes.items())
    progress = f"{max(0, run.update):,} of {run.updates:,} updates" if run.updates else ""
    facts = " · ".join(filter(None, (f"{run.started:%d %b %H:%M} UTC", progress, plain(run.reason))))
    st.markdown(f"{plain(differs) or 'the defaults'}  \n:gray[{facts}]", width="stretch")


def _short(value: object) -> str:
    """A text of the user's own may fill a book."""
    text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _actions(run: RunSummary) -> None:
    broken = run.status is RunStatus.BROKEN
    owner = state.owner()
    key = f"history.{run.run_id}"
    if st.button("Open", key=f"{key}.open", disabled=broken):
        state.open_run(run.run_id, run.config)
        st.switch_page(PAGES / "playground.py")
    with st.popover("Export", disabled=broken):
        if not broken:
            _exports(run.run_id, owner, key)
    gone = run.status not in (RunStatus.RUNNING, RunStatus.PAUSED)
    with st.popover("Delete", disabled=not (gone and engine().catalog.may_control(run.run_id, owner))):
        st.markdown("Its measurements are gone for good.")
        st.button("Delete this run", key=f"{key}.delete", on_click=_delete, args=(run.run_id,), type="primary")


def _exports(run_id: str, owner: str | None, key: str) -> None:
    """As files; of a long run only the command, because a server that forty people share has no room for it."""
    if size(engine().catalog.get(run_id)) > MOST_VALUES:
        st.code(f"python -m playground export {run_id} --format parquet > run.parquet", language="bash")
        return
    for format in get_args(Format):
        st.download_button(
            format,
            data=partial(_exported, run_id, format, owner),
            file_name=f"{run_id}.{format}",
            key=f"{key}.export.{format}",
            on_click="ignore",
            width="stretch",
        )


def _exported(run_id: str, format: Format, owner: str | None) -> bytes:
    """Made when the button is pressed, in a thread that knows no cookies: whose page it was is settled before."""
    catalog = engine().catalog
    if not catalog.may_watch(run_id, owner):
        raise PlaygroundError("There is no run of this name that you may see.")
    return engine().export(run_id, format)


def _delete(run_id: str) -> None:
    with told.told():
        catalog = engine().catalog
        if catalog.may_control(run_id, state.owner()):
            catalog.delete(run_id)
        if state.watched() == run_id:
            state.watch(None)
