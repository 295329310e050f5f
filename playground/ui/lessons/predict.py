"""One question of a lesson as a card: asked, committed to, and answered by a real run.

Before an answer is committed nothing of the truth is on the page: neither the reasons of the options nor a number, and
the run has not begun.
"""

from typing import Any

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.lessons import scoring
from playground.lessons.lesson import Lesson, Prediction
from playground.lessons.notebook import Entry
from playground.lessons.scoring import Answer
from playground.ui.lessons import answers, inputs, marking, notes, told
from playground.ui.lessons.marking import Standing
from playground.ui.told import told as told_by_the_page
from playground.ui.words import plain

HEADS = {"choice": "Predict: choose", "number": "Predict: give a number", "draw": "Predict: draw the curve"}
CHANGING = ("waiting", "lost")
"""Standings that change by themselves."""
_PRACTICE = "predict.practice"  # card → {} while it is answered again, {"answer": …} after that
_TURN = "predict.turn"  # card → how often it was answered
_WRONG = "predict.wrong"  # card → what is wrong with what was given


def show(lesson: Lesson, prediction: Prediction) -> None:
    card = f"predict-{lesson.name}-{prediction.name}"
    with st.container(border=True, key=card):
        st.markdown(f"##### {HEADS[prediction.kind]}")
        if notes.book() is None:
            st.markdown(plain(prediction.ask))
            told.why()
            return
        _, stands = _stands(lesson, prediction, card)
        changing = stands.kind in CHANGING
        st.fragment(_show, run_every=1.0 if changing else None, key=f"{card}-looks")(
            lesson, prediction, card, stands.kind
        )


@notes.once()
def _show(lesson: Lesson, prediction: Prediction, card: str, stood: str) -> None:
    entry, stands = _stands(lesson, prediction, card)
    if stands.kind != stood:
        # A matter of the whole page: the run's pictures, the other questions about it, the summary.
        st.rerun()
    practice = _practice(card) if entry else None
    answer = practice.get("answer") if practice is not None else entry.answer if entry else None
    first = entry if practice is None else None  # whose points count
    scored = stands.score is not None or (first is not None and first.points is not None)
    told.region(told.headline(stands, answer, first), scored=scored)
    if stands.kind == "open":
        _ask(lesson, prediction, card)
    elif entry is not None:
        _answered(lesson, prediction, card, stands, answer, entry)


def _stands(lesson: Lesson, prediction: Prediction, card: str) -> tuple[Entry | None, Standing]:
    """What is in the notebook, and how it stands with that, or with what was answered after it for practice."""
    book = notes.book()
    entry = answers.entry_of(book, lesson, prediction) if book else None
    practice = _practice(card)
    if entry is None or practice is None:
        return entry, answers.stands(lesson, prediction, entry)
    if "answer" not in practice:
        return entry, answers.stands(lesson, prediction, None)
    return entry, answers.of_answer(lesson, prediction, practice["answer"], entry)


def _practice(card: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = st.session_state.get(_PRACTICE, {}).get(card)
    return found


# ── asking ────────────────────────────────────────────────────────────────────


def _ask(lesson: Lesson, prediction: Prediction, card: str) -> None:
    inputs.show(lesson, prediction, _turn(card))
    if wrong := st.session_state.get(_WRONG, {}).get(card):
        st.error(plain(wrong))
    with st.container(horizontal=True, key=f"{card}-buttons"):
        st.button("Commit", key=f"{card}-commit", type="primary", on_click=_commit, args=(lesson, prediction, card))
        st.button(
            "I do not know, show me", key=f"{card}-show", on_click=_take, args=(lesson, prediction, card, None),
            help="Scores 0, and that is all it costs.",
        )  # fmt: skip


def _turn(card: str) -> str:
    """The key of the inputs: each time that a question is answered has its own, empty at first."""
    return f"{card}-{st.session_state.get(_TURN, {}).get(card, 0)}"


def _commit(lesson: Lesson, prediction: Prediction, card: str) -> None:
    try:
        answer = inputs.given(lesson, prediction, _turn(card))
    except PlaygroundError as error:
        st.session_state.setdefault(_WRONG, {})[card] = str(error)
    else:
        _take(lesson, prediction, card, answer)


@notes.once()
def _take(lesson: Lesson, prediction: Prediction, card: str, answer: Answer) -> None:
    """The first answer into the notebook, a later one for practice alone; the run starts with the last question of its
    state, and where there is none to practise on.
    """
    book = notes.book()
    if book is None:
        return
    st.session_state.get(_WRONG, {}).pop(card, None)
    turns, practice = (st.session_state.setdefault(name, {}) for name in (_TURN, _PRACTICE))
    turns[card] = turns.get(card, 0) + 1
    entry = answers.entry_of(book, lesson, prediction)
    with told_by_the_page():
        if entry is None:
            practice.pop(card, None)
            answers.commit(book, lesson, prediction, answer)
        elif card in practice:
            practice[card] = {"answer": answer}
            if answers.of_answer(lesson, prediction, answer, entry).kind in marking.USELESS:
                answers.train(book, lesson, prediction.state)


# ── afterwards ────────────────────────────────────────────────────────────────


def _answered(
    lesson: Lesson, prediction: Prediction, card: str, stands: Standing, answer: Answer, entry: Entry
) -> None:
    practice = _practice(card) is not None
    st.markdown(plain(prediction.ask))
    if stands.score is not None:
        told.result(lesson, prediction, answer, stands, card)
    else:
        # In the words of then: the question may be another one by now.
        answered = scoring.said(prediction, answer) if practice else entry.answered
        told.committed(lesson, prediction, answer, answered, card)
        if entry.points is not None and not practice:
            told.kept(prediction, entry)
    if stands.kind == "waiting":
        told.progress(stands)
    if practice:
        counts = "" if entry.points is None else f": {told.points(entry.points)} of 1"
        st.caption(f"For practice. Your first answer goes on counting{plain(counts)}.")
    with st.container(horizontal=True, key=f"{card}-then"):
        if stands.kind in (*marking.USELESS, "lost"):
            again = "Train it" if stands.kind == "none" and entry.points is None else "Train it again"
            st.button(again, key=f"{card}-train", on_click=_train, args=(lesson, prediction), icon=":material/replay:")
        if stands.score is not None or entry.points is not None:
            st.button(
                "Answer again", key=f"{card}-again", on_click=_again, args=(card,), type="tertiary",
                icon=":material/edit:",
                help="For practice: the first answer goes on counting.",
            )  # fmt: skip


def _again(card: str) -> None:
    st.session_state.setdefault(_PRACTICE, {})[card] = {}


@notes.once()
def _train(lesson: Lesson, prediction: Prediction) -> None:
    if (book := notes.book()) is not None:
        with told_by_the_page():
            answers.train(book, lesson, prediction.state)
