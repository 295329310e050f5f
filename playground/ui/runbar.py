"""The run bar: train, pause, one update, stop, the same seed again, a new one; seeds, pace, share."""

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from playground.runs.engine import engine
from playground.runs.status import RunStatus, RunSummary, describe
from playground.training.config import RunConfig
from playground.ui import echo, share, state, steering, told, twins
from playground.ui.words import plain

PATIENCE = 3.0
"""Seconds in the queue after which it is said."""
PACES = (1, 3, 10, 20, 60, 0)


def show(wait: str | None = None) -> None:
    """Always in view. Looks at the run once a second while it goes on. `wait` says why none may be started yet."""
    run_id, going = state.watched(), twins.going(*twins.lockstep())
    if state.edited() and going:
        steering.follow()
    st.fragment(_show, run_every=1.0 if going else None, key="runbar")(
        run_id, going, state.config(), _stands(_summary()), wait
    )


def _show(run_id: str | None, going: bool, config: RunConfig, stood: tuple[str, int] | None, wait: str | None) -> None:
    summary = _summary()
    ended = going != twins.going(*twins.lockstep())
    if ended or state.watched() != run_id or state.config() != config or _stands(summary) != stood:
        # Another run, the end of this one, another pace in form and link, the next update in slow motion: a matter of
        # the whole page.
        st.rerun()
    folder = steering.mine()
    mine = folder is not None
    # What was asked, not how it stands: a single update would else show as running, for as long as it lasts.
    running = going and (folder is None or steering.leading(folder).control().run_until is None)
    with st.container(horizontal=True, vertical_alignment="center", key="runbar"):
        if not going:
            first = "Fix the red field first." if state.refused() else wait
            _button("train", "Train", "play_arrow", steering.train, first is None, "Space", first, first=True)
        elif running:
            _button("pause", "Pause", "pause", steering.steer, mine, "Space", first=True, run_until=0)
        else:
            _button("pause", "Resume", "play_arrow", steering.steer, mine, "Space", first=True, run_until=None)
        _button("step", "One update", "skip_next", steering.one_update, going and mine and not running, "Right",
                "Of a paused run: one update, then it waits again.")  # fmt: skip
        _button("stop", "Stop", "stop", steering.steer, going and mine, "X",
                "Ends the run; all that was measured is kept.", stop=True)  # fmt: skip
        if state.shows("slow"):
            _button("slow", "Slow motion", "slow_motion_video", steering.slow_motion, mine, "M",
                    "Pauses; shows the next update step by step: forward, loss, backward, clip, update.")  # fmt: skip
        _once_more(summary is not None and not state.refused(), wait)
        if state.shows("seeds"):
            _seeds(disabled=going)
        if state.shows("pace"):
            _pace()
        share.show()
    _say(summary)
    if going and mine and steering.needs_a_new_run():
        st.caption("The run that goes on keeps what it began with; what the form has now counts at the next Train, "
                   "or beside it with “Change one thing”.")  # fmt: skip


def _stands(summary: RunSummary | None) -> tuple[str, int] | None:
    """Where the run stands, for the slow motion of its next update; None where nobody looks at that."""
    return (summary.status, summary.update) if summary and steering.slow_is_on() else None


def _once_more(possible: bool, wait: str | None) -> None:
    """The form's network anew: with the same seed, with another, or beside the watched run."""
    possible = possible and wait is None
    if state.shows("again"):
        _button("again", "Same seed", "replay", steering.again, possible, "S",
                wait or "Stops this run; starts the form's network, same seed.")  # fmt: skip
        _button("new", "New seed", "casino", steering.again, possible, "N",
                wait or "Stops this run; starts the form's network, new seed.", new_seed=True)  # fmt: skip
    if state.shows("twin"):
        _button("twin", "Change one thing", "content_copy", steering.twin,
                possible and steering.changed_from() is not None, "T",
                wait or "Change a control first. Then this trains the watched run again and, beside it, what the form "
                "has now: same seed, in lockstep, drawn over each other.")  # fmt: skip


def _button(
    name: str,
    label: str,
    icon: str,
    action: Callable[..., None],
    possible: bool,
    shortcut: str | None,
    help: str | None = None,
    *,
    first: bool = False,
    **arguments: object,
) -> None:
    st.button(
        label, key=f"bar.{name}", icon=f":material/{icon}:", type="primary" if first else "secondary",
        on_click=action, kwargs=arguments, disabled=not possible, shortcut=shortcut, help=help,
    )  # fmt: skip


def _seeds(disabled: bool) -> None:
    """How many runs Train starts, alike but for their seeds."""
    st.segmented_control(
        "Seeds", steering.COUNTS, default=1, required=True, key="bar.seeds", label_visibility="collapsed",
        format_func="×{}".format, disabled=disabled,
        help="One seed may be luck: Train starts so many runs, alike but for the seed.",
    )  # fmt: skip


def _say(summary: RunSummary | None) -> None:
    told.show()
    if state.watched() and summary is None:
        st.warning(f"There is no run {plain(str(state.watched())[:40])} that you may see. Press Train to start one.")
    told_why = (RunStatus.QUEUED, RunStatus.LOST, RunStatus.FAILED, RunStatus.BROKEN)
    if summary and summary.status in told_why and not _just_queued(summary):
        starting = "" if engine().ready else f" The workers are still starting. {engine().trouble}"
        st.info(plain(f"{engine().waiting(summary.run_id) or summary.reason}{starting}"))


def _just_queued(summary: RunSummary) -> bool:
    """A moment's wait is no news, and a sentence that comes and goes pushes the page down and up."""
    age = (datetime.now(UTC) - summary.started).total_seconds()
    return summary.status is RunStatus.QUEUED and age < PATIENCE and engine().ready


def _summary() -> RunSummary | None:
    """How the watched run stands; None where there is none that this browser may see."""
    folder = state.folder()
    return describe(folder) if folder else None


def _pace() -> None:
    """The form's pace, at hand; a run that goes on follows it at once."""
    echo.write("bar.pace", pace if (pace := state.config().pace) in PACES else None)
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
    if pace is not None and not echo.is_echo("bar.pace"):
        state.change("pace", pace)
        steering.steer(pace=pace)
