"""A run's folder: the only module that knows which file holds what (`parts/` and `flight/`
apart).

- config.json, measurements.json, owner, twin, group, origin: written once, when the run is created;
- control.json: what the screen asks; label.json: what people call it;
- attempts, heartbeat, checkpoint, log.txt: what the worker says of itself;
- parts/, flight/, alarms.jsonl, end.json: what was found; interventions.jsonl: what was changed on the way.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from playground.core.errors import BrokenRun, PlaygroundError, shorten
from playground.core.measurement import Measurements, MeasurementSpec, Row, Series, Value
from playground.diagnosis.alarm import Alarm, Cleared, finding
from playground.runs.flights import Flights
from playground.runs.labels import Label
from playground.runs.names import new_id, started_of
from playground.runs.parts import Parts
from playground.runs.records import Checkpoint, Control, Ending, Flight, Heartbeat, Origin
from playground.runs.store import Store
from playground.runs.table import later, to_measurements, to_rows, to_series
from playground.training.config import RunConfig
from playground.training.live_changes import Intervention
from playground.training.probes import specs as specs_of

_SPECS = TypeAdapter(tuple[MeasurementSpec, ...])
T = TypeVar("T")


class RunFolder:
    """One run's files. Reading raises BrokenRun with the reason where a file is missing or damaged; writing, OSError.

    The root is a path, a URL or a Store. Making the object touches no file; it raises PlaygroundError for a run id that
    is not one, so that no stranger's text becomes a path.
    """

    def __init__(self, root: str | Path | Store, run_id: str) -> None:
        started = started_of(run_id)
        if started is None:
            raise PlaygroundError(f"{shorten(run_id)} is not a run's name. One looks like 20260131-235959-0123abcd.")
        self.run_id = run_id
        self.started = started
        self._store = root if isinstance(root, Store) else Store.at(root)

    @classmethod
    def at(cls, path: str | Path) -> "RunFolder":
        """The folder at a path or URL whose last part is the run's name, as `path` gives it."""
        place, mark, query = str(path).partition("?")
        root, _, run_id = place.rstrip("/\\").replace("\\", "/").rpartition("/")
        return cls((root or ".") + mark + query, run_id)

    @classmethod
    def create(
        cls,
        root: str | Path | Store,
        config: RunConfig,
        owner: str | None = None,
        *,
        run_id: str | None = None,
        twin: str | None = None,
        group: Sequence[str] = (),
        origin: Origin | None = None,
    ) -> "RunFolder":
        """A new run, queued. `owner` is what `owner_of` makes of a browser's cookie; None opens it to everybody.

        `run_id` is one of `new_id`'s, `twin` another, and `group` some, itself among them. A run with an `origin` goes
        on from there.
        """
        folder = cls(root, run_id or new_id())
        files = {
            "owner": owner,
            "twin": twin,
            "group": "\n".join(group) or None,
            "origin": origin.model_dump_json() if origin else None,
            "measurements.json": _SPECS.dump_json(specs_of(config), indent=1).decode(),
            "config.json": json.dumps(config.model_dump(mode="json"), indent=1),
        }
        written = {name: text.encode() for name, text in files.items() if text is not None}
        folder._store.create_folder(folder.run_id, written, subfolders=("parts", "flight"))
        return folder

    def beside(self, run_id: str) -> "RunFolder":
        """Another run under the same root."""
        return RunFolder(self._store, run_id)

    @property
    def path(self) -> str:
        """Where this folder is, for `RunFolder.at` in another process."""
        place, mark, query = self._store.location.partition("?")
        return f"{place.rstrip('/')}/{self.run_id}{mark}{query}"

    # What was asked

    def config(self) -> RunConfig:
        return self._needed("config.json", RunConfig.from_json)

    def specs(self) -> tuple[MeasurementSpec, ...]:
        return self._specs

    @cached_property
    def _specs(self) -> tuple[MeasurementSpec, ...]:
        return self._needed("measurements.json", _SPECS.validate_json)

    def owner(self) -> str | None:
        """The hash of the browser's cookie that the run belongs to; None for a run made on the command line."""
        return self._read("owner", bytes.decode)

    def twin(self) -> str | None:
        """The run that this one is trained beside, in lockstep; it may have been deleted since."""
        return self._read("twin", bytes.decode)

    def group(self) -> tuple[str, ...]:
        """The runs that this one is trained beside, alike but for their seeds, itself among them, the first seed first;
        () for a run of no group. Some may have been deleted since."""
        return tuple(self._read("group", lambda data: data.decode().split()) or ())

    def origin(self) -> Origin | None:
        """Where this run goes on from; None for one that begins at its own update 0."""
        return self._read("origin", Origin.model_validate_json)

    def write_origin(self, origin: Origin) -> None:
        self._write("origin", origin.model_dump_json().encode())

    def control(self) -> Control:
        return self._read("control.json", Control.model_validate_json) or Control()

    def write_control(self, control: Control) -> None:
        self._write("control.json", control.model_dump_json().encode())

    def steer(self, **changes: Any) -> Control:
        """Changes some fields of the control: `steer(run_until=0)` pauses. Raises ValueError for a wrong value."""
        control = Control.model_validate({**self.control().model_dump(), **changes})
        self.write_control(control)
        return control

    def label(self) -> Label:
        """What people call it; empty where nobody has said anything."""
        return self._read("label.json", Label.model_validate_json) or Label()

    def write_label(self, label: Label) -> None:
        self._write("label.json", label.model_dump_json().encode())

    # What the worker says of itself

    def attempts(self) -> list[str]:
        """The tokens of all attempts at this run, oldest first. Only the newest may write."""
        return self._read("attempts", lambda data: data.decode().split()) or []

    def write_attempts(self, tokens: Sequence[str]) -> None:
        self._write("attempts", _lines(tokens))

    def heartbeat(self) -> Heartbeat | None:
        return self._read("heartbeat", Heartbeat.model_validate_json)

    def write_heartbeat(self, heartbeat: Heartbeat) -> None:
        self._write("heartbeat", heartbeat.model_dump_json().encode())

    def checkpoint(self) -> Checkpoint | None:
        return self._read("checkpoint", _checkpoint)

    def write_checkpoint(self, checkpoint: Checkpoint) -> None:
        attempt, update, state, seconds = checkpoint
        header = json.dumps({"format": 1, "attempt": attempt, "update": update, "seconds": seconds})
        self._write("checkpoint", header.encode() + b"\n" + state)

    def delete_checkpoint(self) -> None:
        self._store.delete(f"{self.run_id}/checkpoint")

    def log(self, text: str) -> None:
        """Adds a line to log.txt. Lines are few, and object stores cannot append: the file is written anew."""
        known = self._read("log.txt", bytes) or b""
        self._write("log.txt", known + f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {text}\n".encode())

    # What was found

    def interventions(self) -> list[Intervention]:
        """What was changed while it trained, oldest first."""
        parse = Intervention.model_validate_json
        return self._read("interventions.jsonl", lambda data: [*map(parse, data.splitlines())]) or []

    def write_interventions(self, interventions: Sequence[Intervention]) -> None:
        self._write("interventions.jsonl", _lines([each.model_dump_json() for each in interventions]))

    def findings(self) -> list[Alarm | Cleared]:
        """Alarms and their clearances, in the order in which they came."""
        return self._read("alarms.jsonl", lambda data: [*map(finding.validate_json, data.splitlines())]) or []

    def alarms(self) -> list[Alarm]:
        """All that were raised, whether they were cleared or not."""
        return [found for found in self.findings() if isinstance(found, Alarm)]

    def write_alarms(self, findings: Sequence[Alarm | Cleared]) -> None:
        self._write("alarms.jsonl", _lines([found.model_dump_json() for found in findings]))

    def flights(self) -> list[Flight]:
        """What can be replayed, oldest first."""
        return self.recordings.list()

    @cached_property
    def recordings(self) -> Flights:
        return Flights(self._store, f"{self.run_id}/flight")

    def end(self) -> Ending | None:
        return self._read("end.json", Ending.model_validate_json)

    def write_end(self, ending: Ending) -> None:
        self._write("end.json", ending.model_dump_json().encode())

    def delete_end(self) -> None:
        self._store.delete(f"{self.run_id}/end.json")

    @cached_property
    def parts(self) -> Parts:
        return Parts(self._store, f"{self.run_id}/parts", self.specs())

    def read_part(self, part: int) -> list[Row] | None:
        """The rows of one part, numbered from 1; None while there is no such part. A number keeps its rows for ever."""
        table = self.parts.read(part)
        return None if table is None else to_rows(self.specs(), table)

    def rows(self, after: int = -1) -> list[Row]:
        """All rows after an update, in order."""
        return to_rows(self.specs(), later(self.parts.whole(), after))

    def series(self, name: str) -> Series | None:
        """One measurement over the whole run; None for one that this run does not take."""
        spec = next((spec for spec in self.specs() if spec.name == name), None)
        return None if spec is None else to_series(spec, self.parts.column(spec))

    def newest(self, name: str, after: int = -1, until: int | None = None) -> tuple[int, Value] | None:
        """The newest value of a measurement after an update, and `until` another, with its own update, without reading
        the rest of the run."""
        spec = next((spec for spec in self.specs() if spec.name == name), None)
        row = None if spec is None else self.parts.newest(spec, after, until)
        if spec is None or row is None:
            return None
        series = to_series(spec, row)
        return int(series.updates[0]), series.values[0]

    def read(self) -> Measurements:
        """Everything that was measured."""
        return to_measurements(self.specs(), self.parts.whole())

    def _write(self, name: str, data: bytes) -> None:
        self._store.write(f"{self.run_id}/{name}", data)

    def _needed(self, name: str, parse: Callable[[bytes], T]) -> T:
        found = self._read(name, parse)
        if found is None:
            raise BrokenRun(f"Run {self.run_id} has no {name}: it was never complete, or something was deleted.")
        return found

    def _read(self, name: str, parse: Callable[[bytes], T]) -> T | None:
        """What is in a file; None where there is no such file."""
        try:
            return parse(self._store.read(f"{self.run_id}/{name}"))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise BrokenRun(f"{name} of run {self.run_id} cannot be read: {shorten(str(error))}.") from error


def _lines(texts: Sequence[str]) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()


def _checkpoint(data: bytes) -> Checkpoint:
    header, _, state = data.partition(b"\n")
    fields = json.loads(header)
    return Checkpoint(str(fields["attempt"]), int(fields["update"]), state, float(fields.get("seconds", 0.0)))
