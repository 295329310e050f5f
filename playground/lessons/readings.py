"""What a lesson says of a run in numbers, and can be looked up: `gradient ratio at lag 29 at update 60 < 1e-6`.

    condition := operand OP operand [OP operand …]        OP: < <= > >= =   ("=" is within 10⁻⁹, relative)
    operand   := number | [number *] reading              number: 3, 1e-6, 97 %, inf
    reading   := QUANTITY [of LABEL] [in STATE] [at step T | at lag K | at the first step | at the last step]
                 [at update N | at the start | at the end]

QUANTITY is one of `quantities`; a LABEL of several words stands in double quotes; lag K is step T − K. `at update N`
means the newest measurement at or before update N, as not everything is measured at each; without it the end is meant,
of a run that ended early its last measurement. NaN and inf are values; no comparison with NaN holds.
"""

import functools
from collections.abc import Iterator, Sequence

from playground.core.errors import shorten
from playground.lessons.conditions import OPERATORS, Condition, Operand, Place, Reading
from playground.lessons.quantities import QUANTITIES

PARSED = 512
"""Texts that are kept parsed, which several lessons' are."""
CLAUSES = ("of", "in", "at")
END = -1


@functools.lru_cache(PARSED)
def reading(text: str) -> Reading:
    """Raises ValueError with a sentence for a text that is none."""
    tokens = list(_tokens(text))
    for token in tokens:
        if token in OPERATORS or token in ("*", "%"):
            raise ValueError(f"{token!r} does not belong into a reading. Write one such as: loss at update 60.")
    return _reading(tokens)


@functools.lru_cache(PARSED)
def condition(text: str) -> Condition:
    """Raises ValueError with a sentence for a text that is none."""
    parts: list[list[str]] = [[]]
    operators = []
    for token in _tokens(text):
        if token in OPERATORS:
            operators.append(token)
            parts.append([])
        else:
            parts[-1].append(token)
    if not operators:
        raise ValueError(f"{shorten(text)} compares nothing. Write <, <=, >, >= or = between two things.")
    found = Condition(text, tuple(_operand(part) for part in parts), tuple(operators))
    if not found.readings:
        raise ValueError(f"{shorten(text)} reads nothing off a run. Write a quantity, such as loss at the end.")
    curve = next((each for each in found.readings if each.is_curve), None)
    if curve:
        raise ValueError(f"{curve.text!r} is a curve. Say where: at step 1, at lag 29, at the last step.")
    return found


def _tokens(text: str) -> Iterator[str]:
    """Words, numbers and signs; what stood in double quotes is one word, and keeps the first of them."""
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
        elif text[place] == '"':
            end = text.find('"', place + 1)
            if end < 0:
                raise ValueError(f"The quote before {shorten(text[place + 1 :])} has no end.")
            yield text[place:end]
            place = end + 1
        elif text[place] in "<>=*%":
            long = text[place : place + 2] in OPERATORS
            yield text[place : place + 1 + long]
            place += 1 + long
        else:
            end = place
            while end < len(text) and not text[end].isspace() and text[end] not in '"<>=*%':
                end += 1
            yield text[place:end]
            place = end


def _operand(tokens: Sequence[str]) -> Operand:
    if not tokens:
        raise ValueError("A side of the comparison is missing. Write a number or a quantity.")
    factor = _number(tokens[0])
    if factor is None:
        if "*" in tokens or "%" in tokens:
            raise ValueError(f"Write the number first, not {_joined(tokens)!r}: 0.1 * loss at the start, 97 %.")
        return Operand(1.0, _reading(tokens))
    rest = tokens[1:]
    if rest[:1] == ["%"]:
        factor, rest = factor / 100, rest[1:]
    if not rest:
        return Operand(factor, None)
    if rest[0] != "*":
        raise ValueError(f"After the number stands {_joined(rest)!r}. Write * before a quantity.")
    return Operand(factor, _reading(rest[1:]))


def _number(token: str) -> float | None:
    if token != "inf" and not (token and set(token) <= set("0123456789.eE+-")):
        return None
    try:
        return float(token)
    except ValueError:
        return None


def _reading(tokens: Sequence[str]) -> Reading:
    text = _joined(tokens)
    start = next((i for i, token in enumerate(tokens) if token in CLAUSES), len(tokens))
    quantity = QUANTITIES[_joined(tokens[:start])]
    clauses: dict[str, str | Place | int] = {}
    rest = list(tokens[start:])
    while rest:
        what, value, rest = _clause(rest)
        if what in clauses:
            raise ValueError(f"{text!r} has {what!r} twice. Write it once.")
        clauses[what] = value
    label, state, place, update = (clauses.get(what) for what in ("of", "in", "at step", "at update"))
    if label is not None and not quantity.of:
        raise ValueError(f"There is one {quantity.name!r} only. Leave out 'of {label}'.")
    if label is None and quantity.must:
        raise ValueError(f"Say of what: '{quantity.name} of …', with the name of the {quantity.of}.")
    if place is not None and not quantity.over:
        raise ValueError(f"{quantity.name!r} is no curve over time steps. Leave out where it is read.")
    # `_clause` gives each the type that its name stands for.
    return Reading(text, quantity, label, state, place, None if update == END else update)  # type: ignore[arg-type]


def _clause(tokens: Sequence[str]) -> tuple[str, str | Place | int, list[str]]:
    """What the first words say, under a name, and the words that follow."""
    head, words = tokens[0], [token.removeprefix('"') for token in tokens[1:4]]
    if head in ("of", "in") and words:
        return head, words[0], list(tokens[2:])
    match [head, *words]:
        case ["at", "the", "first", "step"]:
            return "at step", Place(1, lag=False), list(tokens[4:])
        case ["at", "the", "last", "step"]:
            return "at step", Place(0, lag=True), list(tokens[4:])
        case ["at", "the", "start", *_]:
            return "at update", 0, list(tokens[3:])
        case ["at", "the", "end", *_]:
            return "at update", END, list(tokens[3:])
        case ["at", "step", count, *_]:
            return "at step", Place(_count(count, "step", 1), lag=False), list(tokens[3:])
        case ["at", "lag", count, *_]:
            return "at step", Place(_count(count, "lag", 0), lag=True), list(tokens[3:])
        case ["at", "update", count, *_]:
            return "at update", _count(count, "update", 0), list(tokens[3:])
    raise ValueError(
        f"{_joined(tokens)!r} is not understood. Write of LABEL, in STATE, at step 3, at lag 29, at the first step, "
        "at the last step, at update 60, at the start, or at the end."
    )


def _count(word: str, what: str, least: int) -> int:
    if not (word.isascii() and word.isdigit()) or int(word) < least:
        raise ValueError(f"{word!r} is no {what}. Write a whole number from {least} on.")
    return int(word)


def _joined(tokens: Sequence[str]) -> str:
    return " ".join(f'{token}"' if token.startswith('"') else token for token in tokens)
