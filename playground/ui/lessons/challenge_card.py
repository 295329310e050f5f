"""A broken run to mend: what is broken, what has been spent, what each attempt changed and what came of it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.lessons import challenge as scoring
from playground.lessons.challenge import Attempt, Standing
from playground.lessons.evidence import evidence
from playground.lessons.lesson import CHALLENGE, Challenge, Lesson
from playground.lessons.notebook import Entry
from playground.lessons.readings import condition
from playground.runs.engine import engine
from playground.runs.folder import RunFolder
from playground.runs.status import RunStatus, RunSummary, describe
from playground.training.config import RunConfig
from playground.ui import state, twins
from playground.ui.glossary import table
from playground.ui.lessons import notes, place, told
from playground.ui.words import plain

REACHED = "reached"
SHOWN = 8
"""Attempts in the table, the newest."""
_KNOWN = "challenge.known"  # run → its row as plain data: what it says stays when the run is deleted
_HINTS = "challenge.hints"  # lesson → how many were asked for


class Row(NamedTuple):
    """An attempt, and what is said of it."""

    run_id: str
    updates: int
    changed: str
    result: str
    measured: str
    reached: bool
    status: str
    seed: int

    @property
    def going(self) -> bool:
        return self.status in (RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.LOST)


def show(lesson: Lesson) -> None:
    task = lesson.challenge
    if task is None:
        return
    with st.container(border=True, key="challenge"):
        st.markdown(f"##### Mend it\n{plain(task.ask)}")
        st.markdown(
            f"Goal: **{plain(task.goal)}**, with {task.budget:,} updates at most in all attempts together; full marks "
            f"up to {task.par:,}. The task, its length and its order stay; all else is yours to change."
        )
        told.why()
        going = any(row.going for row in _rows(lesson, task))
        st.fragment(_show, run_every=1.0 if going else None, key="challenge-looks")(lesson, task, going, _set())


def _set() -> tuple[str, str | None]:
    """The state that is set, and its run."""
    return place.state(), state.watched()


@notes.once()
def _show(lesson: Lesson, task: Challenge, went: bool, stood: tuple[str, str | None]) -> None:
    rows = _rows(lesson, task)
    if any(row.going for row in rows) != went or _set() != stood:
        st.rerun()  # a matter of the whole page: controls and pictures, and what it scored stands in the summary too
    stands = scoring.standing(task, [Attempt(row.run_id, row.updates, row.reached) for row in rows])
    st.progress(min(1.0, stands.spent / task.budget), text=f"Used {stands.spent:,} of {task.budget:,} updates.")
    told.region(_headline(task, stands, rows))
    if rows:
        said = [(str(number), row.changed, f"{row.updates:,}", row.result) for number, row in enumerate(rows, start=1)]
        st.markdown(table(("attempt", "changed", "updates", "result"), said[-SHOWN:]))
    asked = state.config().updates
    if stands.solved or (rows and not went and stands.left == 0):
        _write(lesson, task, stands, rows)
    elif place.state() != task.state:
        st.button(
            "Set the broken run", key="challenge.set", type="primary", on_click=place.set_state, args=(task.state,)
        )
    elif asked > stands.left and not went:
        st.caption(f"The run that is set makes {asked:,} updates, and {stands.left:,} are left.")
    _hints(lesson, task)
    if rows and not went:
        st.button(
            "Start over", key="challenge.again", type="tertiary", on_click=place.forget_attempts,
            help="The whole budget again, for practice: the first result goes on counting.",
        )  # fmt: skip


def _headline(task: Challenge, stands: Standing, rows: Sequence[Row]) -> str:
    if stands.solved:
        return f"Mended with {stands.spent:,} of {task.budget:,} updates: {told.points(stands.points)} of 1."
    if any(row.reached for row in rows):
        return f"Mended, but with {stands.spent - task.budget:,} updates more than there were: 0 of 1."
    if any(row.going for row in rows):
        return "It trains. The goal is looked at when the run ends."
    if stands.left == 0:
        return "The budget is spent, and the run is not mended: 0 of 1."
    return f"Not mended yet. {stands.left:,} updates are left." if rows else "No attempt yet."


def _hints(lesson: Lesson, task: Challenge) -> None:
    asked = min(st.session_state.get(_HINTS, {}).get(lesson.name, 0), len(task.hints))
    for number, hint in enumerate(task.hints[:asked], start=1):
        st.info(f"{number}\\. {plain(hint)}", icon=":material/lightbulb:")
    if asked < len(task.hints):
        st.button(
            f"Show hint {asked + 1} of {len(task.hints)}", key="challenge.hint", on_click=_hint, args=(lesson.name,),
            help="Hints cost nothing.",
        )  # fmt: skip


def _hint(lesson: str) -> None:
    hints = st.session_state.setdefault(_HINTS, {})
    hints[lesson] = hints.get(lesson, 0) + 1


# ── attempts ──────────────────────────────────────────────────────────────────


def _rows(lesson: Lesson, task: Challenge) -> list[Row]:
    """This browser's attempts, the oldest first. What one has cost is noted: it stays spent when the run is deleted."""
    known: dict[str, tuple[object, ...]] = st.session_state.setdefault(_KNOWN, {})
    rows, learned = [], []
    for attempt in place.attempts():
        run = attempt.run_id
        row = Row(*known[run]) if run in known else None  # type: ignore[arg-type]  # session state holds plain data
        if engine().catalog.may_control(run, state.owner()):
            folder = engine().catalog.get(run)
            summary = describe(folder)
            if row is None or (row.status, row.updates) != (summary.status, max(0, summary.update)):
                row = _row(task, lesson.config(task.state), folder, summary) or row
        if row is None:
            rows.append(Row(run, attempt.updates, "–", "deleted", "", attempt.reached, "", 0))
            continue
        known[run] = tuple(row)
        rows.append(row)
        if not row.going and (found := Attempt(run, row.updates, row.reached)) != attempt:
            learned.append(found)
    if learned:
        notes.write(lambda book: book.attempt(lesson.name, *learned))
    return rows


def _row(task: Challenge, broken: RunConfig, folder: RunFolder, summary: RunSummary) -> Row | None:
    config, goal, status = summary.config, condition(task.goal), summary.status
    if config is None:
        return None
    updates = max(0, summary.update)
    result, measured, reached = "paused" if status is RunStatus.PAUSED else "trains", "", False
    if not status.unfinished or updates >= goal.due(config):
        try:
            run = {task.state: evidence(folder, goal.needs)}
            measured, holds = goal.measured(run, task.state), goal.holds(run, task.state)
            verdict = _verdict(holds, status, scoring.same_question(config, broken))
            values = (each.words(each.value(run, task.state)) for each in goal.readings)
            result, reached = ", ".join((*values, verdict)), verdict == REACHED
        except (PlaygroundError, ValueError) as error:
            result = str(error)
    changed = twins.difference(broken, config) if config != broken else "nothing"
    return Row(summary.run_id, updates, changed, result, measured, reached, str(status), config.seed)


def _verdict(holds: bool, status: RunStatus, same: bool) -> str:
    if status is RunStatus.DIVERGED:
        return "not finite"
    if not same:
        return "another task"
    return REACHED if holds else "not reached"


def _write(lesson: Lesson, task: Challenge, stands: Standing, rows: Sequence[Row]) -> None:
    """The first result is the one that counts: the notebook keeps it."""
    book = notes.book()
    if book is None or any(entry.question == CHALLENGE for entry in book.entries(lesson.name)):
        return
    last = next((row for row in rows if row.reached), rows[-1])
    how = f"Mended with {last.changed}" if stands.solved else "Not mended"
    entry = Entry(
        lesson=lesson.name, question=CHALLENGE, ask=task.ask, answer=stands.spent,
        answered=f"{how}, {stands.spent:,} of {task.budget:,} updates", points=stands.points, truth=last.measured,
        run=last.run_id, seed=last.seed, at=datetime.now(UTC),
    )  # fmt: skip
    notes.write(lambda book: book.put(entry))
