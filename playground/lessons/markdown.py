"""A lesson's Markdown: its steps, what the program puts between the words, and its numbered links."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from playground.core.errors import UnknownName, shorten
from playground.lessons.lesson import (
    MOST_STEPS,
    PARTS,
    Ask,
    Block,
    ChallengeHere,
    Drawing,
    Link,
    LooseSaid,
    Network,
    Picture,
    Step,
    Words,
)
from playground.lessons.text import Faults, Line, Paragraph, masked, paragraphs

_HEADING = re.compile(r"##[ \t]+(.*\S)[ \t]*")
_PLACED = re.compile(r"!\[([^\[\]]*)\]\(([^()\s]*)\)\s*")
_LINK = re.compile(r"(?<![!\\])\[([^\[\]]*)\]\(([^()]*)\)")
_PICTURE = re.compile(r"!\[")
_ELSEWHERE = re.compile(r"\]\(|^[ \t>]*\[[^\]\n]*\]:", re.MULTILINE)
_HTML = re.compile(r"<[A-Za-z/!?]")
_CIRCLED = 15  # many fonts end there
SCHEMES = "predict:NAME, network:STATE, picture:STATE/FIGURE, drawing:NAME, loose:NAME, challenge:"


class Names(NamedTuple):
    """What the text may name."""

    states: Collection[str]
    pictures: Collection[str]
    predictions: Collection[str]
    loose: Collection[str]
    drawings: Collection[str]


class Placed(NamedTuple):
    """Where something of the front matter stands in the text; the step is counted from 0."""

    line: int
    step: int
    block: Block


class Body(NamedTuple):
    steps: tuple[Step, ...]
    links: tuple[Link, ...]
    placed: tuple[Placed, ...]


def read(lines: Sequence[Line], names: Names, faults: Faults) -> Body:
    """What is wrong goes to `faults`, and is left out."""
    steps: list[Step] = []
    links: list[Link] = []
    placed: list[Placed] = []
    for heading, below in _sections(lines, faults):
        blocks: list[Block] = []
        before = len(links)
        seen = masked(heading.text)
        for _, reason in (
            *_forbidden(heading.text, seen),
            *((0, "A heading has no links.") for _ in _LINK.finditer(seen)),
        ):
            faults.at(heading.number, reason)
        for paragraph in paragraphs(below):
            if found := _put(paragraph, names, faults):
                blocks += [block for _, block in found]
                placed += [Placed(line, len(steps), block) for line, block in found]
                continue
            words = _words(paragraph, names, links, before, faults)
            if blocks and isinstance(blocks[-1], Words):
                blocks[-1] = Words(f"{blocks[-1].text}\n\n{words}")
            else:
                blocks.append(Words(words))
        if not blocks:
            faults.at(heading.number, f"Nothing stands below {shorten(heading.text)}. Write something.")
        steps.append(Step(heading.text, tuple(blocks)))
    return Body(tuple(steps), tuple(links), tuple(placed))


def _sections(lines: Sequence[Line], faults: Faults) -> list[tuple[Line, list[Line]]]:
    seen = masked("\n".join(line.text for line in lines))
    found: list[tuple[Line, list[Line]]] = []
    at = 0
    for line in lines:
        kept = seen[at : at + len(line.text)]
        at += len(line.text) + 1
        heading = _HEADING.fullmatch(line.text) if kept.startswith("##") else None
        if heading:
            found.append((Line(line.number, heading[1]), []))
        elif found:
            found[-1][1].append(line)
        elif line.text.strip():
            faults.at(line.number, "Text stands before the first step. Write a heading, ## and its words.")
            return []
    if not found:
        last = lines[-1].number if lines else 0
        faults.at(last, "There is no step. Write a heading, ## and its words, and text below it.")
    if len(found) > MOST_STEPS:
        faults.at(found[MOST_STEPS][0].number, f"There are {len(found)} steps, and {MOST_STEPS} are allowed.")
    return found


# ── what the program puts there ───────────────────────────────────────────────


def _put(paragraph: Paragraph, names: Names, faults: Faults) -> list[tuple[int, Block]]:
    """The blocks of a paragraph that is nothing but ![…](…); empty for one of words."""
    found: list[tuple[int, Block]] = []
    text, at = paragraph.text.strip(), 0
    while at < len(text):
        match = _PLACED.match(text, at)
        if match is None:
            return []
        line = paragraph.number + text.count("\n", 0, at)
        found.append((line, _block(match[1], match[2], names, _teller(line, faults))))
        at = match.end()
    return found


def _teller(line: int, faults: Faults) -> Callable[[str], None]:
    return lambda reason: faults.at(line, reason)


def _block(said: str, target: str, names: Names, tell: Callable[[str], None]) -> Block:
    scheme, colon, name = target.partition(":")
    name, _, more = name.partition("/")

    def known(what: str, given: str, allowed: Collection[str]) -> None:
        if given not in allowed:
            tell(str(UnknownName(what, given, allowed)) if allowed else f"There is no {what}, and {given!r} is placed.")

    if more and scheme != "picture" and (scheme, more) != ("network", "back"):
        tell(f"{shorten(target)} cannot be read. Write one of {SCHEMES}.")
    match scheme if colon else "":
        case "predict":
            known("prediction", name, names.predictions)
            return Ask(name)
        case "loose":
            known("loose sentence", name, names.loose)
            return LooseSaid(name)
        case "network":
            known("state", name, names.states)
            _said(said, tell)
            return Network(name, said, bool(more))
        case "picture":
            known("state", name, names.states)
            known("picture", more, names.pictures)
            _said(said, tell)
            return Picture(name, more, said)
        case "drawing":
            known("drawing", name, names.drawings)
            _said(said, tell)
            return Drawing(name, said)
        case "challenge":
            if name:
                tell(f"There is one challenge at most, and {shorten(target)} names one. Write challenge: alone.")
        case _:
            tell(f"Pictures come from the program itself, and {shorten(target)} does not. Write one of {SCHEMES}.")
    return ChallengeHere()


def _said(said: str, tell: Callable[[str], None]) -> None:
    if not said.strip():
        tell("Who cannot see this has nothing to read. Write what it shows between [ and ].")


# ── words ─────────────────────────────────────────────────────────────────────


def _words(paragraph: Paragraph, names: Names, links: list[Link], before: int, faults: Faults) -> str:
    """The paragraph with its links numbered: for the reader anew in each step, which had `before` of them before it."""
    text = paragraph.text
    seen = masked(text)
    pieces, start = [], 0
    rest = list(seen)
    for match in _LINK.finditer(seen):
        tell = _teller(paragraph.number + text.count("\n", 0, match.start()), faults)
        link = _link(match[2], len(links) + 1, names, tell)
        said = text[match.start(1) : match.end(1)]
        if not said.strip():
            tell("The link has no words. Write them between [ and ].")
        links.append(link)
        pieces += [text[start : match.start()], f"[{circled(link.number - before)} {said}](#see-{link.number})"]
        start = match.end()
        rest[match.start() : match.end()] = "\0" * (match.end() - match.start())
    for found, reason in _forbidden(text, "".join(rest)):
        _teller(paragraph.number + text.count("\n", 0, found), faults)(reason)
    return "".join(pieces) + text[start:]


def _forbidden(text: str, seen: str) -> Iterator[tuple[int, str]]:
    """What may not stand in a text, of which `seen` is without code, formulas and links."""
    for match in _HTML.finditer(seen):
        yield match.start(), "Tags of HTML are not read here. Write Markdown; a < has a blank behind it."
    # In code too: a browser fetches a picture unasked, and what is code in Markdown has many corners.
    for match in _PICTURE.finditer(text):
        yield match.start(), f"A picture stands in a paragraph of its own: ![what it shows](…), with one of {SCHEMES}."
    for match in _ELSEWHERE.finditer(seen):
        yield match.start(), "This link cannot be read. Write [its words](#STATE/PART), with no brackets inside."


def circled(number: int) -> str:
    return chr(ord("①") + number - 1) if number <= _CIRCLED else f"({number})"


def _link(target: str, number: int, names: Names, tell: Callable[[str], None]) -> Link:
    state, _, part = target.removeprefix("#").partition("/")
    if not target.startswith("#") or not (state or part):
        tell(f"A link to {shorten(target)} cannot be followed here. Write #STATE, #STATE/PART or #/PART.")
    else:
        if state and state not in names.states:
            tell(str(UnknownName("state", state, names.states)))
        if part and part not in (*names.pictures, *PARTS):
            tell(str(UnknownName("part of the page", part, (*names.pictures, *PARTS))))
    return Link(number, state or None, part or None)
