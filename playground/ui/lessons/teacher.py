"""The page for whoever teaches: the order of lessons, what to ask, links for a class, and all of it to take away."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from playground.lessons import previews, sheet
from playground.lessons.archive import archive
from playground.lessons.lesson import Lesson
from playground.lessons.shelf import shelf
from playground.ui import address, link, share
from playground.ui.glossary import table
from playground.ui.lessons import look, printed
from playground.ui.lessons.shelf_page import broken
from playground.ui.view import CONTROLS, View
from playground.ui.words import plain

FILES = """
A lesson is one text file: put a copy into a folder of yours, change it, and start the playground with
`PLAYGROUND_LESSONS` set to that folder, as in `PLAYGROUND_LESSONS=my-lessons streamlit run app.py`.
A file with the name of one of ours takes its place; others come after ours, in the order of their names.
`PLAYGROUND_LESSONS=my-lessons python -m playground lessons` executes what the files claim, and says what does not hold.
"""
HIDDEN = ("preset", "seeds", "twin", "slow", "pages")
"""What a class does not need at first."""


def show() -> None:
    look.dress()
    found = shelf()
    times = sheet.clock(found.lessons)
    with st.container(key="teach"):
        st.markdown("#### Teach")
        minutes = sum(lesson.minutes for lesson in found.lessons)
        st.markdown(f"{len(found.lessons)} lessons in {minutes} minutes, each one a guess, a run, and a reason.")
        broken(found.broken)
        _order(found.lessons, times)
        _to_take_away(found.lessons)
        view = _shown_as()
        st.markdown("#### Lesson by lesson")
        for time, lesson in zip(times, found.lessons, strict=True):
            box = st.expander(f"{time} · {plain(lesson.title)}", key=f"teach.{lesson.name}", on_change="rerun")
            if box.open:
                with box:
                    _lesson(lesson, _of(lesson, view))


def _order(lessons: Sequence[Lesson], times: Sequence[str]) -> None:
    rows = [
        (time, lesson.title, f"{lesson.minutes} min", lesson.goal) for time, lesson in zip(times, lessons, strict=True)
    ]
    with st.container(key="teach-order"):
        st.markdown(table(("time", "lesson", "takes", "afterwards"), rows))
    needed = {name for lesson in lessons for name in lesson.prerequisites}
    free = [lesson.title for lesson in lessons[:-1] if lesson.name not in needed]
    if free:
        st.caption(
            f"There is no slack in it. Where time is short, leave out what no other needs: {plain(', '.join(free))}."
        )


def _to_take_away(lessons: Sequence[Lesson]) -> None:
    st.markdown("#### To print, and to change")
    with st.container(horizontal=True, key="teach-files"):
        _download(
            "Students’ sheet", partial(sheet.student_sheet, lessons), "students.html", "text/html", "print",
            "The questions with room for answers, and an empty grid for each curve. Open it and print it.",
        )  # fmt: skip
        _download(
            "Teacher’s sheet", partial(sheet.teacher_sheet, lessons), "teacher.html", "text/html", "print",
            "The same with times, what to ask, and the measured answers.",
        )  # fmt: skip
        _download(
            "All lessons as files", partial(archive, lessons), "lessons.zip", "application/zip", "folder_zip",
            "The text files themselves, to copy and change.",
        )  # fmt: skip
    st.markdown(FILES)


def _shown_as() -> View:
    """How the links below show a lesson to the class."""
    st.markdown("#### Links for the class")
    hidden = st.multiselect(
        "Hide these controls", list(CONTROLS), HIDDEN, format_func=CONTROLS.__getitem__, key="teach.hidden",
        placeholder="nothing is hidden",
        help="What is hidden still counts: the network keeps what it says. It is no lock: a link can be written anew.",
    )  # fmt: skip
    lecture = st.toggle("Large type, for the wall", key="teach.lecture")
    st.caption("The links stand with each lesson below. What a lesson’s text points at is not hidden in its link.")
    return View(lecture=lecture, hidden=tuple(hidden))


def _of(lesson: Lesson, view: View) -> View:
    """Nothing is hidden that the text asks for."""
    asked = {each.part for each in lesson.links}
    return view._replace(lesson=lesson.name, hidden=tuple(name for name in view.hidden if name not in asked))


def _lesson(lesson: Lesson, view: View) -> None:
    notes, taken = st.columns([3, 2], gap="large")
    with notes:
        st.markdown(plain(lesson.goal))
        _notes(lesson)
        for prediction in lesson.predictions:
            st.markdown(f"**Predict:** {plain(prediction.ask)}")
            printed.answer(lesson, prediction)
    with taken:
        at = address.of_playground(address.here())
        opened = at._replace(url=f"{at.url}lessons"), link.write(link.DEFAULT, None, view)
        whole = address.with_query(opened[0].url, opened[1])
        st.link_button("Open it as the class sees it", whole, icon=":material/open_in_new:")
        share.written(*opened)
        _download(
            lesson.file, lesson.source, lesson.file, "text/markdown", "description",
            "This lesson’s text, to copy and change.",
        )  # fmt: skip


def _notes(lesson: Lesson) -> None:
    if lesson.teacher.ask:
        st.markdown("**Ask**\n" + "\n".join(f"- {plain(text)}" for text in lesson.teacher.ask))
    if lesson.teacher.wrong:
        wrong = "\n".join(f"- “{plain(each.said)}”  \n  {plain(each.answer)}" for each in lesson.teacher.wrong)
        st.markdown(f"**Often answered, and what to say**\n{wrong}")
    if lesson.loose:
        lines = []
        for each in lesson.loose:
            measured = previews.measured(lesson, each.better)
            end = f" (measured: {plain(measured)})" if measured else ""
            lines.append(f"- “{plain(each.said)}”  \n  {plain(each.better)}{end}")
        st.markdown("**Often said, and loose**\n" + "\n".join(lines))


def _download(label: str, data: str | Callable[[], bytes], name: str, mime: str, icon: str, said: str) -> None:
    st.download_button(
        label, data=data, file_name=name, mime=mime, icon=f":material/{icon}:", key=f"teach.file.{name}", help=said,
        on_click="ignore",
    )  # fmt: skip
