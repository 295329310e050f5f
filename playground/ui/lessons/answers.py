"""Answers in this browser's notebook: written down, with the run that reveals them, and scored as soon as can be."""

from datetime import UTC, datetime

from playground.core.errors import PlaygroundError
from playground.core.words import cut
from playground.lessons import scoring
from playground.lessons.lesson import Choice, Draw, Lesson, Prediction
from playground.lessons.notebook import MOST_CHARACTERS, Entry, Notebook
from playground.lessons.scoring import Answer, Score
from playground.ui.lessons import marking, notes, place
from playground.ui.lessons.marking import Standing


def entry_of(book: Notebook, lesson: Lesson, prediction: Prediction) -> Entry | None:
    return next((entry for entry in book.entries(lesson.name) if entry.question == prediction.name), None)


def stands(lesson: Lesson, prediction: Prediction, entry: Entry | None) -> Standing:
    """Of a question, by what stands in the notebook. An answer that is scored now is written there with its score."""
    if entry is None:
        return Standing("open", scoring.due(lesson, prediction))
    if place.unanswered(prediction.state):
        return Standing("others", scoring.due(lesson, prediction))
    found = (
        of_answer(lesson, prediction, entry.answer, entry)
        if _means_still(prediction, entry)
        else _changed(lesson, prediction)
    )
    if found.score is not None and entry.points is None:
        truth = truth_of(prediction, found.score)
        scored = entry.model_copy(update={"points": found.score.points, "truth": truth, "run": found.run})
        notes.write(lambda book: book.put(scored))
    return found


def of_answer(lesson: Lesson, prediction: Prediction, answer: Answer, entry: Entry) -> Standing:
    """The same of an answer, with the runs that stand for the question: that of the notebook, and this session's."""
    if not marking.fits(lesson, prediction, answer):
        return _changed(lesson, prediction)
    return marking.standing(lesson, prediction, answer, (entry.run, place.runs().get(prediction.state)))


def _changed(lesson: Lesson, prediction: Prediction) -> Standing:
    sentence = "The question was changed since you answered it. To answer it anew, forget your answers at the end."
    return Standing("changed", scoring.due(lesson, prediction), sentence=sentence)


def _means_still(prediction: Prediction, entry: Entry) -> bool:
    """Whether the option that was chosen is where it was: a teacher may have put another one there."""
    if not isinstance(prediction, Choice) or not isinstance(entry.answer, int):
        return True
    at = prediction.options[entry.answer : entry.answer + 1]
    return [cut(option.say, MOST_CHARACTERS) for option in at] == [entry.answered]


def commit(book: Notebook, lesson: Lesson, prediction: Prediction, answer: Answer) -> None:
    """Writes an answer down; with the last one of its state the run starts. Raises PlaygroundError."""
    _look_again(lesson)
    book.put(
        Entry(
            lesson=lesson.name, question=prediction.name, ask=prediction.ask, answer=answer,
            answered=scoring.said(prediction, answer), points=None, truth="", run=None,
            seed=lesson.config(prediction.state).seed, at=datetime.now(UTC),
        )
    )  # fmt: skip
    if not place.unanswered(prediction.state):
        train(book, lesson, prediction.state)


def train(book: Notebook, lesson: Lesson, state: str) -> None:
    """Trains a state; its run is noted with all the answers that it reveals. Raises PlaygroundError."""
    _look_again(lesson)
    run = place.start(state)
    asked = {prediction.name for prediction in lesson.asked_of(state)}
    for entry in book.entries(lesson.name) if run else ():
        if entry.question in asked:
            book.put(entry.model_copy(update={"run": run}))


def _look_again(lesson: Lesson) -> None:
    """Raises PlaygroundError where the page shows what the lesson's file does not say any more."""
    now = place.lesson()
    if now is None or now.source != lesson.source:
        raise PlaygroundError("This lesson's file was changed just now. Read the question again, and answer that one.")


def settle(lesson: Lesson, book: Notebook) -> tuple[Entry, ...]:
    """The lesson's answers, with the scores of runs that have come far enough since."""
    for entry in book.entries(lesson.name):
        if entry.points is None and entry.question in {one.name for one in lesson.predictions}:
            stands(lesson, lesson.prediction(entry.question), entry)
    return book.entries(lesson.name)


def truth_of(prediction: Prediction, score: Score) -> str:
    """What was measured, in words."""
    if isinstance(prediction, Choice) and score.truth < 0:
        return "None of these."
    return scoring.said(prediction, tuple(score.truth) if isinstance(prediction, Draw) else score.truth)
