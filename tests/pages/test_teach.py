"""The list of lessons, a lesson as a text, and the page for whoever teaches; with a folder of a teacher's own."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from playground.lessons import previews
from playground.lessons.notebook import Entry
from playground.lessons.scoring import Score
from playground.lessons.shelf import find, shelf
from playground.ui import link
from playground.ui.lessons import notes
from playground.ui.view import View
from tests.pages.conftest import MAIN

SAMPLE = (Path(__file__).parents[1] / "lessons" / "shelf" / "05-vanishing.md").read_text()
HOSTILE = "<img src=x onerror=alert(1)> [a](https://x.test) $x$ :red[b]"
BROKEN = "---\ntitle: Broken\nminutes: ten\n---\n## A\nText.\n"
TRUTHS = {"outcome": 0, "curve": [-0.2 * lag for lag in range(29, -1, -1)], "radius": 0.57}


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch):
    """A teacher's folder: a lesson, one with words that are code, and one that is broken."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "20-sample.md").write_text(SAMPLE)
    (folder / "21-hostile.md").write_text(SAMPLE.replace("title: Vanishing", f"title: '{HOSTILE}'"))
    (folder / "22-broken.md").write_text(BROKEN)
    monkeypatch.setenv("PLAYGROUND_LESSONS", str(folder))
    return folder


@pytest.fixture
def measured(monkeypatch):
    monkeypatch.setattr(previews, "answer", lambda _, name: Score(0, TRUTHS.get(name, 0), f"The truth of {name}."))
    monkeypatch.setattr(previews, "measured", lambda *_: "3.1·10⁻⁷")
    figure = {"data": [{"type": "scatter", "y": [1.0, 2.0]}], "layout": {}}
    made = previews.Preview("A title", "A rule.", "Some words.", figure, "steps", 300, 0)
    monkeypatch.setattr(previews, "preview", lambda *_: made)


def reading(name):
    """A lesson as a text, as a link opens it."""
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params["lesson"], app.query_params["read"] = name, "1"
    app.switch_page("../../pages/lessons.py").run()
    assert not app.exception, [e.value for e in app.exception]
    return app


def said(app):
    """Without what markdown needs to leave it as it is."""
    elements = [*app.markdown, *app.caption, *app.warning, *app.info]
    return "\n".join(each.value for each in elements).replace("\\", "")


def test_the_list_has_every_lesson_and_the_time_of_all(at):
    app = at("lessons.py")
    text, lessons = said(app), shelf().lessons

    assert f"{len(lessons)} lessons, {sum(lesson.minutes for lesson in lessons)} minutes" in text
    for number, lesson in enumerate(lessons, start=1):
        assert f"**{number}. {lesson.title}**" in text
        assert lesson.goal in text
    assert "Commit to a guess" in text


def test_a_malformed_file_is_named_with_line_and_reason_and_the_others_open(at):
    for page in ("lessons.py", "teach.py"):
        app = at(page)
        (warning,) = (each.value.replace("\\", "") for each in app.warning if "22\\-broken" in each.value)
        assert "line 3: minutes: 'ten' is not a whole number" in warning
    app = at("lessons.py")
    app.button(key="lessons.open.sample").click().run()
    assert not app.exception
    assert app.query_params["lesson"] in ("sample", ["sample"])


def test_a_file_that_is_mended_is_there_at_the_next_look(at, own):
    app = at("lessons.py")
    (own / "22-broken.md").write_text(SAMPLE.replace("title: Vanishing", "title: Mended"))
    app.run()

    assert "Mended" in said(app)
    assert "22-broken.md" not in said(app)


def test_words_of_a_strangers_lesson_are_words(at):
    for app in (at("lessons.py"), at("teach.py"), reading("hostile")):
        escaped = next(each.value for each in app.markdown if "onerror" in each.value)
        assert "\\<img" in escaped
        assert "\\[a\\]\\(https" in escaped
        assert "\\$x\\$" in escaped


def test_the_list_says_what_this_browser_has_answered(at, monkeypatch):
    lesson = find("sample")
    question = lesson.predictions[0]
    given = Entry(
        lesson="sample", question=question.name, ask=question.ask, answer=0, answered="", points=0.5, truth="",
        run=None, seed=0, at="2026-01-01T00:00:00Z",
    )  # fmt: skip

    class Book:
        def entries(self, lesson=None):
            return tuple(entry for entry in (given,) if lesson in (None, entry.lesson))

    monkeypatch.setattr(notes, "book", Book)
    text = said(at("lessons.py"))

    assert "1 of 4 answered, 0.5 points" in text
    assert "Commit to a guess" not in text


def test_read_only_opens_from_the_list_without_a_run(at):
    app = at("lessons.py")

    app.button(key="lessons.read.sample").click().run()

    assert not app.exception
    assert app.query_params["read"] in ("1", ["1"])
    assert find("sample").steps[-1].heading in said(app)
    assert not [button for button in app.button if "train" in (button.key or "")]


@pytest.mark.usefixtures("measured")
def test_a_text_has_all_steps_questions_answers_claims_and_sources():
    app, lesson = reading("sample"), find("sample")
    text = said(app)

    assert all(f"#### {step.heading}" in text for step in lesson.steps)
    for prediction in lesson.predictions:
        assert prediction.ask in text
        assert f"The truth of {prediction.name}." in text
        assert prediction.explain in text
    assert f"**{lesson.predictions[0].options[0].say}** (right)" in text
    assert lesson.loose[0].better in text
    assert lesson.challenge.ask in text
    assert lesson.claims[0].say in text
    assert "3.1·10⁻⁷" in text
    assert lesson.sources[0] in text
    assert "Measured when this lesson's claims were executed: seed 0, update 300." in text
    assert "#see-" not in text
    assert "Set it up, then look at" in text.replace("\n", " ")
    assert any("ls-network" in each.value for each in app.markdown)
    assert sum('class="curve"' in each.value for each in app.markdown) == 1


def test_where_a_preview_is_missing_a_sentence_says_so():
    text = said(reading("sample"))

    assert "There is no preview of this picture" in text
    assert "No answer is kept with this lesson" in text


@pytest.mark.parametrize("name", [lesson.name for lesson in shelf().lessons])
def test_every_lesson_can_be_read(name):
    text = said(reading(name))

    assert all(step.heading in text for step in find(name).steps)


def test_the_teachers_page_has_order_clock_and_files(at):
    app = at("teach.py")
    text = said(app)

    assert "| 0:00–0:" in text
    assert all(lesson.goal in text for lesson in shelf().lessons)
    assert "PLAYGROUND_LESSONS" in text
    files = {each.proto.label for each in app.get("download_button")}
    assert files == {"Students’ sheet", "Teacher’s sheet", "All lessons as files"}


@pytest.mark.usefixtures("measured")
def test_a_lesson_unfolded_has_what_to_ask_the_answers_and_its_link(at):
    app, lesson = at("teach.py", session={"teach.sample": True}), find("sample")
    text = said(app)

    for words in (lesson.teacher.ask[0], lesson.teacher.wrong[0].answer, lesson.loose[0].better, "(right)"):
        assert words in text
    parts = urlsplit(app.code[0].value)
    given = link.read({name: values[0] for name, values in parse_qs(parts.query).items()})
    assert parts.path.endswith("/lessons")
    assert not given.problems
    assert given.view == View(hidden=("preset", "seeds", "twin", "slow", "pages"), lesson="sample")
    assert any("<svg" in each.value and "ex-qr" in each.value for each in app.markdown)
    assert "20-sample.md" in {each.proto.label for each in app.get("download_button")}

    app.multiselect(key="teach.hidden").set_value(["task"])
    app.toggle(key="teach.lecture").set_value(True).run()
    query = parse_qs(urlsplit(app.code[0].value).query)
    assert query["hide"] == ["task"]
    assert query["lecture"] == ["1"]


def test_a_link_for_a_class_hides_nothing_that_the_text_points_at(at):
    app = at("teach.py", session={"teach.bptt": True})

    query = parse_qs(urlsplit(app.code[0].value).query)
    assert query["hide"] == ["preset,seeds,twin,pages"]
