"""Where a reader stands in a lesson: which one, at which step, in which of its states, and what was trained in it.

Plain session state. What was answered and attempted is in the notebook, on the server, and outlives the session.
"""

from typing import Any, NamedTuple

import streamlit as st

from playground.core.errors import BrokenRun, UnknownName
from playground.figures.gallery import FIGURES
from playground.lessons import shelf
from playground.lessons.challenge import Attempt
from playground.lessons.lesson import START, Lesson, Prediction
from playground.runs.engine import engine
from playground.training.config import RunConfig
from playground.ui import form, steering
from playground.ui import state as session
from playground.ui.lessons import notes
from playground.ui.live import chosen
from playground.ui.told import told as told_by_the_page

CONTROLS = "lesson.controls"
"""Key of the expander with the form."""
_HAND = "lesson.hand"  # the lesson whose states the session has taken up
_STATE = "lesson.state"
_RUNS = "lesson.runs"  # lesson → state → its newest run
_LIT = "lesson.lit"
_CHOSEN = "lesson.chosen"  # what the live pictures reported last
_INBOX = "lesson.inbox"  # what somebody wants to see, from whichever page
_FREE = frozenset(("seed", "pace"))
"""What may be otherwise in a run of a state, and it is that state's run all the same."""


class Lit(NamedTuple):
    """`number`: the link that is in force, 0 for none. `stamp` tells one click from the next on the same link."""

    part: str | None = None
    number: int = 0
    stamp: int = 0


def lesson() -> Lesson | None:
    """The lesson that is open; None for the list, or where there is none of that name."""
    name = session.view().lesson
    try:
        return shelf.find(name) if name else None
    except UnknownName:
        return None


def take_up() -> None:
    """Once a lesson: its first state, or what the link says that it was opened with."""
    if asked := st.session_state.pop(_INBOX, None):
        name, at, read = asked
        st.session_state.pop(_HAND, None)
        session.show_as(lesson=name, step=at + 1, read=read, pictures=None)
    found = lesson()
    if found is None or st.session_state.get(_HAND) == found.name:
        return
    st.session_state[_HAND] = found.name
    st.session_state[_LIT] = tuple(Lit())
    st.session_state[_CHOSEN] = None
    if st.query_params.get("lesson") == found.name:
        session.read_link(found.config())
        given = session.config()
        st.session_state[_STATE] = min(found.states, key=lambda name: len(given.difference(found.config(name))))
        if session.watched() is None and given == found.config(state()):
            session.watch(runs().get(state()))
    else:
        set_state(START)


def open_lesson(name: str, at: int = 0, read: bool = False) -> None:
    """For a click: this lesson, from its first state on, once the page of the lessons is there; to `read` its text."""
    st.session_state[_INBOX] = (name, at, read)


def close_lesson() -> None:
    """Back to the list."""
    st.session_state.pop(_HAND, None)
    session.put(RunConfig(), RunConfig())
    session.show_as(lesson="", step=1, read=False, pictures=None)


def step() -> int:
    """From 0 on; as many as there are steps: behind the last one, at the summary."""
    found = lesson()
    return min(session.view().step - 1, len(found.steps)) if found else 0


def go(step: int) -> None:
    session.show_as(step=max(step, 0) + 1)
    light(None)


def state() -> str:
    """The state that is set, whatever the reader has changed since."""
    found, name = lesson(), st.session_state.get(_STATE, START)
    return name if found and name in found.states else START


@notes.once()
def set_state(name: str) -> None:
    """Its config, and its run if one was trained in this lesson."""
    found = lesson()
    if found is None or name not in found.states:
        return
    st.session_state[_STATE] = name
    session.put(found.config(name), found.config())
    session.watch(runs().get(name))


def reset() -> None:
    """The lesson's first state, nothing lit, its own pictures."""
    set_state(START)
    light(None)
    session.show_as(pictures=None)


def changed() -> dict[str, dict[str, Any]]:
    """What the reader has changed in the state, by path, each with the way back."""
    found = lesson()
    return form.ways_back(found.config(state()), session.config()) if found else {}


def waits() -> tuple[Prediction, ...]:
    """Predictions of the state that is set which are not answered yet: so long its run stays out of sight."""
    return unanswered(state())


def unanswered(name: str) -> tuple[Prediction, ...]:
    found, book = lesson(), notes.book()
    if found is None:
        return ()
    known = {entry.question for entry in book.entries(found.name)} if book else set()
    return tuple(one for one in found.asked_of(name) if one.name not in known)


def start(name: str) -> str | None:
    """Sets a state and trains it; the name of its run. None where it could not be started (the page says why), and
    where there is no such state: a teacher may have changed the file meanwhile.

    The form is folded: the pictures are wanted now, and what it held of another state must not come back.
    """
    found = lesson()
    if found is None or name not in found.states:
        return None
    st.session_state[CONTROLS] = False
    set_state(name)
    before = session.watched()
    steering.train()
    run = session.watched()
    if run is None or run == before:
        return None
    _note(found.name, name, run)
    return run


def runs() -> dict[str, str]:
    """By state: its newest run in this lesson, as far as this browser may see it."""
    found, book = lesson(), notes.book()
    if found is None:
        return {}
    told = {one.name: one.state for one in found.predictions}
    answered = {
        told[e.question]: e.run for e in (book.entries(found.name) if book else ()) if e.question in told and e.run
    }
    mine = answered | st.session_state.get(_RUNS, {}).get(found.name, {})
    catalog, owner = engine().catalog, session.owner()
    return {name: run for name, run in mine.items() if catalog.may_watch(run, owner)}


def attempts() -> tuple[Attempt, ...]:
    """Runs at the lesson's challenge, the oldest first, with what the notebook knows of them."""
    found, book = lesson(), notes.book()
    return book.attempts(found.name) if found and book else ()


def forget_attempts() -> None:
    """The challenge from its beginning, with nothing spent."""
    found = lesson()
    if found is None or found.challenge is None:
        return
    with told_by_the_page():
        if (book := notes.book()) is not None:
            book.start_over(found.name)
        st.session_state.get(_RUNS, {}).get(found.name, {}).pop(found.challenge.state, None)
        set_state(found.challenge.state)


def notice() -> None:
    """Takes note of the watched run, if it is this browser's: as the state's own if nothing was changed, and as an
    attempt at a challenge, of runs in lockstep each.
    """
    found, folder = lesson(), steering.mine()
    if found is None or folder is None:
        return
    name = state()
    try:
        config = folder.config()
    except BrokenRun:
        return
    if not waits() and set(config.difference(found.config(name))) <= _FREE:
        _note(found.name, name, folder.run_id)
    known = {attempt.run_id for attempt in attempts()}
    if found.challenge and found.challenge.state == name and folder.run_id not in known:
        new = [Attempt(run, 0, False) for run in engine().catalog.together(folder.run_id) if run not in known]
        notes.write(lambda book: book.attempt(found.name, *new))


def _note(lesson: str, name: str, run: str) -> None:
    st.session_state.setdefault(_RUNS, {}).setdefault(lesson, {})[name] = run


def follow(number: int) -> None:
    """What a numbered link does: a state, a part that lights up, or both. A number that there is not does nothing."""
    found = lesson()
    link = next((link for link in found.links if link.number == number), None) if found else None
    if link is None:
        return
    if link.state is not None:
        set_state(link.state)
    light(link.part, number)


def light(part: str | None, number: int = 0) -> None:
    """Lights up a part of the page, which is there for it: a picture among those shown, the form unfolded."""
    st.session_state[_LIT] = (part, number, lit().stamp + 1)
    names = pictures()
    if part in {figure.name for figure in FIGURES} and part not in names and len(names) < chosen.MOST:
        session.show_as(pictures=(*names, part))
    if part in {group.name for group in form.GROUPS}:
        st.session_state[CONTROLS] = True
    elif part in {figure.name for figure in FIGURES} | {"network", "verdict"}:
        st.session_state[CONTROLS] = False


def lit() -> Lit:
    return Lit(*st.session_state.get(_LIT, ()))


def pictures() -> tuple[str, ...]:
    """Those to show: the reader's own choice, else the lesson's."""
    found = lesson()
    return session.view().pictures or (found.pictures if found else ())


def take_pictures(names: str | None) -> None:
    """What the reader chose; said again at each rerun, it counts once, and takes nothing away that a link has added."""
    if names != st.session_state.get(_CHOSEN):
        st.session_state[_CHOSEN] = names
        session.choose_pictures(names)
