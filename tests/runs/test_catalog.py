"""Who sees which run, and how many there may be."""

import shutil
from pathlib import Path

import pytest

from playground.core.errors import PlaygroundError
from playground.runs.catalog import IN_ALL, PER_OWNER, Catalog, TooManyRuns, owner_of
from playground.runs.folder import RunFolder
from playground.runs.records import Ending, Heartbeat
from playground.runs.status import RunStatus

ANN, BOB = owner_of("ann's cookie"), owner_of("bob's cookie")
DONE = Ending(outcome="finished", sentence="Done.", update=60)


def test_a_cookie_is_stored_as_a_hash_only(catalog, config):
    folder = catalog.create(config, ANN)
    assert len(ANN) == 64
    for file in (Path(catalog.root) / folder.run_id).rglob("*"):
        assert not file.is_file() or b"cookie" not in file.read_bytes()


def test_everybody_sees_their_own_runs_and_nobodys(catalog, config):
    mine, theirs, open_to_all = catalog.create(config, ANN), catalog.create(config, BOB), catalog.create(config)
    assert {s.run_id for s in catalog.list(ANN)} == {mine.run_id, open_to_all.run_id}
    assert {s.run_id for s in catalog.list(None)} == {open_to_all.run_id}
    for may in (catalog.may_watch, catalog.may_control):
        assert may(mine.run_id, ANN)
        # What the command line made is for all to see, and for nobody's browser to stop or delete.
        for anybody in (ANN, None):
            assert may(open_to_all.run_id, anybody) == (may == catalog.may_watch)
        assert not may(theirs.run_id, ANN)
        assert not may(mine.run_id, None)
        assert not may("../" + mine.run_id, ANN)
        assert not may("20260101-000000-0123abcd", ANN)


def test_a_run_whose_owner_cannot_be_read_is_nobodys_to_see(catalog, config):
    folder = catalog.create(config, ANN)
    (Path(catalog.root) / folder.run_id / "owner").write_bytes(b"\xff\xfe")
    assert not catalog.may_watch(folder.run_id, ANN)
    assert not catalog.may_control(folder.run_id, ANN)
    assert [summary.status for summary in catalog.list(BOB)] == [RunStatus.BROKEN]
    assert catalog.unfinished() == []
    catalog.create(config, BOB)


def test_whose_a_run_is_is_read_once(catalog, config, monkeypatch):
    mine, theirs = catalog.create(config, ANN), catalog.create(config, BOB)
    for _ in range(2):
        assert [folder.run_id for folder in catalog.watchable(ANN)] == [mine.run_id]
        monkeypatch.setattr(RunFolder, "owner", lambda _: pytest.fail("read again"))
        assert catalog.may_control(theirs.run_id, BOB)
        assert not catalog.may_watch(theirs.run_id, ANN)


def test_newest_first_and_foreign_files_do_not_matter(catalog, config, tmp_path):
    catalog.create(config)
    root = Path(catalog.root)
    (root / "notes.txt").write_text("mine")
    (root / "99999999-999999-ffffffff").mkdir()
    (root / ".hidden").mkdir()
    for stamp in ("20200101-000000-00000000", "20220101-000000-00000000", "20210101-000000-00000000"):
        shutil.copytree(root / catalog.ids()[0], root / stamp)
    assert [run_id[:4] for run_id in catalog.ids()][1:] == ["2022", "2021", "2020"]
    assert [s.run_id for s in catalog.list()] == catalog.ids()
    assert [s.run_id for s in catalog.list(limit=2)] == catalog.ids()[:2]
    assert Catalog(tmp_path / "nothing").list() == []


def test_an_unknown_run_is_an_error_that_names_no_other(catalog, config):
    folder = catalog.create(config)
    assert catalog.get(folder.run_id).run_id == folder.run_id
    with pytest.raises(PlaygroundError, match="Unknown run '20260101-000000-0123abcd'") as error:
        catalog.get("20260101-000000-0123abcd")
    assert folder.run_id not in str(error.value)
    with pytest.raises(PlaygroundError, match="is not a run's name"):
        catalog.get("..")


def test_each_owner_has_a_few_runs_at_a_time(catalog, config):
    mine = [catalog.create(config, ANN) for _ in range(PER_OWNER)]
    with pytest.raises(TooManyRuns, match="Stop one of them first"):
        catalog.create(config, ANN)
    catalog.create(config, BOB)
    catalog.create(config)
    mine[0].write_end(DONE)
    again = catalog.create(config, ANN)
    with pytest.raises(TooManyRuns):
        catalog.create(config, ANN)
    again.steer(stop=True)
    catalog.create(config, ANN)


def test_there_is_a_limit_for_all_together_but_not_for_the_command_line(catalog, config):
    folders = [catalog.create(config) for _ in range(IN_ALL)]
    with pytest.raises(TooManyRuns, match="Try again when some have ended"):
        catalog.create(config, ANN)
    catalog.create(config)
    for folder in folders[:2]:
        folder.write_end(DONE)
    catalog.create(config, ANN)


def test_broken_runs_take_nobodys_place(catalog, config):
    for _ in range(PER_OWNER):
        folder = catalog.create(config, ANN)
        (Path(catalog.root) / folder.run_id / "config.json").write_bytes(b"{")
    catalog.create(config, ANN)
    assert [s.status for s in catalog.list(ANN)].count(RunStatus.BROKEN) == PER_OWNER


def test_a_run_is_deleted_unless_a_worker_is_at_it(catalog, config):
    import time

    folder = catalog.create(config)
    folder.write_attempts(["a"])
    folder.write_heartbeat(Heartbeat(attempt="a", time=time.time(), update=1))
    with pytest.raises(PlaygroundError, match="Stop it, then delete it"):
        catalog.delete(folder.run_id)
    folder.write_end(DONE)
    catalog.delete(folder.run_id)
    assert catalog.ids() == []
