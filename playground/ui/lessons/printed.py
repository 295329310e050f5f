"""A question as it stands on paper: what is asked, what could be answered, and folded away what was measured."""

import streamlit as st

from playground.lessons import grid, previews
from playground.lessons.lesson import Choice, Draw, Lesson, Number, Prediction
from playground.lessons.scoring import Score
from playground.ui import markup
from playground.ui.lessons.typed import bound
from playground.ui.words import plain

NOT_MEASURED = "No answer is kept with this lesson: `python -m playground lessons {} --previews` measures it."


def show(lesson: Lesson, prediction: Prediction, key: str) -> None:
    with st.container(border=True, key=key):
        st.markdown(f"**Predict.** {plain(prediction.ask)}")
        st.markdown(_possible(lesson, prediction))
        with st.expander("The measured answer"):
            answer(lesson, prediction)


def answer(lesson: Lesson, prediction: Prediction) -> None:
    """What was measured when the claims were executed, and why."""
    score = previews.answer(lesson, prediction.name)
    if score is None:
        st.caption(NOT_MEASURED.format(lesson.name))
    else:
        st.markdown(plain(score.sentence))
    match prediction:
        case Choice():
            st.markdown(_options(prediction, score))
        case Draw() if score is not None:
            drawn = grid.svg(len(score.truth), prediction.low, prediction.high, score.truth)
            markup.show(f'<div class="ls-grid">{drawn}</div>')
    st.markdown(plain(prediction.explain))


def _options(choice: Choice, score: Score | None) -> str:
    """All of them, the right one in bold, each with its reason."""
    lines = []
    for i, option in enumerate(choice.options):
        right = score is not None and score.truth == i
        said = f"**{plain(option.say)}** (right)" if right else plain(option.say)
        lines.append(f"- {said}  \n  {plain(option.because)}")
    return "\n".join(lines)


def _possible(lesson: Lesson, prediction: Prediction) -> str:
    match prediction:
        case Choice():
            return "\n".join(f"- {plain(option.say)}" for option in prediction.options)
        case Number():
            unit = f" {plain(prediction.unit)}" if prediction.unit else ""
            return f"A number from {bound(prediction.low)} to {bound(prediction.high)}{unit}."
        case Draw():
            steps = grid.steps_of(lesson, prediction)
            return (
                f"A curve over the time steps 1 to {steps}, on a logarithmic axis from {bound(prediction.low)} to "
                f"{bound(prediction.high)}."
            )
