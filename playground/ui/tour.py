"""A first visit's tour: three stops, each of which outlines what it speaks of."""

from typing import NamedTuple

import streamlit as st

from playground.runs.engine import engine
from playground.ui import state
from playground.ui.view import PLAIN

_AT = "tour.stop"  # −1 once it is over


class Stop(NamedTuple):
    """What is outlined, by a selector of the page, and what is said."""

    place: str
    text: str


STOPS = (
    Stop(
        '[data-testid="stSidebarUserContent"]',
        "**The network.** On the left (on a phone behind »), in the order of thought: task, architecture, cell, "
        "initialiser, clip range, training. A preset fills all in; what you change gets a chip that takes it back.",
    ),
    Stop(
        ".st-key-runbar",
        "**The run.** Train, pause, one update at a time; the pace on the right. The preset that is loaded trains a "
        "network that forgets: press Train, or the space bar, when the tour is over.",
    ),
    Stop(
        ".pg-live",
        "**The pictures.** First everything over time steps, beside or below it everything over updates, all measured. "
        "The blue corner is where no signal arrives. Under each title stands how to read it.",
    ),
)


def show() -> None:
    """Only for a browser that sees no run yet, and not on a page that was made for a class."""
    stop = st.session_state.get(_AT, 0)
    if state.watched() or not 0 <= stop < len(STOPS) or state.view()._replace(pictures=None) != PLAIN:
        return
    if stop == 0 and engine().catalog.list(state.owner(), limit=1):
        return
    place, text = STOPS[stop]
    st.html(f"<style>{place} {{ outline: 2px solid var(--st-primary-color, #0f766e); outline-offset: 6px; }}</style>")
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="tour"):
        st.markdown(f"{stop + 1} of {len(STOPS)} · {text}", width="stretch")
        last = stop + 1 == len(STOPS)
        st.button("Done" if last else "Next", key="tour.next", on_click=_go, args=(-1 if last else stop + 1,))
        if not last:
            st.button("Skip the tour", key="tour.skip", type="tertiary", on_click=_go, args=(-1,))


def _go(stop: int) -> None:
    st.session_state[_AT] = stop
