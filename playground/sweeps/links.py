"""A map as query parameters: x=cell.recurrent_init.gain:0.5..2.5*16&y=optimizer.learning_rate:1e-4..0.1*8~&seeds=1

An axis is its path, a colon, and its values: from..to*count, or a list; ~ at the end stands for a log scale. The
config beneath is not written here: the page has it in its link already.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from playground.core.errors import FieldProblem, InvalidConfig, shorten
from playground.sweeps.axis import Axis, Setting
from playground.sweeps.cells import SIDES
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig

NUMBERS = ("seeds", "updates")
PARAMETERS = (*SIDES, *NUMBERS)
"""Names that belong to the map; every other one in a link belongs to the config."""

LONGEST = 800
"""Characters of an axis."""

NUMBER = r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?"
SPREAD = re.compile(rf"(?P<low>{NUMBER})\.\.(?P<high>{NUMBER})\*(?P<count>\d{{1,2}})")


class Read(NamedTuple):
    """What a link says of a map: None where it names none that can be, and one sentence for each part that is wrong."""

    spec: MapSpec | None
    problems: tuple[FieldProblem, ...] = ()


def write(spec: MapSpec) -> dict[str, str]:
    """The query parameters of a map, without its config."""
    axes = {name: getattr(spec, name) for name in SIDES}
    numbers = {name: getattr(spec, name) for name in NUMBERS}
    defaults = {name: MapSpec.model_fields[name].default for name in NUMBERS}
    return {name: axis_text(axis) for name, axis in axes.items() if axis} | {
        name: str(value) for name, value in numbers.items() if value != defaults[name]
    }


def read(parameters: Mapping[str, str], base: RunConfig) -> Read:
    """Never raises: a part that is wrong becomes a sentence, and the others still count."""
    problems: list[FieldProblem] = []
    said: dict[str, Axis | str] = {name: parameters[name] for name in NUMBERS if name in parameters}
    for name in SIDES:
        if name in parameters:
            try:
                said[name] = axis_of(parameters[name])
            except InvalidConfig as error:
                problems.append(FieldProblem(name, error.problems[0].sentence))
    while "x" in said:
        try:
            return Read(MapSpec.parse({"base": base, **said}), tuple(problems))
        except InvalidConfig as error:
            wrong = error.problems[0]
            problems.append(wrong)
            if said.pop(wrong.path.partition(".")[0], None) is None:  # of the map as a whole: too many cells, say
                break
    return Read(None, tuple(problems))


def axis_text(axis: Axis) -> str:
    """One axis: "cell.recurrent_init.gain:0.5..2.5*16"."""
    return f"{axis.path}:{_spread(axis) or ','.join(map(_text, axis.values))}{'~' * axis.log}"


def axis_of(text: str) -> Axis:
    """The axis that `axis_text` wrote; raises InvalidConfig with one sentence."""
    path, colon, said = text.partition(":")
    if not colon or len(text) > LONGEST:
        raise _wrong(f"{shorten(text)} is no axis. Write a field and its values, such as clip.threshold:0.1..10*8.")
    log = said.endswith("~")
    said = said.removesuffix("~")
    spread = SPREAD.fullmatch(said)
    if spread:
        return Axis.spread(path, float(spread["low"]), float(spread["high"]), int(spread["count"]), log)
    return Axis.parse({"path": path, "values": [_setting(part) for part in said.split(",")], "log": log})


def _spread(axis: Axis) -> str:
    """The values as a range, where they are one; "" where they are not."""
    values = axis.values
    if not axis.numeric or len(values) < 3:
        return ""
    try:
        same = Axis.spread(axis.path, float(values[0]), float(values[-1]), len(values), axis.log) == axis
    except InvalidConfig:
        same = False
    return f"{_text(values[0])}..{_text(values[-1])}*{len(values)}" if same else ""


def _text(value: Setting) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).removesuffix(".0")


def _setting(text: str) -> Setting:
    if text in ("true", "false"):
        return text == "true"
    if not re.fullmatch(NUMBER, text):
        return text
    return float(text) if set(text) & {".", "e"} else int(text)


def _wrong(sentence: str) -> InvalidConfig:
    return InvalidConfig([FieldProblem("", sentence)])
