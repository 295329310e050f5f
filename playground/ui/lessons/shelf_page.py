"""The list of lessons: what each is about, how long it takes, and how far this browser has come."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import streamlit as st

from playground.lessons.lesson import CHALLENGE, Lesson
from playground.lessons.notebook import Entry
from playground.lessons.shelf import Broken, shelf
from playground.ui.lessons import notes, place, told
from playground.ui.words import plain

FIRST = (
    "Each lesson asks what you expect before it shows what happens. Commit to a guess, right or wrong: the curve "
    "that appears then is a real run, and it is the guess that makes it stick. Begin with the first."
)


def show() -> None:
    found = shelf()
    titles = {lesson.name: lesson.title for lesson in found.lessons}
    minutes = sum(lesson.minutes for lesson in found.lessons)
    book = notes.book()
    entries = book.entries() if book else ()
    answered = {lesson.name: _answered(lesson, entries) for lesson in found.lessons}
    with st.container(key="lessons-list"):
        st.markdown("#### Lessons")
        st.markdown(f"{len(found.lessons)} lessons, {minutes} minutes together. Predict first, then see.")
        told.why()
        if not any(answered.values()):
            st.info(FIRST, icon=":material/lightbulb:")
        for number, lesson in enumerate(found.lessons, start=1):
            _row(number, lesson, titles, answered[lesson.name])
        broken(found.broken)


def broken(mistakes: Sequence[Broken]) -> None:
    """Files that cannot be read, each with its lines and reasons; the others open."""
    for file, found in groupby(mistakes, lambda mistake: mistake.file):
        lines = "\n".join(f"- {f'line {line}: ' if line else ''}{plain(reason)}" for _, line, reason in found)
        st.warning(f"**{plain(file)}** is no lesson yet; the others open.\n{lines}", icon=":material/description:")


def _row(number: int, lesson: Lesson, titles: Mapping[str, str], answered: str) -> None:
    with (
        st.container(border=True, key=f"lessons-row-{lesson.name}"),
        st.container(horizontal=True, vertical_alignment="center", key=f"lessons-line-{lesson.name}"),
    ):
        before = ", ".join(titles.get(name, name) for name in lesson.prerequisites)
        details = [f"{lesson.minutes} minutes", f"after: {before}" if before else "", answered]
        st.markdown(
            f"**{number}. {plain(lesson.title)}**  \n{plain(lesson.goal)}  \n"
            f":small[{' · '.join(plain(each) for each in details if each)}]"
        )
        st.button(
            f"Open lesson {number}", key=f"lessons.open.{lesson.name}", on_click=place.open_lesson, args=(lesson.name,),
            type="primary" if number == 1 and not answered else "secondary",
            help=f"Open the lesson {plain(lesson.title)}.",
        )  # fmt: skip
        st.button(
            "Read only", key=f"lessons.read.{lesson.name}", on_click=place.open_lesson, args=(lesson.name, 0, True),
            type="tertiary", help="The whole text at once, with still pictures: nothing runs, and it prints.",
        )  # fmt: skip


def _answered(lesson: Lesson, entries: Sequence[Entry]) -> str:
    """How many of its questions this browser has answered, and how well; empty for none."""
    asked = {prediction.name for prediction in lesson.predictions} | ({CHALLENGE} if lesson.challenge else set())
    own = [entry for entry in entries if entry.lesson == lesson.name and entry.question in asked]
    if not own:
        return ""
    points = sum(entry.points or 0.0 for entry in own)
    return f"{len(own)} of {len(asked)} answered, {told.points(points)} points"
