"""Runs on S3: what is asked of it, and that nobody ever reads a part of a file."""

import pytest

from playground.runs.catalog import Catalog
from playground.runs.store import Store
from playground.runs.worker import run_folder
from tests.runs.objects import ACCESS, objects


@pytest.fixture(scope="module")
def bucket():
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ACCESS.items():
            patch.setenv(name, value)
        with objects() as found:
            yield found


@pytest.fixture
def store(bucket, request):
    store = Store.at(bucket.url(request.node.name.partition("[")[0]))
    store.write("file", b"a" * 100)
    bucket.forget()
    return store


def test_folders_and_files_are_as_on_a_disk(store):
    store.create_folder("run", {"config.json": b"{}", "parts/1": b"one"}, subfolders=["parts", "flight"])
    assert (store.names(), store.names("run")) == (["file", "run"], ["config.json", "flight", "parts"])
    assert (store.names("run/parts"), store.names("run/flight"), store.names("nowhere")) == (["1"], [], [])
    assert all(map(store.exists, ("file", "run", "run/flight")))
    assert not store.exists("ru")
    store.delete("run/parts/1")
    store.delete("run/parts/1")
    assert store.exists("run/parts")
    assert store.names("run/parts") == []
    with pytest.raises(FileNotFoundError):
        store.read("run/parts/1")
    assert store.under("run").read("config.json") == b"{}"
    assert Store.at(store.under("run").location).read("config.json") == b"{}"
    store.delete_folder("run")
    assert store.names() == ["file"]
    assert not store.exists("run")


@pytest.mark.parametrize("size", [10, 3_000_000])
def test_a_file_is_one_request_to_write_and_two_to_read(store, bucket, size):
    store.write("file", b"x" * size)
    assert bucket.asked == {"PUT": 1}
    bucket.forget()
    assert store.read("file") == b"x" * size
    assert bucket.asked.total() == 2


def test_a_file_in_several_parts_is_read_whole(store):
    """Its tag is no MD5 of what is in it."""
    large = bytes(range(256)) * 50_000
    store.write("file", large)
    assert store.read("file") == large


@pytest.mark.parametrize("length", [1, 50, 99, 100, 101, 3_000_000])
def test_a_file_that_changes_while_it_is_read_is_the_old_one_or_the_new_one(store, bucket, length):
    new = b"b" * length
    bucket.meanwhile = lambda: store.write("file", new)
    assert store.read("file") == new


def test_a_file_that_is_deleted_while_it_is_read_is_not_there(store, bucket):
    bucket.meanwhile = lambda: store.delete("file")
    with pytest.raises(FileNotFoundError):
        store.read("file")


def test_a_file_that_changes_all_the_time_is_given_up(store, bucket):
    letters = iter(range(ord("b"), 256))

    def again():
        store.write("file", bytes([next(letters)] * 100))
        bucket.meanwhile = again

    bucket.meanwhile = again
    with pytest.raises(OSError, match="was written anew"):
        store.read("file")
    bucket.meanwhile = None


def test_a_listing_is_one_request_for_a_thousand_names(store, bucket):
    for number in range(30):
        store.write(f"folder/{number:02}", b"x")
    bucket.forget()
    assert len(store.names("folder")) == len(store.versions("folder")) == 30
    assert bucket.asked == {"LIST": 2}


def test_a_whole_run_has_the_same_bits_and_a_look_at_it_costs_little(bucket, config, same_bits):
    config = config.patched({"updates": 20})
    catalog = Catalog(bucket.url("whole"))
    folder = catalog.create(config, "somebody")
    run_folder(folder.path)
    same_bits(folder, config)
    bucket.forget()
    (summary,) = Catalog(bucket.url("whole")).list("somebody")
    assert summary.status == "finished"
    # Its name and the trash; then five small files, each for its size and for what is in it.
    assert (bucket.asked["LIST"], bucket.asked["HEAD"], bucket.asked["GET"]) == (2, 5, 5)
    assert catalog.unfinished() == []
    bucket.forget()
    assert catalog.unfinished() == []
    assert (bucket.asked["LIST"], bucket.asked["HEAD"], bucket.asked["GET"]) == (2, 0, 0)


def test_a_run_is_thrown_away_and_brought_back_and_deleted(bucket, config):
    catalog = Catalog(bucket.url("trash"))
    folder = catalog.create(config, "somebody")
    catalog.trash(folder.run_id)
    assert catalog.list("somebody") == []
    catalog.restore(folder.run_id)
    assert [run.run_id for run in catalog.list("somebody")] == [folder.run_id]
    catalog.delete(folder.run_id)
    assert catalog.ids() == []
