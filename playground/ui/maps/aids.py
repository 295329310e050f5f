"""What helps to read a map: along each axis the share of each outcome, and how far back the signal reaches."""

from functools import partial

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.figures import trainability_horizon, trainability_marginals
from playground.sweeps import profiles
from playground.sweeps.folder import Seen
from playground.sweeps.spec import MapSpec
from playground.ui.maps import drawing, shown
from playground.ui.maps.kept import Kept
from playground.ui.still import Still, still

EVERY = 2.0
"""Seconds: they change less than the map does, and take as long to draw."""

_kept: Kept[list[Still]] = Kept(32)


def show(moves: bool) -> None:
    st.fragment(_show, run_every=EVERY if moves else None, key="map.aids")()


def _show() -> None:
    try:
        found = shown.current()
    except PlaygroundError:
        return  # the picture says why
    if found is not None and found.seen.members:
        map_id, over = found.folder.map_id, not found.moves
        draw = partial(_pictures, map_id, found.spec, found.seen, over)
        still(_kept.get(map_id, found.seen.versions, over, draw), key="map.aids")


def _pictures(map_id: str, spec: MapSpec, seen: Seen, over: bool) -> list[Still]:
    members = list(seen.members.values())
    pictures = []
    for share in profiles.shares(spec, drawing.read(map_id, spec, seen, over).cells):
        title, words = trainability_marginals.title(share), trainability_marginals.words(share)
        figure = trainability_marginals.draw(share).plain()
        pictures.append(Still(title, title, trainability_marginals.RULE, words, figure, share.side.title))
    for reach in profiles.horizons(spec, members):
        title, words = trainability_horizon.title(reach), trainability_horizon.words(reach)
        figure = trainability_horizon.draw(reach).plain()
        pictures.append(Still(title, title, trainability_horizon.RULE, words, figure, reach.side.title))
    return pictures
