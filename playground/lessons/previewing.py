"""Makes a lesson's previews: its states are trained in this process, drawn, and cut to what a reader can see."""

import base64
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np

from playground.core.measurement import Measurements, Series
from playground.figures.figure import grid, kept
from playground.figures.gallery import FIGURES
from playground.lessons import previews, scoring
from playground.lessons.check import Runs, run
from playground.lessons.evidence import Evidence
from playground.lessons.lesson import Lesson
from playground.lessons.readings import condition
from playground.runs.report_pictures import pictures

DIGITS = 4
CURVE_ROWS, ROWS = 128, 48
"""Updates that are kept of a number, and of numbers for each time step or tensor."""
MOST_BYTES = 150_000


def write_previews(lesson: Lesson) -> Path:
    """Executes the lesson with the seeds of its states and writes what came of it; says where.

    Raises ValueError for an answer that is not finite, and for a file that would be larger than the page should load.
    """
    runs = Runs(lesson)
    found: dict[str, dict[str, Any]] = {"pictures": {}, "claims": {}, "answers": {}}
    for picture in previews.placed(lesson):
        config = lesson.config(picture.state)
        key = previews.picture_key(lesson, picture.state, picture.figure)
        whole = run(lesson, picture.state, config.seed, config.updates)
        found["pictures"][key] = _preview(whole, picture.figure)._asdict()
    for _, state, check in previews.checks(lesson):
        found["claims"][previews.check_key(lesson, state, check)] = condition(check).measured(runs, state)
    for prediction in lesson.predictions:
        score = scoring.score(prediction, None, runs[prediction.state])
        if isinstance(score.truth, float) and not math.isfinite(score.truth):
            raise ValueError(
                f"{prediction.name!r} of the lesson {lesson.name!r} is {score.truth:g} with the state's own seed, and "
                "what is asked must be finite. Ask for another value, or at another update."
            )
        found["answers"][previews.answer_key(lesson, prediction)] = score._asdict()
    text = _lines(found)
    if len(text.encode()) > MOST_BYTES:
        raise ValueError(
            f"The previews of {lesson.name!r} take {len(text.encode()):,} bytes, and {MOST_BYTES:,} are allowed. "
            "Leave out a picture."
        )
    path = previews.place(lesson)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _preview(evidence: Evidence, name: str) -> previews.Preview:
    figure = next(figure for figure in FIGURES if figure.name == name)
    looked_at = {need: evidence.measurements[need] for need in figure.needs if need in evidence.measurements}
    drawn = pictures(thinned(Measurements(looked_at)), evidence.config.updates, evidence.alarms)
    picture = next((each for each in drawn if each.name == f"{name}-0"), None)
    if picture is None or picture.drawn is None:
        raise ValueError(f"A run of this state has nothing to see in the picture {name!r}. Show another one.")
    over: Literal["steps", "updates"] = "steps" if figure.side == "time" else "updates"
    return previews.Preview(
        picture.title, picture.rule, picture.words, short(picture.drawn), over, evidence.update, evidence.config.seed
    )


def thinned(measurements: Measurements) -> Measurements:
    """The rows that a small picture has room for; the first, the newest and the last finite among them."""
    return Measurements({name: _thinned(measurements[name]) for name in measurements.names()})


def _thinned(series: Series) -> Series:
    spec, updates, values = series
    if not len(updates):
        return series
    shown = kept(updates, grid(int(updates[-1]), spec.every, ROWS if spec.axes else CURVE_ROWS))
    finite = np.isfinite(values).any(axis=tuple(range(1, values.ndim)))
    shown[[0, *np.flatnonzero(finite)[-1:]]] = True
    return Series(spec, updates[shown], values[shown])


def short(value: Any) -> Any:
    """plotly's JSON with packed arrays as lists, and numbers of so many digits; what is not finite is null there."""
    if isinstance(value, Mapping):
        if "bdata" in value:
            return short(_unpacked(value))
        return {key: short(each) for key, each in value.items()}
    if isinstance(value, list):
        return [short(each) for each in value]
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        cut = float(f"{value:.{DIGITS}g}")
        return int(cut) if cut.is_integer() and abs(cut) < 1e15 else cut
    return value


def _unpacked(packed: Mapping[str, Any]) -> Any:
    found = np.frombuffer(base64.b64decode(packed["bdata"]), np.dtype(packed["dtype"]))
    if "shape" in packed:
        found = found.reshape([int(size) for size in str(packed["shape"]).split(",")])
    return found.tolist()


def _lines(found: Mapping[str, Mapping[str, Any]]) -> str:
    """JSON with a line for each entry, so that a change of one shows as one."""

    def dump(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    parts = [
        f'"{what}":{{\n' + ",\n".join(f'"{k}":{dump(v)}' for k, v in kept.items()) + "\n}"
        for what, kept in found.items()
    ]
    return "{" + ",\n".join(parts) + "}\n"
