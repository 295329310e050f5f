"""Whether what a lesson's file names is there, can be read off the runs that it is read off, and stands in the text."""

from collections.abc import Mapping, Sequence

from playground.core.errors import shorten
from playground.figures.gallery import FIGURES
from playground.lessons import markdown, readings
from playground.lessons.lesson import (
    CHALLENGE,
    Ask,
    ChallengeHere,
    Choice,
    Claim,
    Draw,
    Front,
    Loose,
    LooseSaid,
    Number,
)
from playground.lessons.text import Faults, Path
from playground.training.config import RunConfig

PICTURES = tuple(figure.name for figure in FIGURES)


def references(fields: Front, name: str, configs: Mapping[str, RunConfig], faults: Faults) -> None:
    """Names that the front matter takes from elsewhere, and what it reads off runs."""
    if name in fields.prerequisites:
        faults.wrong(("prerequisites", fields.prerequisites.index(name)), f"{name!r} is this lesson. Leave it out.")
    for i, picture in enumerate(fields.pictures):
        faults.known(("pictures", i), "picture", picture, PICTURES)
    for i, prediction in enumerate(fields.predictions):
        path: Path = ("prediction", i)
        if not faults.known((*path, "state"), "state", prediction.state, configs):
            continue
        if isinstance(prediction, Choice):
            for j, option in enumerate(prediction.options):
                _condition((*path, "options", j, "when"), option.when, configs, prediction.state, faults, own=True)
        else:
            _reading((*path, "value"), prediction, configs, faults)
    executed: tuple[tuple[str, tuple[Claim | Loose, ...]], ...] = (
        ("claim", fields.claims),
        ("loose", fields.loose),
    )
    for field, ones in executed:
        for i, one in enumerate(ones):
            if faults.known((field, i, "state"), "state", one.state, configs):
                _condition((field, i, "check"), one.check, configs, one.state, faults)
    if (task := fields.challenge) and faults.known(("challenge", "state"), "state", task.state, configs):
        _condition(("challenge", "goal"), task.goal, configs, task.state, faults, own=True)
        if CHALLENGE in (names := [p.name for p in fields.predictions]):
            path = ("prediction", names.index(CHALLENGE), "name")
            faults.wrong(path, f"{CHALLENGE!r} is the challenge's own name. Write another.")
    _once("prediction", "name", [p.name for p in fields.predictions], faults)
    _once("loose", "name", [one.name for one in fields.loose], faults)
    _once("claim", "say", [claim.say for claim in fields.claims], faults)


def _condition(
    path: Path, given: str, configs: Mapping[str, RunConfig], state: str, faults: Faults, own: bool = False
) -> None:
    """A condition; `own` is one that is read off the run of its state alone."""
    try:
        found = readings.condition(given)
    except ValueError as error:
        faults.wrong(path, str(error))
        return
    if own and found.states:
        faults.wrong(path, _of_another(min(found.states), state))
    elif problem := found.problem(configs, state):
        faults.wrong(path, problem)


def _reading(path: Path, prediction: Number | Draw, configs: Mapping[str, RunConfig], faults: Faults) -> None:
    """A reading: a curve is drawn, a number given."""
    try:
        found = readings.reading(prediction.value)
    except ValueError as error:
        faults.wrong(path, str(error))
        return
    if found.states:
        faults.wrong(path, _of_another(min(found.states), prediction.state))
    elif found.is_curve and isinstance(prediction, Number):
        faults.wrong(path, f"{prediction.value!r} is a curve, and a number is asked. Add at step 3 or at lag 29.")
    elif not found.is_curve and isinstance(prediction, Draw):
        faults.wrong(path, f"{prediction.value!r} is one number, and a curve is asked. Leave out the step or the lag.")
    elif problem := found.problem(configs[prediction.state]):
        faults.wrong(path, problem)


def _once(field: str, key: str, given: Sequence[str], faults: Faults) -> None:
    for i, value in enumerate(given):
        if value in given[:i]:
            first = faults.front.line(field, given.index(value), key)
            faults.wrong((field, i, key), f"{shorten(value)} stands in line {first} too. Write another.")


# ── where it stands ───────────────────────────────────────────────────────────


def places(fields: Front, body: markdown.Body, faults: Faults) -> None:
    """Each question, loose sentence and challenge stands in the text once."""
    _each(faults, "prediction", "predict", [p.name for p in fields.predictions], body, Ask)
    _each(faults, "loose", "loose", [one.name for one in fields.loose], body, LooseSaid)
    found = [place.line for place in body.placed if isinstance(place.block, ChallengeHere)]
    if fields.challenge and not found:
        faults.wrong(("challenge",), "The challenge stands nowhere in the text. Write ![Mend it](challenge:).")
    for line in found[1:] if fields.challenge else found:
        reason = f"stands in line {found[0]} too" if fields.challenge else "is placed, and the front matter has none"
        faults.at(line, f"A challenge {reason}. Leave it out.")
    _together(fields, {place.block.name: place for place in body.placed if isinstance(place.block, Ask)}, faults)


def _each(
    faults: Faults, field: str, scheme: str, names: list[str], body: markdown.Body, kind: type[Ask | LooseSaid]
) -> None:
    for i, name in enumerate(names):
        lines = [p.line for p in body.placed if isinstance(p.block, kind) and p.block.name == name]
        if not lines:
            faults.wrong((field, i, "name"), f"{name!r} stands nowhere in the text. Write ![…]({scheme}:{name}).")
        for line in lines[1:]:
            faults.at(line, f"{name!r} stands in line {lines[0]} too. Leave one of them out.")


def _together(fields: Front, asked: Mapping[str, markdown.Placed], faults: Faults) -> None:
    """One run reveals all predictions of its state, so that they are asked in one step."""
    first: dict[str, str] = {}
    for prediction in fields.predictions:
        name, place = prediction.name, asked.get(prediction.name)
        other = first.setdefault(prediction.state, name)
        if place and other in asked and place.step != asked[other].step:
            reason = (
                f"{name!r} is asked in step {place.step + 1}, and {other!r}, of the same state, in "
                f"step {asked[other].step + 1}. Ask both in one step: one run reveals both."
            )
            faults.at(place.line, reason)


def _of_another(other: str, state: str) -> str:
    return f"This is read off the run of {state!r}, and of no other. Leave out in {other}."
