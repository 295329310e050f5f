"""What an answer is worth, once the run has shown what is so."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.errors import PlaygroundError
from playground.core.words import number as in_words
from playground.lessons.evidence import Evidence
from playground.lessons.lesson import Choice, Draw, Lesson, Number, Prediction
from playground.lessons.readings import condition, reading

Answer = int | float | tuple[float, ...] | None
"""Of a choice the option, counted from 0; a number; of a curve log10 at every time step; None is "show me"."""

DECIMALS = 3


class Score(NamedTuple):
    """`points` are 0 to 1. `truth` is what was measured, in the form of an answer: a curve is cut to what can be drawn.

    A choice of which nothing is right in this run has the truth −1.
    """

    points: float
    truth: Any
    sentence: str


def due(lesson: Lesson, prediction: Prediction) -> int:
    """The update that the run of its state must have reached, or have ended before."""
    config = lesson.config(prediction.state)
    if isinstance(prediction, Choice):
        return max(condition(option.when).due(config) for option in prediction.options)
    return reading(prediction.value).due(config)


def needs(prediction: Prediction) -> frozenset[str]:
    """The measurements that it is scored by."""
    if isinstance(prediction, Choice):
        return frozenset().union(*(condition(option.when).needs for option in prediction.options))
    return reading(prediction.value).needs


def right(prediction: Choice, evidence: Evidence) -> list[int]:
    """The options that hold in this run."""
    runs = {prediction.state: evidence}
    return [i for i, option in enumerate(prediction.options) if condition(option.when).holds(runs, prediction.state)]


def score(prediction: Prediction, answer: Answer, evidence: Evidence) -> Score:
    """Raises PlaygroundError for an answer that is none to this question, ValueError for a run that does not have what
    is asked."""
    match prediction:
        case Choice():
            return _choice(prediction, answer, evidence)
        case Number():
            return _number(prediction, answer, evidence)
        case Draw():
            return _draw(prediction, answer, evidence)


def said(prediction: Prediction, answer: Answer) -> str:
    """An answer, or a truth of the same form, in words. Raises PlaygroundError for one that is none."""
    if answer is None:
        return "I do not know."
    match prediction:
        case Choice():
            return prediction.options[_index(prediction, answer)].say
        case Number():
            return _with_unit(prediction, _one(answer))
        case Draw():
            curve = _points(answer)
            return f"from {in_words(10 ** curve[0])} at the first step to {in_words(10 ** curve[-1])} at the last"


def _choice(prediction: Choice, answer: Answer, evidence: Evidence) -> Score:
    options, holding = prediction.options, right(prediction, evidence)
    given = None if answer is None else _index(prediction, answer)
    if not holding:
        return Score(0.0, -1, "In this run none of these is so.")
    if given in holding:
        return Score(1.0, given, f"You said “{options[given].say}” So it is.")
    truth = options[holding[0]].say
    if given is None:
        return Score(0.0, holding[0], f"It is: “{truth}”")
    return Score(0.0, holding[0], f"You said “{options[given].say}” It is: “{truth}”")


def _number(prediction: Number, answer: Answer, evidence: Evidence) -> Score:
    truth = reading(prediction.value).value({prediction.state: evidence}, prediction.state)
    if answer is None:
        return Score(0.0, truth, f"It is {_with_unit(prediction, truth)}.")
    given = _one(answer)
    one, other = _within(prediction, np.array([given, truth]))
    distance = abs(math.log10(one) - math.log10(other)) if prediction.scale == "log" else abs(one - other)
    sentence = f"You said {_with_unit(prediction, given)}; it is {_with_unit(prediction, truth)}."
    return Score(_points_for(distance, prediction.near, prediction.far), truth, sentence)


def _draw(prediction: Draw, answer: Answer, evidence: Evidence) -> Score:
    curve = reading(prediction.value).curve({prediction.state: evidence}, prediction.state)
    truth = np.log10(_within(prediction, curve))
    shown = [round(float(value), DECIMALS) for value in truth]
    if answer is None:
        return Score(0.0, shown, f"It goes {said(prediction, tuple(shown))}.")
    drawn = np.array(_points(answer))
    if len(drawn) != len(truth):
        raise PlaygroundError(f"The curve has {len(drawn)} points. Draw one at each of the {len(truth)} steps.")
    drawn = np.clip(drawn, math.log10(prediction.low), math.log10(prediction.high))
    distance = float(np.abs(drawn - truth).mean())
    decades = "decade" if f"{distance:.1f}" == "1.0" else "decades"
    sentence = f"On the average your curve is {distance:.1f} {decades} away."
    return Score(_points_for(distance, prediction.near, prediction.far), shown, sentence)


def _points_for(distance: float, near: float, far: float) -> float:
    """1 within `near`, 0 from `far` on, a straight line between."""
    return round(min(1.0, max(0.0, (far - distance) / (far - near))), DECIMALS)


def _within(prediction: Number | Draw, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is not finite counts as `high`, exact zeros and all that is below `low` as `low`."""
    finite = np.where(np.isfinite(values), values, prediction.high)
    bounded: NDArray[np.float64] = np.clip(finite, prediction.low, prediction.high)
    return bounded


def _with_unit(prediction: Number, value: float) -> str:
    written = f"{value:,.0f}" if abs(value) < 1e5 and value == int(value) else in_words(value, 3)
    return f"{written} {prediction.unit}".rstrip()


def _index(prediction: Choice, answer: Answer) -> int:
    if isinstance(answer, bool) or not isinstance(answer, int) or not 0 <= answer < len(prediction.options):
        raise PlaygroundError(f"{answer!r} is no option. Choose one of the {len(prediction.options)}.")
    return answer


def _one(answer: Answer) -> float:
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        raise PlaygroundError(f"{answer!r} is no number. Write one, such as 0.5.")
    return float(answer)


def _points(answer: Answer) -> Sequence[float]:
    if not isinstance(answer, tuple) or not answer or not all(math.isfinite(value) for value in answer):
        raise PlaygroundError("This is no curve. Draw a point at every time step.")
    return answer
