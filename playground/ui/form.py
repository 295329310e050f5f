"""The form: the fields of RunConfig in the order of thought, under headings."""

from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.training.config import RunConfig
from playground.training.presets import PRESETS
from playground.ui import fields, state
from playground.ui.labels import label
from playground.ui.words import plain

CHIPS = 6
"""Changes that are named one by one."""


class Group(NamedTuple):
    """A heading and the fields under it, by dotted path. A path that the chosen component lacks is skipped.

    `name` is what a link calls it that hides it.
    """

    name: str
    heading: str
    paths: tuple[str, ...]
    folded: bool = False


GROUPS = (
    Group("task", "Task", ("task", "shuffle_time", "arrival")),
    Group("architecture", "Architecture", ("architecture", "direction", "layers")),
    Group("cell", "Cell", ("cell.kind", "cell.activation", "cell.forget_bias", "cell.keep_bias", "hidden")),
    Group("init", "Initialiser of U", ("cell.recurrent_init",)),
    Group("clip", "Clip the gradient", ("clip",)),
    Group("training", "Training", ("optimizer", "learning", "batch", "updates", "pace", "seed")),
    Group(
        "advanced",
        "Advanced",
        ("schedule", "cell.input_init", "cell.bias_init", "cell.output_activation", "cell.gate_activation",
         "readout_init", "precision", "device", "test_length"),
        folded=True,
    ),
    Group(
        "stop",
        "When the run ends",
        ("stop.solved", "stop.not_finite", "stop.alarm", "stop.seconds"),
        folded=True,
    ),
    Group("alarms", "When alarms are raised", ("alarms",), folded=True),
)  # fmt: skip
"""In the order of thought. A law test holds that every field of a config stands in one of them."""


def sidebar() -> AbstractContextManager[Any]:
    return st.sidebar


def show(presets: bool = True, unfolded: str | None = None) -> dict[str, DeltaGenerator]:
    """The form. Returns an empty place at the end of each group, by name, for what belongs under it.

    `unfolded`: a group that is there to be seen.
    """
    if presets and state.shows("preset"):
        _preset()
    config, places = state.config(), {}
    for group in GROUPS:
        if not state.shows(group.name):
            continue
        key = f"group-{group.name}"
        with (
            st.expander(group.heading, expanded=group.name == unfolded, key=key)
            if group.folded
            else st.container(gap="small", key=key)
        ):
            if not group.folded:
                st.markdown(f"**{group.heading}**")
            fields.show(config, group.paths)
            places[group.name] = st.container(key=f"after-{group.name}")
    if len(places) < len(GROUPS):
        st.caption("Some controls are hidden by this link. What they say is in force all the same.")
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
    # Always a place for it: an element that comes between others makes the page build the form anew, and focus is lost.
    with st.container(horizontal=True, gap="xxsmall", key="chips"):
        _chips(preset.config)


def _chips(preset: RunConfig) -> None:
    """What differs from the preset, each with the way back."""
    found = ways_back(preset, state.config())
    for path, back in list(found.items())[:CHIPS]:
        st.button(
            f"{plain(label(path))} ↺", key=f"form.undo.{path}", type="tertiary", on_click=put_back, args=(back,),
            help="Changed from the preset. Back to what it says.",
        )  # fmt: skip
    if len(found) > 1:
        st.button(
            "all ↺" if len(found) <= CHIPS else f"all {len(found)} ↺", key="form.undo", type="tertiary",
            on_click=state.load, args=(state.preset(),), help="Back to the preset.",
        )  # fmt: skip


def ways_back(preset: RunConfig, config: RunConfig) -> dict[str, dict[str, Any]]:
    """By what was changed, a field or a whole component: the changes that bring the preset's back."""
    forwards, backwards = config.difference(preset), preset.difference(config)
    kinds = [path.removesuffix("kind") for path in forwards if path.endswith(".kind")]
    found: dict[str, dict[str, Any]] = {}
    for path in forwards:
        # The fields of a component that is another one now are part of that change.
        whole = next((kind for kind in kinds if path.startswith(kind)), None)
        place = path if whole is None else f"{whole}kind"
        found[place] = {p: v for p, v in backwards.items() if p == place or (whole and p.startswith(whole))}
    return found


def put_back(changes: dict[str, Any]) -> None:
    """Takes up one of the ways back."""
    (path, value), *besides = changes.items()
    state.change(path, value, **dict(besides))
