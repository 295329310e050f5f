"""Zip files of a known set of names: written plainly, read as a stranger's."""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import TypeVar

from playground.core.errors import PlaygroundError, shorten

LARGEST = 8 * 2**20
"""Bytes of a zip that is taken in: some thousands of updates at a hundred time steps."""
UNPACKED = 64 * 2**20
"""Bytes of all that is in it."""
ENTRIES = 400
DIRECTORY = ENTRIES * 200
"""Bytes of its table of contents."""
TEXT = 2 * 2**20
"""Bytes of an entry that is parsed as text."""
LINES = 2_000

NAMES = re.compile(
    r"(run|config|end|label|measurements)\.json|(findings|interventions)\.jsonl|checkpoint\.pt"
    r"|rows/(update|wall)\.npy|measurements/[a-z0-9_]{1,60}(\.at)?\.npy|recordings/(index\.json|[0-9]{6}\.pt)"
)

DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError)
"""What zipfile raises for what it cannot read."""

T = TypeVar("T")


def write(files: Mapping[str, str | bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return sink.getvalue()


class Archive:
    """A stranger's zip. All that its table of contents says is looked at before anything is unfolded; nothing is ever
    written anywhere by a name that stands in it. Raises PlaygroundError with what is wrong.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) > LARGEST:
            raise PlaygroundError(f"The file has {len(data) / 2**20:.1f} MB, and {LARGEST // 2**20} are taken.")
        _short_directory(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except DAMAGED as error:
            raise PlaygroundError(f"This is not a zip that can be read: {shorten(str(error))}.") from None
        entries = self._zip.infolist()
        self._entries = {entry.filename: entry for entry in entries}
        if len(entries) > ENTRIES or len(self._entries) < len(entries):
            raise PlaygroundError("The zip has too many entries, or two of one name.")
        for entry in entries:
            _plain(entry)
        if sum(entry.file_size for entry in entries) > UNPACKED:
            raise PlaygroundError(f"Unfolded, the zip has more than {UNPACKED // 2**20} MB.")

    def read(self, name: str, parse: Callable[[bytes], T]) -> T | None:
        """An entry; None where there is none."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        if name.endswith((".json", ".jsonl")) and entry.file_size > TEXT:
            raise PlaygroundError(f"{name} has more than {TEXT // 2**20} MB.")
        try:
            with self._zip.open(entry) as file:
                # No more than it says: `ZipFile.read` unfolds all that is there, up to 2 GB, and then cuts it off.
                data = file.read(entry.file_size)
        except DAMAGED as error:
            raise PlaygroundError(f"{name} cannot be unfolded: {shorten(str(error))}.") from None
        return parse(data)

    def lines(self, name: str, parse: Callable[[bytes], T]) -> list[T]:
        """An entry with something on each line; [] where there is none."""
        found = self.read(name, bytes.splitlines) or []
        if len(found) > LINES:
            raise PlaygroundError(f"{name} has more than {LINES:,} lines.")
        return [parse(line) for line in found]

    def needed(self, name: str, parse: Callable[[bytes], T]) -> T:
        found = self.read(name, parse)
        if found is None:
            raise PlaygroundError(f"The zip has no {name}: it is not a run that was exported here.")
        return found


def _short_directory(data: bytes) -> None:
    """A table of contents takes a hundred times its bytes in memory: how long it is stands at the very end."""
    if len(data) < 22 or data[-22:-18] != b"PK\5\6" or data[-42:-38] == b"PK\6\7":
        raise PlaygroundError("This is not a zip that was exported here.")
    size: int = struct.unpack_from("<I", data, len(data) - 10)[0]
    if size > DIRECTORY:
        raise PlaygroundError("The zip has too many entries.")


def _plain(entry: zipfile.ZipInfo) -> None:
    """A file of a known name, folded in a known way: no folder, link or secret."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if not NAMES.fullmatch(entry.filename) or kind not in (0, stat.S_IFREG):
        raise PlaygroundError(f"The zip has {shorten(entry.filename)}, which is no part of a run.")
    if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise PlaygroundError(f"{entry.filename} is folded in a way that is not read here.")
