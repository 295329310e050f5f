"""The runs that this browser may see: a table, and what can be done with the chosen one."""

from functools import partial
from typing import get_args

import pandas as pd
import streamlit as st

from playground.core.errors import PlaygroundError
from playground.runs.export import Format, export
from playground.runs.status import RunStatus, RunSummary
from playground.training.config import RunConfig
from playground.ui import runbar, state
from playground.ui.words import plain

NEWEST = 200
"""Rows of the table: older runs are on the disk, and on the command line."""


def show() -> None:
    """Newest first; broken runs with their reason."""
    if message := st.session_state.pop("history.message", None):
        st.error(message)
    runs = runbar.catalog().list(state.owner())[:NEWEST]
    if not runs:
        st.info("No run yet. Press Train on the playground's page; every run is kept here.")
        return
    event = st.dataframe(
        pd.DataFrame([_row(run) for run in runs]),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key="history.table",
        column_config={"progress": st.column_config.ProgressColumn(min_value=0.0, max_value=1.0, format="percent")},
    )
    rows = event["selection"]["rows"]
    if rows and rows[0] < len(runs):
        _actions(runs[rows[0]])
    else:
        st.caption("Choose a row to open, export or delete the run.")


def _row(run: RunSummary) -> dict[str, object]:
    differs = ", ".join(f"{p} = {v}" for p, v in run.config.difference(RunConfig()).items()) if run.config else ""
    return {
        "started (UTC)": run.started.replace(tzinfo=None),
        "status": run.status.value,
        "progress": max(0, run.update) / run.updates if run.updates else 0.0,
        "update": max(0, run.update),
        "of": run.updates,
        "differs from the defaults in": differs,
        "how it stands": run.reason,
        "run": run.run_id,
    }


def _actions(run: RunSummary) -> None:
    with st.container(horizontal=True):
        if st.button("Open", type="primary", key="history.open", disabled=run.status is RunStatus.BROKEN):
            state.open_run(run.run_id, run.config)
            st.switch_page("pages/playground.py")
        for format in get_args(Format):
            st.download_button(
                f"Export {format}",
                data=partial(_exported, run.run_id, format),
                file_name=f"{run.run_id}.{format}",
                key=f"history.export.{format}",
                disabled=run.status is RunStatus.BROKEN,
            )
        st.button(
            "Delete",
            key="history.delete",
            on_click=_delete,
            args=(run.run_id,),
            disabled=run.status in (RunStatus.RUNNING, RunStatus.PAUSED),
        )


def _exported(run_id: str, format: Format) -> bytes:
    return export(runbar.catalog().get(run_id), format)


def _delete(run_id: str) -> None:
    catalog = runbar.catalog()
    try:
        if catalog.may_control(run_id, state.owner()):
            catalog.delete(run_id)
    except (PlaygroundError, OSError) as error:
        st.session_state["history.message"] = plain(str(error))
    if state.watched() == run_id:
        state.watch(None)
