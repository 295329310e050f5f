"""After a lesson's last step: what was answered, what was measured, what it scored; to take away, or to forget."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from playground.lessons.lesson import CHALLENGE, ChallengeHere, Lesson
from playground.lessons.notebook import Entry, Notebook
from playground.lessons.shelf import shelf
from playground.ui.glossary import table
from playground.ui.lessons import answers, notes, place, told
from playground.ui.told import told as told_by_the_page
from playground.ui.words import plain

_FORGOTTEN = "lesson.forgotten"  # lesson → entries as plain data, as long as they can be brought back
DASH = "–"


class Question(NamedTuple):
    """What is asked, at which step, and what stands in the notebook."""

    name: str
    ask: str
    step: int
    entry: Entry | None


def show(lesson: Lesson) -> None:
    st.markdown("#### Summary")
    book = notes.book()
    if book is None:
        told.why()
    elif questions := _questions(lesson, book):
        scored = [one.entry.points for one in questions if one.entry and one.entry.points is not None]
        st.markdown(f"**{told.points(sum(scored))} of {len(questions)} points**, {_of(len(scored), len(questions))}.")
        st.markdown(table(("question", "you said", "measured", "points"), map(_row, range(1, 100), questions)))
        _to_questions(questions)
        _take_away(book)
        _forget(book, lesson, any(one.entry for one in questions))
    else:
        st.markdown("This lesson asks for no prediction.")
    _next(lesson)


def _questions(lesson: Lesson, book: Notebook) -> list[Question]:
    """The predictions, and the challenge where there is one."""
    entries = {entry.question: entry for entry in answers.settle(lesson, book)}
    found = [Question(one.name, one.ask, lesson.step_of(one.name), entries.get(one.name)) for one in lesson.predictions]
    if lesson.challenge is not None:
        at = next(i for i, step in enumerate(lesson.steps) if ChallengeHere() in step.blocks)
        found.append(Question(CHALLENGE, lesson.challenge.ask, at, entries.get(CHALLENGE)))
    return found


def _of(scored: int, count: int) -> str:
    return "all questions scored" if scored == count else f"{scored} of {count} questions scored"


def _row(number: int, question: Question) -> tuple[str, ...]:
    asked, entry = f"{number}. {question.ask}", question.entry
    if entry is None:
        return asked, "not answered", DASH, DASH
    return asked, entry.answered, entry.truth or "not yet", DASH if entry.points is None else told.points(entry.points)


def _to_questions(questions: Sequence[Question]) -> None:
    """A way to each that has no answer, or no score yet."""
    with st.container(horizontal=True, key="summary-open"):
        for number, (name, ask, step, entry) in enumerate(questions, start=1):
            if entry is None or entry.points is None:
                st.button(
                    f"To question {number}", key=f"summary.open.{name}", on_click=place.go, args=(step,),
                    help=plain(ask),
                )  # fmt: skip


def _take_away(book: Notebook) -> None:
    """The whole notebook, of all lessons."""
    st.markdown("For your teacher: your answers in all lessons, as this browser's notebook has them.")
    with st.container(horizontal=True, key="summary-files"):
        for title, make, kind in (("CSV", book.as_csv, "text/csv"), ("JSON", book.as_json, "application/json")):
            st.download_button(
                title, data=make, file_name=f"predictions.{title.lower()}", mime=kind, key=f"summary.{title}",
                icon=":material/download:", on_click="ignore", help=f"Answers, points, measurements, as {title}.",
            )  # fmt: skip


def _forget(book: Notebook, lesson: Lesson, any_answer: bool) -> None:
    """With a way back, as long as the page stays open."""
    forgotten = lesson.name in st.session_state.get(_FORGOTTEN, {})
    with st.container(horizontal=True, vertical_alignment="center", key="summary-forget"):
        if any_answer:
            st.button(
                "Forget my answers", key="summary.forget", on_click=_throw, args=(book, lesson.name), type="tertiary",
                icon=":material/delete:", help="Those of this lesson. Its questions can be answered anew then.",
            )  # fmt: skip
        elif forgotten:
            st.markdown("Your answers to this lesson are forgotten.", width="content")
            st.button("Undo", key="summary.undo", on_click=_back, args=(book, lesson.name), icon=":material/undo:")


def _throw(book: Notebook, lesson: str) -> None:
    with told_by_the_page():
        kept = [entry.model_dump(mode="json") for entry in book.entries(lesson)]
        st.session_state.setdefault(_FORGOTTEN, {})[lesson] = kept
        book.forget(lesson)
        place.forget_attempts()


def _back(book: Notebook, lesson: str) -> None:
    with told_by_the_page():
        for entry in st.session_state.get(_FORGOTTEN, {}).pop(lesson, []):
            book.put(Entry.model_validate(entry))


def _next(lesson: Lesson) -> None:
    lessons = shelf().lessons
    at = next((i for i, one in enumerate(lessons) if one.name == lesson.name), len(lessons))
    if at + 1 < len(lessons):
        following = lessons[at + 1]
        st.button(
            f"Next lesson: {plain(following.title)}", key="summary.next", type="primary", icon_position="right",
            icon=":material/arrow_forward:", on_click=place.open_lesson, args=(following.name,),
        )  # fmt: skip
        st.caption(f"{plain(following.goal)} {following.minutes} minutes.")
    else:
        st.markdown("This was the last lesson.")
        st.button("All lessons", key="summary.all", on_click=place.close_lesson, icon=":material/list:")
