"""Widgets that the server writes too: what a browser says of them may be what stood there before.

A browser that has not drawn yet what the server wrote says the old value again with its next message. That is no edit.
"""

import math
import time
from typing import Any

import streamlit as st

ECHO = 1.5
"""Seconds, from when the page is told, in which a browser may still say what stood in a widget before."""
_OVERWRITTEN = "form.overwritten"  # key → what stood there, and when the page was told of what stands there now


def write(key: str, shown: Any) -> None:
    """Makes a widget show this. Only where it does not: written anew, a half-typed number would be lost, and a choice
    that is made at this moment undone.
    """
    if st.session_state.get(key) != shown:
        st.session_state.setdefault(_OVERWRITTEN, {})[key] = (st.session_state.get(key), math.inf)
        st.session_state[key] = shown


def is_echo(key: str) -> bool:
    """Whether what a widget says now is what stood there before the server wrote it anew."""
    before, told = st.session_state.get(_OVERWRITTEN, {}).get(key, (None, -math.inf))
    return bool(st.session_state[key] == before and time.monotonic() - told <= ECHO)


def drawn() -> None:
    """For the end of a script's run, which may be seconds after the form: it waits for a worker. Messages that came
    meanwhile are read only now, and say what stood there before.
    """
    overwritten = st.session_state.get(_OVERWRITTEN, {})
    for key, (before, when) in overwritten.items():
        if when == math.inf:
            overwritten[key] = (before, time.monotonic())
