"""The runs that this browser may see, newest first, and what can be done with each."""

from functools import partial
from typing import get_args

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.runs.export import Format, export
from playground.runs.status import RunStatus, RunSummary
from playground.training.config import RunConfig
from playground.ui import runbar, state
from playground.ui.words import plain

NEWEST = 50
"""Runs on the page: older ones are on the disk, and on the command line."""

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
    if message := st.session_state.pop("history.message", None):
        st.error(message)
    runs = runbar.catalog().list(state.owner(), limit=NEWEST)
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
    differs = ", ".join(f"{p} = {v}" for p, v in run.config.difference(RunConfig()).items()) if run.config else ""
    progress = f"{max(0, run.update):,} of {run.updates:,} updates" if run.updates else ""
    facts = " · ".join(filter(None, (f"{run.started:%d %b %H:%M} UTC", progress, plain(run.reason))))
    st.markdown(f"{plain(differs) or 'the defaults'}  \n:gray[{facts}]", width="stretch")


def _actions(run: RunSummary) -> None:
    broken = run.status is RunStatus.BROKEN
    key = f"history.{run.run_id}"
    if st.button("Open", key=f"{key}.open", disabled=broken):
        state.open_run(run.run_id, run.config)
        st.switch_page("pages/playground.py")
    with st.popover("Export", disabled=broken):
        for format in get_args(Format):
            st.download_button(
                format,
                data=partial(_exported, run.run_id, format),
                file_name=f"{run.run_id}.{format}",
                key=f"{key}.export.{format}",
                on_click="ignore",
                width="stretch",
            )
    with st.popover("Delete", disabled=run.status in (RunStatus.RUNNING, RunStatus.PAUSED)):
        st.markdown("Its measurements are gone for good.")
        st.button("Delete this run", key=f"{key}.delete", on_click=_delete, args=(run.run_id,), type="primary")


def _exported(run_id: str, format: Format) -> bytes:
    """Asked for when the button is pressed, and checked then: an old page may outlive its cookie."""
    catalog = runbar.catalog()
    return export(catalog.get(run_id), format) if catalog.may_watch(run_id, state.owner()) else b""


def _delete(run_id: str) -> None:
    catalog = runbar.catalog()
    try:
        if catalog.may_control(run_id, state.owner()):
            catalog.delete(run_id)
    except (PlaygroundError, OSError) as error:
        st.session_state["history.message"] = plain(str(error))
    if state.watched() == run_id:
        state.watch(None)
