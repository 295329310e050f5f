"""The page of runs: what to look for, what is there, and what is done with several of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import streamlit as st

from playground.runs.engine import engine
from playground.ui import PAGES, keeping, listing, runcard, state, thumbnail, told
from playground.ui.compared import INBOX
from playground.ui.listing import Entry, Order

PAGE = 20
"""Runs, or groups of them, that are shown at first, and that come with each "more"."""
CSS = Path(__file__).with_name("history.css").read_text()

_SHOWN = "history.shown"


def show() -> None:
    """Broken runs are listed with their reason, and disturb no other."""
    st.html(f"<style>{CSS}</style>{thumbnail.style()}")
    st.session_state.pop(runcard.TICKED, None)
    told.show()
    runs = listing.entries(state.owner())
    if engine().catalog.shared:
        everyone = st.segmented_control(
            "Whose",
            ("mine", "everyone’s"),
            default="mine",
            required=True,
            key="history.whose",
            label_visibility="collapsed",
        )
        runs = [run for run in runs if run.own or everyone != "mine"]
    keeping.undo()
    keeping.answer(runs)
    if not runs:
        _nothing_yet()
        return
    wanted = _filtered(runs)
    groups = list(listing.together(wanted))
    if not groups:
        st.info("No run fits. Take something out of the filter.")
    shown = st.session_state.setdefault(_SHOWN, PAGE)
    for group in groups[:shown]:
        with st.container(border=True):
            if len(group) > 1:
                seeds = engine().catalog.group(group[0].run_id)
                st.caption(f"{len(group)} seeds, trained in lockstep" if seeds else "Twins, trained in lockstep")
            for run in group:
                runcard.show(run)
    if len(groups) > shown:
        st.button(f"{len(groups) - shown} more", key="history.more", on_click=_more)
    if len(runs) == listing.MOST:
        st.caption(f"The newest {listing.MOST}. `python -m playground runs` lists all.")


def _nothing_yet() -> None:
    with st.container(key="history-empty", horizontal_alignment="center"):
        said = "**No run yet.** Every network that you train is kept here, with what was measured in it."
        st.markdown(said, width="content")
        if st.button("To the playground", key="history.begin", type="primary", icon=":material/play_arrow:"):
            st.switch_page(PAGES / "playground.py")
        keeping.take_in()


def _filtered(runs: Sequence[Entry]) -> list[Entry]:
    """The bar over the list, and what it leaves."""
    statuses = sorted({run.status.value for run in runs})
    tags = sorted({tag for run in runs for tag in run.label.tags})
    with st.container(horizontal=True, vertical_alignment="bottom", key="history-bar"):
        text = st.text_input("Find", key="history.find", placeholder="name, note, tag, words", type="search",
                             persist_state="session", width=240)  # fmt: skip
        chosen = st.pills("Status", statuses, selection_mode="multi", key="history.status") if len(statuses) > 1 else []
        tagged = st.pills("Tags", tags, selection_mode="multi", key="history.tags") if tags else []
        order: Order = st.segmented_control(
            "Order", get_args(Order), default="newest", required=True, key="history.order"
        )
        _compare(runs)
        keeping.take_in()
    return listing.in_order(listing.found(runs, text or "", chosen, tagged), order)


def _compare(runs: Sequence[Entry]) -> None:
    ticked = [run.run_id for run in runs if st.session_state.get(runcard.tick(run.run_id))]
    label = f"Compare {len(ticked)} runs" if len(ticked) > 1 else "Compare"
    help = None if len(ticked) > 1 else "Tick two runs or more."
    if st.button(
        label, key="history.compare", disabled=len(ticked) < 2, icon=":material/stacked_line_chart:", help=help
    ):
        st.session_state[INBOX] = ticked
        st.switch_page(PAGES / "compare.py")


def _more() -> None:
    st.session_state[_SHOWN] += PAGE
