"""The page that builds links for a class. The network in them is the one that the playground's page has now."""

import streamlit as st

from playground.figures.gallery import FIGURES
from playground.training.presets import PRESETS
from playground.ui import share, state
from playground.ui.twins import difference
from playground.ui.view import CONTROLS, MOST_PICTURES, MOST_TAUGHT, View
from playground.ui.words import plain

TITLES = {figure.name: figure.title for figure in FIGURES}


def show() -> None:
    st.markdown("#### A link for a class")
    preset = PRESETS[state.preset()]
    changed = state.config() != preset.config
    network = f"{preset.title}, with {difference(preset.config, state.config())}" if changed else preset.title
    st.markdown(f"It opens the playground with the network that is set there now: **{plain(network)}**.")
    choices, link = st.columns([3, 2], gap="large")
    with choices:
        wanted, embedded = _choices()
    with link:
        share.code(wanted, embedded)
        if embedded:
            st.caption(
                "Without menu and page list. Sites of other addresses cannot show it in a frame: a run belongs to a "
                "browser's cookie, which is not sent there."
            )


def _choices() -> tuple[View, bool]:
    hidden = st.multiselect(
        "Hide these controls", list(CONTROLS), format_func=CONTROLS.__getitem__, key="builder.hidden",
        placeholder="nothing is hidden",
        help="What is hidden still counts: the network keeps what it says. It is no lock: a link can be written anew.",
    )  # fmt: skip
    taught = st.multiselect(
        f"Presets on the keys 1 to {MOST_TAUGHT}, in this order", list(PRESETS), key="builder.teach",
        format_func=lambda key: f"{PRESETS[key].title} ({key})", max_selections=MOST_TAUGHT,
        placeholder="the three cards of the first page",
    )  # fmt: skip
    pictures = st.multiselect(
        "Pictures", list(TITLES), format_func=TITLES.__getitem__, key="builder.pictures", max_selections=MOST_PICTURES,
        placeholder="as each browser has chosen",
    )  # fmt: skip
    lecture = st.toggle("Lecture mode: large type, controls folded away", key="builder.lecture")
    ask = st.toggle("Alarms and verdict only when asked for: predict first", key="builder.ask")
    embedded = st.toggle("Embedded: without the menu around it", key="builder.embedded")
    return View(tuple(pictures) or None, lecture, ask, tuple(hidden), tuple(taught)), embedded
