"""Small files under one root, on a disk or in an object store, each written whole or not at all."""

import hashlib
import os
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import platformdirs
from pyarrow import NativeFile, fs

ROOT_SETTING = "PLAYGROUND_RUNS"

TRIES = 10
"""Readings of a file that is written anew amid each of them."""


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
            return cls(text, *fs.FileSystem.from_uri(_delayed(text)))
        path = Path(text).expanduser().absolute()
        return cls(str(path), fs.LocalFileSystem(), path.as_posix())

    def under(self, folder: str) -> "Store":
        """The same storage with one of its folders as the root."""
        place, mark, query = self.location.partition("?")
        return Store(f"{place.rstrip('/')}/{folder}{mark}{query}", self._fs, f"{self._base}/{folder}")

    def read(self, path: str) -> bytes:
        full = self._full(path)
        for _ in range(TRIES):
            data = self._read(full)
            if data is not None:
                return data
        raise OSError(f"{path} was written anew each of {TRIES} times that it was read.")

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

    def make_folder(self, name: str) -> None:
        """An empty one, where there is none. S3 needs none to put a file there, and would be asked for each level."""
        if self._fs.type_name != "s3":
            self._fs.create_dir(self._full(name), recursive=True)

    def names(self, folder: str = "") -> list[str]:
        """Names of the files and folders directly inside, sorted; files that are being written are not among them."""
        found = self._fs.get_file_info(fs.FileSelector(self._full(folder), allow_not_found=True))
        return sorted(info.base_name for info in found if not info.base_name.startswith("."))

    def versions(self, folder: str) -> dict[str, tuple[int, int]]:
        """Size in bytes and time in nanoseconds of each file directly inside: what is as it was need not be read."""
        found = self._fs.get_file_info(fs.FileSelector(self._full(folder), allow_not_found=True))
        return {
            info.base_name: (info.size, info.mtime_ns or 0)
            for info in found
            if info.is_file and not info.base_name.startswith(".")
        }

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

    def _read(self, path: str) -> bytes | None:
        """A whole file; None for one that is written anew meanwhile.

        An object store is asked twice, for the size and for so many bytes, which may be of two versions of the file.
        A tag names the version: the MD5 of what is in it, as long as it is not encrypted with a key of its own.
        """
        # Not as a stream: that asks for each quarter of a megabyte on its own.
        with self._fs.open_input_file(path) as file:
            tag = _tag(file)
            try:
                data = bytes(file.read())
            except OSError:
                if tag == self._tag(path):
                    raise
                return None
        same = not tag or tag == hashlib.md5(data, usedforsecurity=False).hexdigest() or tag == self._tag(path)
        return data if same else None

    def _tag(self, path: str) -> str:
        with self._fs.open_input_file(path) as file:
            return _tag(file)

    def _delete(self, path: str) -> None:
        try:
            self._fs.delete_file(path)
        except FileNotFoundError:
            return


def _tag(file: NativeFile) -> str:
    """Which version of an object is read; "" on a disk."""
    return bytes(file.metadata().get("ETag", b"")).decode().strip('"')


def _delayed(url: str) -> str:
    """The URL for which a small file is one request to S3 instead of three: begun, sent, ended."""
    if not url.startswith("s3:") or "allow_delayed_open" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}allow_delayed_open=true"
