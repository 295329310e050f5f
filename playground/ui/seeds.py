"""A group of runs that differ in their seeds alone: how each stands, how many solve the task, and which to watch."""

import streamlit as st

from playground.core.errors import BrokenRun
from playground.runs.engine import engine
from playground.runs.folder import RunFolder
from playground.runs.seeds import Standing, line, standing, together
from playground.ui import state, told, twins
from playground.ui.words import plain


def watched() -> list[RunFolder]:
    """The runs of the watched one's group that this browser may see, the first seed first; none without a group."""
    folder, catalog, owner = state.folder(), engine().catalog, state.owner()
    names = catalog.group(folder.run_id) if folder else ()
    return [catalog.get(name) for name in names if catalog.may_watch(name, owner)]


def show() -> None:
    """A line for each seed; looks once a second while one of them goes on."""
    folders = watched()
    if len(folders) < 2:
        return
    going = twins.going(*folders)
    st.fragment(_show, run_every=1.0 if going else None, key="seeds")(state.watched(), going)


def _show(run_id: str | None, going: bool) -> None:
    folders = watched()
    if state.watched() != run_id or going != twins.going(*folders):
        st.rerun()
    with st.container(key="seeds"):
        try:
            runs = [standing(folder) for folder in folders]
        except BrokenRun as error:
            st.caption(plain(str(error)))
            return
        st.markdown(f"**{plain(together(runs))}**")
        for run in runs:
            _line(run, run.run_id == run_id)


def _line(run: Standing, watched: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(plain(line(run)), width="stretch")
        if st.button(
            "Watched" if watched else "Watch", key=f"seeds.{run.run_id}", type="tertiary", disabled=watched,
            icon=":material/visibility:", on_click=_watch, args=(run.run_id,),
            help="Shows this seed in the pictures; the form takes its seed.",
        ):  # fmt: skip
            st.rerun()


def _watch(run_id: str) -> None:
    """What a button names comes from the page: whose run it is, is asked again."""
    with told.told():
        catalog = engine().catalog
        if catalog.may_watch(run_id, state.owner()):
            state.open_run(run_id, catalog.get(run_id).config())
