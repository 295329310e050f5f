"""For a class: large type, the teacher's presets on the keys 1 to 9, and the verdict only when it is asked for."""

import streamlit as st

from playground.training.presets import CARDS, PRESETS
from playground.ui import state

_ASKED = "lecture.asked"  # the run whose verdict is shown

_LARGE = """
html { font-size: 20px; }
[data-testid="stCaptionContainer"], [data-testid="stMarkdownContainer"] { font-size: 1rem; }
"""
# A word over all of the pictures that says what is the matter, and the same in its own place.
_NO_VERDICT = ".pg-alarm, .pg-sentence { visibility: hidden; }"


def dress() -> None:
    """The page's style as its link asks for it."""
    view = state.view()
    rules = [
        _LARGE if view.lecture else "",
        "" if verdict_is_shown() else _NO_VERDICT,
    ]
    st.html(f"<style>{''.join(rules)}</style>" if any(rules) else "<style>/* as it is */</style>")


def show(presets: bool = True) -> None:
    """The list of presets, where there is to be one, and the button that asks for the verdict."""
    view = state.view()
    if not (view.ask or (presets and (view.lecture or view.teach))):
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lecture"):
        for number, key in enumerate((view.teach or CARDS) if presets else (), start=1):
            st.button(
                PRESETS[key].title, key=f"lecture.{key}", shortcut=str(number), on_click=_load, args=(key,),
                type="primary" if state.preset() == key and not state.watched() else "secondary",
                help=PRESETS[key].promise,
            )  # fmt: skip
        if view.ask and state.watched():
            shown = verdict_is_shown()
            st.button(
                "Hide the verdict" if shown else "Show the verdict", key="lecture.ask", icon=":material/visibility:",
                shortcut="V", on_click=_ask, args=(not shown,),
            )  # fmt: skip


def verdict_is_shown() -> bool:
    return not state.view().ask or st.session_state.get(_ASKED, "") == state.watched()


def _load(key: str) -> None:
    """A preset anew: what was watched before is still among the runs."""
    state.load(key)
    state.watch(None)


def _ask(shown: bool) -> None:
    st.session_state[_ASKED] = state.watched() if shown else ""
