"""From cells of a map to their runs: the same configs and seeds, trained again so that they can be watched."""

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.runs.engine import engine
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig
from playground.ui import PAGES, going, state, steering, told
from playground.ui.compared import INBOX
from playground.ui.maps import setup

PACE = 20
"""Updates a second: fast enough to wait for, slow enough to see."""


def one(spec: MapSpec, cell: int, seed: int = 0) -> None:
    """Starts a cell's run and goes to the playground, which has its config then."""
    try:
        config = _config(spec, cell, seed)
        owner = state.needed_owner()
        steering.steer(stop=True)
        folder = engine().catalog.create(config, owner)
    except (PlaygroundError, OSError) as error:
        told.say(str(error))
        st.rerun()
    engine().submit(folder.run_id)
    state.open_run(folder.run_id, config)
    setup.stay()
    going.go(PAGES / "playground.py")


def both(spec: MapSpec, cells: tuple[int, int], seed: int = 0) -> None:
    """Starts the runs of two cells in lockstep and goes to where they are drawn over each other."""
    try:
        first, second = (_config(spec, cell, seed) for cell in cells)
        one, other = engine().catalog.create_twins(first, second, state.needed_owner())
    except (PlaygroundError, OSError) as error:
        told.say(str(error))
        st.rerun()
    engine().submit(one.run_id)
    st.session_state[INBOX] = [one.run_id, other.run_id]
    going.go(PAGES / "compare.py")


def _config(spec: MapSpec, cell: int, seed: int) -> RunConfig:
    """Raises InvalidConfig where the settings of a cell do not go together."""
    if cell not in spec.cells():
        raise PlaygroundError("This map has no such cell. Choose one of those you see.")
    return spec.config(cell, seed if seed < spec.seeds else 0).patched({"pace": PACE})
