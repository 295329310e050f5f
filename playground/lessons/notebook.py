"""What one browser has answered, in one file beside the runs: bounded, written whole, never lost for a broken one."""

import csv
import io
import json
import os
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from playground.core.errors import PlaygroundError, shorten
from playground.core.spreadsheets import harmless
from playground.core.words import cut
from playground.lessons.challenge import Attempt
from playground.runs.names import started_of
from playground.runs.store import Store
from playground.training.config import SEEDS

FOLDER = "answers"
MOST_ENTRIES = 200
MOST_BYTES = 256_000
MOST_ATTEMPTS, MOST_CHALLENGES = 100, 10
"""Runs that are remembered of a lesson's challenge, the newest, and lessons of which they are."""
MOST_POINTS = 400
"""Of a drawn curve: two sequences of the longest there are."""
MOST_CHARACTERS = 400
DECIMALS = 3

_OWNER = re.compile(r"[0-9a-f]{64}")
_lock = threading.Lock()


class NotKept(PlaygroundError):
    """The notebook can neither be read nor written now; the text says why."""


def _cut(value: object) -> object:
    return cut(value, MOST_CHARACTERS) if isinstance(value, str) else value


def _rounded(value: object) -> object:
    """A curve is drawn by hand: more digits are room for nothing."""
    if not isinstance(value, list | tuple):
        return value
    return tuple(round(v, DECIMALS) if isinstance(v, float) else v for v in value)


def _is_run(value: str) -> str:
    if started_of(value) is None:
        raise ValueError(f"{shorten(value)} is not a run's name. One looks like 20260131-235959-0123abcd.")
    return value


Run = Annotated[str, AfterValidator(_is_run)]
Words = Annotated[str, BeforeValidator(_cut)]
Name = Annotated[str, Field(min_length=1, max_length=60)]
"""What names are made of is the lessons' own matter."""
Whole = Annotated[int, Field(ge=-(10**15), le=10**15)]
Curve = Annotated[tuple[float, ...], Field(min_length=1, max_length=MOST_POINTS)]


class Entry(BaseModel):
    """One question as it was asked, and what was answered; `answer` None is "show me". `truth` and `points` stay empty
    until the run has shown it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    lesson: Name
    question: Name
    ask: Words
    answer: Annotated[Whole | float | Curve | None, BeforeValidator(_rounded)]
    answered: Words
    points: Annotated[float, Field(ge=0, le=1)] | None = None
    truth: Words = ""
    run: Run | None = None
    seed: Annotated[int, Field(ge=0, lt=SEEDS)]
    at: datetime


_ENTRIES = TypeAdapter(tuple[Entry, ...])
_Attempt = tuple[Run, Annotated[Whole, Field(ge=0)], bool]
"""As `Attempt` has it."""


class _Pages(BaseModel):
    """The file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    entries: tuple[Entry, ...] = ()
    attempts: dict[Name, tuple[_Attempt, ...]] = {}  # lesson → those at its challenge


class Notebook:
    """The answers of one browser, and its runs at challenges. `owner` is the hash of its cookie; raises PlaygroundError
    for a text that is none. Reading and writing raise NotKept.
    """

    def __init__(self, store: Store, owner: str) -> None:
        if not _OWNER.fullmatch(owner):  # no stranger's text becomes a path
            raise PlaygroundError(f"{shorten(owner)} is nobody's notebook. An owner is the hash of a browser's cookie.")
        self._store = store
        self._path = f"{FOLDER}/{owner}.json"
        self._aside = f"{FOLDER}/{owner}.broken.json"
        self._held: _Pages | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Reads the file now, and not again before the end of this, unless something is written here."""
        with _alone():
            self._held = self._read()
        try:
            yield
        finally:
            self._held = None

    def entries(self, lesson: str | None = None) -> tuple[Entry, ...]:
        """Of all lessons or one, in the order in which they were answered."""
        return tuple(entry for entry in self._pages().entries if lesson in (None, entry.lesson))

    def put(self, entry: Entry) -> None:
        """Adds an answer. The first one to a question counts: a later one only brings what the run has shown of it."""
        with _alone():
            pages = self._read()
            known = list(pages.entries)
            place = next((i for i, each in enumerate(known) if _same(each, entry)), None)
            if place is None:
                known.append(entry)
            else:
                known[place] = _filled(known[place], entry)
            self._write(pages, pages.model_copy(update={"entries": tuple(known)}))

    def attempts(self, lesson: str) -> tuple[Attempt, ...]:
        """Runs at a lesson's challenge, the oldest first, with what is known of them."""
        return tuple(Attempt(*each) for each in self._pages().attempts.get(lesson, ()))

    def attempt(self, lesson: str, *runs: Attempt) -> None:
        """Adds runs at a lesson's challenge, or what is known of them by now."""
        with _alone():
            pages = self._read()
            known: dict[str, _Attempt] = {each[0]: each for each in pages.attempts.get(lesson, ())}
            known |= {run.run_id: (run.run_id, run.updates, run.reached) for run in runs}
            self._write(pages, _with(pages, lesson, known.values()))

    def start_over(self, lesson: str) -> None:
        """Takes a lesson's attempts out: its answers stay."""
        with _alone():
            pages = self._read()
            self._write(pages, _with(pages, lesson, ()))

    def forget(self, lesson: str) -> None:
        """Takes a lesson's answers and attempts out."""
        with _alone():
            pages = self._read()
            others = tuple(entry for entry in pages.entries if entry.lesson != lesson)
            self._write(pages, _with(pages, lesson, ()).model_copy(update={"entries": others}))

    def as_csv(self) -> bytes:
        """A line for each answer, as spreadsheets open it; no cell is a formula."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["lesson", "question", "asked", "answered", "truth", "points", "run", "seed", "at"])
        for e in self.entries():
            points = "" if e.points is None else f"{e.points:g}"
            row = (e.lesson, e.question, e.ask, e.answered, e.truth, points, e.run or "", str(e.seed), _time(e.at))
            writer.writerow([harmless(cell) for cell in row])
        return text.getvalue().encode("utf-8-sig")  # the mark without which a spreadsheet garbles 10⁻³

    def as_json(self) -> bytes:
        """Every field of every answer."""
        return json.dumps(_ENTRIES.dump_python(self.entries(), mode="json"), ensure_ascii=False, indent=1).encode()

    def _pages(self) -> _Pages:
        if (held := self._held) is not None:
            return held
        with _alone():
            return self._read()

    def _read(self) -> _Pages:
        """A file that is none of ours is put aside, and the notebook begins anew."""
        try:
            data = self._store.read(self._path)
        except FileNotFoundError:
            return _Pages()
        try:
            return _Pages.model_validate_json(data)
        except ValueError:
            self._store.write(self._aside, data)
            self._store.delete(self._path)
            return _Pages()

    def _write(self, before: _Pages, pages: _Pages) -> None:
        """The newest, as far as there is room for them."""
        if pages != before:
            pages, data = _bounded(pages)
            self._store.make_folder(FOLDER)
            self._store.write(self._path, data)
        if self._held is not None:
            self._held = pages


@contextmanager
def _alone() -> Iterator[None]:
    """One tab at a time; raises NotKept for an OSError, without the path that it names."""
    try:
        with _lock:
            yield
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else "their file cannot be opened"
        raise NotKept(f"Your answers cannot be kept now: {why}. Ask who runs this server.") from error


def _with(pages: _Pages, lesson: str, attempts: Iterable[_Attempt]) -> _Pages:
    """With these attempts at a lesson's challenge, which is the newest then."""
    found = {name: runs for name, runs in pages.attempts.items() if name != lesson}
    if runs := tuple(attempts):
        found[lesson] = runs
    return pages.model_copy(update={"attempts": found})


def _bounded(pages: _Pages) -> tuple[_Pages, bytes]:
    """What there is room for, as it is and as it is written: a line for each answer."""
    attempts = {name: runs[-MOST_ATTEMPTS:] for name, runs in list(pages.attempts.items())[-MOST_CHALLENGES:]}
    tail = b'],\n"attempts":' + json.dumps(attempts, separators=(",", ":")).encode() + b"}"
    entries = list(pages.entries[-MOST_ENTRIES:])
    texts = [entry.model_dump_json().encode() for entry in entries]
    head = b'{"format":1,"entries":['
    while len(head) + sum(map(len, texts)) + 2 * len(texts) + len(tail) > MOST_BYTES:
        del entries[0], texts[0]
    return _Pages(entries=tuple(entries), attempts=attempts), head + b",\n".join(texts) + tail


def _same(one: Entry, other: Entry) -> bool:
    return (one.lesson, one.question) == (other.lesson, other.question)


def _filled(first: Entry, later: Entry) -> Entry:
    """The first answer, with what is known of it by now; another answer's points are not its own."""
    if first.points is not None or later.answer != first.answer:
        return first
    shown = {"points": later.points, "truth": later.truth, "run": later.run or first.run, "seed": later.seed}
    return first.model_copy(update=shown)


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
