"""The form of a map, in the sidebar: a ready-made one, its axes, how many seeds and updates, the network."""

from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from playground.sweeps import limits
from playground.sweeps.axis import MOST_VALUES, Axis
from playground.sweeps.cells import Side
from playground.sweeps.fields import paths
from playground.sweeps.ready import READY
from playground.sweeps.spec import MapSpec
from playground.sweeps.titles import title_of
from playground.training.config import RunConfig
from playground.training.paths import info, options
from playground.ui import PAGES, echo, fields, going, state, twins
from playground.ui.form import GROUPS
from playground.ui.maps import setup
from playground.ui.words import plain

HEADINGS: Mapping[Side, str] = {"x": "Across", "y": "Up", "panels": "Panels beside each other"}
DOWN = "Down"
"""Where names are listed."""
NONE = "—"
MOST: Mapping[str, int] = {"seeds": limits.SEEDS, "updates": limits.UPDATES}


def show() -> MapSpec | None:
    """The map that the form describes; None, and why, where its parts do not go together."""
    spec, problems = setup.spec()
    _ready(spec)
    for side in HEADINGS:
        _axis(side)
    _counts()
    for problem in problems:
        whose = f"{problem.path} a cell: " if problem.path in MOST else ""
        st.markdown(f":red[{plain(whose + problem.sentence)}]")
    _network()
    return spec


def _ready(spec: MapSpec | None) -> None:
    key = "map.ready"
    echo.write(key, next((name for name, ready in READY.items() if ready.spec == spec), None))
    st.selectbox(
        "Ready-made map", list(READY), format_func=lambda name: READY[name].title, key=key, on_change=_load,
        index=None, placeholder="your own; or choose one",
        help="A map that answers one question. It replaces the axes below, and brings a network of its own.",
    )  # fmt: skip
    if name := st.session_state[key]:
        st.caption(plain(READY[name].sentence))


def _load() -> None:
    if name := st.session_state["map.ready"]:
        setup.take(READY[name].spec)


def _axis(side: Side) -> None:
    axis, config = setup.axis(side), setup.base()
    with st.container(gap="xsmall", key=f"map-axis-{side}"):
        st.markdown(f"**{HEADINGS[side] if side != 'y' or axis is None or axis.numeric else DOWN}**")
        names = offered(config)
        chosen = axis.path if axis else NONE
        options = list(names) if side == "x" else [NONE, *names]
        key = f"map.{side}.path"
        echo.write(key, chosen)
        st.selectbox(
            f"Setting {HEADINGS[side].lower()}", options if chosen in options else [chosen, *options], key=key,
            format_func=lambda path: names.get(path, title_of(path) if path != NONE else "nothing"),
            on_change=_picked, args=(side,), label_visibility="collapsed",
        )  # fmt: skip
        if axis and axis.numeric:
            _numbers(side, axis)
        elif axis:
            _kinds(side, axis, config)
        if typed := setup.refused().get(side):
            st.markdown(f":red[{plain(typed['sentence'])}]")


@lru_cache(8)
def offered(config: RunConfig) -> Mapping[str, str]:
    """Every setting that may be an axis, in the order of the playground's form, each with its heading."""
    order = [(group.heading, path) for group in GROUPS for path in group.paths]
    found: dict[str, str] = {}
    for heading, begins in order:
        for path in paths(config):
            if path == begins or path.startswith(f"{begins.removesuffix('.kind')}."):
                found.setdefault(path, f"{heading} · {title_of(path)}")
    return found


def _picked(side: Side) -> None:
    path = st.session_state[f"map.{side}.path"]
    if not echo.is_echo(f"map.{side}.path") and path in (NONE, *offered(setup.base())):
        setup.choose(side, None if path == NONE else path)


def _numbers(side: Side, axis: Axis) -> None:
    """From, to, how many, and whether in equal steps or equal factors."""
    typed = setup.refused().get(side, {})
    shown = {"low": axis.values[0], "high": axis.values[-1], "count": len(axis.values), "log": axis.log} | typed
    config = setup.base()
    whole = info(config, axis.path).annotation is int if axis.path in paths(config) else False
    low, high, count = st.columns(3)
    for name, place in (("low", low), ("high", high)):
        key = f"map.{side}.{name}"
        echo.write(key, int(shown[name]) if whole else float(shown[name]))
        place.number_input(
            {"low": "from", "high": "to"}[name], key=key, step=1 if whole else fields.step(float(shown[name])),
            format="%d" if whole else "%g", on_change=_spread, args=(side, key),
        )  # fmt: skip
    echo.write(f"map.{side}.count", int(shown["count"]))
    count.number_input(
        "values", key=f"map.{side}.count", step=1, on_change=_spread, args=(side, f"map.{side}.count"),
        help=f"2 to {MOST_VALUES}.",
    )  # fmt: skip
    echo.write(f"map.{side}.log", bool(shown["log"]))
    st.toggle(
        "equal factors (log)", key=f"map.{side}.log", on_change=_spread, args=(side, f"map.{side}.log"),
        help="On: each value is the same factor larger than the one before. Off: the same amount.",
    )  # fmt: skip
    st.caption(plain(", ".join(map(axis.value_title, axis.values))))


def _spread(side: Side, changed: str) -> None:
    if not echo.is_echo(changed):
        setup.spread(side, *(st.session_state[f"map.{side}.{name}"] for name in ("low", "high", "count", "log")))


def _kinds(side: Side, axis: Axis, config: RunConfig) -> None:
    """Which, in the order in which they are picked."""
    key, known = f"map.{side}.values", list(options(config, axis.path)) if axis.path in paths(config) else []
    shown = setup.refused().get(side, {}).get("values", list(axis.values))
    echo.write(key, shown)
    st.multiselect(
        "values, in the order of picking", list(dict.fromkeys([*known, *axis.values])), key=key,
        format_func=axis.value_title, on_change=_list, args=(side,), max_selections=MOST_VALUES,
    )  # fmt: skip


def _list(side: Side) -> None:
    if not echo.is_echo(f"map.{side}.values"):
        setup.list_values(side, list(st.session_state[f"map.{side}.values"]))


def _counts() -> None:
    seeds, updates = st.columns(2)
    said = {"seeds": "Networks in each cell, alike but for the seed.", "updates": "Of each network."}
    for name, place in (("seeds", seeds), ("updates", updates)):
        key = f"map.{name}"
        echo.write(key, setup.number(name))
        place.number_input(
            {"seeds": "seeds a cell"}.get(name, name), key=key, step=1 if name == "seeds" else 50, on_change=_count,
            args=(name,), help=f"{said[name]} 1 to {MOST[name]:,}.",
        )  # fmt: skip


def _count(name: str) -> None:
    if not echo.is_echo(f"map.{name}"):
        setup.put(**{name: st.session_state[f"map.{name}"]})


def _network() -> None:
    """Where all that is no axis comes from."""
    config, usual = setup.base(), RunConfig()
    with st.container(gap="xsmall", key="map-network"):
        st.markdown("**Everything else**")
        said = "the defaults" if config == usual else twins.difference(usual, config)
        whose = "Another network than the playground has" if setup.differs() else "As in the playground"
        st.caption(plain(f"{whose}: {said}."))
        if setup.differs():
            st.button("As in the playground", key="map.follow", icon=":material/sync:", on_click=setup.follow)
        if state.shows("pages") and st.button("Change it in the playground", key="map.edit", type="tertiary"):
            going.go(PAGES / "playground.py")
