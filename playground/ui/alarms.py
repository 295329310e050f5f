"""What went wrong in the watched run, why, and what can be tried: alarms, the verdict on a twin, and their buttons."""

from collections.abc import Sequence

import streamlit as st

from playground.core.errors import BrokenRun
from playground.diagnosis.alarm import Alarm, Cleared, Remedy, Severity
from playground.diagnosis.verdict import verdict
from playground.runs.engine import engine
from playground.runs.folder import RunFolder
from playground.runs.outcome import outcome_of
from playground.runs.status import describe
from playground.training.config import RunConfig
from playground.ui import runbar, state, told, twins
from playground.ui.words import plain

BADGES: dict[Severity, tuple[str, str]] = {
    "failure": ("violet", "failure"),
    "warning": ("blue", "warning"),
    "note": ("gray", "note"),
}
SOONEST = {"failure": 0, "warning": 1, "note": 2}
LISTED = 12
"""Findings on the page: a run that comes and goes says no more by a longer list."""


def show() -> None:
    """Looks once a second while the run, or its twin, goes on."""
    folder, twin = twins.watched()
    if folder is None:
        return
    going = any(one is not None and describe(one).status.unfinished for one in (folder, twin))
    st.fragment(_show, run_every=1.0 if going else None, key="alarms")(folder.run_id, going)


def _show(run_id: str, going: bool) -> None:
    """What its buttons do is a matter of the whole page, which therefore runs again after each."""
    folder, twin = twins.watched()
    if folder is None or folder.run_id != run_id:
        st.rerun()
    with st.container(key="alarms"):
        try:
            if twin is None:
                _findings(folder, folder.findings())
            else:
                _side_by_side(folder, twin, going)
        except BrokenRun as error:
            st.caption(plain(str(error)))


def _side_by_side(folder: RunFolder, twin: RunFolder, going: bool) -> None:
    change = twins.difference(folder.config(), twin.config())
    st.markdown(f"**{plain(verdict(outcome_of(folder), outcome_of(twin), change, not going))}**")
    sides = zip(st.columns(2), ("primary", "violet"), twins.names(folder, twin), (folder, twin), strict=True)
    for column, colour, name, one in sides:
        with column:
            found = one.findings()
            st.markdown(f":{colour}[**{plain(name)}**]" + ("" if found else ": no alarm"))
            _findings(one, found)


def _findings(folder: RunFolder, findings: Sequence[Alarm | Cleared]) -> None:
    """What stands first, the worst of it on top; then what was cleared."""
    cleared = {(f.kind, f.raised): f for f in findings if isinstance(f, Cleared)}
    alarms = [f for f in findings if isinstance(f, Alarm)]
    standing = [alarm for alarm in alarms if (alarm.kind, alarm.update) not in cleared]
    for alarm in sorted(standing, key=lambda a: (SOONEST[a.severity], a.update))[:LISTED]:
        _alarm(folder, alarm)
    gone = [alarm for alarm in alarms if (alarm.kind, alarm.update) in cleared][-LISTED:]
    if gone:
        with st.expander(f"Over again: {len(gone)}"):
            for alarm in gone:
                over = cleared[alarm.kind, alarm.update]
                st.caption(plain(f"Updates {alarm.update:,} to {over.update:,}: {alarm.sentence} {over.sentence}"))


def _alarm(folder: RunFolder, alarm: Alarm) -> None:
    colour, word = BADGES[alarm.severity]
    key = f"alarm.{folder.run_id}.{alarm.kind}.{alarm.update}"
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":{colour}-badge[{word}] {plain(alarm.sentence)}", width="stretch")
            if alarm.remedies:
                _try_it(folder, alarm.remedies[0], f"{key}.first", f"Try {alarm.remedies[0].title}")
            if st.button(
                f"Update {alarm.update:,}", key=f"{key}.look", icon=":material/center_focus_strong:", type="tertiary",
                help="Shows this update in its picture.", on_click=state.look, args=(alarm.figure, alarm.update),
            ):  # fmt: skip
                st.rerun()
        with st.expander("Why, and what cures it"):
            _why(alarm)
            for remedy in alarm.remedies:
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.markdown(f"**{plain(remedy.title)}.** {plain(remedy.reason)}", width="stretch")
                    _try_it(folder, remedy, f"{key}.{remedy.kind}", "Try it")


def _why(alarm: Alarm) -> None:
    if alarm.chain:
        st.markdown("**What led there:** " + plain(" → ".join(alarm.chain)))
    lines = [*(f"- {plain(text)}" for text in alarm.evidence)]
    lines += [f"{i}. {plain(cause)}" for i, cause in enumerate(alarm.causes, start=1)]
    measured, causes = lines[: len(alarm.evidence)], lines[len(alarm.evidence) :]
    if measured:
        st.markdown("\n".join(["**Measured**", "", *measured]))
    if causes:
        st.markdown("\n".join(["**Likely causes, the likeliest first**", "", *causes]))


def _try_it(folder: RunFolder, remedy: Remedy, key: str, label: str) -> None:
    if st.button(
        label, key=key, icon=":material/content_copy:", on_click=_start, args=(folder.run_id, remedy.changes),
        help="Starts both again with the same seed, side by side, with this one thing changed.",
    ):  # fmt: skip
        st.rerun()


def _start(run_id: str, changes: dict[str, object]) -> None:
    """The watched run again, and beside it a twin with one thing changed."""
    with told.told():
        whole: RunConfig = engine().catalog.get(run_id).config()
        runbar.start_twins(whole, whole.patched(changes))
