"""The shelf: ours and a teacher's, what is broken on it, and what every lesson of ours has."""

import os
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import playground.lessons
from playground.core.errors import UnknownName
from playground.lessons import shelf as module
from playground.lessons.lesson import Picture, Words
from playground.lessons.shelf import SETTING, Broken, find, shelf
from playground.lessons.text import MOST_BYTES

ROOT = Path(__file__).parents[2]
SMALL = "---\ntitle: {title}\nminutes: 5\ngoal: B\n---\n## One\nwords\n"


@pytest.fixture
def ours(tmp_path, monkeypatch):
    """A shelf with one lesson, a."""
    content = tmp_path / "ours"
    content.mkdir()
    (content / "01-a.md").write_text(SMALL.format(title="A"))
    monkeypatch.setattr(module, "CONTENT", content)
    monkeypatch.delenv(SETTING, raising=False)
    return content


@pytest.fixture
def theirs(ours, monkeypatch):
    """A teacher's folder beside it."""
    folder = ours.parent / "theirs"
    folder.mkdir()
    monkeypatch.setenv(SETTING, str(folder))
    return folder


def titles():
    return [lesson.title for lesson in shelf().lessons]


def test_lessons_stand_in_the_order_of_their_files(ours):
    (ours / "10-c.md").write_text(SMALL.format(title="C"))
    (ours / "02-b.md").write_text(SMALL.format(title="B"))
    assert titles() == ["A", "B", "C"]
    assert find("b").file == "02-b.md"


@pytest.mark.usefixtures("ours")
def test_an_unknown_lesson_is_named():
    with pytest.raises(UnknownName, match="Unknown lesson 'b'"):
        find("b")


def test_a_file_that_changed_is_read_anew(ours):
    assert titles() == ["A"]
    before = shelf().lessons[0]
    assert shelf().lessons[0] is before, "and one that did not is not"
    (ours / "01-a.md").write_text(SMALL.format(title="Another"))
    assert titles() == ["Another"]
    (ours / "01-a.md").unlink()
    assert titles() == []


def test_a_copy_that_keeps_its_date_is_read_anew_too(ours):
    file = ours / "01-a.md"
    before = file.stat()
    assert titles() == ["A"]
    file.write_text(SMALL.format(title="B"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert titles() == ["B"]


def test_a_teachers_lesson_stands_in_the_place_of_ours_or_comes_after(ours, theirs):
    (ours / "02-b.md").write_text(SMALL.format(title="B"))
    (theirs / "07-a.md").write_text(SMALL.format(title="My A"))
    (theirs / "01-c.md").write_text(SMALL.format(title="C"))
    assert titles() == ["My A", "B", "C"]


def test_a_malformed_file_is_named_and_the_others_open(ours, theirs):
    (ours / "02-b.md").write_text("---\ntitle: B\nminutes: 0\ngoal: B\n---\n## One\nwords\n")
    (theirs / "a.md").write_text("no front matter")
    found = shelf()
    assert [lesson.title for lesson in found.lessons] == ["A"], "ours stays where a teacher's cannot be read"
    assert [(b.file, b.line) for b in found.broken] == [("02-b.md", 3), ("a.md", 1)]


def test_whatever_lies_in_the_folder(theirs):
    (theirs / "b.md").write_bytes(b"---\ntitle: \xff\n---\n")
    (theirs / "c.md").mkdir()
    (theirs / "d.md").symlink_to(theirs / "nowhere")
    (theirs / "e e.md").write_text(SMALL.format(title="E"))
    (theirs / "f.md").write_text("x" * (MOST_BYTES + 1))
    (theirs / "notes.txt").write_text("x")
    (theirs / "01-g.md").write_text(SMALL.format(title="G"))
    (theirs / "02-g.md").write_text(SMALL.format(title="G again"))
    found = shelf()
    assert [lesson.title for lesson in found.lessons] == ["A", "G"]
    told = {broken.file: broken for broken in found.broken}
    assert told["b.md"] == Broken("b.md", 2, "This is not UTF-8. Save the file as UTF-8.")
    assert "cannot be read" in told["c.md"].reason
    assert "no lesson's file" in told["e e.md"].reason
    assert "are allowed" in told["f.md"].reason
    assert "01-g.md is called 'g' too" in told["02-g.md"].reason
    assert len(found.broken) == 5


@pytest.mark.usefixtures("theirs")
def test_an_empty_folder_takes_nothing_away():
    assert (titles(), shelf().broken) == (["A"], ())


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize("folder", ["no/gone", "~nobody-of-that-name/gone"])
def test_a_folder_that_is_none_is_said(monkeypatch, folder):
    monkeypatch.setenv(SETTING, folder)
    assert titles() == ["A"]
    (broken,) = shelf().broken
    assert (broken.file, broken.line) == ("gone", 0)
    assert f"No such file or directory. Name another one in {SETTING}" in broken.reason


def test_a_prerequisite_is_on_the_shelf(ours):
    needs = SMALL.replace("goal: B\n", "goal: B\nprerequisites: [{needs}]\n")
    (ours / "02-b.md").write_text(needs.format(title="B", needs="a, z"))
    (ours / "03-c.md").write_text(needs.format(title="C", needs="b"))
    (ours / "04-d.md").write_text("nothing")
    (ours / "05-e.md").write_text(needs.format(title="E", needs="d"))
    found = shelf()
    assert [lesson.title for lesson in found.lessons] == ["A", "C", "E"], "a broken lesson closes no other one"
    told = {broken.file: broken for broken in found.broken}
    assert set(told) == {"02-b.md", "04-d.md"}
    assert told["02-b.md"].line == 5
    assert "Unknown lesson 'z'" in told["02-b.md"].reason


# ── the room ──────────────────────────────────────────────────────────────────


TRAIN = {"check", "previewing"}
"""Of use to tests and the command line alone."""


def light():
    return {f"playground.lessons.{m.name}" for m in pkgutil.iter_modules(playground.lessons.__path__)} - {
        f"playground.lessons.{name}" for name in TRAIN
    }


def test_the_server_loads_no_torch_for_a_lesson():
    """The contract names every module that does not train."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    named = next(c["source_modules"] for c in contracts if c.get("forbidden_modules") == ["torch"])
    assert {name for name in named if name.startswith("playground.lessons")} == light()


def test_reading_the_shelf_loads_no_torch():
    code = (
        f"import sys; import {', '.join(sorted(light()))}; from playground.lessons.shelf import shelf; shelf();"
        "print({'torch', 'pandas', 'pyarrow.compute', 'streamlit'} & set(sys.modules))"
    )
    environment = {name: value for name, value in os.environ.items() if name != SETTING}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr


# ── ours ──────────────────────────────────────────────────────────────────────

NAMES = (
    "why-sequences", "a-recurrent-step", "architectures", "bptt", "vanishing", "exploding", "remedies", "lstm",
    "both-directions", "trade-offs",
)  # fmt: skip
CLASS = 90
MOST_WORDS = 130
LOOSE = {"fits", "stops", "zero", "relu", "close-to-one", "clip-vanishing", "lstm-cures", "looks-ahead", "twice"}
"""Sentences that courses repeat."""
_UNREAD = re.compile(r"\$\$.+?\$\$|\$[^$]+\$|\]\(#see-\d+\)|[*_`#>|-]", re.DOTALL)


@pytest.fixture
def shipped(monkeypatch):
    monkeypatch.delenv(SETTING, raising=False)
    return shelf()


@pytest.fixture(params=NAMES)
def lesson(request, shipped):
    return next(lesson for lesson in shipped.lessons if lesson.name == request.param)


def words(step):
    text = " ".join(block.text for block in step.blocks if isinstance(block, Words))
    return _UNREAD.sub(" ", text).split()


def test_all_ten_are_there_and_none_is_broken(shipped):
    assert shipped.broken == ()
    assert tuple(lesson.name for lesson in shipped.lessons) == NAMES


def test_they_fill_a_class(shipped):
    assert sum(lesson.minutes for lesson in shipped.lessons) == CLASS


def test_a_lesson_has_all_that_a_lesson_has(lesson):
    assert lesson.goal
    assert lesson.sources
    assert lesson.pictures
    assert lesson.predictions or lesson.challenge
    assert lesson.claims
    assert lesson.links
    assert lesson.teacher.ask
    assert lesson.teacher.wrong
    assert any(isinstance(block, Picture) for step in lesson.steps for block in step.blocks)
    before = NAMES[: NAMES.index(lesson.name)]
    assert set(lesson.prerequisites) <= set(before), "what is needed comes before"
    assert bool(lesson.challenge) == (lesson.name == NAMES[-1])


def test_a_step_is_read_at_one_go(lesson):
    assert 3 <= len(lesson.steps) <= 8
    long = {step.heading: len(words(step)) for step in lesson.steps if len(words(step)) > MOST_WORDS}
    assert not long


def test_no_link_leads_to_what_a_later_step_asks_about(lesson):
    """Its run stays hidden until then: there would be nothing to see."""
    for at, step in enumerate(lesson.steps):
        text = " ".join(block.text for block in step.blocks if isinstance(block, Words))
        for number in re.findall(r"#see-(\d+)", text):
            state = lesson.links[int(number) - 1].state
            assert [p.name for p in lesson.asked_of(state) if lesson.step_of(p.name) > at] == [], (step.heading, state)


def test_runs_are_short(lesson):
    assert all(lesson.config(state).updates <= 400 for state in lesson.states)


def test_the_loose_sentences_are_all_said_kindly(shipped):
    assert {one.name for lesson in shipped.lessons for one in lesson.loose} >= LOOSE


def test_each_kind_of_prediction_is_asked(shipped):
    kinds = {prediction.kind for lesson in shipped.lessons for prediction in lesson.predictions}
    assert kinds == {"choice", "number", "draw"}
