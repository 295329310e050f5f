"""What went wrong in the watched run, why, and what can be tried: alarms, the verdict on a twin, and their buttons."""

from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from playground.core.errors import BrokenRun, PlaygroundError
from playground.diagnosis.alarm import Alarm, Cleared, Remedy
from playground.diagnosis.not_finite import KIND
from playground.diagnosis.summary import RANKS
from playground.diagnosis.verdict import verdict
from playground.figures.style import GLYPHS, Colour, alarm_colour
from playground.runs.engine import engine
from playground.runs.folder import RunFolder
from playground.runs.outcome import outcome_of
from playground.training.config import RunConfig
from playground.ui import state, steering, told, twins
from playground.ui.words import plain

BADGES: dict[Colour, str] = {"vanishing": "blue", "exploding": "orange", "not-finite": "violet"}
"""Streamlit's names of what is nearest to the pictures' colours."""
KEPT = 8
"""Looks with other thresholds that are remembered: the page is drawn anew at every click."""
LISTED = 12
"""Findings on the page: a run that comes and goes says no more by a longer list."""


def compare() -> None:
    """Over the pictures of twins: whether the change helped, said anew each second while one of them goes on."""
    folder, twin = twins.watched()
    if folder is None or twin is None:
        return
    st.fragment(_compare, run_every=1.0 if twins.going(folder, twin) else None, key="compare")(folder, twin)


def _compare(folder: RunFolder, twin: RunFolder) -> None:
    try:
        change = twins.difference(folder.config(), twin.config())
        said = verdict(outcome_of(folder), outcome_of(twin), change, not twins.going(folder, twin))
    except BrokenRun as error:
        said = str(error)
    with st.container(key="compare"):
        st.markdown(f"**{plain(said)}**")


def show() -> None:
    """Under the pictures: looks once a second while the run, or its twin, goes on."""
    folder, twin = twins.watched()
    if folder is None:
        return
    going = twins.going(folder, twin)
    st.fragment(_show, run_every=1.0 if going else None, key="alarms")(folder.run_id, going)


def _show(run_id: str, going: bool) -> None:
    """What its buttons do is a matter of the whole page, which therefore runs again after each."""
    folder, twin = twins.watched()
    if folder is None or folder.run_id != run_id or going != twins.going(folder, twin):
        st.rerun()
    with st.container(key="alarms"):
        try:
            if twin is None:
                _findings(folder, folder.findings())
            else:
                _side_by_side(folder, twin)
            if not going:
                _again(folder)
        except BrokenRun as error:
            st.caption(plain(str(error)))


def _again(folder: RunFolder) -> None:
    """Of a run that has ended, where the form has other thresholds than it had: what would be raised with them."""
    config, asked = (
        folder.config().model_copy(update={"alarms": state.config().alarms}),
        f"alarms.again.{folder.run_id}",
    )
    thresholds = config.alarms.model_dump_json()
    if config == folder.config():
        return
    if st.session_state.get(asked) != thresholds:
        st.button(
            "Look at this run again with the form's thresholds", key="alarms.again", icon=":material/troubleshoot:",
            on_click=st.session_state.update, args=({asked: thresholds},),
        )  # fmt: skip
        return
    try:
        found = _with_thresholds(folder.run_id, config)
    except PlaygroundError as error:
        st.caption(plain(str(error)))
        return
    st.markdown("**With the form's thresholds**" + ("" if found else ": nothing is raised"))
    _findings(folder, found, "again")


@lru_cache(KEPT)
def _with_thresholds(run_id: str, config: RunConfig) -> list[Alarm | Cleared]:
    return engine().findings(run_id, config)


def _side_by_side(folder: RunFolder, twin: RunFolder) -> None:
    sides = zip(st.columns(2), ("primary", "violet"), twins.names(folder, twin), (folder, twin), strict=True)
    for column, colour, name, one in sides:
        with column:
            found = one.findings()
            st.markdown(f":{colour}[**{plain(name)}**]" + ("" if found else ": no alarm"))
            _findings(one, found)


def _findings(folder: RunFolder, findings: Sequence[Alarm | Cleared], place: str = "run") -> None:
    """What stands first, the worst of it on top; then what was cleared."""
    cleared = {(f.kind, f.raised): f for f in findings if isinstance(f, Cleared)}
    alarms = [f for f in findings if isinstance(f, Alarm)]
    standing = [alarm for alarm in alarms if (alarm.kind, alarm.update) not in cleared]
    # As over the pictures: of failures NaN, which all others end in.
    for alarm in sorted(standing, key=lambda a: (RANKS[a.severity], a.kind != KIND, a.update))[:LISTED]:
        _alarm(folder, alarm, place)
    gone = [alarm for alarm in alarms if (alarm.kind, alarm.update) in cleared][-LISTED:]
    if gone:
        with st.expander(f"Over again: {len(gone)}"):
            for alarm in gone:
                over = cleared[alarm.kind, alarm.update]
                st.caption(plain(f"Updates {alarm.update:,} to {over.update:,}: {alarm.sentence} {over.sentence}"))


def _alarm(folder: RunFolder, alarm: Alarm, place: str) -> None:
    colour = BADGES.get(alarm_colour(alarm.kind, alarm.severity), "gray")
    badge = f":{colour}-badge[{GLYPHS.get(alarm.severity, '')} {alarm.severity}]"
    key = f"alarm.{place}.{folder.run_id}.{alarm.kind}.{alarm.update}"
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{badge} {plain(alarm.sentence)}", width="stretch")
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
        steering.start_twins(whole, whole.patched(changes))
        state.look("head", 0)
