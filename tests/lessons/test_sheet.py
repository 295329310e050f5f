"""Sheets to print: every question of every lesson, answers only on the teacher's, nothing from elsewhere."""

import math
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from playground.lessons import grid, previews, sheet
from playground.lessons.archive import archive
from playground.lessons.reader import read
from playground.lessons.scoring import Score

FILE = Path(__file__).parent / "shelf" / "05-vanishing.md"
SOURCE = FILE.read_text()
HOSTILE = "<script>alert('1')</script>"
TRUTHS = {"outcome": 0, "curve": [-0.2 * lag for lag in range(29, -1, -1)], "radius": 0.57}


@pytest.fixture
def lessons():
    hostile = SOURCE.replace("title: Vanishing", f'title: "{HOSTILE}"').replace("minutes: 10", "minutes: 55")
    return read(SOURCE, FILE.name), read(hostile, "06-hostile.md")


@pytest.fixture(autouse=True)
def measured(monkeypatch):
    monkeypatch.setattr(previews, "answer", lambda _, name: Score(0, TRUTHS[name], f"The truth of {name}."))


def parsed(page):
    """As XML: what is written here closes all that it opens."""
    return ElementTree.fromstring(page.decode().removeprefix("<!doctype html>"))


def test_the_clock_goes_on_from_lesson_to_lesson(lessons):
    assert sheet.clock(lessons) == ("0:00–0:10", "0:10–1:05")
    assert sheet.clock(()) == ()


@pytest.mark.parametrize("made", [sheet.student_sheet, sheet.teacher_sheet])
def test_a_sheet_has_every_question_and_no_word_that_is_code(lessons, made):
    page = made(lessons)
    tree = parsed(page)

    said = "".join(tree.itertext())
    for lesson in lessons:
        assert said.count(lesson.goal) >= len(lessons)
        assert all(said.count(prediction.ask) == len(lessons) for prediction in lesson.predictions)
        assert said.count(lesson.challenge.ask) == len(lessons)
    assert HOSTILE in said
    assert not list(tree.iter("script"))
    assert b"http" not in page.replace(b"http://www.w3.org/2000/svg", b"")


def test_the_students_sheet_has_room_and_no_answers(lessons):
    page = sheet.student_sheet(lessons[:1])
    tree = parsed(page)

    def of(name):
        return [each for each in tree.iter() if each.get("class") == name]

    assert len(of("box")) == 3
    assert len(of("answer")) == 1
    assert len(of("lines")) == len(lessons[0].predictions) + 1
    assert not of("right")
    assert not of("truth")
    assert b"polyline" not in page
    assert not any(option.because.encode() in page for option in lessons[0].predictions[0].options)
    assert lessons[0].loose[0].better.encode() not in page


def test_the_teachers_sheet_has_the_answers_the_times_and_what_to_ask(lessons):
    page = sheet.teacher_sheet(lessons)
    tree = parsed(page)
    said = "".join(tree.itertext())

    right = [each for each in tree.iter("li") if each.get("class") == "right"]
    assert [lessons[0].predictions[0].options[0].say in "".join(each.itertext()) for each in right] == [True, True]
    assert "The truth of radius." in said
    assert page.count(b"polyline") == 2
    for text in (
        "0:10–1:05",
        lessons[0].teacher.ask[0],
        lessons[0].teacher.wrong[0].answer,
        lessons[0].loose[0].better,
    ):
        assert text in said
    assert all(hint in said for hint in lessons[0].challenge.hints)


def test_where_nothing_was_measured_the_teachers_sheet_has_no_answer(lessons, monkeypatch):
    monkeypatch.setattr(previews, "answer", lambda *_: None)

    page = sheet.teacher_sheet(lessons)

    assert "☑".encode() not in page
    assert b"polyline" not in page


def test_the_grid_has_a_line_for_every_step_and_decade(lessons):
    curve = lessons[0].prediction("curve")

    assert grid.steps_of(lessons[0], curve) == 30
    paper = ElementTree.fromstring(grid.svg(30, curve.low, curve.high))

    assert sum("path" in each.tag for each in paper.iter()) == 30 + 14
    words = [each.text for each in paper.iter() if each.tag.endswith("text")]
    assert words[0] == "1"
    assert "10⁻¹²" in words
    assert words[-1] == "time step t"


def test_a_point_off_the_paper_is_hollow_and_what_is_no_number_is_left_out():
    drawn = ElementTree.fromstring(grid.svg(4, 1e-3, 1, (-9.0, -math.inf, math.nan, -1.0)))

    dots = [each for each in drawn.iter() if each.tag.endswith("circle")]
    assert [dot.get("fill") for dot in dots] == ["none", "none", "currentColor"]
    assert dots[0].get("cy") == dots[1].get("cy")


def test_paper_of_one_step_within_one_decade_is_paper():
    assert "NaN" not in grid.svg(1, 2.0, 3.0, (0.4,))


def test_the_zip_has_the_files_as_they_are(lessons):
    with ZipFile(BytesIO(archive(lessons))) as files:
        assert files.namelist() == [FILE.name, "06-hostile.md"]
        assert files.read(FILE.name).decode() == SOURCE
