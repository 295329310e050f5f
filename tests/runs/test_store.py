"""Files are whole or not there, on a disk and in an object store."""

import errno
import threading

import pytest
from pyarrow import fs

from playground.runs.store import Store, runs_root


@pytest.fixture(params=["disk", "url", "objects"])
def store(request, tmp_path):
    if request.param == "disk":
        return Store.at(tmp_path)
    if request.param == "url":
        return Store.at(tmp_path.as_uri())
    # Arrow's own stand-in for object stores, in memory.
    return Store("mock://", fs.FileSystem.from_uri("mock:///")[0], "bucket/runs")


def test_what_is_written_is_read_and_listed(store):
    store.create_folder("run", {"config.json": b"{}"}, subfolders=["parts"])
    store.write("run/config.json", b"[1]")
    store.write("run/parts/2", b"two")
    store.write("run/parts/1", b"one")
    assert store.read("run/config.json") == b"[1]"
    assert store.names("run/parts") == ["1", "2"]
    assert store.names() == ["run"]
    assert store.names("run") == ["config.json", "parts"]
    store.delete("run/parts/1")
    store.delete("run/parts/1")
    assert store.names("run/parts") == ["2"]
    store.delete_folder("run")
    assert not store.exists("run")
    assert store.names("nowhere") == []


def test_a_file_that_is_not_there_is_not_found(store):
    with pytest.raises(FileNotFoundError):
        store.read("nowhere/file")


def test_readers_see_the_old_file_or_the_new_one(tmp_path):
    store = Store.at(tmp_path)
    store.create_folder("run", {"file": b"a" * 50_000}, subfolders=["parts"])
    seen, over = set(), threading.Event()

    def read():
        while not over.is_set():
            seen.add(bytes(set(store.read("run/file"))))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(200):
        store.write("run/file", (b"a", b"b")[number % 2] * 50_000)
    over.set()
    reader.join()
    assert seen <= {b"a", b"b"}


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    store = Store.at(tmp_path)
    store.create_folder("run", {"file": b"old"}, subfolders=["parts"])

    def full(path, data):
        (tmp_path / "run" / path.rpartition("/")[2]).write_bytes(data[:1])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "_put", full)
    with pytest.raises(OSError, match="No space"):
        store.write("run/file", b"new")
    assert store.read("run/file") == b"old"
    assert sorted(p.name for p in (tmp_path / "run").iterdir()) == ["file", "parts"]


def test_the_root_is_a_setting(monkeypatch, tmp_path):
    monkeypatch.delenv("PLAYGROUND_RUNS", raising=False)
    assert "rnn-playground" in runs_root()
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path))
    assert runs_root() == str(tmp_path)


def test_a_folder_that_cannot_be_made_leaves_nothing(tmp_path, monkeypatch):
    store = Store.at(tmp_path)

    def full(_path, _data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "_put", full)
    with pytest.raises(OSError, match="No space"):
        store.create_folder("run", {"file": b"x"}, subfolders=["parts"])
    assert list(tmp_path.iterdir()) == []
