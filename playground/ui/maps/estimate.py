"""How long a map will take, before it starts: from what a single update of one of its networks costs here."""

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.runs.engine import engine
from playground.sweeps import estimate
from playground.sweeps.spec import MapSpec
from playground.ui.preflight import duration
from playground.ui.words import plain

_ANSWERED = "map.estimated"


def show(spec: MapSpec) -> None:
    """While no worker answers, asks again by itself."""
    answered = st.session_state.get(_ANSWERED, False)
    st.fragment(_show, run_every=None if answered else 1.0, key="map.estimate")(spec, answered)


def _show(spec: MapSpec, answered: bool) -> None:
    impossible = len(spec.impossible())
    networks = (len(spec.cells()) - impossible) * spec.seeds
    said = f"{counted(len(spec.cells()), 'cell')} × {counted(spec.seeds, 'seed')}"
    if impossible:
        said += f", without the {counted(impossible, 'cell')} whose settings do not go together"
    said += f": {counted(networks, 'network')} of {counted(spec.updates, 'update')}"
    try:
        cost = float(engine().inspect(spec.config(estimate.typical(spec)))["seconds_per_update"])
        said += f", about {duration(max(1.0, estimate.seconds(spec, cost, engine().workers)))}"
        now = True
    except PlaygroundError as error:
        said += f". {error}"
        now = False
    st.caption(plain(f"{said}{'.' * now}"))
    st.session_state[_ANSWERED] = now
    if answered != now:
        st.rerun()


def counted(number: int, thing: str) -> str:
    """1 seed, 3 seeds."""
    return f"{number:,} {thing}{'s' if number != 1 else ''}"
