"""What is thrown away is out of sight at once, can be brought back, and is gone in the end."""

import time

import pytest
from pyarrow import fs

from playground.core.errors import PlaygroundError
from playground.runs import trash
from playground.runs.catalog import SHARED_SETTING, Catalog, owner_of
from playground.runs.records import Ending, Heartbeat
from playground.runs.store import Store
from playground.runs.trash import Trash

ANN, BOB = owner_of("ann's cookie"), owner_of("bob's cookie")
DONE = Ending(outcome="finished", sentence="Done.", update=60)


def test_a_run_in_the_trash_is_nobodys_to_see_until_it_is_brought_back(catalog, config):
    folder, other = catalog.create(config, ANN), catalog.create(config, ANN)
    folder.write_end(DONE)

    catalog.trash(folder.run_id)

    assert catalog.ids() == [other.run_id]
    assert [run.run_id for run in catalog.list(ANN)] == [other.run_id]
    assert not catalog.may_watch(folder.run_id, ANN)
    assert not catalog.may_control(folder.run_id, ANN)
    assert catalog.in_trash(folder.run_id)
    assert not catalog.in_trash("../x")

    catalog.restore(folder.run_id)
    assert catalog.may_control(folder.run_id, ANN)
    assert folder.end() == DONE
    assert not catalog.in_trash(folder.run_id)


def test_a_run_that_goes_on_stays_and_one_that_waits_is_stopped(catalog, config):
    folder, waiting = catalog.create(config, ANN), catalog.create(config, ANN)
    folder.write_attempts(["a"])
    folder.write_heartbeat(Heartbeat(attempt="a", time=time.time(), update=1))

    with pytest.raises(PlaygroundError, match="Stop it, then delete it"):
        catalog.trash(folder.run_id)
    catalog.trash(waiting.run_id)

    assert waiting.control().stop
    assert [run.run_id for run in catalog.unfinished()] == [folder.run_id]


def test_the_trash_is_emptied_by_age_and_by_number(catalog, config, monkeypatch, tmp_path):
    names = []
    for second in range(4):
        folder = catalog.create(config, ANN)
        monkeypatch.setattr(time, "time", lambda second=second: 1e9 + second)
        catalog.trash(folder.run_id)
        monkeypatch.undo()
        names.append(folder.run_id)
    monkeypatch.setattr(trash, "HOLDS", 3)
    monkeypatch.setattr(time, "time", lambda: 1e9 + trash.KEPT + 1.5)

    catalog.empty_trash()

    # The first is too many, and the second too old as well.
    assert sorted(p.name for p in (tmp_path / "runs").iterdir() if p.is_dir() and p.name[0] != ".") == sorted(names[2:])
    with pytest.raises(PlaygroundError, match="Unknown run"):
        catalog.restore(names[0])
    catalog.restore(names[3])
    assert catalog.ids() == [names[3]]


def test_it_works_on_a_store_of_objects():
    """Where there are no folders until something lies in them."""
    store = Store("mock://", fs.FileSystem.from_uri("mock:///")[0], "bucket")
    kept = Trash(store)
    assert kept.names() == []
    assert "x" not in kept
    kept.throw("20260101-000000-0123abcd")
    assert kept.names() == ["20260101-000000-0123abcd"]
    assert store.names() == []
    kept.bring_back("20260101-000000-0123abcd")
    assert kept.names() == []


def test_with_a_shared_history_everybody_watches_and_nobody_steers(catalog, config, monkeypatch):
    folder = catalog.create(config, ANN)
    assert not catalog.may_watch(folder.run_id, BOB)
    monkeypatch.setenv(SHARED_SETTING, "1")
    shared = Catalog(catalog.root)
    assert shared.shared
    assert not catalog.shared
    for owner in (ANN, BOB, None):
        assert shared.may_watch(folder.run_id, owner)
        assert shared.may_control(folder.run_id, owner) == (owner == ANN)
        assert [run.run_id for run in shared.list(owner)] == [folder.run_id]
