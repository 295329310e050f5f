"""A map's folder: what is written is what is read, and a look reads only what has changed."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.errors import BrokenRun, PlaygroundError
from playground.runs.store import Store
from playground.sweeps.folder import NOTHING, End, MapFolder, Record, merge
from playground.sweeps.member import Member
from playground.sweeps.spec import MapSpec

SPEC = MapSpec.parse({"base": {"hidden": 4}, "x": {"path": "hidden", "values": [4, 6]}, "seeds": 2, "updates": 10})
NAME = "20260131-235959-0123abcd"


@pytest.fixture
def folder(tmp_path):
    return MapFolder.create(Store.at(tmp_path), NAME, SPEC, "somebody")


def test_another_process_finds_it_by_its_path(folder):
    again = MapFolder.at(folder.path)
    assert (again.map_id, again.spec(), again.owner()) == (NAME, SPEC, "somebody")
    assert again.started.year == 2026


@pytest.mark.parametrize("name", ["", "..", "../etc", "20260131-235959", "20260131-235959-0123abcd/..", "whole"])
def test_no_strangers_text_becomes_a_path(tmp_path, name):
    with pytest.raises(PlaygroundError, match="is not a map's name"):
        MapFolder(tmp_path, name)


def test_a_wish_changes_only_what_it_names(folder):
    assert not folder.control().paused
    folder.steer(paused=True)
    folder.steer(stopped=True)
    assert (folder.control().paused, folder.control().stopped) == (True, True)
    with pytest.raises(ValueError, match="extra"):
        folder.steer(limit=3)


def test_a_look_reads_only_what_has_changed(folder, monkeypatch):
    assert folder.seen() is NOTHING
    folder.write_record("a", Record(members=(Member(cell=0, seed=0, updates=3),)))
    folder.write_record("b", Record(members=(Member(cell=1, seed=0, updates=5),), failures={0: "Too large."}))
    first = folder.seen()
    assert first.failures == {0: "Too large."}
    assert folder.seen(first) is first
    read, names = folder._store.read, []
    monkeypatch.setattr(folder._store, "read", lambda path: names.append(path) or read(path))
    folder.write_record("a", Record(members=(Member(cell=0, seed=0, updates=10, over=True),)))
    second = folder.seen(first)
    assert names == [f"{NAME}/blocks/a.json"]
    assert second.members[0, 0].over
    assert second.members[1, 0] is first.members[1, 0]
    assert [member.updates for member in folder.members()] == [10, 5]


def test_one_block_instead_of_many_holds_the_same(folder):
    for seed in range(2):
        folder.write_record(
            f"block{seed}", Record(members=(Member(cell=0, seed=seed, over=True),), failures={1: "No."})
        )
    before = folder.seen()
    folder.put_together(before)
    after = folder.seen(before)
    assert (repr(after.members), after.failures) == (repr(before.members), before.failures)
    assert repr(folder.seen().members) == repr(before.members)
    assert len(after.versions) == 1


def test_what_was_begun_anew_does_not_take_back_what_was_measured():
    held = {(0, 0): Member(cell=0, seed=0, updates=7)}
    merge(held, [Member(cell=0, seed=0, updates=2)])
    assert held[0, 0].updates == 7
    merge(held, [Member(cell=0, seed=0, updates=4, over=True)])  # it diverged
    merge(held, [Member(cell=0, seed=0, updates=9)])
    assert held[0, 0].updates == 4


numbers = st.floats() | st.just(math.nan)


@settings(max_examples=30)
@given(
    members=st.lists(
        st.builds(
            Member, cell=st.integers(0, 9), seed=st.integers(0, 9), updates=st.integers(0, 99), over=st.booleans(),
            metric=numbers, loss=numbers, solved=st.none() | st.integers(0, 99), largest_norm=numbers,
            gamma=st.none() | numbers,
        ),
        max_size=4,
    ),
    failures=st.dictionaries(st.integers(0, 9), st.text(st.characters(exclude_categories=["Cs"]), max_size=20)),
)  # fmt: skip
def test_records_keep_every_number_nan_and_infinity_too(members, failures):
    record = Record(members=tuple(members), failures=failures)
    assert repr(Record.model_validate_json(record.model_dump_json())) == repr(record)


def test_what_is_damaged_says_so(folder, tmp_path):
    folder.write_end(End(time=1.0, done=1, of=2, sentence=""))
    assert folder.end() == End(time=1.0, done=1, of=2, sentence="")
    (tmp_path / NAME / "blocks" / "a.json").write_text('{"members": 3}')
    with pytest.raises(BrokenRun, match=r"blocks/a\.json of map 20260131-235959-0123abcd cannot be read"):
        folder.seen()
    (tmp_path / NAME / "spec.json").unlink()
    with pytest.raises(BrokenRun, match=r"has no spec\.json"):
        MapFolder.at(folder.path).spec()
