"""Whether a run counts for a question, and what an answer to it scores. A run counts if it is of the question's state,
as the lesson has it: a learner may have changed something, stopped it, or thrown it away.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np

from playground.core.errors import PlaygroundError
from playground.lessons import grid, scoring
from playground.lessons.evidence import Evidence, evidence
from playground.lessons.lesson import Choice, Draw, Lesson, Prediction
from playground.lessons.readings import reading
from playground.lessons.scoring import Answer, Score
from playground.runs.engine import engine
from playground.runs.folder import RunFolder
from playground.runs.status import RunStatus, describe
from playground.training.config import RunConfig
from playground.ui import state as session
from playground.ui.lessons import sketch

Kind = Literal["scored", "waiting", "lost", "short", "other", "gone", "none", "open", "others", "changed"]
BEST: tuple[Kind, ...] = ("scored", "waiting", "lost", "short", "other", "gone")
"""Of several runs the one that says most counts."""
USELESS: tuple[Kind, ...] = ("none", "short", "other", "gone")
"""With none of these can an answer be scored."""


class Standing(NamedTuple):
    """How it stands with a question. `open`: not answered; `others`: of the same run another one is not; `none`: no run
    was started; `short`: it ended before it was due; `other`: it is of another config; `gone`: it is not
    there any more; `changed`: the question is another one since.

    `sentence` is why a run does not count, or what holds it up; `measured` the curve that was to be drawn, log10 at
    every step.
    """

    kind: Kind
    due: int
    update: int = -1
    sentence: str = ""
    score: Score | None = None
    measured: tuple[float, ...] = ()
    run: str | None = None


def standing(lesson: Lesson, prediction: Prediction, answer: Answer, runs: Iterable[str | None]) -> Standing:
    """Of an answer that was committed, with the runs that may count."""
    due = scoring.due(lesson, prediction)
    found = [_of_run(lesson, prediction, answer, run, due) for run in dict.fromkeys(filter(None, runs))]
    return min(found, key=lambda one: BEST.index(one.kind)) if found else Standing("none", due)


def _of_run(lesson: Lesson, prediction: Prediction, answer: Answer, run: str, due: int) -> Standing:
    catalog = engine().catalog
    if not catalog.may_watch(run, session.owner()):
        return Standing("gone", due, sentence="Its run is not there any more.", run=run)
    folder = catalog.get(run)
    summary = describe(folder)
    if summary.config is None:
        return Standing("short", due, sentence=f"Its run cannot be read: {summary.reason}", run=run)
    status, ended = summary.status, summary.status in (RunStatus.FINISHED, RunStatus.DIVERGED)
    try:
        if why := _differs(folder, summary.config, lesson.config(prediction.state)):
            return Standing("other", due, sentence=why, run=run)
        if summary.update >= due or ended:
            found = evidence(folder, scoring.needs(prediction))
            if found.update >= due or ended:
                score = scoring.score(prediction, answer, found)
                measured = _curve(prediction, found)
                return Standing("scored", due, found.update, score=score, measured=measured, run=run)
    except (PlaygroundError, ValueError) as error:
        return Standing("short", due, summary.update, f"Its run cannot be scored: {error}", run=run)
    if status is RunStatus.LOST:
        return Standing("lost", due, summary.update, summary.reason, run=run)
    if status.unfinished:
        held = {
            RunStatus.QUEUED: engine().waiting(run) or summary.reason,
            RunStatus.PAUSED: f"Paused at update {summary.update:,}. Press Resume to go on.",
        }
        return Standing("waiting", due, summary.update, held.get(status, ""), run=run)
    how = "was stopped" if status is RunStatus.STOPPED else "failed"
    return Standing("short", due, summary.update, f"Its run {how} before update {due:,}.", run=run)


def _differs(folder: RunFolder, trained: RunConfig, wanted: RunConfig) -> str:
    """Why a run is not the lesson's own; empty for one that is. Its pace alone may be otherwise."""
    paths = {*trained.difference(wanted), *wanted.difference(trained)} - {"pace"}
    apart = sorted({path.partition(".")[0] for path in paths})
    if apart:
        return f"That run was trained with something else changed ({', '.join(apart)}), so it does not count."
    if folder.origin() is not None or folder.interventions():
        return "Something was changed while that run trained, so it does not count."
    return ""


def _curve(prediction: Prediction, found: Evidence) -> tuple[float, ...]:
    """log10 of what was measured at every step, uncut: −∞ for an exact zero; () where no curve was asked for."""
    if not isinstance(prediction, Draw):
        return ()
    curve = reading(prediction.value).curve({prediction.state: found}, prediction.state)
    with np.errstate(divide="ignore", invalid="ignore"):
        return tuple(np.log10(curve).tolist())


def fits(lesson: Lesson, prediction: Prediction, answer: Answer) -> bool:
    """Whether it can be an answer to this: a teacher may have edited the file in the meantime."""
    match prediction:
        case Choice(options=options):
            return answer is None or (isinstance(answer, int) and answer in range(len(options)))
        case Draw():
            return answer is None or (isinstance(answer, tuple) and len(answer) == paper_of(lesson, prediction).steps)
    return answer is None or not isinstance(answer, tuple)


def paper_of(lesson: Lesson, prediction: Draw) -> sketch.Paper:
    return sketch.Paper.of(grid.steps_of(lesson, prediction), prediction.low, prediction.high)
