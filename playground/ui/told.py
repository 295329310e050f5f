"""What went wrong in a callback, as a sentence on the page: a callback has nowhere to draw."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.ui.words import plain

_KEY = "told"


@contextmanager
def told() -> Iterator[None]:
    """Keeps the sentence of an error for `show`; whatever stands after the failing line is left out."""
    st.session_state.pop(_KEY, None)
    try:
        yield
    except (PlaygroundError, OSError) as error:
        st.session_state[_KEY] = str(error)


def say(sentence: str) -> None:
    """The same, for what goes wrong where others go on."""
    st.session_state[_KEY] = sentence


def show() -> None:
    """The sentence of the last action, until the next one: what looks again each second must not take it away."""
    if sentence := st.session_state.get(_KEY):
        st.error(plain(sentence))
