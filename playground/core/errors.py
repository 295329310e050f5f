"""Errors that say what was given, what is allowed, and what to write instead.

PlaygroundError
├── UnknownName      a name that no registry holds
├── InvalidConfig    one or more fields of a configuration are wrong
└── BrokenRun        a run folder that cannot be read
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

GIVEN_LENGTH = 80  # characters of a stranger's value that we repeat


class PlaygroundError(Exception):
    """An error whose text is a sentence for the user."""


class UnknownName(PlaygroundError, ValueError):
    """A name that is not registered."""

    def __init__(self, what: str, given: object, allowed: Iterable[str]) -> None:
        names = sorted(allowed)
        self._given = what, given, names
        close = difflib.get_close_matches(str(given), names, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        super().__init__(f"Unknown {what} {shorten(given)}.{hint} Allowed: {', '.join(names)}.")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._given  # on its way from a worker


class FieldProblem(NamedTuple):
    """One wrong field: its dotted path in the configuration, the sentence to show beside it, and for a field that does
    not go with another one a value that does."""

    path: str
    sentence: str
    instead: Any = None


class Conflict(ValueError):
    """Two fields that do not go together: `path` is the one to change, `instead` what it may be changed to."""

    def __init__(self, path: str, sentence: str, instead: Any) -> None:
        self.problem = FieldProblem(path, sentence, instead)
        super().__init__(sentence)


class InvalidConfig(PlaygroundError, ValueError):
    """A configuration with one or more wrong fields."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{p.path}: {p.sentence}" if p.path else p.sentence for p in problems))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,)  # on its way from a worker


class BrokenRun(PlaygroundError):
    """A run folder that cannot be read; the text is the reason."""


def shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= GIVEN_LENGTH else text[: GIVEN_LENGTH - 1] + "…"


def reason(sentence: str) -> str:
    """A problem's sentences without the last one, which says what to write."""
    said = sentence.rpartition(" Write ")[0] or sentence
    return said[:1].upper() + said[1:]


def problems_of(error: ValidationError) -> list[FieldProblem]:
    """pydantic's errors as sentences: what was given, what is allowed, what to write."""
    return [_problem(e) for e in error.errors(include_url=False)]


def _problem(e: Mapping[str, Any]) -> FieldProblem:
    context = e.get("ctx", {})
    if isinstance(context.get("error"), Conflict):
        problem: FieldProblem = context["error"].problem
        return problem
    path = ".".join(str(part) for part in e["loc"] if isinstance(part, int | str))
    return FieldProblem(path, _sentence(e["type"], e["msg"], e.get("input"), context))


def _sentence(kind: str, message: str, given: object, context: Mapping[str, Any]) -> str:
    match kind:
        case "greater_than_equal":
            return f"{shorten(given)} is too small. Write {context['ge']} or more."
        case "less_than_equal":
            return f"{shorten(given)} is too large. Write {context['le']} or less."
        case "greater_than":
            return f"{shorten(given)} is too small. Write a number above {context['gt']}."
        case "less_than":
            return f"{shorten(given)} is too large. Write a number below {context['lt']}."
        case "finite_number":
            return f"{shorten(given)} is not a finite number. Write one, such as 0.5."
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            return f"{shorten(given)} is not a whole number. Write one, such as 30."
        case "float_parsing" | "float_type":
            return f"{shorten(given)} is not a number. Write one, such as 0.5."
        case "bool_parsing" | "bool_type":
            return f"{shorten(given)} is neither true nor false. Write one of them."
        case "literal_error":
            return f"{shorten(given)} is not among the choices. Write {context['expected']}."
        case "too_long":
            return f"There are too many here. Write {context['max_length']} or fewer."
        case "too_short":
            return f"There are too few here. Write {context['min_length']} or more."
        case "string_too_long":
            return f"{shorten(given)} is too long. Write {context['max_length']} characters or less."
        case "extra_forbidden":
            return "There is no such field. Leave it out."
        case "missing":
            return "This field is missing. Give it a value."
        case "value_error" if "error" in context:
            return str(context["error"])
        case _:
            return f"{shorten(given)} was given. {message}."
