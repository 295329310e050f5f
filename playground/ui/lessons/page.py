"""The page of the lessons: the list, one lesson beside its live playground, or its text alone."""

from pathlib import Path

import streamlit as st

from playground.lessons.lesson import Lesson
from playground.ui import PAGES, state, words
from playground.ui.lessons import beside, blocks, links, look, notes, place, reading, shelf_page, summary
from playground.ui.words import plain

CSS = Path(__file__).with_name("page.css").read_text()


@notes.once()
def show() -> None:
    st.html(f"<style>{CSS}</style>")
    look.dress()
    place.take_up()
    lesson, view = place.lesson(), state.view()
    if lesson is None:
        words.link_problems()
        if view.lesson:
            st.warning(f"There is no lesson {plain(view.lesson)}. These are the ones there are.")
        shelf_page.show()
    elif view.read:
        _leave()
        reading.show(lesson)
    else:
        place.notice()  # before the text, which counts attempts
        at, last = place.step(), len(lesson.steps)
        links.show(lesson.steps[at].heading if at < last else "Summary")  # first, so that no click comes too early
        with st.container(key="lesson"):
            with st.container(key="lesson-text"):
                _text(lesson, at, last)
            with st.container(key="lesson-beside"):
                beside.show()


def _text(lesson: Lesson, at: int, last: int) -> None:
    """A step, or behind the last one the summary, between the ways to others."""
    _head(lesson, at, last)
    with st.container(key="lesson-step"):
        if at < last:
            st.markdown(f"#### {lesson.steps[at].heading}")
            blocks.show(lesson, lesson.steps[at].blocks, live=True, key=f"{lesson.name}-{at}")
        else:
            summary.show(lesson)
    with st.container(horizontal=True, vertical_alignment="center", key="lesson-turn"):
        st.button("Back", key="lesson.back", icon=":material/arrow_back:", shortcut="B", disabled=at == 0,
                  on_click=place.go, args=(at - 1,))  # fmt: skip
        st.button("Next" if at < last - 1 else "Summary", key="lesson.next", icon=":material/arrow_forward:",
                  icon_position="right", shortcut="F", disabled=at == last, on_click=place.go,
                  args=(at + 1,))  # fmt: skip


def _head(lesson: Lesson, at: int, last: int) -> None:
    st.markdown(f"### {plain(lesson.title)}\n{plain(lesson.goal)} :small[{lesson.minutes} minutes.]")
    _leave()
    said = f"Step {at + 1} of {last}" if at < last else f"All {last} steps"
    st.progress(min(at + 1, last) / last, text=said)


def _leave() -> None:
    """The ways out of the step: to the list, the text alone, the first state, the playground."""
    read = state.view().read
    with st.container(horizontal=True, gap="xsmall", key="lesson-ways"):
        st.button(
            "All lessons", key="lesson.close", type="tertiary", icon=":material/list:", on_click=place.close_lesson
        )
        if read:
            st.button("With the live playground", key="lesson.live", type="tertiary", icon=":material/timeline:",
                      on_click=state.show_as, kwargs={"read": False})  # fmt: skip
            return
        st.button("Reset", key="lesson.reset", type="tertiary", icon=":material/replay:", on_click=place.reset,
                  help="Brings back the state that the lesson begins with.")  # fmt: skip
        st.button("Read only", key="lesson.read", type="tertiary", icon=":material/article:",
                  on_click=state.show_as, kwargs={"read": True},
                  help="The whole text at once, with still pictures: nothing runs, and it prints.")  # fmt: skip
        if state.shows("pages") and st.button(
            "Open in the playground", key="lesson.take", type="tertiary", icon=":material/open_in_new:",
            help="Takes what the controls have now, and the run, to the playground's page.",
        ):  # fmt: skip
            state.take_along("playground")
            st.switch_page(PAGES / "playground.py")
