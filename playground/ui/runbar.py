"""The run bar: train, pause, one update, stop, the same seed again, a new one; pace. And what these do."""

import random
from contextlib import suppress
from datetime import UTC, datetime

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.runs.engine import engine
from playground.runs.folder import RunFolder
from playground.runs.records import Origin
from playground.runs.status import RunStatus, RunSummary, describe
from playground.training.config import RunConfig
from playground.ui import state, told, twins
from playground.ui.words import plain

PATIENCE = 3.0
"""Seconds in the queue after which it is said."""
PACES = (1, 3, 10, 20, 60, 0)


def show() -> None:
    """Always in view. Looks at the run once a second while it goes on."""
    run_id, going = state.watched(), twins.going(*twins.watched())
    st.fragment(_show, run_every=1.0 if going else None, key="runbar")(run_id, going, state.config())


def _show(run_id: str | None, going: bool, config: RunConfig) -> None:
    summary = _summary()
    ended = going != twins.going(*twins.watched())
    if ended or state.watched() != run_id or state.config() != config:
        # Another run, the end of this one, another pace in form and link: a matter of the whole page.
        st.rerun()
    folder = _mine()
    mine = folder is not None
    # What was asked, not how it stands: a single update would else show as running, for as long as it lasts.
    running = going and (folder is None or _leading(folder).control().run_until is None)
    with st.container(horizontal=True, vertical_alignment="center", key="runbar"):
        if going:
            label, icon = ("Pause", ":material/pause:") if running else ("Resume", ":material/play_arrow:")
            st.button(label, key="bar.pause", icon=icon, shortcut="Space", type="primary",
                      on_click=_steer, kwargs={"run_until": 0 if running else None}, disabled=not mine)  # fmt: skip
        else:
            st.button("Train", key="bar.train", icon=":material/play_arrow:", shortcut="Space", type="primary",
                      on_click=_train, disabled=bool(state.refused()),
                      help="Fix the red field first." if state.refused() else None)  # fmt: skip
        st.button("One update", key="bar.step", icon=":material/skip_next:", shortcut="Right",
                  on_click=_one_update, disabled=not (going and mine) or running)  # fmt: skip
        st.button("Stop", key="bar.stop", icon=":material/stop:", on_click=_steer, kwargs={"stop": True},
                  disabled=not (going and mine))  # fmt: skip
        blocked = summary is None or bool(state.refused())
        st.button("Same seed", key="bar.again", icon=":material/replay:", shortcut="S", on_click=_again,
                  disabled=blocked, help="Stops this run; starts the form's network, same seed.")  # fmt: skip
        st.button("New seed", key="bar.new", icon=":material/casino:", shortcut="N", on_click=_again,
                  kwargs={"new_seed": True}, disabled=blocked,
                  help="Stops this run; starts the form's network, new seed.")  # fmt: skip
        _pace()
    _say(summary)


def _say(summary: RunSummary | None) -> None:
    told.show()
    if state.watched() and summary is None:
        st.warning(f"There is no run {plain(str(state.watched())[:40])} that you may see. Press Train to start one.")
    told_why = (RunStatus.QUEUED, RunStatus.LOST, RunStatus.FAILED, RunStatus.BROKEN)
    if summary and summary.status in told_why and not _just_queued(summary):
        waiting = "" if engine().ready else f" The workers are still starting. {engine().trouble}"
        st.info(plain(f"{summary.reason}{waiting}"))


def _just_queued(summary: RunSummary) -> bool:
    """A moment's wait is no news, and a sentence that comes and goes pushes the page down and up."""
    age = (datetime.now(UTC) - summary.started).total_seconds()
    return summary.status is RunStatus.QUEUED and age < PATIENCE and engine().ready


def _summary() -> RunSummary | None:
    """How the watched run stands; None where there is none that this browser may see."""
    run_id = state.watched()
    if run_id is None or not engine().catalog.may_watch(run_id, state.owner()):
        return None
    return describe(engine().catalog.get(run_id))


def _mine() -> RunFolder | None:
    """The watched run, if this browser may steer it."""
    run_id = state.watched()
    if run_id is None or not engine().catalog.may_control(run_id, state.owner()):
        return None
    return engine().catalog.get(run_id)


def _leading(folder: RunFolder) -> RunFolder:
    """The watched run, or its twin where only that goes on."""
    twin = twins.watched()[1]
    return twin if twin is not None and not describe(folder).status.unfinished else folder


def _train(new_seed: bool = False) -> None:
    """Starts the form's config; whatever is being watched and still goes on is stopped first."""
    with told.told():
        owner = _owner()
        _steer(stop=True)
        if new_seed:
            state.change("seed", random.randrange(2**31))
        folder = engine().catalog.create(state.config(), owner)
        engine().submit(folder.run_id)
        state.watch(folder.run_id)


def _again(new_seed: bool = False) -> None:
    """The form's config once more; of twins both, so that what is compared stays beside each other."""
    folder, twin = twins.watched()
    if folder is None or twin is None:
        _train(new_seed)
        return
    with told.told():
        if new_seed:
            state.change("seed", random.randrange(2**31))
        mine = state.config()
        start_twins(mine, mine.patched(twin.config().difference(folder.config())))


def start_twins(first: RunConfig, second: RunConfig) -> None:
    """Two runs in lockstep, watched together. Raises PlaygroundError where they are not admitted."""
    _steer(stop=True)
    one, _ = engine().catalog.create_twins(first, second, _owner())
    engine().submit(one.run_id)  # twins are one task
    state.open_run(one.run_id, first)


def start_branch(origin: Origin) -> None:
    """The form's network, going on from what another run has recorded. Raises PlaygroundError where it cannot."""
    catalog, owner = engine().catalog, _owner()
    if not catalog.may_watch(origin.run_id, owner):
        raise PlaygroundError("There is no run of this name that you may see.")
    folder = catalog.create(state.config(), owner, origin=origin)
    try:
        engine().branch(origin.run_id, origin.update, folder.run_id)
    except PlaygroundError:
        folder.steer(stop=True)
        with suppress(PlaygroundError):  # a worker may have found it by itself
            catalog.delete(folder.run_id)
        raise
    _steer(stop=True)
    engine().submit(folder.run_id)
    state.watch(folder.run_id)


def _owner() -> str:
    owner = state.owner()
    if owner is None:
        raise PlaygroundError("A run belongs to a browser, and this one keeps no cookie. Allow it, and reload.")
    return owner


def _steer(**changes: object) -> None:
    """The watched run, and its twin: they go in step."""
    with told.told():
        folder = _mine()
        twin = twins.watched()[1]
        for one in (folder, twin):
            if folder and one and describe(one).status.unfinished:
                one.steer(**changes)


def _one_update() -> None:
    with told.told():
        folder = _mine()
        if folder:
            # The heartbeat may be a second old: of two quick clicks the second counts from what the first asked for.
            leading = _leading(folder)
            _steer(run_until=max(leading.control().run_until or 0, describe(leading).update) + 1)


def _pace() -> None:
    """The form's pace, at hand; a run that goes on follows it at once."""
    st.session_state["bar.pace"] = pace if (pace := state.config().pace) in PACES else None
    st.segmented_control(
        "Updates a second",
        PACES,
        key="bar.pace",
        label_visibility="collapsed",
        format_func=lambda pace: f"{pace}/s" if pace else "flat out",
        on_change=_change_pace,
    )


def _change_pace() -> None:
    pace = st.session_state["bar.pace"]
    if pace is not None:
        state.change("pace", pace)
        _steer(pace=pace)
