"""The state of one visitor's session: one config, the edits it does not accept yet, and the run that is watched.

There are two rooms, the playground and the lessons, and each keeps its own: what a lesson sets takes nothing away from
what somebody has built. How the page looks to a class, and what a teacher has hidden, is the same in both.

Everything in `st.session_state` is plain data (a hot reload changes the identity of classes). The link follows the
state on every full run, because a page switch drops it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import streamlit as st

from playground.core.errors import BrokenRun, FieldProblem, InvalidConfig, PlaygroundError
from playground.runs.changing import trained_with
from playground.runs.engine import engine
from playground.runs.folder import RunFolder
from playground.training.config import RunConfig
from playground.training.live_changes import in_force
from playground.training.presets import PRESETS, nearest
from playground.ui import browser, link
from playground.ui.mending import mended
from playground.ui.view import PLAIN, View

_CHANGES = "config.changes"  # what differs from the defaults
_REFUSED = "config.refused"  # path → (value, sentence): typed, shown, not accepted
_WENT_BACK = "config.went_back"  # the path that was changed last, and what that made go back
_PRESET = "config.preset"
_NOTES = "link.problems"
_RUN = "run.watched"
_LOOK = "run.look"  # the picture and update that a reader asked to see
_VIEW = "page.view"
_EDITED = "config.edited"  # whether the reader has just changed a field
_BASE = "link.base"  # what the link's fields are changes of, as its difference from the defaults
_ROOM = "room"
_LEFT = "room.left"  # room → what was in force there
_OF_A_ROOM = (_CHANGES, _REFUSED, _WENT_BACK, _PRESET, _NOTES, _RUN, _LOOK, _BASE)
_SEEN_IN_A_ROOM = ("pictures", "lesson", "step", "read")  # fields of the view

Room = Literal["playground", "lessons"]


def begin() -> None:
    """Reads the link, once a session."""
    if _CHANGES not in st.session_state:
        given = link.read(st.query_params.to_dict())
        st.session_state[_VIEW] = tuple(given.view)
        _furnish(given, _of_run(given) or given.config)


def _furnish(given: link.Link, config: RunConfig, base: RunConfig = link.DEFAULT) -> None:
    """A room as a link says."""
    st.session_state[_CHANGES] = config.difference(link.DEFAULT)
    st.session_state[_REFUSED] = {}
    st.session_state[_WENT_BACK] = ("", [])
    st.session_state[_PRESET] = nearest(config).key
    st.session_state[_NOTES] = [tuple(problem) for problem in given.problems]
    st.session_state[_RUN] = given.run_id
    st.session_state[_LOOK] = None
    st.session_state[_BASE] = base.difference(link.DEFAULT)


def enter(room: Room) -> None:
    """What was in force when this room was left is in force again. The link belongs to the room that is opened first.

    Outside the lessons nothing of one is in the view.
    """
    kept: dict[Room, dict[str, Any]] = st.session_state.setdefault(_LEFT, {})
    before: Room = st.session_state.setdefault(_ROOM, room)
    if before != room:
        kept[before] = {key: st.session_state[key] for key in _OF_A_ROOM} | {_VIEW: _seen_here()}
        st.session_state[_ROOM] = room
        if room in kept:
            back = dict(kept[room])
            show_as(**back.pop(_VIEW))
            for key, value in back.items():
                st.session_state[key] = value
        else:
            show_as(**{field: getattr(PLAIN, field) for field in _SEEN_IN_A_ROOM})
            _furnish(link.Link(link.DEFAULT, None, ()), link.DEFAULT)
    if room == "playground":
        show_as(lesson=PLAIN.lesson, step=PLAIN.step, read=PLAIN.read)


def _seen_here() -> dict[str, Any]:
    return {field: getattr(view(), field) for field in _SEEN_IN_A_ROOM}


def take_along(room: Room) -> None:
    """Config and run of this room into another one, for whoever goes there next. Its pictures stay its own."""
    kept: dict[Room, dict[str, Any]] = st.session_state.setdefault(_LEFT, {})
    mine = {key: st.session_state[key] for key in _OF_A_ROOM}
    there = kept.get(room, {_VIEW: {field: getattr(PLAIN, field) for field in _SEEN_IN_A_ROOM}})
    kept[room] = mine | {_VIEW: there[_VIEW], _BASE: {}, _PRESET: nearest(config()).key}


def _of_run(given: link.Link) -> RunConfig | None:
    """The config of the link's run, if the link says nothing else, or what fits of it: a text of one's own does not."""
    if given.run_id is None or given.problems or not engine().catalog.may_watch(given.run_id, owner()):
        return None
    try:
        whole = trained_with(engine().catalog.get(given.run_id))
    except BrokenRun:
        return None
    return whole if given.config in (RunConfig(), link.carried(whole)) else None


def publish(wanted: Mapping[str, str] | None = None) -> None:
    """Writes the link: what is in force in this room, or what a page says instead."""
    wanted = parameters(view()) if wanted is None else dict(wanted)
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def parameters(shown: View) -> dict[str, str]:
    """Of a link to what is in force, shown so."""
    return link.write(config(), watched(), shown, link.DEFAULT.patched(st.session_state[_BASE]))


def read_link(base: RunConfig) -> None:
    """The link anew, its fields taken as changes of `base`."""
    given = link.read(st.query_params.to_dict(), base)
    _furnish(given, given.config, base)


def put(whole: RunConfig, base: RunConfig) -> None:
    """Another config, whole, with no run. A link says what differs from `base`."""
    _replace(whole)
    st.session_state[_PRESET] = nearest(whole).key
    st.session_state[_BASE] = base.difference(link.DEFAULT)
    watch(None)


def config() -> RunConfig:
    return RunConfig().patched(st.session_state[_CHANGES])


def change(path: str, value: Any, **besides: Any) -> None:
    """One field from a widget; `besides` are others that only fit together with it. What stands in its way goes back.

    A wrong one is kept beside the config, with its sentence, until it fits.
    """
    st.session_state[_WENT_BACK] = (path, [])
    refused: dict[str, tuple[Any, str]] = st.session_state[_REFUSED]
    if path.endswith(".kind"):
        # Another component: the fields of the old one go, and with them what was wrong in them.
        for gone in [p for p in refused if p != path and p.startswith(path.removesuffix("kind"))]:
            del refused[gone]
    waiting = {p: v for p, (v, _) in refused.items()}
    changes = {path: value, **besides}
    if _accept(path, {**waiting, **changes}) is None:
        st.session_state[_REFUSED] = {}
        return
    refused.pop(path, None)
    problem = _accept(path, changes)
    if problem is not None:
        refused[path] = (value, problem)


def _accept(path: str, changes: Mapping[str, Any]) -> str | None:
    """Takes them, or returns the sentence that says why not."""
    try:
        mend = mended(config(), changes)
    except InvalidConfig as error:
        return error.problems[0].sentence
    st.session_state[_CHANGES] = mend.config.difference(RunConfig())
    st.session_state[_WENT_BACK] = (path, [tuple(problem) for problem in mend.went_back])
    st.session_state[_EDITED] = True
    return None


def edited() -> bool:
    """Whether a field was changed since this was asked last."""
    return bool(st.session_state.pop(_EDITED, False))


def went_back(path: str) -> list[FieldProblem]:
    """What the last change, if it was one of this field, made go back to a value that fits."""
    changed, problems = st.session_state[_WENT_BACK]
    return [FieldProblem(*problem) for problem in problems] if changed == path else []


def refused() -> Mapping[str, tuple[Any, str]]:
    found: Mapping[str, tuple[Any, str]] = st.session_state[_REFUSED]
    return found


def refuse(path: str, value: Any, sentence: str) -> None:
    """Keeps an edit that could not even be read, until it is mended."""
    st.session_state[_REFUSED][path] = (value, sentence)


def withdraw(path: str) -> None:
    """Forgets an edit that is not accepted."""
    st.session_state[_REFUSED].pop(path, None)


def load(key: str) -> None:
    """A preset, whole."""
    st.session_state[_PRESET] = key
    _replace(PRESETS[key].config)


def preset() -> str:
    """The preset that the form started from."""
    key: str = st.session_state[_PRESET]
    return key


def link_problems() -> list[FieldProblem]:
    return [FieldProblem(*problem) for problem in st.session_state[_NOTES]]


def note(problems: Iterable[FieldProblem]) -> None:
    """More that is wrong in the link."""
    st.session_state[_NOTES] = [*st.session_state[_NOTES], *map(tuple, problems)]


def forget_link_problems() -> None:
    st.session_state[_NOTES] = []


def watched() -> str | None:
    run_id: str | None = st.session_state[_RUN]
    return run_id


def folder() -> RunFolder | None:
    """The watched run's; None where there is none that this browser may see."""
    run_id, catalog = watched(), engine().catalog
    return catalog.get(run_id) if run_id is not None and catalog.may_watch(run_id, owner()) else None


def watch(run_id: str | None) -> None:
    st.session_state[_RUN] = run_id


def look(figure: str | None, update: int) -> None:
    """Asks the live pictures to show an update in one of them."""
    before = st.session_state[_LOOK]
    st.session_state[_LOOK] = {"figure": figure, "update": update, "stamp": before["stamp"] + 1 if before else 1}


def looked_at() -> dict[str, Any] | None:
    """The picture and update that were asked for last."""
    asked: dict[str, Any] | None = st.session_state[_LOOK]
    return asked


def open_run(run_id: str, its_config: RunConfig | None) -> None:
    """Watches a run, with the form set to what it was trained with at last."""
    watch(run_id)
    if its_config is not None:
        run = engine().catalog.get(run_id)
        pace = run.control().pace
        whole = in_force(its_config, run.interventions())
        _replace(whole if pace is None else whole.patched({"pace": pace}))
        st.session_state[_PRESET] = nearest(whole).key


def _replace(whole: RunConfig) -> None:
    st.session_state[_CHANGES] = whole.difference(RunConfig())
    st.session_state[_REFUSED] = {}
    st.session_state[_WENT_BACK] = ("", [])


def view() -> View:
    """How the page is shown."""
    return View(*st.session_state[_VIEW])


def show_as(**changes: Any) -> None:
    """Changes how the page is shown."""
    st.session_state[_VIEW] = tuple(view()._replace(**changes))


def choose_pictures(names: str | None) -> None:
    """Takes up what the reader has chosen, "a,b,c"; None where nothing was changed."""
    if names is not None:
        show_as(pictures=tuple(names.split(",")))


def shows(control: str) -> bool:
    """Whether a control, by its name in `view.CONTROLS`, is in sight."""
    return control not in view().hidden


def owner() -> str | None:
    """Whose browser this is; None where no cookie arrived, such as in a test without one."""
    return browser.owner(st.context.cookies)


def needed_owner() -> str:
    """The same for what only a browser with a cookie can have. Raises PlaygroundError."""
    found = owner()
    if found is None:
        raise PlaygroundError("A run belongs to a browser, and this one keeps no cookie. Allow it, and reload.")
    return found
