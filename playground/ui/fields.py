"""Widgets for the fields of a config: a number, a choice, a component with the fields of its own, a text.

Widgets carry no bounds of their own: what is out of range comes to the server and gets the sentence that a link or a
JSON file would get. What makes no sense beside the rest of the config is not offered, and the reason is said.
"""

import math
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import streamlit as st
from pydantic import BaseModel

from playground.core.errors import reason
from playground.training.config import RunConfig
from playground.training.paths import chosen, holder, info, options, value_at
from playground.ui import echo, state, yours
from playground.ui.labels import label, value_name
from playground.ui.mending import choices
from playground.ui.words import plain

HEADED = ("task", "architecture", "cell.kind", "cell.recurrent_init", "clip")
"""Choices that are what their group's heading says: a label for the eye would say it twice."""

SUMMED_UP = ("task.kind", "architecture.kind", "learning.kind")
"""Choices whose names alone do not tell them apart: the sentence of the chosen one stands under them."""

NARROW = 26
"""Letters of all options together that stand side by side in the sidebar."""

PROBES: dict[str, Callable[[RunConfig], int]] = {"layers": lambda _: 2, "test_length": lambda c: c.task.length}
"""Numbers of which some configs allow one value only: another one, to find out."""


def show(config: RunConfig, paths: Sequence[str]) -> None:
    """Widgets for these paths, as far as the config has them; numbers stand two in a row."""
    there = [path for path in paths if holder(config, path)]
    for number, run in groupby(there, key=lambda path: _is_number(config, path)):
        for row in _rows(list(run), 2 if number else 1):
            columns = st.columns(len(row)) if len(row) > 1 else [st.container(gap="xsmall")]
            for place, path in zip(columns, row, strict=True):
                with place:
                    _field(config, path)


def _rows(paths: list[str], wide: int) -> list[list[str]]:
    return [paths[i : i + wide] for i in range(0, len(paths), wide)]


def _is_number(config: RunConfig, path: str) -> bool:
    return info(config, path).annotation in (int, float)


def _field(config: RunConfig, path: str) -> None:
    """One widget, and under it what is to be said of it: a problem, what the last change of it took back."""
    field, value = info(config, path), value_at(config, path)
    if chosen(field):
        _choice(config, f"{path}.kind", value.kind)
        show(config, [f"{path}.{name}" for name in type(value).model_fields if name != "kind"])
        return
    if isinstance(value, BaseModel):
        _one_at_a_time(config, path, value)
    elif path.endswith(".kind"):
        _choice(config, path, value)
    elif field.annotation is bool:
        _toggle(config, path, value)
    elif options(config, path):
        _choice(config, path, value)
    elif field.annotation is str:
        yours.text(config, path)
    elif isinstance(value, tuple):
        yours.numbers(config, path)
    else:
        _number(config, path, value)


def _one_at_a_time(config: RunConfig, path: str, value: BaseModel) -> None:
    """Several components that are all there: which one to change, and its fields. All would be sixty widgets."""
    parts = {name: getattr(value, name) for name in type(value).model_fields}
    name = st.selectbox(
        label(path), list(parts), format_func=lambda kind: parts[kind].title, key=f"form.{path}.which",
        help=info(config, path).description,
    )  # fmt: skip
    show(config, [f"{path}.{name}.{field}" for field in type(parts[name]).model_fields if field != "kind"])


def _choice(config: RunConfig, path: str, value: Any) -> None:
    """One of a few: what does not fit is left out. The formula of a chosen component is its help."""
    found, key = choices(config, path, options(config, path)), _bound(path, value)
    shown = st.session_state[key]
    offered = found.offered if shown in found.offered else (shown, *found.offered)
    names = {option: value_name(config, path, option) for option in (*offered, *found.left_out)}
    wide = path.endswith(".kind") or sum(map(len, names.values())) > NARROW
    common: dict[str, Any] = {
        "options": sorted(offered, key=lambda o: names[o].casefold()) if path == "task.kind" else offered,
        "format_func": names.get,
        "key": key,
        "help": _help(config, path),
        "on_change": _picked,
        "args": (path, options(config, path)),
        "label_visibility": "collapsed" if path.removesuffix(".kind") in HEADED or path in HEADED else "visible",
    }
    if wide:
        st.selectbox(label(path), **common)
    else:
        st.segmented_control(label(path), required=True, **common)
    if path in SUMMED_UP:
        st.caption(plain(value_at(config, path.removesuffix(".kind")).summary))
    _under(config, path)
    if found.left_out:
        st.caption(plain(f"Not offered: {', '.join(names[option] for option in found.left_out)}. {found.reason}"))


def _toggle(config: RunConfig, path: str, value: bool) -> None:
    found = choices(config, path, (False, True))
    st.toggle(
        label(path), key=_bound(path, value), help=info(config, path).description, on_change=_changed, args=(path,),
        disabled=len(found.offered) < 2,
    )  # fmt: skip
    _under(config, path)
    if found.left_out:
        st.caption(plain(found.reason))


def _number(config: RunConfig, path: str, value: float) -> None:
    field = info(config, path)
    whole = field.annotation is int
    found = choices(config, path, (PROBES[path](config),)) if path in PROBES else None
    st.number_input(
        label(path), step=1 if whole else step(field.default), format="%d" if whole else "%g", key=_bound(path, value),
        help=field.description, on_change=_changed, args=(path,),
        disabled=bool(found and not found.offered and value == field.default and path not in state.refused()),
    )  # fmt: skip
    _under(config, path)
    if found and found.reason:
        st.caption(plain(found.reason))


def _help(config: RunConfig, path: str) -> str | None:
    if not path.endswith(".kind"):
        return info(config, path).description
    owner = path.removesuffix(".kind")
    component = value_at(config, owner)
    formula = getattr(component, "formula", "") or "; ".join(getattr(component, "equations", ()))
    said = info(config, owner).description, getattr(component, "summary", ""), plain(formula)
    return "  \n".join(filter(None, said)) or None


def step(default: float) -> float:
    """One in the first or second digit of the default: 0.002 → 0.001, 1.0 → 0.1."""
    if default == 0:
        return 0.1
    power = math.floor(math.log10(abs(default)))
    return float(10.0 ** (power if abs(default) > 1.5 * 10**power else power - 1))


def _bound(path: str, value: Any) -> str:
    """The key of a widget, whose shown value follows the config, or the refused edit that waits to be mended."""
    key = f"form.{path}"
    shown = state.refused()[path][0] if path in state.refused() else value
    echo.write(key, shown)
    return key


def _picked(path: str, known: tuple[Any, ...]) -> None:
    """What is no option at all comes from a browser that has not drawn yet what the server offers now."""
    if st.session_state[f"form.{path}"] in known:
        _changed(path)


def _changed(path: str) -> None:
    key = f"form.{path}"
    if not echo.is_echo(key):
        state.change(path, st.session_state[key])


def _under(config: RunConfig, path: str) -> None:
    if path in state.refused():
        st.markdown(f":red[{plain(state.refused()[path][1])}]")
    for problem in state.went_back(path):
        name = value_name(config, problem.path, problem.instead)
        st.caption(plain(f"{label(problem.path)} went back to {name}: {reason(problem.sentence)}"))
