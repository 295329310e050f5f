"""From a lesson's file to a Lesson, or to all that is wrong with it, each with its line."""

import re
from typing import Any

from pydantic import ValidationError

from playground.core.errors import InvalidConfig, problems_of, shorten
from playground.lessons import checking, markdown, text
from playground.lessons.drawings import DRAWINGS
from playground.lessons.lesson import MOST_LETTERS, MOST_STATES, NAME, START, Front, Lesson
from playground.lessons.text import Fault, Faults, Malformed, Path
from playground.training.config import RunConfig
from playground.training.presets import PRESETS


def name_of(file: str) -> str | None:
    """The lesson's name in a file's, "05-vanishing.md": letters, digits and hyphens; None where there is none."""
    found = re.fullmatch(rf"(?:[0-9]+-)?({NAME})\.md", file)
    return found[1] if found and len(found[1]) <= MOST_LETTERS else None


def read(source: str, file: str) -> Lesson:
    """Raises Malformed, and nothing else whatever the text is."""
    name = name_of(file)
    if name is None:
        raise Malformed([Fault(0, f"{shorten(file)} is no lesson's file. Call it digits-name.md, as 05-vanishing.md.")])
    size = len(source.encode("utf-8", "replace"))
    if size > text.MOST_BYTES:
        raise Malformed([too_large(size)])
    front, lines = text.split(source)
    faults = Faults(front)
    values = {key: value for key, value in front.values.items() if value is not None}
    configs = _states(values.pop("config", {}), values.pop("configs", {}), faults)
    fields = _fields(values, faults)
    if fields is None or faults.found:
        raise Malformed(faults.found)
    checking.references(fields, name, configs, faults)
    asked, loose = {one.name for one in fields.predictions}, {one.name for one in fields.loose}
    body = markdown.read(lines, markdown.Names(configs, checking.PICTURES, asked, loose, DRAWINGS), faults)
    checking.places(fields, body, faults)
    if faults.found:
        raise Malformed(faults.found)
    return Lesson(
        **dict(fields), name=name, file=file, source=source, configs=configs, steps=body.steps, links=body.links
    )


def too_large(size: int) -> Fault:
    return Fault(0, f"The file has {size:,} bytes, and {text.MOST_BYTES:,} are allowed. Make two lessons of it.")


def prerequisite_line(lesson: Lesson, name: str) -> int:
    """Where a lesson's file asks for another one."""
    front, _ = text.split(lesson.source)
    return front.line("prerequisites", lesson.prerequisites.index(name))


# ── states ────────────────────────────────────────────────────────────────────


def _states(start: Any, others: Any, faults: Faults) -> dict[str, RunConfig]:
    """By name, START first; in the place of one that cannot be made stands what it begins from."""
    base = _state(RunConfig(), start, ("config",), faults)
    made = {START: base}
    if not isinstance(others, dict):
        faults.wrong(("configs",), f"{shorten(others)} was given. Write the states' names, their fields behind them.")
        return made
    if len(others) >= MOST_STATES:
        faults.wrong(("configs",), f"There are {len(others) + 1} states, and {MOST_STATES} are allowed.")
        return made
    for name, changes in others.items():
        path = ("configs", name)
        if name == START or not re.fullmatch(NAME, name):
            reason = f"A state cannot be called {shorten(name)}. Write letters, digits, hyphens; not {START!r}."
            faults.wrong(path, reason)
        made[name] = _state(base, changes, path, faults)
    return made


def _state(base: RunConfig, changes: Any, path: Path, faults: Faults) -> RunConfig:
    if not isinstance(changes, dict):
        faults.wrong(path, f"{shorten(changes)} was given. Write fields, as in {{updates: 300}}.")
        return base
    fields = {key: value for key, value in changes.items() if key != "preset"}
    if "preset" in changes:
        key = str(changes["preset"])
        if not faults.known((*path, "preset"), "preset", key, PRESETS):
            return base
        base = PRESETS[key].config
    try:
        return base.patched(fields)
    except InvalidConfig as error:
        for problem in error.problems:
            key = next((k for k in fields if problem.path.startswith(k) or k.startswith(problem.path)), "")
            at = f"{problem.path}: " if problem.path else ""
            faults.wrong((*path, key), f"{at}{problem.sentence}")
    return base


# ── fields ────────────────────────────────────────────────────────────────────


def _fields(values: dict[str, Any], faults: Faults) -> Front | None:
    try:
        return Front.model_validate(values)
    except ValidationError as error:
        for raw, problem in zip(error.errors(include_url=False), problems_of(error), strict=True):
            path, where = _place(raw["loc"], faults.front)
            faults.wrong(path, f"{where}: {_sentence(raw, problem.sentence)}" if where else problem.sentence)
    return None


def _place(location: tuple[int | str, ...], front: text.Front) -> tuple[Path, str]:
    """pydantic's location in the file, without the kinds that it puts between, and in words."""
    path: Path = ()
    said = ""
    for i, part in enumerate(location):
        if (*path, part) in front.lines:
            path = (*path, part)
        elif i < len(location) - 1:
            continue
        said = f"{said} {part + 1}" if isinstance(part, int) else f"{said}, {part}" if said else part
    return path, said


def _sentence(raw: Any, sentence: str) -> str:
    match raw["type"]:
        case "string_pattern_mismatch":
            return f"{shorten(raw['input'])} is no name. Write letters, digits and hyphens."
        case "string_too_short":
            return "This is empty. Write a text."
        case "string_too_long":
            return f"The text has {len(raw['input'])} letters, and {raw['ctx']['max_length']} are allowed."
        case "string_type":
            return f"{shorten(raw['input'])} is no text. Write one, in quotes if need be."
        case "tuple_type":
            return f"{shorten(raw['input'])} is no list. Write one: [first, second]."
        case "too_long":
            return f"{raw['ctx']['actual_length']} are given, and {raw['ctx']['max_length']} are allowed."
        case "too_short":
            return f"{raw['ctx']['actual_length']} is given, and at least {raw['ctx']['min_length']} are needed."
        case "union_tag_invalid" | "union_tag_not_found":
            return "It has no kind that is known. Write kind: choice, kind: number or kind: draw."
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"{shorten(raw['input'])} was given. Write its fields, a name and a value each."
        case _:
            return sentence
