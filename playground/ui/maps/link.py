"""A map's page as a link: the network as everywhere, the map's own parameters, and which map is looked at."""

from collections.abc import Mapping

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.sweeps import links
from playground.sweeps.spec import MapSpec
from playground.ui import link, state
from playground.ui.maps import setup, shown


def begin() -> None:
    """Takes up what the link says of a map, once a session, before anything else has set one up."""
    given = st.query_params.to_dict()
    if setup.begun() or not (given.keys() & {"x", link.MAP}):
        return
    if "x" in given:
        read = links.read(given, state.config())
        state.note(read.problems)
        if read.spec is not None:
            setup.take(read.spec)
            setup.stay()
    look(given.get(link.MAP))


def look(map_id: str | None) -> None:
    """A map that this browser may see, with the form as it was filled; any other is left out without a word: links are
    handed on, and whoever opens one has no such map."""
    if map_id is None:
        return
    shown.look(map_id)
    try:
        found = shown.current()
    except PlaygroundError:
        found = None
    if found is None:
        shown.look(None)
        return
    setup.take(found.spec)
    setup.stay()


def parameters(spec: MapSpec) -> dict[str, str]:
    """Of a link for others."""
    return link.write(setup.base(), None) | links.write(spec)


def address() -> Mapping[str, str]:
    """Of this browser's own address line, so that a reload finds everything."""
    spec, _ = setup.spec()
    name = shown.name()
    return (
        link.write(setup.base(), state.watched(), state.view())
        | (links.write(spec) if spec else {})
        | ({link.MAP: name} if name else {})
    )
