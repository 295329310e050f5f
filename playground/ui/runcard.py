"""One run of the list: drawing, words, and what can be done with it."""

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.runs.engine import engine
from playground.runs.records import Origin
from playground.runs.status import RunStatus
from playground.training.config import UPDATES
from playground.ui import PAGES, going, keeping, state, steering, thumbnail, told
from playground.ui.listing import Entry, entry, measured
from playground.ui.markup import show as show_html
from playground.ui.markup import words_of
from playground.ui.words import ago, plain

EVERY = 2.0
"""Seconds between looks at a run that goes on."""

TICKED = "history.ticked"
"""Says in the session that a box was ticked, to a line that is drawn by itself."""

RESUME, TRAIN_ON, CLONE = "Resume", "Train on, to twice the updates", "Clone into the form"
EDIT, EXPORT, DELETE = "Name, note, tags", "Export", "Delete"


def show(run: Entry) -> None:
    """A run that goes on is looked at again and again by itself, so that the list around it stays as it is."""
    if run.status.unfinished:
        st.fragment(_again, run_every=EVERY, key=f"history.card.{run.run_id}")(run)
    else:
        _show(run)


def _again(run: Entry) -> None:
    if st.session_state.pop(TICKED, False):
        st.rerun()  # what can be compared is said over the list
    try:
        _show(entry(engine().catalog.get(run.run_id), state.owner()))
    except PlaygroundError:
        return  # deleted for good, from the command line


def _show(run: Entry) -> None:
    broken = run.status is RunStatus.BROKEN
    key = f"history.{run.run_id}"
    with st.container(horizontal=True, vertical_alignment="center", key=f"history-run-{run.run_id}"):
        st.checkbox(
            f"Compare {run.unique}", key=tick(run.run_id), label_visibility="collapsed", disabled=broken,
            on_change=st.session_state.update, args=({TICKED: True},),
        )  # fmt: skip
        show_html(_words(run))
        told_apart = f" *{plain(run.unique)}*"
        if st.button(f"Open{told_apart}", key=f"{key}.open", disabled=broken):
            _open(run)
        options = _options(run)
        chosen = st.menu_button(f"More{told_apart}", options, key=f"{key}.more") if options else None
    if chosen:
        _do(chosen, run)


def tick(run_id: str) -> str:
    """The key of a run's checkbox."""
    return f"history.{run_id}.tick"


def _options(run: Entry) -> list[str]:
    """What makes sense, and is allowed."""
    whole = run.status is not RunStatus.BROKEN
    going = run.status in (RunStatus.RUNNING, RunStatus.PAUSED)
    offered = {
        RESUME: run.mine and run.status is RunStatus.STOPPED,
        TRAIN_ON: run.status is RunStatus.FINISHED and run.updates < UPDATES,
        CLONE: whole,
        EDIT: run.mine and whole,
        EXPORT: whole,
        DELETE: run.mine and not going,
    }
    return [option for option, possible in offered.items() if possible]


def _do(chosen: str, run: Entry) -> None:
    if chosen == CLONE:
        _open(run, watch=False)
    elif chosen == RESUME and keeping.resume(run):
        _open(run)
    elif chosen == TRAIN_ON:
        _train_on(run)
    elif chosen == DELETE:
        keeping.delete(run)
    elif chosen in (EDIT, EXPORT):
        keeping.ask(keeping.edit if chosen == EDIT else keeping.export, run)
    st.rerun()


def _open(run: Entry, watch: bool = True) -> None:
    """The playground with the form as the run had it. Without `watch` nothing is looked at: the form has it, alone."""
    with told.told():
        state.open_run(run.run_id, engine().catalog.get(run.run_id).config())
        if not watch:
            state.watch(None)
        going.go(PAGES / "playground.py")


def _train_on(run: Entry) -> None:
    """A run of its own, that begins with the weights with which this one has ended, wherever it came from."""
    with told.told():
        state.open_run(run.run_id, engine().catalog.get(run.run_id).config())
        state.change("updates", min(2 * run.updates, UPDATES))
        steering.start_branch(Origin(run_id=run.run_id, update=run.updates))
        going.go(PAGES / "playground.py")


def _words(run: Entry) -> str:
    """HTML. All that people or runs say goes through `words_of`."""
    drawing = "" if run.status is RunStatus.BROKEN else thumbnail.drawn(run.run_id, run.update)
    progress = f"{max(0, run.update):,} of {run.updates:,} updates" if run.status.unfinished else ""
    facts = [ago(run.started), progress, run.reason]
    if run.status is not RunStatus.BROKEN:
        facts.append(measured(run.run_id, run.update, run.status).words)
    title = run.title if run.label.name == "" else f"{run.label.name} · {run.words}"
    lines = [
        f'<div class="run-title"><span class="run-status run-{run.status.value}">{run.status.value}</span>'
        f"{words_of(title)}</div>",
        f'<div class="run-facts">{words_of(" · ".join(filter(None, facts)))}</div>',
    ]
    if run.label.note:
        note = "<br>".join(map(words_of, run.label.note.splitlines()))
        lines.append(f'<div class="run-note">{note}</div>')
    tags = "".join(f'<span class="run-tag">{words_of(tag)}</span> ' for tag in run.label.tags)
    if not run.own:
        tags += '<span class="run-tag">somebody else’s</span>'
    if tags:
        lines.append(f"<div>{tags}</div>")
    return (
        f'<div class="run"><div class="run-drawing">{drawing or "nothing to draw"}</div>'
        f'<div class="run-words">{"".join(lines)}</div></div>'
    )
