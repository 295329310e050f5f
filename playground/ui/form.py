"""The form: the fields of RunConfig in the order of thought, under headings."""

from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.training.presets import PRESETS
from playground.ui import fields, state
from playground.ui.labels import label
from playground.ui.words import plain


class Group(NamedTuple):
    """A heading and the fields under it, by dotted path. A path that the chosen component lacks is skipped."""

    heading: str
    paths: tuple[str, ...]
    folded: bool = False


GROUPS = (
    Group("Task", ("task", "shuffle_time", "arrival")),
    Group("Architecture", ("architecture", "direction", "layers")),
    Group("Cell", ("cell.kind", "cell.activation", "cell.forget_bias", "cell.keep_bias", "hidden")),
    Group("Initialiser of U", ("cell.recurrent_init",)),
    Group("Clip the gradient", ("clip",)),
    Group("Training", ("optimizer", "learning", "batch", "updates", "pace", "seed")),
    Group(
        "Advanced",
        ("schedule", "cell.input_init", "cell.bias_init", "cell.output_activation", "cell.gate_activation",
         "readout_init", "precision", "device", "test_length"),
        folded=True,
    ),
    Group("When alarms are raised", ("alarms",), folded=True),
)  # fmt: skip
"""In the order of thought. A law test holds that every field of a config stands in one of them."""


def sidebar() -> AbstractContextManager[Any]:
    return st.sidebar


def show() -> dict[str, DeltaGenerator]:
    """The form. Returns an empty place at the end of each group, by heading, for what belongs under it."""
    _preset()
    config, places = state.config(), {}
    for group in GROUPS:
        holder = st.expander(group.heading) if group.folded else st.container(gap="small")
        with holder:
            if not group.folded:
                st.markdown(f"**{group.heading}**")
            fields.show(config, group.paths)
            places[group.heading] = st.container()
    return places


def _preset() -> None:
    key = "form.preset"
    st.session_state[key] = state.preset()
    st.selectbox(
        "Preset",
        list(PRESETS),
        format_func=lambda k: f"{PRESETS[k].title} ({k})",
        key=key,
        on_change=lambda: state.load(st.session_state[key]),
        help="A configuration that shows one thing. Loading it replaces every control below.",
    )
    preset = PRESETS[state.preset()]
    st.caption(preset.promise)
    changed = state.config().difference(preset.config)
    # Always a place for it: an element that comes between others makes the page build the form anew, and focus is lost.
    with st.container():
        if changed:
            names = ", ".join(plain(label(path)) for path in changed)
            st.button(
                f"↺ undo changes: {names}", key="form.undo", type="tertiary", on_click=state.load, args=(preset.key,)
            )
