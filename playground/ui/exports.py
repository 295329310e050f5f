"""What one run can be taken away as: a button for each format."""

from functools import partial

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.runs.engine import engine
from playground.runs.export import FORMATS, Format, size, why_not
from playground.ui import state
from playground.ui.words import plain

MOST_VALUES = 1_000_000
"""Numbers that the page exports: 40 MB as CSV, which the server has to hold while it passes them on."""


def show(run_id: str, key: str) -> None:
    """As files; of a long run only the command, because a server that forty people share has no room for it."""
    owner = state.owner()
    try:
        folder = engine().catalog.open(run_id, owner)
        too_long = size(folder) > MOST_VALUES
        reasons = {name: why_not(folder, name) for name in FORMATS}
    except PlaygroundError as error:  # a broken run's among them
        st.caption(plain(str(error)))
        return
    with st.container(horizontal=True, key=f"{key}.exports"):
        for name, format in FORMATS.items():
            if not (reasons[name] or (format.whole and too_long)):
                _button(run_id, name, format, owner, key)
    for name, reason in reasons.items():
        if reason:
            st.caption(f"{FORMATS[name].title}: {plain(reason)}")
    if too_long:
        longer = ", ".join(name for name, format in FORMATS.items() if format.whole and not reasons[name])
        st.caption(f"This run is too long to pass through the page. Write {longer} where it was trained:")
        st.code(f"python -m playground export {run_id} --format parquet > {run_id}.parquet", language="bash")


def behind_a_button(run_id: str) -> None:
    """Worked out only once it is open."""
    box = st.popover("Export this run", icon=":material/download:", key="exports", on_change="rerun")
    if box.open:
        with box:
            show(run_id, "playground")


def _button(run_id: str, name: str, format: Format, owner: str | None, key: str) -> None:
    st.download_button(
        format.title,
        data=partial(_made, run_id, name, owner),
        file_name=f"{run_id}.{format.suffix}",
        mime=format.mime,
        key=f"{key}.export.{name}",
        help=format.sentence,
        on_click="ignore",
    )


def _made(run_id: str, name: str, owner: str | None) -> bytes:
    """Made when the button is pressed, in a thread that knows no cookies: whose page it was is settled before."""
    engine().catalog.open(run_id, owner)
    return engine().export(run_id, name)
