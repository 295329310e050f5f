"""The map itself: what it says in a sentence, its cells, the numbers of those that are chosen, and what helps to read
it. Drawn anew only where something has changed."""

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.sweeps.folder import NOTHING
from playground.sweeps.measures import MEASURES
from playground.sweeps.spec import MapSpec
from playground.ui import state
from playground.ui.maps import card, drawing, opening, picks, shown
from playground.ui.maps.component import component, reported
from playground.ui.words import plain

EVERY = 0.4
KEY = "map.picture"
NOTHING_YET = "Press Fill the map, and the cells take their colours."
HOW = "Click a cell for its numbers, then another one to compare. A double click, or Enter, opens its run."


def show(spec: MapSpec | None, moves: bool) -> None:
    """`spec` is the form's, for when no map is looked at. One that `moves` is looked at again and again."""
    st.fragment(_show, run_every=EVERY if moves else None, key="map.map")(spec, shown.name(), moves)


def _show(spec: MapSpec | None, map_id: str | None, moves: bool) -> None:
    try:
        found = shown.current()
    except PlaygroundError as error:
        st.warning(plain(str(error)), icon=":material/grid_off:")
        return
    if shown.name() != map_id or moves != bool(found and found.moves):
        st.rerun()  # another map, or the end of this one: a matter of the whole page
    whole = found.spec if found else spec
    if whole is None:
        return
    seen = found.seen if found else NOTHING
    says = st.container(key="map-summary")
    measure, lines = _what()
    drawn = drawing.drawn(map_id or "", whole, seen, not moves, measure, lines)
    says.markdown(plain(drawn.summary) if found else NOTHING_YET)
    # Panels need the width.
    left, right = (st.container(), st.container()) if whole.panels else st.columns([7, 3], gap="medium")
    with left:
        component(
            drawn.json, picks.on(whole.cells()), picks.stamp(), lecture=state.view().lecture, key=KEY, on_change=_heard
        )
        if drawn.theory:
            st.caption("  \n".join(f"**{plain(name)}.** {plain(rule)}" for name, rule in drawn.theory.items()))
    with right, st.container(key="map-card"):
        card.show(whole, seen, drawn.cells)
        st.caption(HOW)
    if (cell := picks.to_open()) is not None:
        opening.one(whole, cell, card.seed())


def _what() -> tuple[str, bool]:
    """What the colours show, and whether theory's lines stand over them."""
    with st.container(horizontal=True, vertical_alignment="center", key="map-what"):
        measure = st.segmented_control(
            "Colour", list(MEASURES), default="outcome", required=True, key="map.measure",
            format_func=lambda name: MEASURES[name].title, label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        lines = st.toggle(
            "Theory's boundary", value=True, key="map.lines", persist_state="session",
            help="Lines that are predicted from the weights at the start, over what was measured.",
        )  # fmt: skip
    return measure or "outcome", lines


def _heard() -> None:
    """What a reader did with the cells."""
    said = reported(st.session_state[KEY].get("cell"))
    if said is not None:
        picks.take(said)
