"""The form, generated from the fields of RunConfig: a component's fields become its widgets.

Widgets carry no bounds of their own: what is out of range comes to the server and gets the sentence that a link or a
JSON file would get.
"""

import math
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Literal, NamedTuple, get_args, get_origin

import streamlit as st
from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo
from streamlit.delta_generator import DeltaGenerator

from playground.core.component import Chosen, Component
from playground.nn.initializers import rectangular
from playground.training.presets import PRESETS
from playground.ui import state
from playground.ui.words import plain


class Group(NamedTuple):
    """A heading and the fields under it, by dotted path."""

    heading: str
    paths: tuple[str, ...]
    folded: bool = False


GROUPS = (
    Group("Task", ("task",)),
    Group("Network", ("cell.kind", "cell.activation", "hidden")),
    Group("Initialiser of U", ("cell.recurrent_init",)),
    Group("Clip the gradient", ("clip",)),
    Group("Training", ("optimizer", "batch", "updates", "pace", "seed")),
    Group("Advanced", ("cell.input_init", "cell.bias_init", "readout_init", "precision"), folded=True),
)
"""In the order of thought. A law test holds that every field of a config stands in one of them."""

HEADED = ("task", "cell.recurrent_init", "clip")
"""Choices that are what their group's heading says: a label for the eye would say it twice."""

LABELS: Mapping[str, str] = {
    "task": "task",
    "length": "length T",
    "symbols": "symbols S",
    "cell.kind": "cell",
    "hidden": "hidden units H",
    "recurrent_init": "how U is drawn",
    "input_init": "how W is drawn",
    "bias_init": "how b is drawn",
    "readout_init": "how V is drawn",
    "clip": "rule",
    "lo": "from",
    "hi": "to",
    "threshold": "largest norm",
    "optimizer": "optimiser",
    "learning_rate": "learning rate η",
    "batch": "batch N",
    "pace": "updates a second",
}
"""Where the field's own name, with its underscores as blanks, is not what the page should say."""


def sidebar() -> AbstractContextManager[Any]:
    return st.sidebar


def show() -> dict[str, DeltaGenerator]:
    """The form. Returns an empty place at the end of each group, by heading, for what belongs under it."""
    _preset()
    places = {}
    for group in GROUPS:
        holder = st.expander(group.heading) if group.folded else st.container(gap="small")
        with holder:
            if not group.folded:
                st.markdown(f"**{group.heading}**")
            for path in group.paths:
                _field(path)
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
            names = ", ".join(
                plain(path.split(".")[-2] if path.endswith("kind") else path.split(".")[-1]) for path in changed
            )
            st.button(
                f"↺ undo changes: {names}", key="form.undo", type="tertiary", on_click=state.load, args=(preset.key,)
            )


def _field(path: str) -> None:
    *parents, name = path.split(".")
    holder: Any = state.config()
    for parent in parents:
        holder = getattr(holder, parent)
    if name == "kind":
        config = state.config()
        _choice(path, next(m for m in _info(config, parents[-1]).metadata if isinstance(m, Chosen)), holder)
        return
    _widget(path, holder, name)


def _info(holder: BaseModel, name: str) -> FieldInfo:
    return type(holder).model_fields[name]


def _widget(path: str, holder: BaseModel, name: str) -> None:
    info, value = _info(holder, name), getattr(holder, name)
    chosen = next((m for m in info.metadata if isinstance(m, Chosen)), None)
    if chosen:
        square = not any(isinstance(m, AfterValidator) and m.func is rectangular for m in info.metadata)
        _choice(f"{path}.kind", chosen, value, info.description, square)
        _parameters(path, value)
    elif get_origin(info.annotation) is Literal:
        key = _bound(path, value)
        options = get_args(info.annotation)
        st.segmented_control(
            _label(path), options, key=key, help=info.description, on_change=_changed, args=(path,), required=True
        )
        _problem(path)
    else:
        _number(path, info, value)


def _choice(path: str, chosen: Chosen, value: Component, description: str | None = None, square: bool = True) -> None:
    """A component of a registry, by kind. The formula of the chosen one is its help."""
    registry = chosen.registry
    kinds = [k for k in registry.kinds() if square or not getattr(registry[k], "square_only", False)]
    formula = getattr(value, "formula", "") or "; ".join(getattr(value, "equations", ()))
    st.selectbox(
        _label(path if path == "cell.kind" else path.removesuffix(".kind")),
        kinds,
        label_visibility="collapsed" if path.removesuffix(".kind") in HEADED else "visible",
        format_func=lambda kind: registry[kind].title,
        key=_bound(path, value.kind),  # type: ignore[attr-defined]  # every component has one
        help="  \n".join(filter(None, (description, getattr(value, "summary", ""), plain(formula)))) or None,
        on_change=_changed,
        args=(path,),
    )
    _problem(path)


def _parameters(path: str, component: Component) -> None:
    """The numbers of a component, two in a row."""
    names = [name for name in type(component).model_fields if name != "kind"]
    for pair in (names[i : i + 2] for i in range(0, len(names), 2)):
        for column, name in zip(st.columns(len(pair)), pair, strict=True):
            with column:
                _widget(f"{path}.{name}", component, name)


def _number(path: str, info: FieldInfo, value: float) -> None:
    whole = info.annotation is int
    key = _bound(path, value)
    st.number_input(
        _label(path),
        step=1 if whole else _step(info.default),
        format="%d" if whole else "%g",
        key=key,
        help=info.description,
        on_change=_changed,
        args=(path,),
    )
    _problem(path)


def _step(default: float) -> float:
    """One in the first or second digit of the default: 0.002 → 0.001, 1.0 → 0.1."""
    if default == 0:
        return 0.1
    power = math.floor(math.log10(abs(default)))
    return float(10.0 ** (power if abs(default) > 1.5 * 10**power else power - 1))


def _bound(path: str, value: Any) -> str:
    """The key of a widget, whose shown value follows the config, or the refused edit that waits to be mended."""
    key = f"form.{path}"
    shown = state.refused()[path][0] if path in state.refused() else value
    if st.session_state.get(key) != shown:  # written anew, a half-typed number would be lost
        st.session_state[key] = shown
    return key


def _changed(path: str) -> None:
    state.change(path, st.session_state[f"form.{path}"])


def _problem(path: str) -> None:
    if path in state.refused():
        st.markdown(f":red[{plain(state.refused()[path][1])}]")


def _label(path: str) -> str:
    name = path.split(".")[-1]
    return LABELS.get(path, LABELS.get(name, name.replace("_", " ")))
