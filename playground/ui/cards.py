"""Three cards for a first visit: a failure, its cure by one change, and an explosion."""

import streamlit as st

from playground.training.presets import CARDS, PRESETS
from playground.ui import state


def show() -> None:
    """While no run is watched: nothing moves yet, so there is room to choose."""
    if state.watched():
        return
    for column, key in zip(st.columns(len(CARDS)), CARDS, strict=True):
        preset = PRESETS[key]
        loaded = state.preset() == key
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{preset.title}**  \n{preset.promise}")
            st.button(
                "loaded: press Train" if loaded else "Load",
                key=f"card.{key}",
                on_click=state.load,
                args=(key,),
                disabled=loaded,
                width="stretch",
            )
