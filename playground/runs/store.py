"""Small files under one root, on a disk or in an object store, each written whole or not at all."""

import os
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import platformdirs
from pyarrow import fs

ROOT_SETTING = "PLAYGROUND_RUNS"


def runs_root() -> str:
    """Where runs are kept: the setting PLAYGROUND_RUNS (a path, or a URL that pyarrow.fs opens), or the user's data."""
    return os.environ.get(ROOT_SETTING) or str(platformdirs.user_data_path("rnn-playground") / "runs")


class Store:
    """Whole files by their path under a root. A reader sees the old file or the new one, never a part of either.

    Every method raises OSError as the file system gives it; a file that is not there is FileNotFoundError.
    """

    def __init__(self, location: str, filesystem: fs.FileSystem, base: str) -> None:
        self.location = location
        self._fs = filesystem
        self._base = base.rstrip("/")
        # A put to an object store shows the object at its end; on a disk the same takes a second name and a rename.
        self._renames = filesystem.type_name == "local"

    @classmethod
    def at(cls, location: str | Path) -> "Store":
        """The store at a path or a URL; raises ValueError or OSError for a URL that pyarrow cannot open."""
        text = str(location)
        if "://" in text:
            return cls(text, *fs.FileSystem.from_uri(text))
        path = Path(text).expanduser().absolute()
        return cls(str(path), fs.LocalFileSystem(), path.as_posix())

    def read(self, path: str) -> bytes:
        with self._fs.open_input_stream(self._full(path)) as stream:
            return bytes(stream.read())

    def write(self, path: str, data: bytes) -> None:
        if not self._renames:
            self._put(self._full(path), data)
            return
        folder, _, name = path.rpartition("/")
        passing = self._full(f"{folder}/.{name}.{os.getpid()}-{threading.get_ident()}")
        try:
            self._put(passing, data)
            self._fs.move(passing, self._full(path))
        except OSError:
            self._delete(passing)
            raise

    def create_folder(self, name: str, files: Mapping[str, bytes], subfolders: Sequence[str]) -> None:
        """A new folder with these files and empty folders in it; on a disk it appears with all of them at once."""
        passing = f".{name}.new" if self._renames else name
        try:
            for subfolder in subfolders:
                self._fs.create_dir(self._full(f"{passing}/{subfolder}"), recursive=True)
            for path, data in files.items():
                self._put(self._full(f"{passing}/{path}"), data)
            if self._renames:
                self._fs.move(self._full(passing), self._full(name))
        except OSError:
            with suppress(OSError):
                self.delete_folder(passing)
            raise

    def names(self, folder: str = "") -> list[str]:
        """Names of the files and folders directly inside, sorted; files that are being written are not among them."""
        found = self._fs.get_file_info(fs.FileSelector(self._full(folder), allow_not_found=True))
        return sorted(info.base_name for info in found if not info.base_name.startswith("."))

    def exists(self, path: str) -> bool:
        return bool(self._fs.get_file_info(self._full(path)).type != fs.FileType.NotFound)

    def delete(self, path: str) -> None:
        """Deletes one file; one that is not there is no error."""
        self._delete(self._full(path))

    def delete_folder(self, folder: str) -> None:
        self._fs.delete_dir(self._full(folder))

    def _full(self, path: str) -> str:
        return f"{self._base}/{path}" if path else self._base

    def _put(self, path: str, data: bytes) -> None:
        with self._fs.open_output_stream(path) as stream:
            stream.write(data)

    def _delete(self, path: str) -> None:
        try:
            self._fs.delete_file(path)
        except FileNotFoundError:
            return
