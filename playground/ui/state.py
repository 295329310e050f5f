"""The state of one visitor's session: one config, the edits it does not accept yet, and the run that is watched.

Everything in `st.session_state` is plain data (a hot reload changes the identity of classes). The link follows the
state on every full run, because a page switch drops it.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from playground.core.errors import BrokenRun, FieldProblem, InvalidConfig
from playground.runs.engine import engine
from playground.training.config import RunConfig
from playground.training.presets import PRESETS
from playground.ui import browser, link
from playground.ui.mending import mended

_CHANGES = "config.changes"  # what differs from the defaults
_REFUSED = "config.refused"  # path → (value, sentence): typed, shown, not accepted
_WENT_BACK = "config.went_back"  # the path that was changed last, and what that made go back
_PRESET = "config.preset"
_NOTES = "link.problems"
_RUN = "run.watched"
_LOOK = "run.look"  # the picture and update that a reader asked to see


def begin() -> None:
    """Reads the link, once a session."""
    if _CHANGES not in st.session_state:
        given = link.read(st.query_params.to_dict())
        st.session_state[_CHANGES] = (_of_run(given) or given.config).difference(RunConfig())
        st.session_state[_REFUSED] = {}
        st.session_state[_WENT_BACK] = ("", [])
        st.session_state[_PRESET] = next((k for k, p in PRESETS.items() if p.config == given.config), "P1")
        st.session_state[_NOTES] = [tuple(problem) for problem in given.problems]
        st.session_state[_RUN] = given.run_id
        st.session_state[_LOOK] = None


def _of_run(given: link.Link) -> RunConfig | None:
    """The config of the link's run, if the link says nothing else, or what fits of it: a text of one's own does not."""
    if given.run_id is None or given.problems or not engine().catalog.may_watch(given.run_id, owner()):
        return None
    try:
        whole = engine().catalog.get(given.run_id).config()
    except BrokenRun:
        return None
    return whole if given.config in (RunConfig(), link.carried(whole)) else None


def publish() -> None:
    """Writes the link."""
    wanted = link.write(config(), watched())
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


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
    return None


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


def forget_link_problems() -> None:
    st.session_state[_NOTES] = []


def watched() -> str | None:
    run_id: str | None = st.session_state[_RUN]
    return run_id


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
    """Watches a run, with the form set to what it was trained with."""
    watch(run_id)
    if its_config is not None:
        _replace(its_config)


def _replace(whole: RunConfig) -> None:
    st.session_state[_CHANGES] = whole.difference(RunConfig())
    st.session_state[_REFUSED] = {}
    st.session_state[_WENT_BACK] = ("", [])


def owner() -> str | None:
    """Whose browser this is; None where no cookie arrived, such as in a test without one."""
    return browser.owner(st.context.cookies)
