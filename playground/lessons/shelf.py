"""All lessons: ours, and those of the folder that a teacher names; read anew when a file has changed."""

import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from playground.core.errors import UnknownName
from playground.lessons.lesson import Lesson
from playground.lessons.reader import name_of, prerequisite_line, read, too_large
from playground.lessons.text import MOST_BYTES, Fault, Malformed

CONTENT = Path(__file__).parent / "content"
SETTING = "PLAYGROUND_LESSONS"
"""A folder with lessons of one's own: one with the name of ours stands in its place, the others come after ours."""


class Broken(NamedTuple):
    """A mistake in a file, by the file's name; line 0 is the file as a whole."""

    file: str
    line: int
    reason: str


class Shelf(NamedTuple):
    lessons: tuple[Lesson, ...]
    broken: tuple[Broken, ...]


class _Seen(NamedTuple):
    """A file, and what says that it has changed: in what it says, or in who may read it."""

    path: str
    written: int
    changed: int
    size: int


def theirs() -> Path | None:
    """The folder that a teacher names, whether it is there or not."""
    folder = os.environ.get(SETTING)
    return Path(os.path.expanduser(folder)) if folder else None  # which leaves a ~ of nobody's as it is


def shelf() -> Shelf:
    """What can be read, in order, and what is wrong with the rest."""
    ours, place = _files(CONTENT), theirs()
    if place is None:
        return _shelf(ours, ())
    try:
        return _shelf(ours, _files(place))
    except OSError as error:
        lessons, broken = _shelf(ours, ())
        reason = f"The folder cannot be read: {error.strerror}. Name another one in {SETTING}, or leave it out."
        return Shelf(lessons, (*broken, Broken(place.name, 0, reason)))


def find(name: str) -> Lesson:
    """Raises UnknownName."""
    lessons = {lesson.name: lesson for lesson in shelf().lessons}
    if name not in lessons:
        raise UnknownName("lesson", name, lessons)
    return lessons[name]


def _files(folder: Path) -> tuple[_Seen, ...]:
    """The lessons' files in a folder, in the order of their names. Asked at every turn of a page: it costs 0.1 ms."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):  # it has just gone
                if entry.name.endswith(".md"):
                    facts = entry.stat()
                    found.append(_Seen(entry.path, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_size))
    return tuple(sorted(found))


@lru_cache(maxsize=4)
def _shelf(ours: tuple[_Seen, ...], theirs: tuple[_Seen, ...]) -> Shelf:
    found: dict[str, Lesson] = {}
    broken: list[Broken] = []
    known = set()
    for files in (ours, theirs):
        here: dict[str, str] = {}  # name → file
        for seen in files:
            file = Path(seen.path).name
            name = name_of(file)
            if name is not None and name in here:
                broken.append(Broken(file, 0, f"{here[name]} is called {name!r} too. Call one of them otherwise."))
                continue
            if name is not None:
                here[name] = file
            lesson = _lesson(seen)
            if isinstance(lesson, Lesson):
                found[lesson.name] = lesson
            else:
                broken += [Broken(file, *fault) for fault in lesson]
        known |= set(here)
    for lesson in list(found.values()):
        # A lesson whose file is malformed is known all the same: one mistake does not close the lessons after it.
        missing = [name for name in lesson.prerequisites if name not in known]
        for name in missing:
            broken.append(Broken(lesson.file, prerequisite_line(lesson, name), str(UnknownName("lesson", name, known))))
        if missing:
            del found[lesson.name]
    return Shelf(tuple(found.values()), tuple(broken))


@lru_cache(maxsize=256)
def _lesson(seen: _Seen) -> Lesson | tuple[Fault, ...]:
    file = Path(seen.path).name
    try:
        if seen.size > MOST_BYTES:
            raise Malformed([too_large(seen.size)])
        return read(Path(seen.path).read_text(encoding="utf-8"), file)
    except Malformed as error:
        return error.faults
    except OSError as error:
        return (Fault(0, f"The file cannot be read: {error.strerror or error}. Look at its rights."),)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return (Fault(line, "This is not UTF-8. Save the file as UTF-8."),)
