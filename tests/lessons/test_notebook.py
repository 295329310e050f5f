"""A browser's answers: the first one counts, what comes of it is added, and nothing of a stranger's does harm."""

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from playground.core.errors import PlaygroundError
from playground.core.spreadsheets import DANGEROUS, harmless
from playground.lessons import notebook
from playground.lessons.challenge import Attempt
from playground.lessons.notebook import Entry, Notebook, NotKept
from playground.runs.catalog import Catalog, owner_of
from playground.runs.store import Store

ANNE, BEN = owner_of("anne"), owner_of("ben")
NOW = datetime(2026, 1, 31, 12, 30, tzinfo=UTC)
RUN, OTHER = "20260131-235959-0123abcd", "20260131-235959-0123abce"


def entry(question="outcome", answer=1, **more):
    return Entry(
        **{
            "lesson": "vanishing",
            "question": question,
            "ask": "What?",
            "answer": answer,
            "answered": "High.",
            "seed": 0,
        }
        | {"at": NOW}
        | more
    )


@pytest.fixture
def store(tmp_path):
    return Store.at(tmp_path / "runs")


def test_an_empty_one(store):
    book = Notebook(store, ANNE)
    assert book.entries() == ()
    assert json.loads(book.as_json()) == []
    assert len(book.as_csv().splitlines()) == 1
    book.forget("vanishing")
    assert not store.exists(notebook.FOLDER)  # who only looks leaves nothing behind


def test_what_was_put_is_there_for_its_owner_alone(store):
    Notebook(store, ANNE).put(entry())
    Notebook(store, ANNE).put(entry("curve", (-1.0, 0.5), lesson="bptt"))
    assert [e.question for e in Notebook(store, ANNE).entries()] == ["outcome", "curve"]
    assert Notebook(store, ANNE).entries("bptt")[0].answer == (-1.0, 0.5)
    assert Notebook(store, BEN).entries() == ()


def test_the_first_answer_counts(store):
    book = Notebook(store, ANNE)
    book.put(entry(answer=1))
    book.put(entry(answer=0, points=1.0, truth="Low."))  # another answer, and its points
    assert book.entries() == (entry(answer=1),)
    book.put(entry(answer=1, points=0.0, truth="Low.", run=RUN))
    assert book.entries() == (entry(answer=1, points=0.0, truth="Low.", run=RUN),)
    book.put(entry(answer=1, points=1.0, truth="High."))  # a second run
    assert book.entries()[0].points == 0.0


def test_two_tabs_that_answer_at_once_lose_nothing(store):
    def answer(tab):
        for number in range(20):
            Notebook(store, ANNE).put(entry(f"{tab}{number}"))

    with ThreadPoolExecutor() as pool:
        list(pool.map(answer, "ab"))
    assert len(Notebook(store, ANNE).entries()) == 40


def test_show_me_counts_too(store):
    book = Notebook(store, ANNE)
    book.put(entry(answer=None, answered="I do not know."))
    book.put(entry(answer=1, points=1.0))
    assert book.entries()[0].answer is None
    assert book.entries()[0].points is None


def test_forgetting_a_lesson(store):
    book = Notebook(store, ANNE)
    book.put(entry())
    book.put(entry(lesson="bptt"))
    book.forget("vanishing")
    assert [e.lesson for e in book.entries()] == ["bptt"]


def test_attempts_are_kept_with_what_is_known_of_them(store):
    book = Notebook(store, ANNE)
    book.put(entry())
    book.attempt("vanishing", Attempt(RUN, 0, False), Attempt(OTHER, 0, False))
    book.attempt("vanishing", Attempt(RUN, 8, True))
    assert Notebook(store, ANNE).attempts("vanishing") == (Attempt(RUN, 8, True), Attempt(OTHER, 0, False))
    assert (book.attempts("bptt"), Notebook(store, BEN).attempts("vanishing")) == ((), ())
    assert json.loads(store.read(f"answers/{ANNE}.json"))["attempts"] == {
        "vanishing": [[RUN, 8, True], [OTHER, 0, False]]
    }
    assert len(json.loads(book.as_json())) == len(book.as_csv().splitlines()) - 1 == 1

    book.start_over("vanishing")
    assert (book.attempts("vanishing"), len(book.entries())) == ((), 1)
    book.attempt("vanishing", Attempt(RUN, 8, True))
    book.forget("vanishing")
    assert (book.attempts("vanishing"), book.entries()) == ((), ())


def test_so_many_attempts_at_most(store):
    book = Notebook(store, ANNE)
    runs = [Attempt(f"20260131-235959-{number:08x}", 1, False) for number in range(notebook.MOST_ATTEMPTS + 1)]
    for number in range(notebook.MOST_CHALLENGES + 1):
        book.attempt(f"lesson{number}", *runs)
    assert (book.attempts("lesson0"), book.attempts("lesson1")) == ((), tuple(runs[1:]))
    book.attempt("lesson1", Attempt(RUN, 1, False))  # which makes it the newest
    book.attempt("more", Attempt(RUN, 1, False))
    assert (len(book.attempts("lesson1")), book.attempts("lesson2")) == (notebook.MOST_ATTEMPTS, ())
    for number in range(80):
        book.put(entry(f"q{number}", (-1.0,) * notebook.MOST_POINTS))
    assert len(store.read(f"answers/{ANNE}.json")) <= notebook.MOST_BYTES
    assert book.entries()[-1].question == "q79"


def test_held_it_is_read_once_and_knows_what_it_writes(store, monkeypatch):
    def read(self, path, before=Store.read):
        paths.append(path)
        return before(self, path)

    paths = []
    book, other = Notebook(store, ANNE), Notebook(store, ANNE)
    book.put(entry())
    monkeypatch.setattr(Store, "read", read)
    with book.held():
        assert len(book.entries()) == 1
        assert book.attempts("vanishing") == ()
        assert len(paths) == 1
        other.put(entry("theirs"))  # from another tab
        book.put(entry("mine"))
        assert [e.question for e in book.entries()] == ["outcome", "theirs", "mine"]
        book.forget("vanishing")
        assert book.entries() == ()
        assert len(paths) == 4, "only what writes reads again"
    other.put(entry())
    assert len(book.entries()) == 1


def test_what_cannot_be_kept_is_said_without_the_path(store, tmp_path, monkeypatch):
    def denied(*_):
        raise PermissionError(13, f"Failed to open {tmp_path}")

    book = Notebook(store, ANNE)
    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", denied)
        with pytest.raises(
            NotKept, match=r"^Your answers cannot be kept now: Permission denied\. Ask who runs this server\.$"
        ):
            book.put(entry())
    (tmp_path / "runs" / "answers" / f"{ANNE}.json").mkdir(parents=True)
    for act in (book.entries, book.as_csv, lambda: book.put(entry()), lambda: book.forget("x"), book.held().__enter__):
        with pytest.raises(NotKept) as raised:
            act()
        assert str(tmp_path) not in str(raised.value)


@pytest.mark.parametrize("owner", ["", "anne", "../" + ANNE, ANNE.upper(), ANNE + "\n", ANNE[:-1], "x" * 64])
def test_no_strangers_text_becomes_a_path(store, owner):
    with pytest.raises(PlaygroundError, match="nobody's notebook"):
        Notebook(store, owner)


@pytest.mark.parametrize("broken", [b"", b"{", b"[1]", b'[{"lesson": "x"}]', b"\xff\xfe", b"null", b"[" * 5000, b"[]",
     b'{"format":2}', b'{"format":1,"attempts":{"a":[["x",1,true]]}}'])  # fmt: skip
def test_a_broken_one_begins_anew_and_is_kept_aside(store, broken):
    book = Notebook(store, ANNE)
    book.put(entry())
    store.write(f"answers/{ANNE}.json", broken)
    assert book.entries() == ()
    book.put(entry("other"))
    assert [e.question for e in book.entries()] == ["other"]
    assert store.read(f"answers/{ANNE}.broken.json") == broken


def test_it_stays_small(store):
    book = Notebook(store, ANNE)
    long = {"ask": "w" * 9000, "answered": "x" * 9000, "truth": "y" * 9000}
    for number in range(80):
        book.put(entry(f"q{number}", tuple([-1.23456789] * notebook.MOST_POINTS), **long))
    entries = book.entries()
    assert len(store.read(f"answers/{ANNE}.json")) <= notebook.MOST_BYTES
    assert 40 < len(entries) < 80
    assert entries[-1].question == "q79"  # the newest stay
    assert len(entries[-1].ask) == notebook.MOST_CHARACTERS
    assert entries[-1].answer[0] == -1.235


def test_so_many_at_most(store):
    book = Notebook(store, ANNE)
    for number in range(notebook.MOST_ENTRIES + 1):
        book.put(entry(f"q{number}"))
    assert len(book.entries()) == notebook.MOST_ENTRIES
    assert book.entries()[0].question == "q1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"answer": (0.0,) * (notebook.MOST_POINTS + 1)}, {"answer": ()}, {"answer": float("nan")}, {"answer": "x"},
        {"answer": (float("inf"),)}, {"answer": 10**400}, {"points": 1.5}, {"points": -0.1}, {"seed": -1},
        {"run": "../../etc"}, {"run": 5}, {"lesson": ""}, {"question": "q" * 61}, {"more": 1},
    ],
)  # fmt: skip
def test_what_an_entry_cannot_be(wrong):
    with pytest.raises(ValidationError):
        entry(**wrong)


def test_the_list_of_runs_does_not_know_the_folder(tmp_path):
    catalog = Catalog(tmp_path / "runs")
    Notebook(catalog.store, ANNE).put(entry())
    assert catalog.ids() == []
    assert catalog.list(ANNE) == []
    assert catalog.unfinished() == []
    assert not catalog.may_watch(notebook.FOLDER, ANNE)


@pytest.mark.parametrize("first", "=+-@\t\r\n")
def test_no_cell_is_a_formula(store, first):
    book = Notebook(store, ANNE)
    book.put(entry(ask=f"{first}HYPERLINK(1)", answered=f'{first}1",2', lesson="vanishing"))
    rows = list(csv.reader(io.StringIO(book.as_csv().decode("utf-8-sig"))))
    assert rows[1][2] == f"'{first}HYPERLINK(1)"
    assert rows[1][3] == f"'{first}1\",2"


answers = (
    st.none()
    | st.integers(0, 5)
    | st.floats(-1e6, 1e6)
    | st.lists(st.floats(-20, 20), min_size=1, max_size=9).map(tuple)
)
texts = st.text(max_size=30)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("abc"), answers, texts, st.none() | st.floats(0, 1)), max_size=8))
def test_what_is_read_is_what_was_put(tmp_path_factory, given_answers):
    book = Notebook(Store.at(tmp_path_factory.mktemp("runs")), ANNE)
    first = {}
    for question, answer, text, points in given_answers:
        put = entry(question, answer, answered=text, points=points)
        book.put(put)
        first.setdefault(question, put)
    found = book.entries()
    assert [e.question for e in found] == list(first)
    assert [(e.answer, e.answered) for e in found] == [(e.answer, e.answered) for e in first.values()]
    assert json.loads(book.as_json()) == [e.model_dump(mode="json") for e in found]
    rows = list(csv.reader(io.StringIO(book.as_csv().decode("utf-8-sig"), newline="")))
    assert [row[3] for row in rows[1:]] == [harmless(e.answered) for e in found]
    assert not any(cell.startswith(DANGEROUS) for row in rows for cell in row)
