"""The maps of this browser, and of the command line: opened, thrown away, brought back."""

from functools import lru_cache

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.sweeps.feed import maps
from playground.sweeps.maps import MapState, MapSummary
from playground.ui import state
from playground.ui.maps import link, picks, shown
from playground.ui.told import told
from playground.ui.words import ago, plain

MOST = 20
UNDOS = 5
_DELETED = "map.deleted"  # (map id, title) of those that were thrown away, newest first


def show() -> None:
    found = maps().list(state.owner(), MOST)
    _undo()
    if not found:
        return
    with st.expander(f"Maps: {len(found)}", expanded=shown.name() is None, key="map.history"):
        for summary in found:
            _line(summary)


def _line(summary: MapSummary) -> None:
    map_id, title = summary.map_id, _title(summary)
    here = shown.name() == map_id
    with st.container(horizontal=True, vertical_alignment="center", key=f"map-line-{map_id}"):
        said = f"**{plain(title)}**  \n:small[{plain(_facts(summary))}]"
        st.markdown(said, width="stretch")
        apart = f" *{plain(title)}, {summary.started:%H:%M:%S}*"
        st.button(
            f"Open{apart}", key=f"map.history.{map_id}.open", on_click=_open,
            args=(map_id,), disabled=here or summary.state is MapState.BROKEN,
        )  # fmt: skip
        mine = maps().may_control(map_id, state.owner())
        st.button(
            f"Delete{apart}", key=f"map.history.{map_id}.delete", type="tertiary", on_click=_delete,
            args=(map_id, title), disabled=not mine or summary.state.unfinished,
        )  # fmt: skip


def _title(summary: MapSummary) -> str:
    try:
        return _axes(summary.map_id)
    except PlaygroundError:
        return f"map {summary.map_id}"


@lru_cache(512)
def _axes(map_id: str) -> str:
    """Of one that is listed. A spec is written once, and a large one takes 0.2 s to be read."""
    return " × ".join(f"{axis.title} ({len(axis.values)})" for axis in maps().get(map_id).spec().axes)


def _facts(summary: MapSummary) -> str:
    done = f"{summary.done:,} of {summary.of:,} updates" if summary.state is not MapState.FINISHED else ""
    return " · ".join(filter(None, (ago(summary.started), summary.state.value, done, summary.sentence)))


def _open(map_id: str) -> None:
    picks.clear()
    link.look(map_id)


def _delete(map_id: str, title: str) -> None:
    with told():
        if maps().may_control(map_id, state.owner()):
            maps().trash(map_id)
            st.session_state[_DELETED] = [(map_id, title), *st.session_state.get(_DELETED, [])][:UNDOS]
            if shown.name() == map_id:
                shown.look(None)


def _undo() -> None:
    """A line for each map that this session has thrown away, as long as it can be brought back."""
    for map_id, title in st.session_state.get(_DELETED, []):
        if maps().in_trash(map_id):
            with st.container(horizontal=True, vertical_alignment="center", key=f"map-undo-{map_id}"):
                st.markdown(f"Deleted: {plain(title)}", width="content")
                st.button("Undo", key=f"map.undo.{map_id}", icon=":material/undo:", on_click=_restore, args=(map_id,))


def _restore(map_id: str) -> None:
    with told():
        if maps().get(map_id).owner() == state.owner():
            maps().restore(map_id)
