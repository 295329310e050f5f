"""A whole run as a zip: what it was asked, what was measured and found, and the state in which it ended.

- run.json: the format, and the name it had; config.json, end.json, label.json; findings.jsonl, interventions.jsonl;
- measurements.json: the declarations; rows/update.npy and wall.npy: one entry an update;
  measurements/NAME.npy, and NAME.at.npy: the updates at which it was taken;
- checkpoint.pt and recordings/000123.pt: training states; recordings/index.json lists what can be replayed.

Arrays are .npy without pickles: what they hold is exactly as long as they are, so that nothing can unfold in memory.
`read` takes only what is in this list, and parses each entry by its own rule; training states it passes on unread.
"""

import io
import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from playground.core.errors import InvalidConfig, PlaygroundError, shorten
from playground.core.measurement import MeasurementSpec, Row, Value
from playground.diagnosis.alarm import Alarm, Cleared, finding
from playground.runs import zips
from playground.runs.folder import RunFolder
from playground.runs.labels import Label
from playground.runs.records import Control, Ending, Flight
from playground.runs.table import meanings, numbers
from playground.training.config import RunConfig
from playground.training.live_changes import Intervention, intervention, is_live, stages
from playground.training.probes import specs as specs_of

RECORDED = zips.LARGEST // 4
"""Bytes of all recordings in a zip."""
LATEST = 4e9
"""Seconds since 1970: a clock that says more is none."""

_SPECS = TypeAdapter(tuple[MeasurementSpec, ...])
_FLIGHTS = TypeAdapter(Annotated[list[Flight], Field(max_length=8)])


class Manifest(BaseModel):
    """What the zip is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    run: Annotated[str, Field(pattern=r"^[0-9]{8}-[0-9]{6}-[0-9a-f]{8}$")]


class Contents(NamedTuple):
    """A run out of an archive. Of the states nothing is known yet but their bytes."""

    run: str
    config: RunConfig
    end: Ending
    label: Label
    interventions: list[Intervention]
    rows: list[Row]
    findings: list[Alarm | Cleared]
    flights: list[Flight]
    states: Mapping[int, bytes]
    checkpoint: bytes | None


def pack(folder: RunFolder) -> bytes:
    """The zip. Recordings come along where they are small enough for it to be taken in again. Raises BrokenRun."""
    end, checkpoint, flights = folder.end(), folder.checkpoint(), folder.flights()
    starts = sorted({start for flight in flights for start in flight.starts})
    states = {start: folder.recordings.state_before(start) for start in starts}
    if sum(map(len, states.values())) > RECORDED:
        flights, states = [], {}
    table, measurements = folder.parts.whole(), folder.read()
    texts: dict[str, str | bytes] = {
        "run.json": Manifest(run=folder.run_id).model_dump_json(),
        "config.json": json.dumps(folder.config().model_dump(mode="json"), indent=1),
        "label.json": folder.label().model_dump_json(),
        "findings.jsonl": "".join(f"{found.model_dump_json()}\n" for found in folder.findings()),
        "interventions.jsonl": "".join(f"{each.model_dump_json()}\n" for each in folder.interventions()),
        "measurements.json": _SPECS.dump_json(folder.specs(), indent=1),
        "recordings/index.json": _FLIGHTS.dump_json(flights),
        "rows/update.npy": _npy(numbers(table["update"])),
        "rows/wall.npy": _npy(numbers(table["wall"])),
    }
    if end is not None:
        texts["end.json"] = end.model_dump_json()
    if checkpoint is not None:
        texts["checkpoint.pt"] = checkpoint.state
    texts |= {f"recordings/{start:06}.pt": state for start, state in states.items()}
    for name in measurements.names():
        texts[f"measurements/{name}.npy"] = _npy(measurements[name].values)
        texts[f"measurements/{name}.at.npy"] = _npy(measurements[name].updates)
    return zips.write(texts)


def read(data: bytes) -> Contents:
    """What is in a zip that `pack`, or a stranger, has made. Raises PlaygroundError with what is wrong in it."""
    try:
        return _read(zips.Archive(data))
    except (InvalidConfig, ValidationError) as error:
        raise PlaygroundError(f"This is no run that can be read: {shorten(str(error))}.") from None


def _read(archive: zips.Archive) -> Contents:
    manifest = archive.needed("run.json", Manifest.model_validate_json)
    config = archive.needed("config.json", RunConfig.from_json)
    updates = archive.needed("rows/update.npy", lambda data: _array(data, np.int64, ()))
    walls = archive.needed("rows/wall.npy", lambda data: _array(data, np.float64, ()))
    _rising(updates, config)
    if walls.shape != updates.shape or not ((walls >= 0) & (walls < LATEST)).all():
        raise PlaygroundError("Its clock does not go with its updates.")
    last = int(updates[-1]) if len(updates) else -1
    end = archive.read("end.json", Ending.model_validate_json)
    if end is not None and end.update > config.updates:
        raise PlaygroundError(f"It ends after update {end.update:,}, and has {config.updates:,}.")
    changes = _interventions(archive, config)
    flights = archive.read("recordings/index.json", _FLIGHTS.validate_json) or []
    starts = {start for flight in flights for start in flight.starts}
    states = {start: archive.needed(f"recordings/{start:06}.pt", bytes) for start in starts}
    return Contents(
        manifest.run,
        config,
        end or Ending(outcome="stopped", sentence=f"Kept in a file after update {last:,}.", update=last),
        archive.read("label.json", Label.model_validate_json) or Label(),
        changes,
        _rows(archive, config, updates, walls),
        _findings(archive, config, changes),
        flights,
        states,
        archive.read("checkpoint.pt", bytes),
    )


def _rows(
    archive: zips.Archive, config: RunConfig, updates: NDArray[np.int64], walls: NDArray[np.float64]
) -> list[Row]:
    """Only what this version measures, and as it does, is taken."""
    declared = archive.needed("measurements.json", _SPECS.validate_json)
    taken: dict[int, dict[str, Value]] = {int(update): {} for update in updates}
    ours = specs_of(config)
    given, wanted = meanings(declared), meanings(ours)
    for spec in ours:
        if given.get(spec.name) != wanted[spec.name]:
            continue
        name = f"measurements/{spec.name}"
        at = archive.needed(f"{name}.at.npy", lambda data: _array(data, np.int64, ()))
        values = _array(archive.needed(f"{name}.npy", bytes), np.float64, spec.shape)
        _rising(at, config)
        if len(at) != len(values) or not all(int(update) in taken for update in at):
            raise PlaygroundError(f"Its {spec.name} was not taken where it says.")
        for update, value in zip(at, values, strict=True):
            taken[int(update)][spec.name] = value if spec.axes else float(value)
    return [Row(update, float(wall), taken[update]) for update, wall in zip(taken, walls, strict=True)]


def _interventions(archive: zips.Archive, config: RunConfig) -> list[Intervention]:
    """Oldest first, each one that a run can take on, in our own words: they stand as comments in a script."""
    found = archive.lines("interventions.jsonl", Intervention.model_validate_json)
    updates = [each.update for each in found]
    live = updates == sorted(updates) and all(is_live(path) for each in found for path in each.changes)
    steps = stages(config, found) if live else []
    made = [intervention(*step) for step in zip(updates, steps, steps[1:], strict=False)]
    whole = [each for each in made if each is not None]
    if len(whole) < len(found):
        raise PlaygroundError("It was changed while it trained, in a way that no run can be.")
    Control(changes=stages(config, whole)[-1].difference(config))  # as it will be asked for again
    return whole


def _findings(archive: zips.Archive, config: RunConfig, changes: Sequence[Intervention]) -> list[Alarm | Cleared]:
    found = archive.lines("findings.jsonl", finding.validate_json)
    offered = [(one.update, remedy) for one in found if isinstance(one, Alarm) for remedy in one.remedies]
    if len(offered) > zips.LINES:
        raise PlaygroundError(f"findings.jsonl has more than {zips.LINES:,} remedies.")
    steps, updates = stages(config, changes), [each.update for each in changes]
    for update, remedy in offered:
        # What the page offers at a click must be possible.
        steps[bisect_right(updates, update)].patched(remedy.changes)
    return found


def _rising(updates: NDArray[np.int64], config: RunConfig) -> None:
    # Compared, not subtracted: a difference of two int64 may wrap around.
    if (updates[1:] <= updates[:-1]).any() or (len(updates) and not 0 <= updates[0] <= updates[-1] <= config.updates):
        raise PlaygroundError(f"Its updates are not rising numbers from 0 to {config.updates:,}.")


def _npy(values: NDArray[Any]) -> bytes:
    values = np.ascontiguousarray(values)
    return _head(values.dtype, values.shape) + values.tobytes()


def _head(dtype: np.dtype[Any], shape: Sequence[int]) -> bytes:
    sink = io.BytesIO()
    fields = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": tuple(shape)}
    np.lib.format.write_array_header_1_0(sink, fields)
    return sink.getvalue()


def _array(data: bytes, kind: type[np.generic], shape: Sequence[int]) -> NDArray[Any]:
    """An array n × shape out of a .npy. Its head must be the one that we write for that many bytes: none is parsed."""
    start = 10 + int.from_bytes(data[8:10], "little")
    dtype = np.dtype(kind)
    size = dtype.itemsize * math.prod(shape)
    count = (len(data) - start) // size if size else 0
    if count < 0 or len(data) - start != count * size or data[:start] != _head(dtype, (count, *shape)):
        raise PlaygroundError("An array in it is not as the run declares it.")
    return np.frombuffer(data, dtype, offset=start).reshape(count, *shape)
