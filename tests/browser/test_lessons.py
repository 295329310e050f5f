"""Every lesson walked to its end, with right and wrong answers; and what else is done with lessons in a browser.

The server reads copies of our lessons that train flat out. All else in them is ours.
"""

import csv
import io
import itertools
import json
import math
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from playground.lessons import previews
from playground.lessons.challenge import Attempt, standing
from playground.lessons.lesson import Ask, ChallengeHere, Choice, Draw, Lesson, Link, Number, Prediction
from playground.lessons.reader import read
from playground.lessons.shelf import CONTENT
from playground.lessons.text import Malformed
from playground.runs.status import describe
from playground.ui import link
from playground.ui.lessons.marking import paper_of
from playground.ui.lessons.told import points
from playground.ui.view import View
from tests.browser.lesson import DRAWN, NOT_DRAWN, Reader, longest
from tests.browser.screen import QUICK
from tests.browser.server import Server

TRIAL = """---
title: A trial
minutes: 3
goal: You can press a button.
config: {task.length: 10, hidden: 8, updates: 40, pace: 0}
configs:
  sigmoid: {cell.activation.kind: sigmoid}
pictures: [gradient_now, loss]
prediction:
  - name: outcome
    kind: choice
    ask: How often is it right after one update?
    options:
      - {say: Never., when: accuracy at update 1 < 0.01, because: It guesses.}
      - {say: Now and then., when: accuracy at update 1 >= 0.01, because: A guess is right now and then.}
    explain: Nothing is learned so soon.
  - name: curve
    kind: draw
    state: sigmoid
    ask: Draw the gradient.
    value: gradient ratio at the start
    low: 1e-8
    high: 10
    near: 1
    far: 5
    explain: It falls.
---
## Look around
[The sigmoid](#sigmoid/training), [its gradient](#sigmoid/gradient_now), [the first one](#start).

## Say
![Say](predict:outcome)

## Draw
![Draw](predict:curve)

![A still](picture:start/loss)
"""
TORN = "---\ntitle: Torn\nminutes: many\n---\n## Nothing\n"


def flat_out(text: str) -> str:
    """The same lesson, its runs as fast as they can."""
    paced = re.sub(r"\bpace: \d+", "pace: 0", text)
    return re.sub(r"\{(preset: \w+)(?![^}\n]*\bpace:)", r"{\1, pace: 0", paced)


class Given(NamedTuple):
    """An answer, and whether it is the right one."""

    answer: Any
    right: bool


def ours() -> Iterator[Lesson]:
    for file in sorted(CONTENT.glob("*.md")):
        with suppress(Malformed):  # tests/lessons/test_shelf.py says where
            yield read(flat_out(file.read_text("utf-8")), file.name)


LESSONS = {lesson.name: lesson for lesson in ours()}


def turns() -> Iterator[tuple[str, Prediction, bool]]:
    """By lesson and question: whether it is answered rightly. In turn; a lesson begins with what its kind had not."""
    last: dict[str, bool] = {}
    for lesson in LESSONS.values():
        right = not last.get(lesson.predictions[0].kind, False) if lesson.predictions else True
        for prediction in lesson.predictions:
            yield lesson.name, prediction, right
            last[prediction.kind] = right
            right = not right


RIGHT = {(lesson, prediction.name): right for lesson, prediction, right in turns()}


def given(lesson: Lesson, prediction: Prediction) -> Given:
    """What is answered: what the lesson's preview says, or else what is as far from that as can be."""
    right = RIGHT[lesson.name, prediction.name]
    score = previews.answer(lesson, prediction.name)
    assert score is not None, f"python -m playground lessons {lesson.name} --previews"
    truth = score.truth
    match prediction:
        case Choice(options=options):
            return Given(truth if right else (truth + 1) % len(options), right)
        case Number(low=low, high=high):
            truth = float(f"{min(high, max(low, truth)):.6g}")
            scale = math.log10 if prediction.scale == "log" else float
            return Given(truth if right else max(low, high, key=lambda end: abs(scale(end) - scale(truth))), right)
        case Draw(low=low, high=high):
            low, high = math.log10(low), math.log10(high)
            middle = sum(truth) / len(truth)
            return Given(truth if right else [low if middle - low > high - middle else high] * len(truth), right)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One for these lessons, and for a teacher's two: a short one, and one that is torn."""
    folder = tmp_path_factory.mktemp("lessons")
    for lesson in LESSONS.values():
        (folder / lesson.file).write_text(lesson.source, "utf-8")
    (folder / "50-trial.md").write_text(TRIAL)
    (folder / "51-torn.md").write_text(TORN)
    server = Server(tmp_path_factory.mktemp("server"), folder)
    server.start()
    yield server
    server.stop()
    assert "Traceback" not in server.log, server.log


@pytest.fixture(scope="module")
def tab(server, browsers):
    """A tab for all the walks: each begins with a link of its own."""
    taken = browsers.take()
    reader = Reader(taken.new_page(), server.url)
    yield reader
    browsers.give_back(taken)
    assert reader.errors == []


@pytest.fixture
def reader(tab, ground):
    tab.page.emulate_media(color_scheme=ground)
    return tab


@pytest.fixture
def come(visitor, server):
    """Makes readers, each with a cookie of its own."""

    def come(**context: Any) -> Reader:
        return Reader(visitor(**context).page, server.url)

    return come


@pytest.fixture
def trial():
    return read(TRIAL, "50-trial.md")


# ── walks ─────────────────────────────────────────────────────────────────────


def test_each_kind_of_question_is_answered_rightly_and_wrongly():
    kinds = {(prediction.kind, right) for _, prediction, right in turns()}

    assert kinds == {(kind, right) for kind in ("choice", "number", "draw") for right in (True, False)}
    assert all(lesson.config(state).pace == 0 for lesson in LESSONS.values() for state in lesson.states)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_is_walked_to_its_end(reader, server, name):
    Walk(reader.read(name), server, LESSONS[name]).to_the_end()


class Walk:
    """From the first step of a lesson to its summary: a link of each step, every question."""

    def __init__(self, reader: Reader, server: Server, lesson: Lesson) -> None:
        self.reader, self.server, self.lesson = reader, server, lesson
        self.state = "start"
        self.open = [prediction.name for prediction in lesson.predictions]
        self.points = 0

    def to_the_end(self) -> None:
        lesson, reader = self.lesson, self.reader
        headings = [*(step.heading for step in lesson.steps), "Summary"]
        links = iter(lesson.links)
        for step, following in zip(lesson.steps, headings[1:], strict=True):
            shown = reader.step.locator('a[href^="#see-"]')
            expect(shown).to_have_count("".join(map(str, step.blocks)).count("](#see-"))
            here = list(itertools.islice(links, shown.count()))
            if here:  # the others set and light up by the same few lines, and their targets are the parser's to check
                self.follow(here[0])
            self.answer([lesson.prediction(block.name) for block in step.blocks if isinstance(block, Ask)])
            reader.heard.clear()
            reader.turn(following)
        assert next(links, None) is None
        count = len(lesson.predictions) + (lesson.challenge is not None)
        expect(reader.step).to_contain_text(f"{points(self.points)} of {count} points")
        expect(reader.step.get_by_role("row")).to_have_count(count + 1)
        expect(reader.button("next")).to_be_disabled()

    def follow(self, link: Link) -> None:
        self.state = link.state or self.state
        hidden = self.is_hidden()
        self.reader.follow(link, fields(self.lesson, self.state), hidden)
        if hidden:
            self.reader.expect_out_of_sight()
        else:
            expect(self.reader.pictures).to_be_visible()

    def is_hidden(self) -> bool:
        return any(one.name in self.open for one in self.lesson.asked_of(self.state))

    def answer(self, asked: list[Prediction]) -> None:
        reader, answers = self.reader, {one.name: given(self.lesson, one) for one in asked}
        for one in asked:
            if self.is_hidden():
                reader.expect_out_of_sight()
            if len(self.open) == len(self.lesson.predictions):
                assert reader.page.evaluate(NOT_DRAWN)
            assert [words for words in secrets(one) if reader.knows(words)] == []
            before = reader.link.get("run", "none")
            reader.give(self.lesson, one, answers[one.name].answer, keys=not answers[one.name].right)
            self.open.remove(one.name)
            if any(other.name in self.open for other in self.lesson.asked_of(one.state)):
                expect(reader.question(self.lesson, one)).to_contain_text("Committed. It is shown when the other")
                continue
            self.state = one.state
            run = self.server.catalog.get(reader.expect_another(before))
            assert run.config() == self.lesson.config(one.state)
            reader.page.wait_for_function(DRAWN)
        for one in asked:
            reader.expect_score(self.lesson, one, *answers[one.name])
            self.points += answers[one.name].right


def fields(lesson: Lesson, state: str) -> dict[str, str | None]:
    """What a link to this state of the lesson says of its network; None of what it must not say."""
    start = lesson.config()
    said = link.write(lesson.config(state), None, View(lesson=lesson.name), start)
    others = {path for other in lesson.states for path in lesson.config(other).difference(start)}
    return {path: said.get(path) for path in {*others, "lesson"}}


def secrets(prediction: Prediction) -> list[str]:
    """Words that give an answer away."""
    reasons = [option.because for option in prediction.options] if isinstance(prediction, Choice) else []
    return [longest(text) for text in (prediction.explain, *reasons)]


# ── what else is done with lessons ────────────────────────────────────────────


def test_an_answer_is_kept_for_its_own_browser_and_can_be_taken_away(come, trial):
    mine, theirs, outcome = come().read("trial", 2), come(), trial.prediction("outcome")
    mine.give(trial, outcome, 0, keys=False)
    mine.expect_score(trial, outcome, 0, right=False)

    mine.page.reload()

    mine.here().expect_score(trial, outcome, 0, right=False)
    expect(mine.bar("train")).to_be_enabled()
    expect(theirs.read("trial", 2).commit(trial, outcome)).to_be_visible()
    theirs.expect_out_of_sight()

    mine.turn("Draw")
    mine.turn("Summary")
    theirs.turn("Draw")
    theirs.turn("Summary")
    expect(mine.step).to_contain_text("0 of 2 points, 1 of 2 questions scored")
    expect(theirs.step.get_by_text("not answered")).to_have_count(2)
    [line] = csv.DictReader(io.StringIO(mine.taken("CSV").decode("utf-8-sig")))
    assert (line["lesson"], line["question"], line["answered"], line["points"]) == ("trial", "outcome", "Never.", "0")
    assert (line["truth"], line["run"]) == ("Now and then.", mine.link["run"])
    [entry] = json.loads(mine.taken("JSON"))
    assert (entry["answer"], entry["ask"]) == (0, outcome.ask)
    assert json.loads(theirs.taken("JSON")) == []


def test_a_lesson_has_a_state_of_its_own_until_it_is_taken_over(come, trial):
    reader = come()
    reader.open(**QUICK | {"hidden": 12})
    run = reader.train()
    reader.to_lessons()
    reader.open_from_list("trial")
    reader.expect_link(lesson="trial", run=None, hidden=None)

    reader.page.keyboard.press("f")
    expect(reader.step.get_by_role("heading", name="Say")).to_be_visible()
    reader.page.keyboard.press("b")
    expect(reader.step.get_by_role("heading", name="Look around")).to_be_visible()
    reader.settled()

    reader.follow(trial.links[0], fields(trial, "sigmoid"), hidden=True)
    reader.fill("hidden", 9)
    reader.expect_link(hidden="9", **{"cell.activation.kind": "sigmoid"})
    expect(reader.page.get_by_text("Changed from the lesson")).to_be_visible()
    reader.button("reset").click()
    reader.expect_link(hidden=None, **{"cell.activation.kind": None})
    expect(reader.page.get_by_text("Changed from the lesson")).to_have_count(0)

    reader.go("Playground")
    reader.expect_link(run=run, hidden="12", lesson=None)
    reader.to_lessons()
    reader.here().follow(trial.links[0], fields(trial, "sigmoid"), hidden=True)
    reader.button("take").click()
    reader.ready()
    reader.expect_link(run=None, hidden="8", lesson=None, **{"cell.activation.kind": "sigmoid", "task.length": "10"})


def test_a_class_sees_a_lesson_in_large_type_without_what_the_teacher_hides(reader, trial):
    page = reader.page
    page.goto(f"{reader.server}/teach")
    page.locator(".st-key-teach-trial summary").click()
    page.locator(".st-key-teach-lecture label").click()
    opened = page.locator(".st-key-teach-trial").get_by_role("link", name="Open it as the class sees it")
    expect(opened).to_have_attribute("href", re.compile(r"/lessons\?.*lecture=1"))
    page.goto(f"{reader.server}/lessons?{urlsplit(opened.get_attribute('href')).query}")
    reader.here()

    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 20
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    expect(reader.bar("twin")).to_have_count(0)
    expect(reader.button("take")).to_have_count(0)
    reader.follow(trial.links[2], fields(trial, "start"), hidden=True)
    reader.turn("Say")


def test_a_torn_file_is_named_with_its_line_and_the_others_open(reader):
    reader.page.goto(f"{reader.server}/lessons")
    torn = reader.page.get_by_role("alert").filter(has_text="51-torn.md")

    expect(torn).to_contain_text("is no lesson yet; the others open.")
    expect(torn).to_contain_text("line 3: ")
    expect(reader.open_from_list("trial").step).to_contain_text("Look around")


def test_a_lesson_is_read_and_answered_on_a_phone(come, trial):
    reader, curve = come(has_touch=True), trial.prediction("curve")
    reader.page.set_viewport_size({"width": 390, "height": 844})
    reader.read("trial", 3)
    text, beside = (reader.page.locator(f".st-key-lesson-{part}").bounding_box() for part in ("text", "beside"))
    assert text["y"] + text["height"] <= beside["y"], "the text comes first"
    assert reader.sideways <= 0

    card, paper = reader.question(trial, curve), paper_of(trial, curve)
    for step, height in ((1, -3), (10, 0)):
        reader.tap(card, paper, step, height, finger=True)
    drawn = card.locator('[role="slider"]:not([aria-valuetext$="not set yet"])')
    expect(drawn).to_have_count(2)
    reader.commit(trial, curve).tap()
    expect(card.locator(".ls-scored")).to_be_visible()
    expect(card).to_contain_text("You drew: 0.0010 at step 1")
    assert reader.sideways <= 0

    reader.button("read").tap()
    expect(reader.page.locator(".st-key-lesson-paper")).to_be_visible()
    assert reader.sideways <= 0


def test_the_last_lesson_s_run_is_mended_by_what_its_hints_say(come, server):
    lesson = LESSONS["trade-offs"]
    task = lesson.challenge
    at = next(i for i, step in enumerate(lesson.steps) if ChallengeHere() in step.blocks)
    reader = come().read(lesson.name, at + 1)
    card = reader.page.locator(".st-key-challenge")
    card.get_by_role("button", name="Set the broken run").click()
    reader.expect_link(**fields(lesson, task.state))
    for number, hint in enumerate(task.hints, start=1):
        card.get_by_role("button", name=f"Show hint {number} of").click()
        expect(card).to_contain_text(longest(hint))

    reader.page.get_by_test_id("stExpander").get_by_text("Controls").click()
    reader.fill("updates", 40)
    runs = [reader.train()]
    expect(card).to_contain_text("Not mended yet.")
    reader.fill("updates", 200)
    reader.choose("cell.recurrent_init.kind", "orthogonal")
    reader.choose("optimizer.kind", "Adam")
    runs.append(reader.train())

    expect(card).to_contain_text("Mended with")
    spent = [describe(server.catalog.get(run)).update for run in runs]
    stands = standing(task, [Attempt(run, updates, run == runs[1]) for run, updates in zip(runs, spent, strict=True)])
    expect(card).to_contain_text(f"Mended with {stands.spent} of {task.budget} updates: {stands.points:.2g} of 1.")
    reader.turn(lesson.steps[at + 1].heading)
    reader.turn("Summary")
    expect(reader.step.get_by_role("row").last).to_contain_text(f"{stands.spent} of {task.budget} updates")
    expect(reader.step).to_contain_text(f"{points(stands.points)} of {len(lesson.predictions) + 1} points")
