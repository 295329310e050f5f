"""What is taken away of a map holds every number of every network, and opens in what people have."""

import csv as lines
import io
import math
import subprocess
import sys

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.runs.store import Store
from playground.sweeps.folder import MapFolder, Record
from playground.sweeps.member import Member
from playground.sweeps.outcome import Outcome
from playground.sweeps.table import csv, parquet, parquet_at, table
from tests.sweeps.grids import CLIP, GAIN, LENGTH, RATE, spec

INF, NAN = float("inf"), float("nan")
SHUFFLED = GAIN.model_validate({"path": "shuffle_time", "values": [False, True]})
MAP = spec(RATE, CLIP, LENGTH, seeds=2)
numbers = st.floats(allow_nan=True, allow_infinity=True)
updates = st.none() | st.integers(0, 2000)
members = st.lists(
    st.builds(
        Member,
        cell=st.sampled_from(MAP.cells()), seed=st.integers(0, 1), updates=st.integers(0, 200), over=st.booleans(),
        metric=numbers, loss=numbers, solved=updates, diverged=updates, blew_up=updates, ratio_first=numbers,
        ratio=numbers, largest_norm=numbers, clipped=st.floats(0, 1), horizon=numbers, sigma_max=numbers,
        gamma=st.none() | numbers, g2=numbers, input_variance=numbers,
    ),
    max_size=6, unique_by=lambda m: (m.cell, m.seed),
)  # fmt: skip


def same(one, other):
    """NaN is NaN here, and −0 is not 0."""
    return repr(one) == repr(other)


@given(members)
@settings(max_examples=25)
def test_a_line_of_csv_holds_its_network(given_members):
    text = csv(MAP, given_members)
    rows = list(lines.DictReader(io.StringIO(text)))
    assert len(rows) == len(given_members)
    for row, member in zip(rows, sorted(given_members, key=lambda m: (m.cell, m.seed)), strict=True):
        assert int(row["cell"]) == member.cell
        assert int(row["seed"]) == MAP.config(member.cell, member.seed).seed
        for path, value in MAP.settings(member.cell).items():
            assert row[path] == str(value)
        for name in set(Member.model_fields) - {"cell", "seed"}:
            value, said = getattr(member, name), row[name]
            if value is None:
                assert said == ""
            elif isinstance(value, bool):
                assert said == str(value).lower()
            else:
                assert same(type(value)(said), value)


@given(members)
@settings(max_examples=12)
def test_parquet_holds_the_same(given_members):
    found = pq.read_table(io.BytesIO(parquet(MAP, given_members)))
    names, rows = table(MAP, given_members)
    assert tuple(found.column_names) == names
    assert same([tuple(row.values()) for row in found.to_pylist()], rows)


def test_columns():
    mine = Member(cell=1, seed=1, updates=200, over=True, metric=1.0, solved=40, ratio=0.1)
    both = spec(GAIN, SHUFFLED, seeds=2, base={"seed": 7})
    header, line = csv(both, [mine]).splitlines()
    assert header.startswith("cell,seed,cell.recurrent_init.gain,shuffle_time,outcome,updates,over,metric,loss,solved,")
    assert line.startswith("1,8,0.6,false,learns,200,true,1.0,nan,40,")
    kinds = {field.name: str(field.type) for field in pq.read_table(io.BytesIO(parquet(both, [mine]))).schema}
    assert [kinds[name] for name in ("cell.recurrent_init.gain", "shuffle_time", "outcome", "solved", "gamma")] == [
        "double", "bool", "string", "int64", "double",
    ]  # fmt: skip
    assert pq.read_table(io.BytesIO(parquet(both, []))).num_rows == 0


def test_the_outcome_is_the_one_of_the_map():
    rows = table(MAP, [Member(cell=0, seed=0), Member(cell=0, seed=1, updates=5, metric=0.25, ratio=0.0)]).rows
    assert [row[5] for row in rows] == [None, "forgets"]
    assert rows[1][5] == Outcome.FORGETS


def test_no_text_is_a_formula():
    from playground.sweeps.table import _cell

    assert _cell("=1+1") == "'=1+1"
    assert _cell(-1.5) == -1.5
    text = csv(MAP, [Member(cell=0, seed=0, metric=-INF)])
    assert "-inf" in text
    assert not any(each.startswith("=") for row in lines.reader(io.StringIO(text)) for each in row)


def test_a_worker_finds_the_map_by_its_path(tmp_path):
    mine = Member(cell=3, seed=0, updates=200, over=True, metric=INF, ratio=NAN)
    folder = MapFolder.create(Store.at(str(tmp_path)), "20260131-235959-0123abcd", MAP, known=Record(members=(mine,)))
    (row,) = pq.read_table(io.BytesIO(parquet_at(folder.path))).to_pylist()
    assert (row["cell"], row["metric"]) == (3, INF)
    assert math.isnan(row["ratio"])


def test_the_screen_loads_none_of_it():
    """CSV, JSON and the sentence are made in the server."""
    code = (
        "import sys; import playground.sweeps.table, playground.sweeps.reading, playground.sweeps.marginals; "
        "print([name for name in ('torch', 'pandas', 'pyarrow.parquet', 'pyarrow.compute') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
