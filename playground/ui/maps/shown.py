"""The map that a browser looks at: which one, how it stands, and what it says so far."""

from typing import NamedTuple

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.sweeps.feed import maps
from playground.sweeps.folder import MapFolder, Seen
from playground.sweeps.maps import MapState, MapSummary
from playground.sweeps.spec import MapSpec
from playground.ui import state

_MAP = "map.id"
_BEFORE = "map.before"  # the one that was looked at before another was set up


class Shown(NamedTuple):
    """`mine`: this browser may steer it. `moves`: something may still come, if only the end of what was stopped."""

    folder: MapFolder
    spec: MapSpec
    seen: Seen
    summary: MapSummary
    mine: bool
    moves: bool

    @property
    def state(self) -> MapState:
        return self.summary.state

    @property
    def going(self) -> bool:
        return self.summary.state.unfinished


def name() -> str | None:
    found: str | None = st.session_state.get(_MAP)
    return found


def look(map_id: str | None) -> None:
    """Another map, or none."""
    st.session_state[_MAP] = map_id


def settle(spec: MapSpec | None) -> bool:
    """A map that is over makes room for another one that the form describes. Returns whether the one that is looked at
    then is to be looked at again."""
    try:
        found = current()
    except PlaygroundError:
        return False  # its page says why
    if found and spec and not found.moves and found.spec != spec:
        st.session_state[_BEFORE] = name()
        look(None)
    return found is not None and found.moves


def older(spec: MapSpec) -> MapFolder | None:
    """The map that was looked at last, if it can have cells of this one: the same network, over the same settings."""
    map_id = name() or st.session_state.get(_BEFORE)
    try:
        folder = maps().open(map_id, state.owner()) if map_id else None
        before = folder.spec() if folder else None
    except PlaygroundError:
        return None
    alike = before is not None and before.base == spec.base and before != spec
    return folder if alike and before and _paths(before) == _paths(spec) else None


def _paths(spec: MapSpec) -> set[str]:
    return {axis.path for axis in spec.axes}


def current() -> Shown | None:
    """The one that is looked at; None where there is none. Raises PlaygroundError where it cannot be seen or read."""
    map_id = name()
    if map_id is None:
        return None
    folder = maps().open(map_id, state.owner())
    spec, summary = folder.spec(), maps().summary(folder)
    moves = summary.state.unfinished or (summary.state is MapState.STOPPED and folder.end() is None)
    seen = maps().seen(map_id, over=not moves)  # after the summary: nobody looks again at a map that is over
    return Shown(folder, spec, seen, summary, maps().may_control(map_id, state.owner()), moves)
