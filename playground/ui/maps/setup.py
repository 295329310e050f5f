"""What the next map is to be: its axes, seeds and updates, and the network that all the rest is taken from.

Plain session state, apart from the rooms: the network follows the playground's, and what a map does changes nothing
there. The link of this page carries the network, as any link does, so that a reload gives it to the playground.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import streamlit as st
from pydantic import ValidationError

from playground.core.errors import FieldProblem, InvalidConfig, problems_of
from playground.sweeps.axis import Axis
from playground.sweeps.cells import Side
from playground.sweeps.fields import suggested
from playground.sweeps.ready import READY
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig
from playground.ui import state

FIRST = "gain-length"
"""The ready-made map whose axes a first visit finds."""

_SETUP = "map.setup"  # all of a MapSpec but its base, as JSON has it
_BASE = "map.base"  # what differs from the defaults
_PLAYGROUND = "map.playground"  # the playground's, when it was looked at last
_REFUSED = "map.refused"  # side → what was typed, and the sentence that says why not
_OF_ONE_RUN = ("pace", "updates", "stop", "alarms")
"""Fields that say nothing of a map's network."""


def begun() -> bool:
    return _SETUP in st.session_state


def begin() -> None:
    """Once a session; and then, whenever the playground has another network, that."""
    now = _network(state.config())
    if not begun():
        take(READY[FIRST].spec)
        st.session_state[_PLAYGROUND] = None
    if st.session_state[_PLAYGROUND] != now:
        st.session_state[_BASE] = now
        st.session_state[_PLAYGROUND] = now


def stay() -> None:
    """The playground has a cell of a map now, and that is no news for the map."""
    st.session_state[_PLAYGROUND] = _network(state.config())


def follow() -> None:
    """The playground's network instead of what a map or a link brought."""
    st.session_state[_BASE] = _network(state.config())
    stay()


def differs() -> bool:
    """Whether the playground has another network now."""
    return bool(st.session_state[_BASE] != _network(state.config()))


def _network(config: RunConfig) -> dict[str, Any]:
    """What differs from the defaults, of what a map's network is."""
    return {path: v for path, v in config.difference(RunConfig()).items() if path.split(".")[0] not in _OF_ONE_RUN}


def take(spec: MapSpec) -> None:
    """A map, whole."""
    st.session_state[_SETUP] = spec.model_dump(mode="json", exclude={"base", "format"})
    st.session_state[_BASE] = _network(spec.base)
    st.session_state[_REFUSED] = {}


def base() -> RunConfig:
    return RunConfig().patched(st.session_state[_BASE])


def spec() -> tuple[MapSpec | None, tuple[FieldProblem, ...]]:
    """The map, or what does not go together in it."""
    return _parsed(json.dumps(st.session_state[_BASE], sort_keys=True), json.dumps(st.session_state[_SETUP]))


@lru_cache(8)
def _parsed(base: str, setup: str) -> tuple[MapSpec | None, tuple[FieldProblem, ...]]:
    """A thousand cells are a thousand configs: not at every look."""
    try:
        network = RunConfig().patched(json.loads(base)).model_dump(mode="json")
        return MapSpec.parse({**json.loads(setup), "base": network}), ()
    except InvalidConfig as error:
        return None, error.problems


def axis(side: Side) -> Axis | None:
    given = st.session_state[_SETUP][side]
    return Axis.model_validate(given) if given else None


def number(name: str) -> int:
    """Of "seeds" or "updates"."""
    found: int = st.session_state[_SETUP][name]
    return found


def put(**changes: Any) -> None:
    """Other seeds or updates."""
    st.session_state[_SETUP] = {**st.session_state[_SETUP], **changes}


def choose(side: Side, path: str | None) -> None:
    """Another field for an axis, at its usual values; None takes the axis away."""
    put_axis(side, suggested(base(), path) if path else None)


def put_axis(side: Side, axis: Axis | None) -> None:
    refused().pop(side, None)
    put(**{side: axis.model_dump(mode="json") if axis else None})


def spread(side: Side, low: float, high: float, count: int, log: bool) -> None:
    """Other numbers along an axis. Wrong ones are kept beside it, with their sentence, until they fit."""
    mine = axis(side)
    if mine is None:
        return
    try:
        put_axis(side, Axis.spread(mine.path, low, high, count, log))
    except ValueError as error:
        _refuse(side, {"low": low, "high": high, "count": count, "log": log}, error)


def list_values(side: Side, values: list[Any]) -> None:
    """Other kinds along an axis, in this order."""
    mine = axis(side)
    if mine is None:
        return
    if not values:
        refused()[side] = {"values": values, "sentence": "Choose one value or more."}
        return
    try:
        put_axis(side, Axis(path=mine.path, values=tuple(values)))
    except ValueError as error:
        _refuse(side, {"values": values}, error)


def _refuse(side: Side, typed: Mapping[str, Any], error: ValueError) -> None:
    sentence = problems_of(error)[0].sentence if isinstance(error, ValidationError) else str(error)
    refused()[side] = {**typed, "sentence": sentence}


def refused() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = st.session_state[_REFUSED]
    return found
