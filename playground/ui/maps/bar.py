"""The map's run bar: fill, pause, stop, extend; how far it is, and how long it still takes."""

import time
from collections.abc import Callable, Iterator

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.runs.engine import engine
from playground.sweeps import estimate
from playground.sweeps.maps import MapState
from playground.sweeps.spec import MapSpec
from playground.ui import told
from playground.ui.maps import extending, setup, shown, steering, taking
from playground.ui.maps.shown import Shown
from playground.ui.preflight import duration
from playground.ui.words import plain

EVERY = 1.0
_PACE = "map.pace"  # map, and (time, share of its work) at the last looks
ENOUGH, LOOKS = 3, 8
"""Looks back from which the speed is taken, at least and at most."""


def show(spec: MapSpec | None, moves: bool) -> None:
    """Looks at the map once a second while it `moves`."""
    st.fragment(_show, run_every=EVERY if moves else None, key="map.bar")(spec, shown.name(), moves)


def _show(spec: MapSpec | None, map_id: str | None, moves: bool) -> None:
    try:
        found = shown.current()
    except PlaygroundError:
        found = None  # the picture says why
    if shown.name() != map_id or moves != bool(found and found.moves):
        st.rerun()
    other = found is not None and found.spec != spec
    with st.container(horizontal=True, vertical_alignment="center", key="runbar"):
        # Of somebody else's map that goes on one can only look on; it is in nobody's way.
        _first(spec, None if found and other and not found.mine else found)
        stops = bool(found and found.mine and found.going)
        _button("stop", "Stop", "stop", steering.stop, stops, "X", "Ends the map; all that was measured is kept.")
        extending.show(found)
        taking.files(found)
        taking.link(spec)
    told.show()
    if found:
        with st.container(key="map-standing"):
            _progress(found)
            if other and found.mine and found.moves:
                st.caption("The form has another map now. It can be filled when this one is done or stopped.")


def _first(spec: MapSpec | None, found: Shown | None) -> None:
    """The one bright button: what comes next."""
    if found and found.going and found.state is not MapState.PAUSED:
        _button("pause", "Pause", "pause", steering.pause, found.mine, "Space", first=True)
    elif found and (found.going or (found.mine and found.state is MapState.STOPPED)):
        _button("resume", "Resume", "play_arrow", steering.resume, found.mine, "Space", first=True)
    else:
        possible = spec is not None and not setup.refused()
        help = None if possible else "Mend what is red first."
        label, key = ("Fill it again", None) if found else ("Fill the map", "Space")
        _button("fill", label, "play_arrow", steering.fill, possible, key, help, first=True)


def _button(
    name: str,
    label: str,
    icon: str,
    action: Callable[[], None],
    possible: bool,
    shortcut: str | None = None,
    help: str | None = None,
    *,
    first: bool = False,
) -> None:
    st.button(
        label, key=f"map.{name}", icon=f":material/{icon}:", type="primary" if first else "secondary", help=help,
        on_click=action, disabled=not possible, shortcut=shortcut,
    )  # fmt: skip


def _progress(found: Shown) -> None:
    share = _share(found)
    said = plain(" · ".join(_said(found, share)))
    if found.state is MapState.FINISHED:
        st.caption(said)
    else:
        st.progress(share, text=said)


def _share(found: Shown) -> float:
    """Of the work: long sequences count more than short ones."""
    if found.going:
        return estimate.done(found.spec, found.seen.members.values(), found.seen.failures)
    return found.summary.done / found.summary.of if found.summary.of else 0.0


def _said(found: Shown, share: float) -> Iterator[str]:
    """How it stands, how far it is, how long it still takes, and why it does not go on."""
    summary, spec = found.summary, found.spec
    over = sum(member.over for member in found.seen.members.values())
    yield summary.state.value.capitalize()
    yield f"{over:,} of {(len(spec.cells()) - len(spec.impossible())) * spec.seeds:,} networks"
    if found.state is not MapState.FINISHED:
        yield f"{summary.done:,} of {summary.of:,} updates"
    left = _left(found, share)
    if left is not None:
        yield f"about {duration(left)} left"
    if found.going and not engine().ready:
        yield f"the workers are still starting {engine().trouble}".strip()


def _left(found: Shown, share: float) -> float | None:
    """Seconds, at the speed of the last looks; None before there are enough, and where nothing is trained."""
    if found.state is not MapState.RUNNING:
        st.session_state.pop(_PACE, None)  # a pause is no work
        return None
    map_id, looks = st.session_state.get(_PACE, ("", []))
    looks = [*(looks if map_id == found.folder.map_id else []), (time.monotonic(), share)][-LOOKS:]
    st.session_state[_PACE] = (found.folder.map_id, looks)
    (first, before), (last, now) = looks[0], looks[-1]
    return (1.0 - now) * (last - first) / (now - before) if len(looks) >= ENOUGH and now > before else None
