"""The measurements of a run as numbered Parquet files: `parts/000001.parquet` and so on, merged as they become many.

A part's number never changes: after merging, `read` finds it inside `000001-000100.parquet`, at last in `all.parquet`.
"""

from collections.abc import Iterator, Sequence

import pyarrow as pa

from playground.core.errors import BrokenRun, shorten
from playground.core.measurement import MeasurementSpec
from playground.runs.store import Store
from playground.runs.table import decode, encode, in_order, later, numbers, of_part, schema

BLOCK = 100
"""Parts that become one file while a run goes on: with a file an update, 3,000 updates take a second to open."""

_ALL = "all.parquet"


def _single(part: int) -> str:
    return f"{part:06}.parquet"


def _block(part: int) -> str:
    first = (part - 1) // BLOCK * BLOCK + 1
    return f"{first:06}-{first + BLOCK - 1:06}.parquet"


class Parts:
    """The files in one `parts` folder. Reading raises BrokenRun, writing OSError."""

    def __init__(self, store: Store, place: str, specs: Sequence[MeasurementSpec]) -> None:
        self._store = store
        self._place = place
        self._specs = specs

    def read(self, part: int) -> pa.Table | None:
        """The table of one part, numbered from 1; None while there is no such part."""
        for name in (_single(part), _block(part), _ALL):
            try:
                # A whole run is not read for a part that it does not have: who waits for the next one asks often.
                if name == _ALL and not len(of_part(self._decoded(name, ["part"]), part)):
                    continue
                table = of_part(self._decoded(name), part)
            except FileNotFoundError:
                continue
            if len(table):
                return table
        return None

    def tables(self, columns: Sequence[str] | None = None) -> list[pa.Table]:
        """All of them, in order, none empty; of all columns, or of these alone."""
        names = self._names()
        while True:
            try:
                return [table for table in (self._decoded(name, columns) for name in names) if len(table)]
            except FileNotFoundError as error:
                # The worker has just merged some of these; they are in a file of another name now.
                before, names = names, self._names()
                if names == before:
                    raise BrokenRun(f"{self._place} cannot be read: {error}.") from error

    def whole(self, columns: Sequence[str] | None = None) -> pa.Table:
        """One table, each update once; of all columns, or of these alone, `update` among them."""
        nothing = pa.Table.from_batches([], schema(self._specs))
        return in_order([nothing if columns is None else nothing.select(columns), *self.tables(columns)])

    def column(self, spec: MeasurementSpec) -> pa.Table:
        """One measurement over the whole run, as a table of `update` and that column alone."""
        return self.whole(["update", spec.name])

    def newest(self, spec: MeasurementSpec, after: int = -1, until: int | None = None) -> pa.Table | None:
        """The last row after an update, and `until` another, that has this measurement, as a table of `update` and that
        column alone.

        Files are looked at from the last one back to `after`; for what is measured once, the first one alone.
        """
        names = self._names()
        while True:
            try:
                return self._newest(names[:1] if spec.every == 0 else names[::-1], spec.name, after, until)
            except FileNotFoundError as error:
                before, names = names, self._names()
                if names == before:
                    raise BrokenRun(f"{self._place} cannot be read: {error}.") from error

    def _newest(self, names: Sequence[str], column: str, after: int, until: int | None) -> pa.Table | None:
        for name in names:
            table = self._decoded(name, ["update", column])
            found = later(table.filter(table[column].is_valid()), after)
            if until is not None:
                found = found.slice(0, len(found) - len(later(found, until)))
            if len(found):
                return found.slice(len(found) - 1)
            if len(table) and table["update"][0].as_py() <= after:
                break
        return None

    def write(self, part: int, table: pa.Table) -> None:
        self._store.write(f"{self._place}/{_single(part)}", encode(table))

    def merge(self, part: int, block: Sequence[pa.Table]) -> None:
        """One file in the place of the single parts up to `part`, the last of its block."""
        self._store.write(f"{self._place}/{_block(part)}", encode(pa.concat_tables(block)))
        for number in range(part - BLOCK + 1, part + 1):
            self._store.delete(f"{self._place}/{_single(number)}")

    def merge_all(self) -> None:
        """One file in the place of all others, for a run that has ended."""
        if self._names() in ([], [_ALL]):
            return
        self._store.write(f"{self._place}/{_ALL}", encode(self.whole()))
        for name in self._store.names(self._place):
            if name != _ALL:
                self._store.delete(f"{self._place}/{name}")

    def split_all(self) -> None:
        """Undoes `merge_all`, for a run that goes on: single parts and full blocks, as if it had never ended."""
        if _ALL not in self._store.names(self._place):
            return
        table = self._decoded(_ALL)
        last = int(numbers(table["part"])[-1]) if len(table) else 0
        full = last // BLOCK * BLOCK
        for end in range(BLOCK, full + 1, BLOCK):
            block = pa.concat_tables([of_part(table, part) for part in range(end - BLOCK + 1, end + 1)])
            self._store.write(f"{self._place}/{_block(end)}", encode(block))
        for part in range(full + 1, last + 1):
            self.write(part, of_part(table, part))
        self._store.delete(f"{self._place}/{_ALL}")

    def _names(self) -> list[str]:
        """The files to read for the whole run, in order: not those that are inside a merged one."""
        try:
            names = self._store.names(self._place)
        except OSError as error:
            raise BrokenRun(f"{self._place} cannot be read: {error}.") from error
        return [_ALL] if _ALL in names else list(_not_merged(names))

    def _decoded(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        try:
            return decode(self._specs, self._store.read(f"{self._place}/{name}"), columns)
        except FileNotFoundError:
            raise
        except (ValueError, OSError) as error:
            raise BrokenRun(f"{self._place}/{name} cannot be read: {shorten(str(error))}.") from error


def _not_merged(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        number = name.partition(".")[0]
        if not number.isdecimal() or _block(int(number)) not in names:
            yield name
