"""A map's folder: the only module that knows which file of it holds what.

- spec.json, owner: written once, when the map is created;
- control.json: what the screen asks;
- feeder: which process hands out its blocks;
- blocks/: what was measured, a file a block, written whole by the worker that trains it; end.json: that all is there.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict

from playground.core.errors import BrokenRun, PlaygroundError, shorten
from playground.runs.names import started_of
from playground.runs.store import Store
from playground.sweeps.member import Member
from playground.sweeps.spec import MapSpec

WHOLE = "whole"
"""The block of a map that is over: all that the others held."""

T = TypeVar("T")


class Control(BaseModel):
    """What the screen asks of a map: a wish, not an event."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paused: bool = False
    stopped: bool = False


class Record(BaseModel):
    """What a block's file holds. `failures`: cells that cannot be trained, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    members: tuple[Member, ...] = ()
    failures: dict[int, str] = {}


class End(BaseModel):
    """All that a map will hold is there: at a time in seconds since 1970, so many of its updates, in one sentence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time: float
    done: int
    of: int
    sentence: str


class Seen(NamedTuple):
    """What a map's blocks held at one look: of each network, by cell and seed, the most that was measured."""

    versions: Mapping[str, tuple[int, int]]
    members: Mapping[tuple[int, int], Member]
    failures: Mapping[int, str]


NOTHING = Seen({}, {}, {})


class MapFolder:
    """One map's files. Reading raises BrokenRun with the reason where a file is missing or damaged; writing, OSError.

    Making the object touches no file; it raises PlaygroundError for a name that is not a map's.
    """

    def __init__(self, root: str | Path | Store, map_id: str) -> None:
        started = started_of(map_id)
        if started is None:
            raise PlaygroundError(f"{shorten(map_id)} is not a map's name. One looks like 20260131-235959-0123abcd.")
        self.map_id = map_id
        self.started: datetime = started
        self._store = root if isinstance(root, Store) else Store.at(root)
        self._records = 0  # written through this object

    @classmethod
    def at(cls, path: str) -> "MapFolder":
        """The folder at a path or URL whose last part is the map's name, as `path` gives it."""
        place, mark, query = path.partition("?")
        root, _, map_id = place.replace("\\", "/").rpartition("/")
        return cls((root or ".") + mark + query, map_id)

    @classmethod
    def create(
        cls, store: Store, map_id: str, spec: MapSpec, owner: str | None = None, known: Record | None = None
    ) -> "MapFolder":
        """A new map, queued. `known` is what need not be trained again."""
        files = {"owner": owner, "spec.json": spec.canonical_json()}
        if known and (known.members or known.failures):
            files[f"blocks/{WHOLE}.json"] = known.model_dump_json()
        written = {name: text.encode() for name, text in files.items() if text is not None}
        store.create_folder(map_id, written, subfolders=("blocks",))
        return cls(store, map_id)

    @property
    def path(self) -> str:
        """Where this folder is, for `MapFolder.at` in another process."""
        return self._store.under(self.map_id).location

    def spec(self) -> MapSpec:
        return self._spec

    @cached_property
    def _spec(self) -> MapSpec:
        found = self._read("spec.json", MapSpec.from_json)
        if found is None:
            raise BrokenRun(f"Map {self.map_id} has no spec.json: it was never complete, or something was deleted.")
        return found

    def owner(self) -> str | None:
        """The hash of the browser's cookie that the map belongs to; None for a map made on the command line."""
        return self._read("owner", bytes.decode)

    def control(self) -> Control:
        return self._read("control.json", Control.model_validate_json) or Control()

    def steer(self, **changes: Any) -> Control:
        """Changes what is asked: `steer(paused=True)`. Raises ValueError for a wrong value."""
        control = Control.model_validate({**self.control().model_dump(), **changes})
        self._write("control.json", control.model_dump_json().encode())
        return control

    def feeder(self) -> str | None:
        """The name of the process that hands out the blocks, or has done so last."""
        return self._read("feeder", bytes.decode)

    def write_feeder(self, name: str) -> None:
        self._write("feeder", name.encode())

    def end(self) -> End | None:
        return self._read("end.json", End.model_validate_json)

    def write_end(self, end: End) -> None:
        self._write("end.json", end.model_dump_json().encode())

    def delete_end(self) -> None:
        self._store.delete(f"{self.map_id}/end.json")

    def record(self, block: str) -> Record | None:
        """What a block has measured; None while it has not begun."""
        return self._read(f"blocks/{block}.json", Record.model_validate_json)

    def write_record(self, block: str, record: Record) -> None:
        data = record.model_dump_json().encode()
        self._records += 1
        # An object store lists whole seconds: no sixteen records in a row have two of the same length.
        self._write(f"blocks/{block}.json", data + b" " * ((self._records - len(data)) % 16))

    def seen(self, before: Seen = NOTHING) -> Seen:
        """What is there now, of which only what has changed is read; `before` itself where nothing has."""
        try:
            versions = self._store.versions(f"{self.map_id}/blocks")
        except OSError as error:
            raise BrokenRun(f"The blocks of map {self.map_id} cannot be listed: {shorten(str(error))}.") from error
        changed = [name for name, version in versions.items() if before.versions.get(name) != version]
        if not changed:
            return before
        members, failures = dict(before.members), dict(before.failures)
        for name in changed:
            if record := self._read(f"blocks/{name}", Record.model_validate_json):
                merge(members, record.members)
                failures |= record.failures
        return Seen(versions, members, failures)

    def members(self) -> list[Member]:
        """Of each network the most that was measured, in the order of cells and seeds."""
        found = self.seen().members
        return [found[key] for key in sorted(found)]

    def put_together(self, seen: Seen) -> None:
        """One block instead of many, of a map on which nobody is at work any more."""
        self.write_record(WHOLE, Record(members=tuple(seen.members.values()), failures=dict(seen.failures)))
        for name in seen.versions:
            if name != f"{WHOLE}.json":
                self._store.delete(f"{self.map_id}/blocks/{name}")

    def _write(self, name: str, data: bytes) -> None:
        self._store.write(f"{self.map_id}/{name}", data)

    def _read(self, name: str, parse: Callable[[bytes], T]) -> T | None:
        """What is in a file; None where there is no such file."""
        try:
            return parse(self._store.read(f"{self.map_id}/{name}"))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise BrokenRun(f"{name} of map {self.map_id} cannot be read: {shorten(str(error))}.") from error


def passes(error: Exception) -> bool:
    """Whether a storage that hiccups is behind it, and may answer the next time; what is damaged stays so."""
    return isinstance(error, OSError) or isinstance(error.__cause__, OSError)


def merge(members: dict[tuple[int, int], Member], newer: Iterable[Member]) -> None:
    """Keeps of each network the measurement that goes furthest: one that was begun anew is behind for a while."""
    for member in newer:
        known = members.get((member.cell, member.seed))
        if known is None or (known.over, known.updates) <= (member.over, member.updates):
            members[member.cell, member.seed] = member
