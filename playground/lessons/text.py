"""A lesson's file as text: YAML between two lines of ---, then Markdown. Everything keeps the line it stands in.

It is text that somebody typed: only plain values are made from it, never objects, and never HTML.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import yaml

from playground.core.errors import PlaygroundError, UnknownName, shorten

MOST_BYTES = 65_536
DEEPEST = 8
"""Lists and mappings inside each other."""
FENCE = "---"

Path = tuple[str | int, ...]
"""Where a value stands: ("prediction", 0, "options", 1, "say")."""


class Fault(NamedTuple):
    """One mistake: the line of the file, counted from 1, and a sentence."""

    line: int
    reason: str


class Malformed(PlaygroundError, ValueError):
    """A lesson's file with one or more mistakes, in the order of their lines."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(sorted(dict.fromkeys(faults)))
        super().__init__("\n".join(f"line {line}: {reason}" for line, reason in self.faults))


class Front(NamedTuple):
    """The values of the front matter, and the line of each, by its path."""

    values: dict[str, Any]
    lines: Mapping[Path, int]

    def line(self, *path: str | int) -> int:
        """Of what stands there, or of the nearest thing around it."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]


class Faults:
    """What is wrong in a file so far, told by where it stands in the front matter or by line."""

    def __init__(self, front: Front) -> None:
        self.front = front
        self.found: list[Fault] = []

    def at(self, line: int, reason: str) -> None:
        self.found.append(Fault(line, reason))

    def wrong(self, path: Path, reason: str) -> None:
        self.at(self.front.line(*path), reason)

    def known(self, path: Path, what: str, given: object, allowed: Collection[str]) -> bool:
        """Whether a name is among those that there are; one that is not is a fault."""
        if given not in allowed:
            self.wrong(path, str(UnknownName(what, given, allowed)))
        return given in allowed


class Line(NamedTuple):
    number: int
    text: str


class Paragraph(NamedTuple):
    """Lines without an empty one between them, but within a code fence or a displayed formula, and its first line."""

    number: int
    text: str


_UNPRINTABLE = re.compile("[^\n\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\uf900-\ufffd\U00010000-\U0010ffff]")
"""Control characters, and line ends that only some programs take for such."""


def split(source: str) -> tuple[Front, list[Line]]:
    """A file's front matter and the lines of its Markdown; raises Malformed."""
    lines = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    faults = [
        _unprintable(number, found) for number, text in enumerate(lines, 1) if (found := _UNPRINTABLE.search(text))
    ]
    if faults:
        raise Malformed(faults)
    if lines[0].rstrip() != FENCE:
        raise Malformed([Fault(1, f"A lesson begins with a line {FENCE}, and here is {shorten(lines[0])}.")])
    end = next((i for i, text in enumerate(lines[1:], 1) if text.rstrip() == FENCE), None)
    if end is None:
        raise Malformed([Fault(len(lines), f"The front matter has no end. Write a line {FENCE} below it.")])
    return _front("\n".join(lines[1:end]) + "\n"), [Line(n, text) for n, text in enumerate(lines[end + 1 :], end + 2)]


def _unprintable(line: int, found: re.Match[str]) -> Fault:
    return Fault(line, f"The character {found[0]!a} is not printable. Leave it out.")


# ── front matter ──────────────────────────────────────────────────────────────


def _front(text: str) -> Front:
    built = _Built()
    try:
        for event in yaml.parse(text, yaml.CSafeLoader):
            built.take(event, _line(event.start_mark))
    except yaml.MarkedYAMLError as error:
        begun, broken = error.context_mark, error.problem_mark or error.context_mark
        since = f" in what begins in line {_line(begun)}" if begun and _line(begun) != _line(broken) else ""
        hint = "A text with a colon or a # in it stands in quotes; what belongs together has the same indent."
        reason = f"This is not YAML: {error.problem or error.context}{since}. {hint}"
        raise Malformed([Fault(_line(broken), reason)]) from None
    except yaml.YAMLError as error:
        raise Malformed([Fault(1, f"This is not YAML: {error}.")]) from None
    if not isinstance(built.top, dict):
        raise Malformed(
            [Fault(1, "The front matter has no fields. Write title, minutes and goal, each with a : behind.")]
        )
    if built.twice:
        raise Malformed(built.twice)
    return Front(built.top, built.lines)


class _Open(NamedTuple):
    """A list or mapping that is being read; `key` holds the one whose value comes next."""

    path: Path
    values: dict[str, Any] | list[Any]
    key: list[str]


class _Built:
    """From the events of YAML: nothing is made but texts, numbers, lists and mappings, and nothing by another name."""

    def __init__(self) -> None:
        self.top: Any = None
        self.lines: dict[Path, int] = {(): 1}
        self.twice: list[Fault] = []
        self._stack: list[_Open] = []

    def take(self, event: yaml.Event, line: int) -> None:
        """Raises Malformed for what is YAML, but not read here."""
        tag, opened = getattr(event, "tag", None), self._stack[-1] if self._stack else None
        key_comes = opened is not None and isinstance(opened.values, dict) and not opened.key
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Malformed([Fault(line, "Names with & and * are not read here. Write the value out.")])
        if tag not in (None, "!", "tag:yaml.org,2002:str"):
            raise Malformed([Fault(line, f"Types such as {shorten(tag)} are not read here. Write a plain value.")])
        match event:
            case yaml.ScalarEvent():
                if found := _UNPRINTABLE.search(event.value):
                    raise Malformed([_unprintable(line, found)])
                if key_comes:
                    self._key(event.value, line)
                else:
                    self._put(_value(event), line)
            case yaml.CollectionStartEvent():
                if key_comes:
                    raise Malformed([Fault(line, "A list or a mapping cannot be a key. Write a name.")])
                if len(self._stack) == DEEPEST:
                    raise Malformed([Fault(line, f"Lists and mappings go {DEEPEST} deep at most.")])
                made: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
                self._stack.append(_Open(self._put(made, line), made, []))
            case yaml.CollectionEndEvent():
                self._stack.pop()
            case yaml.DocumentStartEvent(explicit=True):
                raise Malformed([Fault(line, "A --- within the front matter is not read. Put it in quotes.")])

    def _key(self, name: str, line: int) -> None:
        path, values, key = self._stack[-1]
        key.append(name)
        if name in values:
            first = self.lines[(*path, name)]
            self.twice.append(Fault(line, f"{shorten(name)} stands in line {first} too. Keep one."))
        self.lines[(*path, name)] = line

    def _put(self, value: Any, line: int) -> Path:
        """Where the value belongs; a key's value stands in the line of its key."""
        if not self._stack:
            self.top = value
            return ()
        path, values, key = self._stack[-1]
        if isinstance(values, list):
            here: Path = (*path, len(values))
            values.append(value)
            self.lines[here] = line
        else:
            here = (*path, key[0])
            values[key.pop()] = value
        return here


def _line(mark: Any) -> int:
    """Of the file; what YAML reads begins below the first ---."""
    return mark.line + 2 if mark else 1


_WHOLE = re.compile(r"[-+]?[0-9]{1,17}")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


def _value(event: yaml.ScalarEvent) -> Any:
    """What stands in quotes is a text; without them it may be a number, true, false or nothing. "yes" is a text."""
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


# ── Markdown ──────────────────────────────────────────────────────────────────

_KEPT = re.compile(
    r"^(?P<fence>`{3,}+|~{3,}+)[^\n]*\n(?:.*?\n)??(?P=fence)[^\n]*$"
    r"|(?<!`)(?P<ticks>`++).+?(?<!`)(?P=ticks)(?!`)"
    r"|\$\$.+?\$\$|(?<![\\$])\$(?![\s$])[^$\n]*?(?<![\s\\])\$(?!\d)",
    re.DOTALL | re.MULTILINE,
)
"""Code and formulas, in which [x](y) and <b are what they look like."""
_EMPTY = re.compile(r"\n(?:[ \t]*\n)+")


def masked(markdown: str) -> str:
    """As long as it was, with signs that mean nothing in the place of code and formulas, their line ends included."""
    return _KEPT.sub(lambda found: "\0" * len(found[0]), markdown)


def paragraphs(lines: list[Line]) -> Iterator[Paragraph]:
    """What stands between empty lines."""
    whole = "\n".join(line.text for line in lines)
    first = lines[0].number if lines else 0
    start = 0
    for end, following in [*((gap.start(), gap.end()) for gap in _EMPTY.finditer(masked(whole))), (len(whole), 0)]:
        text = whole[start:end]
        if text.strip():
            blank = len(text) - len(text.lstrip("\n"))
            yield Paragraph(first + whole.count("\n", 0, start + blank), text.strip("\n"))
        start = following
