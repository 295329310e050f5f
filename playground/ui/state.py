"""The state of one visitor's session: one config, the edits it does not accept yet, and the run that is watched.

Everything in `st.session_state` is plain data (a hot reload changes the identity of classes). The link follows the
state on every full run, because a page switch drops it.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from playground.core.errors import FieldProblem, InvalidConfig
from playground.training.config import RunConfig
from playground.training.presets import PRESETS
from playground.ui import browser, link

_CHANGES = "config.changes"  # what differs from the defaults
_REFUSED = "config.refused"  # path → (value, sentence): typed, shown, not accepted
_PRESET = "config.preset"
_NOTES = "link.problems"
_RUN = "run.watched"


def begin() -> None:
    """Reads the link, once a session."""
    if _CHANGES not in st.session_state:
        given = link.read(st.query_params.to_dict())
        st.session_state[_CHANGES] = given.config.difference(RunConfig())
        st.session_state[_REFUSED] = {}
        st.session_state[_PRESET] = next((k for k, p in PRESETS.items() if p.config == given.config), "P1")
        st.session_state[_NOTES] = [tuple(problem) for problem in given.problems]
        st.session_state[_RUN] = given.run_id


def publish() -> None:
    """Writes the link."""
    wanted = link.write(config(), watched())
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def config() -> RunConfig:
    return RunConfig().patched(st.session_state[_CHANGES])


def change(path: str, value: Any) -> None:
    """One field from a widget. A wrong one is kept beside the config, with its sentence, until it fits."""
    refused: dict[str, tuple[Any, str]] = st.session_state[_REFUSED]
    if path.endswith(".kind"):
        # Another component: the fields of the old one go, and with them what was wrong in them.
        for gone in [p for p in refused if p != path and p.startswith(path.removesuffix("kind"))]:
            del refused[gone]
    waiting = {p: v for p, (v, _) in refused.items()}
    if not _accept({**waiting, path: value}):
        refused.pop(path, None)
        problem = _problem({path: value})
        if problem is None:
            _accept({path: value}, keep_refused=True)
        else:
            refused[path] = (value, problem)


def _accept(changes: Mapping[str, Any], keep_refused: bool = False) -> bool:
    try:
        accepted = config().patched(changes)
    except InvalidConfig:
        return False
    st.session_state[_CHANGES] = accepted.difference(RunConfig())
    if not keep_refused:
        st.session_state[_REFUSED] = {}
    return True


def _problem(changes: Mapping[str, Any]) -> str | None:
    try:
        config().patched(changes)
    except InvalidConfig as error:
        return error.problems[0].sentence
    return None


def refused() -> Mapping[str, tuple[Any, str]]:
    found: Mapping[str, tuple[Any, str]] = st.session_state[_REFUSED]
    return found


def load(key: str) -> None:
    """A preset, whole."""
    st.session_state[_PRESET] = key
    st.session_state[_CHANGES] = dict(PRESETS[key].config.difference(RunConfig()))
    st.session_state[_REFUSED] = {}


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


def open_run(run_id: str, its_config: RunConfig | None) -> None:
    """Watches a run, with the form set to what it was trained with."""
    watch(run_id)
    if its_config is not None:
        st.session_state[_CHANGES] = dict(its_config.difference(RunConfig()))
        st.session_state[_REFUSED] = {}


def owner() -> str | None:
    """Whose browser this is; None where no cookie arrived, such as in a test without one."""
    return browser.owner(st.context.cookies)
