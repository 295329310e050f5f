"""The recordings of a run: training states from before its alarms, from which updates are computed again.

`flight/index.json` lists them; `flight/000123` is the state before update 123, which several of them may share.
At most four are kept: those of the first three alarms, and that of the newest failure after them.
"""

from collections.abc import Iterable

from pydantic import TypeAdapter

from playground.core.errors import BrokenRun, PlaygroundError, shorten
from playground.diagnosis.alarm import Alarm, Severity
from playground.runs.records import Flight
from playground.runs.store import Store

FIRST = 3
"""Alarms that are recorded whatever they are, before only the newest failure is."""
RECORDED: tuple[Severity, ...] = ("warning", "failure")

_INDEX = TypeAdapter(list[Flight])


class Flights:
    """The files in one `flight` folder. Reading raises BrokenRun, writing OSError."""

    def __init__(self, store: Store, place: str) -> None:
        self._store = store
        self._place = place

    def list(self) -> "list[Flight]":
        """Oldest first."""
        try:
            return _INDEX.validate_json(self._store.read(f"{self._place}/index.json"))
        except FileNotFoundError:
            return []
        except (ValueError, OSError) as error:
            raise BrokenRun(f"{self._place}/index.json cannot be read: {shorten(str(error))}.") from error

    def state_before(self, update: int) -> bytes:
        """The newest training state that `update` follows from. Raises PlaygroundError for what is not recorded."""
        flights = self.list()
        starts = [s for f in flights if f.first <= update <= f.update for s in f.starts if s <= update]
        if not starts:
            spans = ", ".join(f"{f.first:,}–{f.update:,}" for f in flights)
            recorded = f"Recorded are {spans}." if spans else "It has recorded none: only alarms are recorded."
            raise PlaygroundError(f"Update {update:,} of this run was not recorded. {recorded}")
        try:
            return self._store.read(self._file(max(starts)))
        except OSError as error:
            raise BrokenRun(f"{self._file(max(starts))} cannot be read: {shorten(str(error))}.") from error

    def wants(self, alarm: Alarm) -> bool:
        """Whether an alarm is one of those that are recorded, and nothing is yet for its update."""
        flights = self.list()
        if alarm.severity not in RECORDED or any(flight.update == alarm.update for flight in flights):
            return False
        return len(flights) < FIRST or alarm.severity == "failure"

    def write(self, alarm: Alarm, dumps: Iterable[tuple[int, bytes]]) -> None:
        """A recording, for an alarm that `wants` has said yes to."""
        flights = self.list()
        known, written, starts, size = {s for f in flights for s in f.starts}, [], [], 0
        try:
            for start, state in dumps:
                starts.append(start)
                size += len(state)
                if start not in known:
                    written.append(start)
                    self._store.write(self._file(start), state)
            flight = Flight(alarm=alarm.kind, update=alarm.update, starts=tuple(starts), bytes=size)
            kept = [*flights[:FIRST], flight]
            self._store.write(f"{self._place}/index.json", _INDEX.dump_json(kept))
        except OSError:
            # A disk that is full gets back what is of no use.
            self._delete(written)
            raise
        self._delete(known - {s for f in kept for s in f.starts})

    def _delete(self, starts: "Iterable[int]") -> None:
        for start in starts:
            self._store.delete(self._file(start))

    def _file(self, start: int) -> str:
        return f"{self._place}/{start:06}"
