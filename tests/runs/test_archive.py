"""A run as a zip comes back as it was, and a hostile zip comes to nothing."""

import io
import json
import math
import struct
import tempfile
import tracemalloc
import warnings
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.errors import PlaygroundError
from playground.core.measurement import Row
from playground.runs import archive, importing, zips
from playground.runs.catalog import Catalog, owner_of
from playground.runs.folder import RunFolder
from playground.runs.labels import Label
from playground.runs.records import Ending
from playground.runs.table import to_table
from playground.runs.worker import run_folder
from playground.training.config import RunConfig

ANN = owner_of("ann's cookie")
SMALL = RunConfig.parse(
    {"task": {"kind": "recall", "length": 6}, "hidden": 5, "batch": 4, "updates": 60, "pace": 0, "seed": 3}
)
NUMBERS = st.floats(width=64)  # NaN and ±∞ among them


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """A real run that was stopped in the middle, with a change on its way and a recording."""
    catalog = Catalog(tmp_path_factory.mktemp("stopped"))
    folder = catalog.create(SMALL.patched({"clip.kind": "none", "optimizer.learning_rate": 0.5, "updates": 100}), ANN)
    folder.write_label(Label.of("A name", "and a note", ["tag"]))
    seen = []

    def stop(event):
        seen.append(event)
        if len(seen) == 15:
            folder.steer(changes={"optimizer.learning_rate": 0.25})
        if len(seen) == 60:
            folder.steer(stop=True)

    run_folder(folder.path, stop)
    assert folder.end().outcome == "stopped", folder.end()
    assert folder.interventions()
    assert folder.flights()
    return folder


@pytest.fixture(scope="module")
def packed(stopped):
    return archive.pack(stopped)


def bits(rows):
    return [(row.update, row.wall, {name: np.asarray(v).tobytes() for name, v in row.values.items()}) for row in rows]


def test_a_run_comes_back_whole_under_a_new_name(stopped, packed, tmp_path):
    name, lost = importing.unpack(str(tmp_path), packed, owner_of("bob's cookie"))

    folder = Catalog(tmp_path).get(name)
    assert lost == ""
    assert name != stopped.run_id
    assert folder.owner() == owner_of("bob's cookie")
    assert bits(folder.rows()) == bits(stopped.rows())
    for part in ("config", "specs", "end", "label", "findings", "interventions"):
        assert getattr(folder, part)() == getattr(stopped, part)(), part
    assert [(f.alarm, f.update, f.starts) for f in folder.flights()] == [
        (f.alarm, f.update, f.starts) for f in stopped.flights()
    ]
    for start in folder.flights()[-1].starts:
        states = [
            torch.load(io.BytesIO(one.recordings.state_before(start)), weights_only=True) for one in (folder, stopped)
        ]
        assert torch.equal(states[0]["weights"], states[1]["weights"])
    assert (folder.twin(), folder.group(), folder.origin(), folder.attempts()) == (None, (), None, [])


def test_recordings_stay_behind_where_they_would_make_the_file_too_large(stopped, monkeypatch):
    monkeypatch.setattr(archive, "RECORDED", 1000)
    found = archive.read(archive.pack(stopped))
    assert (found.flights, found.states) == ([], {})
    assert found.checkpoint


def test_it_goes_on_as_the_one_that_was_packed_would(stopped, packed, tmp_path):
    """To the bit: weights, optimiser, generators and what alarms remember are all in the file."""
    copies = [Catalog(tmp_path).get(importing.unpack(str(tmp_path), packed, ANN)[0])]
    kept = tmp_path / "kept" / stopped.run_id
    for source in sorted(Path(stopped.path).rglob("*")):
        if source.is_file():
            target = kept / source.relative_to(stopped.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    copies.append(RunFolder.at(kept))
    for folder in copies:
        Catalog(Path(folder.path).parent).resume(folder.run_id)
        run_folder(folder.path)
        assert folder.end().outcome in ("finished", "diverged")

    one, other = ([(u, values) for u, _, values in bits(folder.rows())] for folder in copies)
    assert len(one) > len(stopped.rows())
    assert one == other
    assert copies[0].findings() == copies[1].findings()


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_whatever_was_measured_comes_back_to_the_bit(data):
    updates = sorted(data.draw(st.sets(st.integers(0, SMALL.updates), max_size=6)))
    label = Label.of(data.draw(st.text(max_size=60)), data.draw(st.text(max_size=99)), ["a", "b"])
    end = data.draw(st.sampled_from([None, Ending(outcome="finished", sentence="Done.", update=60)]))
    with tempfile.TemporaryDirectory() as root:
        folder = RunFolder.create(root, SMALL)
        rows = []
        for update in updates:
            chosen = [spec for spec in folder.specs() if data.draw(st.booleans())]
            fill = data.draw(NUMBERS)
            values = {s.name: np.full(s.shape, fill) if s.axes else fill for s in chosen}
            rows.append(Row(update, 1e9 + update, values))
        if rows:
            folder.parts.write(1, to_table(folder.specs(), 1, rows))
        folder.write_label(label)
        if end:
            folder.write_end(end)

        found = archive.read(archive.pack(folder))

        assert bits(found.rows) == bits(rows)
        assert (found.config, found.label, found.run, found.checkpoint) == (SMALL, label, folder.run_id, None)
        assert found.end == end if end else found.end.outcome == "stopped"


# Strangers' files


def changed(data, **entries):
    """The zip with some entries replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        kept = {name: file.read(name) for name in file.namelist()}
    return zips.write(kept | entries)


def refuses(data, match):
    with pytest.raises(PlaygroundError, match=match):
        archive.read(data)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/x", "/etc/passwd", "..\\x", "config.json/../../x", "parts/all.parquet", "owner", "attempts",
        "control.json", "measurements/../x.npy", "measurements/LOSS.npy", "recordings/1.pt", "rows/", "a" * 3000, "x\n",
    ],
)  # fmt: skip
def test_a_name_that_is_no_part_of_a_run_is_refused(packed, name):
    refuses(changed(packed, **{name: b"x"}), "no part of a run")


def test_two_entries_of_one_name_are_refused(packed):
    sink = io.BytesIO(packed)
    with warnings.catch_warnings(), zipfile.ZipFile(sink, "a") as file:
        warnings.simplefilter("ignore", UserWarning)
        file.writestr("config.json", "{}")
    refuses(sink.getvalue(), "two of one name")


def test_a_link_is_refused(packed):
    sink = io.BytesIO(packed)
    with zipfile.ZipFile(sink, "a") as file:
        entry = zipfile.ZipInfo("end.json" if "end.json" not in file.namelist() else "recordings/999999.pt")
        entry.external_attr = 0o120777 << 16
        file.writestr(entry, "/etc/passwd")
    refuses(sink.getvalue(), "no part of a run")


def test_a_bomb_is_refused_before_it_unfolds(packed, monkeypatch):
    bomb = changed(packed, **{"checkpoint.pt": bytes(zips.UNPACKED)})
    assert len(bomb) < 2**20
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it was unfolded"))
    refuses(bomb, "more than 64 MB")


def test_a_bomb_that_lies_about_its_size_unfolds_no_further_than_it_says(packed):
    data = bytearray(changed(packed, **{"checkpoint.pt": bytes(2**20)}))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        entry = file.getinfo("checkpoint.pt")
    # The size of the whole, in the entry's own header and in the table of contents.
    struct.pack_into("<I", data, entry.header_offset + 22, 100)
    at = data.rindex(b"PK\1\2", 0, data.rindex(b"checkpoint.pt"))
    struct.pack_into("<I", data, at + 24, 100)
    refuses(bytes(data), "cannot be unfolded")


@pytest.mark.parametrize(
    "make",
    [
        lambda _: b"",
        lambda _: b"PK\3\4" + bytes(100),
        lambda data: data[: len(data) // 2],
        lambda data: data + b"x",
        lambda data: data[:-10] + struct.pack("<I", 2**24) + data[-6:],
        lambda _: bytes(zips.LARGEST + 1),
        lambda data: bytes(len(data) - 22) + data[-22:],
    ],
    ids=["nothing", "a beginning", "half", "a tail", "a huge table of contents", "too large", "an end alone"],
)
def test_what_is_no_whole_zip_is_refused(packed, make):
    refuses(make(packed), ".")


def test_every_byte_may_be_wrong(packed):
    """Whatever is turned in the file, it is refused with a sentence, or says the same numbers."""
    import random

    wrong, right = random.Random(0), repr(archive.read(packed))
    for _ in range(100):
        data = bytearray(packed)
        data[wrong.randrange(len(data))] ^= 1 << wrong.randrange(8)
        with suppress(PlaygroundError):
            assert repr(archive.read(bytes(data))) == right


def test_a_bomb_that_lies_takes_no_memory():
    unfolded = []
    entry = zipfile.ZipInfo("checkpoint.pt")
    with zipfile.ZipFile(sink := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(entry, bytes(2**25), zipfile.ZIP_DEFLATED)
    data = bytearray(sink.getvalue())
    struct.pack_into("<I", data, data.rindex(b"PK\1\2") + 24, 100)
    tracemalloc.start()
    with pytest.raises(PlaygroundError, match="cannot be unfolded"):
        zips.Archive(bytes(data)).read("checkpoint.pt", unfolded.append)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 2**20
    assert not unfolded


def test_a_change_is_told_in_our_words(packed, stopped):
    """A script has the sentence in a comment: a stranger's could end the line, and go on as code."""
    known = stopped.interventions()
    strange = [one.model_copy(update={"sentence": "x\nevil()"}).model_dump_json() for one in known]
    assert archive.read(changed(packed, **{"interventions.jsonl": "\n".join(strange)})).interventions == known


DEEP = "[" * 50_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.json", "{}"),
        ("run.json", '{"format": 2, "run": "20260101-000000-0123abcd"}'),
        ("run.json", '{"format": 1, "run": "../../x"}'),
        ("config.json", "null"),
        ("config.json", "{" * 10_000),
        ("config.json", '{"__class__": "os.system"}'),
        ("config.json", json.dumps({"hidden": 10**9})),
        ("config.json", b"\xff\xfe\x00"),
        ("end.json", '{"outcome": "running", "sentence": "", "update": 1}'),
        ("end.json", '{"outcome": "finished", "sentence": "", "update": 100000}'),
        ("end.json", DEEP),
        ("label.json", json.dumps({"name": "x" * 10_000})),
        ("label.json", '{"name": NaN}'),
        ("findings.jsonl", '{"event": "raised"}\n'),
        ("findings.jsonl", DEEP),
        ("findings.jsonl", "{}\n" * (zips.LINES + 1)),
        ("findings.jsonl", b"x" * (zips.TEXT + 1)),
        ("interventions.jsonl", '{"update": 5, "changes": {"hidden": 200}, "sentence": ""}\n'),
        ("interventions.jsonl", '{"update": 5, "changes": {"optimizer.learning_rate": "x"}, "sentence": ""}\n'),
        ("measurements.json", "{}"),
        ("measurements.json", DEEP),
        ("recordings/index.json", json.dumps([{"alarm": "x", "update": 1, "starts": [7], "bytes": 1}])),
    ],
)
def test_wrong_text_is_refused(packed, name, content):
    refuses(changed(packed, **{name: content}), "This is no run|The zip has no|has more than|can be|has a|ends after")


def npy(values, **kwargs):
    sink = io.BytesIO()
    np.save(sink, values, **kwargs)
    return sink.getvalue()


def header(text):
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


class Evil:
    def __reduce__(self):
        return pytest.fail, ("a pickle was loaded",)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows/update.npy", npy(np.array([2, 1]))),
        ("rows/update.npy", npy(np.array([-1, 1]))),
        ("rows/update.npy", npy(np.array([0, 10**6]))),
        ("rows/update.npy", npy(np.array([0.0, 1.0]))),
        ("rows/wall.npy", npy(np.array([math.nan]))),
        ("measurements/loss.npy", npy(np.zeros(3))),
        ("measurements/loss.npy", npy(np.array([Evil()], dtype=object), allow_pickle=True)),
        ("measurements/loss.npy", header("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }\n")),
        ("measurements/loss.npy", header("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }\n") + bytes(8)),
        ("measurements/loss.npy", header("__import__('os').system('x')\n")),
        ("measurements/loss.npy", header("{'descr': [('a', '<f8')] * 9, 'shape': (1,)}\n")),
        ("measurements/loss.npy", header("(" * 400)),
        ("measurements/loss.npy", b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**31)),
        ("measurements/total_gradient.npy", npy(np.zeros((1, 1, 10**5)))),
        ("measurements/total_gradient.at.npy", npy(np.zeros(0, np.int64))),
    ],
)
def test_wrong_arrays_are_refused(packed, name, content):
    refuses(changed(packed, **{name: content}), "updates|clock|array|taken")


def test_a_measurement_that_this_version_does_not_take_is_left_out(packed):
    declared = json.loads(zipfile.ZipFile(io.BytesIO(packed)).read("measurements.json"))
    declared.append({**next(spec for spec in declared if spec["name"] == "loss"), "name": "tomorrow"})
    files = {
        f"measurements/tomorrow{end}.npy": npy(values) for end, values in (("", np.zeros(3)), (".at", np.arange(3)))
    }
    found = archive.read(changed(packed, **files, **{"measurements.json": json.dumps(declared)}))
    assert found.rows
    assert all("tomorrow" not in row.values for row in found.rows)


# Training states


def doubled(times):
    """A list of two lists that are one: 2^times numbers, if anybody counts."""
    value = [0]
    for _ in range(times):
        value = [value, value]
    return value


def saved(value):
    sink = io.BytesIO()
    torch.save(value, sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    "make",
    [
        lambda _: b"nothing",
        lambda _: saved(Evil()),
        lambda _: saved({}),
        lambda state: saved(state | {"weights": torch.zeros(10**6)}),
        lambda state: saved(state | {"memory": torch.zeros(1).expand(10**12)}),
        lambda state: saved(state | {"update": 10**6}),
        lambda state: saved(state | {"changes": {"hidden": 200}}),
        lambda state: zips.write({"data.pkl": saved(state)}),
        lambda state: saved(state | {"carried": doubled(60)}),
        lambda state: saved(state | {"carried": list(torch.zeros(10**4).expand(100, -1).split(1))}),
    ],
    ids=["bytes", "pickle", "empty", "other weights", "huge", "ahead", "other network", "folded", "doubled", "shared"],
)
def test_a_checkpoint_that_cannot_be_loaded_is_left_out_and_the_run_can_be_looked_at(packed, stopped, tmp_path, make):
    state = torch.load(io.BytesIO(stopped.checkpoint().state), weights_only=True)
    name, lost = importing.unpack(str(tmp_path), changed(packed, **{"checkpoint.pt": make(state)}), ANN)

    folder = Catalog(tmp_path).get(name)
    assert "checkpoint cannot be loaded" in lost
    assert folder.checkpoint() is None
    assert bits(folder.rows()) == bits(stopped.rows())


def test_no_bytes_of_a_stranger_are_stored_as_a_training_state(packed, tmp_path):
    """What torch loaded is written anew: an entry behind the pickle, say, is gone."""
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        given = io.BytesIO(file.read("checkpoint.pt"))
    with zipfile.ZipFile(given, "a") as file:
        file.writestr("archive/smuggled", "payload")
    name, _ = importing.unpack(str(tmp_path), changed(packed, **{"checkpoint.pt": given.getvalue()}), ANN)
    folder = Catalog(tmp_path).get(name)
    assert folder.checkpoint() is None or b"smuggled" not in folder.checkpoint().state


def test_an_error_on_the_way_leaves_nothing_behind(packed, tmp_path):
    with pytest.raises(PlaygroundError):
        importing.unpack(str(tmp_path), changed(packed, **{"config.json": "{"}), ANN)
    assert Catalog(tmp_path).ids() == []
