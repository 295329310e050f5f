"""How a question is answered: one of a few options, a number, a curve. What a browser sends is looked at again here."""

import math

import streamlit as st

from playground.core.errors import PlaygroundError
from playground.lessons.lesson import Choice, Draw, Lesson, Number, Prediction
from playground.lessons.scoring import Answer
from playground.ui.lessons import marking, sketch
from playground.ui.lessons.typed import bound, typed
from playground.ui.words import plain

OR_SHOW = "or press “I do not know, show me”."
_DRAWN = "predict.drawn"  # inputs → heights: a component forgets them as soon as another step is read


def show(lesson: Lesson, prediction: Prediction, key: str) -> None:
    """The question and its empty inputs, of which nothing is chosen beforehand.

    The question is the inputs' name too, for those who listen: a visible label would have its markdown read out.
    """
    st.markdown(plain(prediction.ask))
    match prediction:
        case Choice(options=options):
            said = [plain(option.say) for option in options]
            st.radio(
                prediction.ask, range(len(said)), index=None, key=key, format_func=said.__getitem__,
                label_visibility="collapsed", persist_state="session",
            )  # fmt: skip
        case Number(low=low, high=high, unit=unit):
            bounds = f"From {bound(low)} to {bound(high)} {unit}".strip()
            if prediction.scale == "linear":
                st.number_input(
                    prediction.ask, min_value=float(low), max_value=float(high), value=None, key=key, format="%g",
                    step=10.0 ** math.floor(math.log10((high - low) / 100)), label_visibility="collapsed",
                    persist_state="session",
                )  # fmt: skip
                st.caption(plain(f"{bounds}."))
            else:
                st.text_input(prediction.ask, key=key, label_visibility="collapsed", persist_state="session")
                st.caption(plain(f"{bounds}. Write 0.001, 1e-3 or 10^-3."))
        case Draw():
            sketch.ask(prediction.ask, marking.paper_of(lesson, prediction), _drawn(lesson, prediction, key), key=key)


def given(lesson: Lesson, prediction: Prediction, key: str) -> Answer:
    """What the inputs hold. Raises PlaygroundError where that is nothing, or nothing that may be."""
    value = st.session_state.get(key)
    match prediction:
        case Choice(options=options):
            if not isinstance(value, int) or value not in range(len(options)):
                raise PlaygroundError(f"Choose one of them first, {OR_SHOW}")
            return value
        case Number(low=low, high=high):
            if value in (None, ""):
                raise PlaygroundError(f"Write a number first, {OR_SHOW}")
            return typed(str(value), low, high)
        case Draw():
            heights = _drawn(lesson, prediction, key)
            curve = marking.paper_of(lesson, prediction).curve(heights) if heights else None
            if curve is None:
                raise PlaygroundError(f"Click where the curve should pass first, {OR_SHOW}")
            return curve


def _drawn(lesson: Lesson, prediction: Draw, key: str) -> sketch.Heights | None:
    """The newest heights: what the browser says now, or said when the sketch was last in sight."""
    kept: dict[str, sketch.Heights] = st.session_state.setdefault(_DRAWN, {})
    sent = getattr(st.session_state.get(key), "drawn", None)
    heights = marking.paper_of(lesson, prediction).read(sent)
    if heights is not None:
        kept[key] = heights
    return kept.get(key)
