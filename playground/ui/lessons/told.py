"""What is said of an answer that was committed: that its run trains, what it scored and why, or why it has no score."""

import streamlit as st

from playground.lessons.lesson import Choice, Draw, Lesson, Prediction
from playground.lessons.notebook import Entry
from playground.lessons.scoring import Answer
from playground.ui import markup
from playground.ui.lessons import marking, notes, sketch
from playground.ui.lessons.marking import Standing
from playground.ui.words import plain

FULL = 0.995
"""Points from which on an answer is right: what is left rounds to nothing."""

HALF = 0.5
"""From here on it is near."""


def why() -> None:
    """Why there is no notebook."""
    if reason := notes.why():
        st.warning(plain(reason))


def region(sentence: str, *, scored: bool = False) -> None:
    """One line that a screen reader is told of when it changes: always there, so that it is heard."""
    looks = "ls-told ls-scored" if scored else "ls-told"
    markup.show(f'<div role="status" aria-live="polite" class="{looks}">{markup.words_of(sentence)}</div>')


def headline(stands: Standing, answer: Answer, entry: Entry | None) -> str:
    """How it stands, in one sentence."""
    if stands.score is not None:
        return verdict(stands.score.points, answer)
    if entry is not None and entry.points is not None:
        return verdict(entry.points, answer)
    match stands.kind:
        case "open":
            return "Its run is out of sight until you commit to an answer."
        case "others":
            return "Committed. It is shown when the other questions about this run are answered."
        case "waiting":
            when = f"is scored at update {stands.due:,}" if stands.due else "shows this before the first update"
            return f"Committed. It trains now, and {when}."
        case "none":
            return "Committed. It is not trained yet."
        case _:
            return f"Committed. {stands.sentence}"


def verdict(given: float, answer: Answer) -> str:
    if answer is None:
        return "You asked to see it: 0 of 1. Now you know."
    if given >= FULL:
        return "Right. 1 of 1."
    if given == 0:
        return "Not this time. 0 of 1."
    return f"{'Near' if given >= HALF else 'Not near'}: {points(given)} of 1."


def points(value: float) -> str:
    """0.7, 1, 2.35."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def progress(stands: Standing) -> None:
    """Of a run on which a question waits."""
    done = max(0, stands.update)
    text = stands.sentence or (f"Update {done:,} of {stands.due:,}" if stands.due else "It begins.")
    st.progress(min(1.0, done / max(1, stands.due)), text=plain(text))


def result(lesson: Lesson, prediction: Prediction, answer: Answer, stands: Standing, key: str) -> None:
    """What was measured, what was answered, and why."""
    assert stands.score is not None
    if isinstance(prediction, Draw):
        drawn = answer if isinstance(answer, tuple) else ()
        paper = marking.paper_of(lesson, prediction)
        sketch.reveal(prediction.ask, paper, drawn, stands.measured, key=f"{key}-measured")
    if isinstance(prediction, Choice) and stands.score.truth in range(len(prediction.options)):
        _because(prediction, answer, stands.score.truth)
    else:
        st.markdown(plain(stands.score.sentence))
    st.markdown(plain(prediction.explain))


def committed(lesson: Lesson, prediction: Prediction, answer: Answer, answered: str, key: str) -> None:
    """What was answered, as long as there is nothing to hold against it."""
    paper = marking.paper_of(lesson, prediction) if isinstance(prediction, Draw) else None
    if paper and isinstance(answer, tuple) and len(answer) == paper.steps:
        sketch.reveal(prediction.ask, paper, answer, (), key=f"{key}-drawn")
    else:
        st.markdown(f"You said: {plain(answered)}")


def kept(prediction: Prediction, entry: Entry) -> None:
    """The result of an earlier visit, whose run is not there to be looked at."""
    st.markdown(f"Measured: {plain(entry.truth)}")
    st.markdown(plain(prediction.explain))


def _because(prediction: Choice, answer: Answer, truth: int) -> None:
    """What was chosen and what is right, each with its reason; once, where they are the same."""
    said = {truth: "✓ You said, and it is:" if answer == truth else "✓ It is:"}
    if isinstance(answer, int) and answer != truth:
        said = {answer: "✗ You said:", **said}
    for i, begins in said.items():
        option = prediction.options[i]
        st.markdown(f"{begins} **{plain(option.say)}** {plain(option.because)}")
