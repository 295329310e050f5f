"""What the run bar's buttons do with the watched run, and with those that are trained in lockstep with it."""

import random
from contextlib import suppress

import streamlit as st

from playground.core.errors import BrokenRun, PlaygroundError
from playground.runs import changing
from playground.runs.engine import engine
from playground.runs.folder import RunFolder
from playground.runs.records import Origin
from playground.runs.seeds import of_seeds
from playground.runs.status import describe
from playground.training.config import SEEDS, RunConfig
from playground.training.live_changes import live_changes, trains_alike
from playground.ui import state, told, twins

COUNTS = (1, 3, 5)
"""Seeds that one click trains."""
_SLOW = "run.slow"  # the run that is looked at in slow motion


def mine() -> RunFolder | None:
    """The watched run, if this browser may steer it."""
    run_id = state.watched()
    if run_id is None or not engine().catalog.may_control(run_id, state.owner()):
        return None
    return engine().catalog.get(run_id)


def leading(folder: RunFolder) -> RunFolder:
    """The watched run, or, where that has ended, one in lockstep with it that goes on."""
    return next((one for one in twins.lockstep() if describe(one).status.unfinished), folder)


def train(new_seed: bool = False) -> None:
    """Starts the form's config; whatever is being watched and still goes on is stopped first."""
    with told.told():
        owner = state.needed_owner()
        steer(stop=True)
        if new_seed:
            state.change("seed", random.randrange(SEEDS))
        config, count, catalog = state.config(), st.session_state.get("bar.seeds", 1), engine().catalog
        alike = of_seeds(config, count)
        folder = catalog.create_group(alike, owner)[0] if count > 1 else catalog.create(config, owner)
        engine().submit(folder.run_id)  # a group is one task
        state.watch(folder.run_id)


def again(new_seed: bool = False) -> None:
    """The form's config once more; of twins both, so that what is compared stays beside each other."""
    folder, twin = twins.watched()
    if folder is None or twin is None:
        train(new_seed)
        return
    with told.told():
        if new_seed:
            state.change("seed", random.randrange(SEEDS))
        mine = state.config()
        start_twins(mine, mine.patched(twin.config().difference(folder.config())))


def start_twins(first: RunConfig, second: RunConfig) -> None:
    """Two runs in lockstep, watched together. Raises PlaygroundError where they are not admitted."""
    steer(stop=True)
    one, _ = engine().catalog.create_twins(first, second, state.needed_owner())
    engine().submit(one.run_id)  # twins are one task
    state.open_run(one.run_id, first)


def start_branch(origin: Origin) -> None:
    """The form's network, going on from what another run has recorded. Raises PlaygroundError where it cannot."""
    catalog, owner = engine().catalog, state.needed_owner()
    catalog.open(origin.run_id, owner)
    folder = catalog.create(state.config(), owner, origin=origin)
    try:
        engine().branch(origin.run_id, origin.update, folder.run_id)
    except PlaygroundError:
        if not folder.attempts():  # a branch that takes long is found by a worker too, and is on its way
            folder.steer(stop=True)
            with suppress(PlaygroundError):
                catalog.delete(folder.run_id)
            raise
    steer(stop=True)
    engine().submit(folder.run_id)
    state.watch(folder.run_id)


def steer(**changes: object) -> None:
    """The watched run, and those in lockstep with it."""
    with told.told():
        for one in twins.lockstep() if mine() else []:
            if describe(one).status.unfinished:
                one.steer(**changes)


def one_update() -> None:
    with told.told():
        folder = mine()
        if folder:
            # The heartbeat may be a second old: of two quick clicks the second counts from what the first asked for.
            one = leading(folder)
            steer(run_until=max(one.control().run_until or 0, describe(one).update) + 1)


def slow_motion() -> None:
    """On, which pauses the run, or off again."""
    on = not slow_is_on()
    st.session_state[_SLOW] = state.watched() if on else None
    if on:
        steer(run_until=0)


def slow_is_on() -> bool:
    """Whether the next update of the watched run is to be shown step by step."""
    return state.watched() is not None and st.session_state.get(_SLOW) == state.watched()


def changed_from() -> RunConfig | None:
    """What the watched run was trained with, if the form has something else now."""
    folder, _ = twins.watched()
    try:
        whole = folder.config() if folder else None
    except BrokenRun:
        return None
    return None if whole is None or trains_alike(state.config().difference(whole)) else whole


def twin() -> None:
    with told.told():
        before = changed_from()
        if before:
            mine = state.config()
            start_twins(before, mine.patched({"seed": before.seed}))


def needs_a_new_run() -> bool:
    """Whether the form has something that the run which goes on cannot take on."""
    folder = mine()
    with suppress(BrokenRun):
        return folder is not None and live_changes(folder.config(), state.config()) is None
    return False


def follow() -> None:
    """Lets the run that goes on take on what the form has now, if it can without a reset; and those in lockstep."""
    folder = mine()
    beside = [one for one in twins.lockstep()[1:] if describe(one).status.unfinished]
    with suppress(BrokenRun), told.told():
        if folder and live_changes(folder.config(), state.config()) is not None:
            changing.change(folder, state.config(), beside)
            steer(pace=state.config().pace)
