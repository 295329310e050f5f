"""The cells that a reader has chosen: one to look at, two to compare."""

from collections.abc import Container

import streamlit as st

from playground.ui.maps.component import Said

MOST = 2
LETTERS = "AB"
_PICKED = "map.picked"
_OPEN = "map.open"
_STAMP = "map.stamp"


def picked() -> tuple[int, ...]:
    return tuple(st.session_state.get(_PICKED, ()))


def on(cells: Container[int]) -> tuple[int, ...]:
    """Those of them that a map has."""
    return tuple(cell for cell in picked() if cell in cells)


def stamp() -> int:
    """Of the last thing that a reader did and the page knows of."""
    found: int = st.session_state.get(_STAMP, 0)
    return found


def take(said: Said) -> None:
    st.session_state[_STAMP] = said.stamp
    if said.do == "open" and said.cells:
        st.session_state[_OPEN] = said.cells[0]
    else:
        st.session_state[_PICKED] = list(dict.fromkeys(said.cells))[:MOST]


def to_open() -> int | None:
    """The cell that was asked to be opened, once."""
    found: int | None = st.session_state.pop(_OPEN, None)
    return found


def clear() -> None:
    st.session_state[_PICKED] = []
    st.session_state[_STAMP] = stamp() + 1
