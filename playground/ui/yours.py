"""Text and numbers that a user brings, in the place of a field that no link can carry.

What is wrong with a file is said under it, and the config stays as it was.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from playground.tasks.series import NextValue
from playground.tasks.tables import csv_columns, read_csv
from playground.tasks.texts import read_text
from playground.training.config import RunConfig
from playground.ui import link, state
from playground.ui.words import plain

_PROBLEM = "yours.problem.{}"
_COLUMN = "yours.column"
_FILE = "yours.file"
_TYPED = "form.{}"

LONGEST_SHOWN = 20_000
"""Letters of a text that can be edited on the page."""


def text(config: RunConfig, path: str) -> None:
    """A text to paste or to upload."""
    mine = str(getattr(config.task, path.split(".")[-1]))
    key, file = _TYPED.format(path), f"{_FILE}.{path}"
    with st.expander("Your own text", expanded=bool(mine) or path in state.refused()):
        shown = str(state.refused()[path][0]) if path in state.refused() else mine
        if st.session_state.get(key) != shown and len(shown) <= LONGEST_SHOWN:
            st.session_state[key] = shown
        st.text_area(
            "Paste a text", key=key, height=120, placeholder="Empty: the text that ships with the playground.",
            help=type(config.task).model_fields[path.split(".")[-1]].description,
            on_change=_typed, args=(path,),
        )  # fmt: skip
        if path in state.refused():
            st.markdown(f":red[{plain(state.refused()[path][1])}]")
        st.file_uploader(
            "or upload a file (.txt, UTF-8, up to 1 MB)", type=["txt"], key=file, on_change=_uploaded_text, args=(path,)
        )
        _problem(path)
        if mine:
            said = "" if link.carried(config) == config else (
                "Your text is not in the link: whoever opens the run sees it with the run."
            )  # fmt: skip
            st.caption(plain(f"It learns from {len(mine):,} characters of yours. {said}"))
            st.button("Back to the text that ships", key="yours.back", on_click=state.change, args=(path, ""))


def numbers(config: RunConfig, path: str) -> None:
    """A column of a CSV file. The source that reads it is chosen with it: without numbers it makes no sense."""
    mine = config.task.values if isinstance(config.task, NextValue) else ()
    with st.expander("Your own numbers", expanded=bool(mine)):
        file = f"{_FILE}.{path}"
        st.file_uploader(
            "Upload a file (.csv, UTF-8, up to 1 MB)", type=["csv", "txt"], key=file,
            on_change=_uploaded_column, args=(path, True),
            help="Fields separated by commas, semicolons or tabs; the first line may hold names.",
        )  # fmt: skip
        columns = _columns(file)
        if len(columns) > 1:
            st.selectbox("column", columns, key=_COLUMN, on_change=_uploaded_column, args=(path,))
        _problem(path)
        if mine:
            said = "Your numbers are not in the link: whoever opens the run sees them with the run."
            st.caption(plain(f"{len(mine):,} numbers of yours. {said}"))


def _problem(path: str) -> None:
    if sentence := st.session_state.get(_PROBLEM.format(path)):
        st.markdown(f":red[{plain(sentence)}]")


def _typed(path: str) -> None:
    written = st.session_state[_TYPED.format(path)]
    try:
        state.change(path, read_text(written.encode()) if written else "")
    except ValueError as error:
        state.refuse(path, written, str(error))


def _uploaded_text(path: str) -> None:
    _take(path, lambda data: {path: read_text(data)})


def _uploaded_column(path: str, afresh: bool = False) -> None:
    if afresh:
        st.session_state.pop(_COLUMN, None)
    source = f"{path.rpartition('.')[0]}.source"
    _take(path, lambda data: {path: read_csv(data, st.session_state.get(_COLUMN)), source: "yours"})


def _take(path: str, read: Callable[[bytes], dict[str, Any]]) -> None:
    """Puts a file's content into the config; what is wrong with it stands under the file, and changes nothing."""
    data, problem = _data(f"{_FILE}.{path}"), ""
    if data is not None:
        try:
            found = read(data)
            state.change(path, found.pop(path), **found)
            if path in state.refused():
                problem = state.refused()[path][1]
                state.withdraw(path)
        except ValueError as error:
            problem = str(error)
    st.session_state[_PROBLEM.format(path)] = problem


def _columns(file: str) -> tuple[str, ...]:
    data = _data(file)
    try:
        return () if data is None else csv_columns(data)
    except ValueError:
        return ()


def _data(file: str) -> bytes | None:
    """What lies in an uploader; None where nothing does."""
    uploaded = st.session_state.get(file)
    return None if uploaded is None else bytes(uploaded.getvalue())
