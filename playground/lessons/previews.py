"""What a lesson shows without a run: still pictures, measured values and right answers, from when it was executed.

`previews/NAME.json` is written by `python -m playground lessons NAME --previews`, that of a teacher's own lesson in the
folder `previews` beside it. What belongs to another config than the lesson has by now is not shown.
"""

import functools
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from playground.lessons.lesson import Choice, Lesson, Number, Picture, Prediction
from playground.lessons.readings import condition
from playground.lessons.scoring import Score
from playground.lessons.shelf import theirs
from playground.training.config import RunConfig

FOLDER = "previews"
OURS = Path(__file__).parent / FOLDER


class Preview(NamedTuple):
    """One picture: plotly's data and layout without a template, what its x axis counts, and the run's newest update."""

    title: str
    rule: str
    words: str
    figure: dict[str, Any]
    over: Literal["steps", "updates"]
    update: int
    seed: int


def preview(lesson: Lesson, state: str, figure: str) -> Preview | None:
    """None where none was made of the config that this state has now."""
    found = _kept(lesson, "pictures", picture_key(lesson, state, figure))
    return None if found is None else Preview(**found)


def measured(lesson: Lesson, say: str) -> str:
    """What was measured for a claim, or for what is said in the place of a loose sentence; "" if nobody knows."""
    for said, state, check in checks(lesson):
        if said == say:
            return str(_kept(lesson, "claims", check_key(lesson, state, check)) or "")
    return ""


def answer(lesson: Lesson, name: str) -> Score | None:
    """How "show me" scores with the state's own seed: the truth, and a sentence. None if nobody knows."""
    prediction = lesson.prediction(name)
    found = _kept(lesson, "answers", answer_key(lesson, prediction))
    return None if found is None else Score(**found)


def stale(lesson: Lesson) -> list[str]:
    """What of the lesson has no preview, or one of another config."""
    pictures = [f"picture:{p.state}/{p.figure}" for p in placed(lesson) if not preview(lesson, p.state, p.figure)]
    claims = [f"the value of {said!r}" for said, _, _ in checks(lesson) if not measured(lesson, said)]
    return pictures + claims + [f"the answer to {p.name!r}" for p in lesson.predictions if not answer(lesson, p.name)]


# ── what is kept, and under which key ─────────────────────────────────────────


def placed(lesson: Lesson) -> Iterator[Picture]:
    """The still pictures that stand in the text."""
    for step in lesson.steps:
        yield from (block for block in step.blocks if isinstance(block, Picture))


def checks(lesson: Lesson) -> Iterator[tuple[str, str, str]]:
    """Of every claim and loose sentence what is said, of which state, and the condition."""
    yield from ((claim.say, claim.state, claim.check) for claim in lesson.claims)
    yield from ((loose.better, loose.state, loose.check) for loose in lesson.loose)


def picture_key(lesson: Lesson, state: str, figure: str) -> str:
    return _key(lesson.config(state), figure)


def check_key(lesson: Lesson, state: str, check: str) -> str:
    others = sorted(condition(check).states)
    return _key(lesson.config(state), check, *(f"{other} {_text(lesson.config(other))}" for other in others))


def answer_key(lesson: Lesson, prediction: Prediction) -> str:
    if isinstance(prediction, Choice):
        asked = [[option.say, option.when] for option in prediction.options]
    else:
        asked = [[prediction.value, prediction.unit if isinstance(prediction, Number) else ""]]
        asked.append([str(prediction.low), str(prediction.high)])
    return _key(lesson.config(prediction.state), json.dumps(asked))


def _key(config: RunConfig, *more: str) -> str:
    return hashlib.sha256("\n".join([_text(config), *more]).encode()).hexdigest()[:16]


def _text(config: RunConfig) -> str:
    """All that decides what is measured: how fast a run is shown does not."""
    return config.model_copy(update={"pace": 0}).canonical_json()


# ── files ─────────────────────────────────────────────────────────────────────


def place(lesson: Lesson) -> Path:
    """Where a lesson's previews belong."""
    folder = theirs()
    if folder is not None and (folder / lesson.file).is_file():
        return folder / FOLDER / f"{lesson.name}.json"
    return OURS / f"{lesson.name}.json"


def _kept(lesson: Lesson, what: str, key: str) -> Any:
    """A teacher's copy that changes a text alone still has the previews of ours."""
    for path in dict.fromkeys([place(lesson), OURS / f"{lesson.name}.json"]):
        try:
            found = _read(path, path.stat().st_mtime_ns).get(what, {}).get(key)
        except (OSError, ValueError, AttributeError):
            continue  # none was made, or somebody wrote something else into it
        if found is not None:
            return found
    return None


@functools.lru_cache(maxsize=32)
def _read(path: Path, _changed: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
