"""What is done with runs that are kept: named, exported, thrown away and brought back, taken in from a file."""

from collections.abc import Callable, Iterable

import streamlit as st

from playground.core.errors import InvalidConfig, PlaygroundError
from playground.runs import labels, zips
from playground.runs.engine import engine
from playground.runs.labels import Label
from playground.ui import exports, state, told
from playground.ui.listing import Entry
from playground.ui.words import plain

UNDOS = 5
"""Deletions of this session that can be undone in one click."""

_ASKED = "history.asked"
_DELETED = "history.deleted"  # (run id, title) of those that were thrown away, newest first
_UPLOADS = "history.uploads"  # how many there were: each gets an empty field of its own
_IMPORTED = "history.imported"


def ask(dialog: Callable[[Entry], None], run: Entry) -> None:
    """Opens a dialog in the next run of the whole page: what a line of the list opens goes when that looks again."""
    st.session_state[_ASKED] = (dialog.__name__, run.run_id)


def answer(runs: Iterable[Entry]) -> None:
    """The dialog that was asked for."""
    name, run_id = st.session_state.pop(_ASKED, ("", ""))
    for run in runs:
        if run.run_id == run_id:
            (edit if name == edit.__name__ else export)(run)


@st.dialog("Name, note, tags")
def edit(run: Entry) -> None:
    """What people call a run. A wrong value keeps its sentence and the dialog open."""
    with st.form("history.label", border=False):
        name = st.text_input("Name", run.label.name, max_chars=labels.NAME, placeholder=run.words)
        note = st.text_area("Note", run.label.note, max_chars=labels.NOTE)
        tags = st.text_input(
            "Tags",
            ", ".join(run.label.tags),
            help=f"{labels.TAGS} at most, separated by commas.",
            placeholder="exam, LSTM",
        )
        saved = st.form_submit_button("Save", type="primary")
    if not saved:
        return
    try:
        label = Label.of(name, note, tags.split(","))
        if engine().catalog.may_control(run.run_id, state.owner()):
            engine().catalog.get(run.run_id).write_label(label)
    except InvalidConfig as error:
        st.error("  \n".join(plain(problem.sentence) for problem in error.problems))
    except (PlaygroundError, OSError) as error:
        st.error(plain(str(error)))
    else:
        st.rerun()


@st.dialog("Export")
def export(run: Entry) -> None:
    """As files."""
    st.markdown(f"**{plain(run.title)}**")
    exports.show(run.run_id, "history")


def delete(run: Entry) -> None:
    """Into the trash."""
    with told.told():
        catalog = engine().catalog
        if not catalog.may_control(run.run_id, state.owner()):
            return
        catalog.trash(run.run_id)
        st.session_state[_DELETED] = [(run.run_id, run.title), *st.session_state.get(_DELETED, [])][:UNDOS]
        if state.watched() == run.run_id:
            state.watch(None)


def resume(run: Entry) -> bool:
    """A stopped run goes on, with those in lockstep; whether it does."""
    with told.told():
        catalog = engine().catalog
        if catalog.may_control(run.run_id, state.owner()):
            for folder in catalog.resume(run.run_id):
                engine().submit(folder.run_id)
            return True
    return False


def undo() -> None:
    """A line for each run that this session has thrown away, as long as it can be brought back."""
    for run_id, title in st.session_state.get(_DELETED, []):
        if engine().catalog.in_trash(run_id):
            with st.container(horizontal=True, vertical_alignment="center", key=f"history-undo-{run_id}"):
                st.markdown(f"Deleted: {plain(title)}", width="content")
                st.button(
                    "Undo", key=f"history.undo.{run_id}", icon=":material/undo:", on_click=_restore, args=(run_id,)
                )


def _restore(run_id: str) -> None:
    with told.told():
        folder = engine().catalog.get(run_id)
        if folder.owner() == state.owner():
            engine().catalog.restore(run_id)


def take_in() -> None:
    """A file from this page, or from another one like it. Nothing in it is executed."""
    count = st.session_state.setdefault(_UPLOADS, 0)
    with st.popover("Import", icon=":material/upload_file:", key="history.import"):
        st.file_uploader(
            "A run as a zip, as this page exports it", "zip", key=f"history.upload.{count}",
            max_upload_size=zips.LARGEST // 2**20, on_change=_take_in, args=(f"history.upload.{count}",),
        )  # fmt: skip
    if said := st.session_state.get(_IMPORTED):
        st.success(plain(said), icon=":material/task_alt:")


def _take_in(key: str) -> None:
    st.session_state.pop(_IMPORTED, None)
    file = st.session_state.get(key)
    if file is None:
        return
    st.session_state[_UPLOADS] += 1  # the file is not kept in the server's memory
    with told.told():
        _, lost = engine().unpack(file.getvalue(), state.needed_owner())
        st.session_state[_IMPORTED] = f"Imported: it is the newest run of the list. {lost}".strip()
