"""A lesson as its reader sees it: links to follow, questions to answer, a run that stays out of sight until then."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from playground.lessons.lesson import Choice, Draw, Lesson, Link, Number, Prediction
from playground.lessons.scoring import said
from playground.ui.lessons import links
from playground.ui.lessons.marking import paper_of
from playground.ui.lessons.place import Lit
from playground.ui.lessons.sketch import Paper
from tests.browser.screen import Screen

NOT_DRAWN = """() => [...document.querySelectorAll(".pg-plot")].every(
    (plot) => !plot.data?.some((trace) => trace.y?.length || trace.z?.length))"""
DRAWN = f"() => !({NOT_DRAWN})()"
# A link in force, and of what it lights up the outline.
_LIT = """([number, selector]) => {
  const link = document.querySelector(`.st-key-lesson-text a[href="#see-${number}"]`);
  const seen = [...document.querySelectorAll(selector || "a")].filter((each) => each.offsetParent !== null);
  const lit = seen.length > 0 && seen.every((each) => getComputedStyle(each).outlineWidth === "3px");
  return link?.getAttribute("aria-current") === "true" && (lit || !selector);
}"""


class Reader(Screen):
    """One tab, and all that its server has told it."""

    def __init__(self, page: Page, server: str) -> None:
        super().__init__(page, server)
        self.heard: list[bytes] = []
        page.on("websocket", lambda socket: socket.on("framereceived", self._hear))

    def _hear(self, frame: bytes | str) -> None:
        self.heard.append(frame.encode() if isinstance(frame, str) else frame)

    def knows(self, words: str) -> bool:
        return any(words.encode() in frame for frame in self.heard)

    def read(self, lesson: str, step: int = 1, **fields: object) -> "Reader":
        """Opens a lesson by its link."""
        self.heard.clear()
        more = "".join(f"&{path}={value}" for path, value in fields.items())
        self.page.goto(f"{self.server}/lessons?lesson={lesson}&step={step}{more}")
        return self.here()

    def here(self) -> "Reader":
        """The text is there, and its links are listened to."""
        expect(self.step).to_be_visible()
        expect(self.page.locator(".ls-said")).to_be_attached()
        self.settled()
        return self

    @property
    def step(self) -> Locator:
        return self.page.locator(".st-key-lesson-step")

    @property
    def pictures(self) -> Locator:
        return self.page.locator(".st-key-lesson-pictures")

    def button(self, key: str) -> Locator:
        """By the end of its key, `lesson.KEY`; one with a tooltip is there twice, for fingers and for mice."""
        return self.page.locator(f".st-key-lesson-{key} button:visible").first

    def turn(self, heading: str, key: str = "next") -> None:
        """To the next step, or "back"; `heading` is what stands there."""
        self.button(key).click()
        expect(self.step.get_by_role("heading", name=heading, exact=True).first).to_be_visible()
        self.settled()

    def to_lessons(self) -> None:
        """Through the navigation: the list, or the lesson that is open."""
        self.page.get_by_test_id("stTopNavLink").filter(has_text="Lessons").click()
        expect(self.page.locator(".st-key-lessons-list, .st-key-lesson")).to_be_visible()
        self.settled()

    def taken(self, title: str) -> bytes:
        """What the summary gives to take away, "CSV" or "JSON"."""
        with self.page.expect_download() as download:
            self.page.locator(f".st-key-summary-{title} button:visible").first.click()
        return download.value.path().read_bytes()

    def open_from_list(self, lesson: str) -> "Reader":
        self.page.locator(f".st-key-lessons-open-{lesson} button:visible").first.click()
        return self.here()

    # Links

    def follow(self, link: Link, wanted: dict[str, str | None], hidden: bool) -> None:
        """Clicks a link; waits until its state is set, as the address says, and its part is lit if it is in sight."""
        self.page.locator(f'.st-key-lesson-text a[href="#see-{link.number}"]').click()
        self.expect_link(**wanted)
        found = links.part(Lit(link.part, link.number))
        pictures = bool(found) and ".pg-" in found[0]
        self.page.wait_for_function(_LIT, arg=[link.number, found[0] if found and not (hidden and pictures) else ""])
        self.settled()

    # Questions

    def question(self, lesson: Lesson, prediction: Prediction) -> Locator:
        return self.page.locator(f".st-key-predict-{lesson.name}-{prediction.name}")

    def expect_out_of_sight(self) -> None:
        """Neither is the run there, nor can it be started, nor are pictures to be seen, of which another run's may be
        left.
        """
        expect(self.bar("train")).to_be_disabled()
        expect(self.pictures).to_be_hidden()
        expect(self.page.get_by_text("the curve is hidden until you have answered")).to_be_visible()
        assert "run" not in self.link

    def give(self, lesson: Lesson, prediction: Prediction, answer: Any, *, keys: bool) -> None:
        """Fills in an answer, by the mouse or the keyboard, and commits it."""
        self.fill_in(lesson, prediction, answer, keys=keys)
        commit = self.commit(lesson, prediction)
        if keys:
            commit.press("Enter")
        else:
            commit.click()
        expect(commit).to_have_count(0)

    def commit(self, lesson: Lesson, prediction: Prediction) -> Locator:
        return self.question(lesson, prediction).get_by_role("button", name="Commit")

    def fill_in(self, lesson: Lesson, prediction: Prediction, answer: Any, *, keys: bool = False) -> None:
        card = self.question(lesson, prediction)
        match prediction:
            case Choice():
                self._choose(card, answer, keys)
            case Number():
                field = card.locator("input")
                field.fill(repr(answer))
                field.press("Enter" if keys else "Tab")
            case Draw():
                self._draw(card, lesson, prediction, answer, keys)

    def _choose(self, card: Locator, option: int, keys: bool) -> None:
        if not keys:
            card.get_by_test_id("stRadioOption").nth(option).click()
            return
        card.get_by_role("radio").first.press("Space")
        for at in range(option):
            card.get_by_role("radio").nth(at).press("ArrowDown")
        expect(card.get_by_role("radio").nth(option)).to_be_checked()

    def _draw(self, card: Locator, lesson: Lesson, prediction: Draw, heights: list[float], keys: bool) -> None:
        """By the mouse a click at every handle; by keys the first one alone, which the others follow."""
        paper = paper_of(lesson, prediction)
        handles = card.get_by_role("slider")
        expect(handles).to_have_count(len(paper.handles))
        if keys:
            handles.first.press("Home" if heights[0] == paper.low else "End")
            return
        for step in paper.handles:
            self.tap(card, paper, step, heights[step - 1])
        expect(card.locator('[aria-valuetext$="not set yet"]')).to_have_count(0)

    def tap(self, card: Locator, paper: Paper, step: int, height: float, *, finger: bool = False) -> None:
        """Sets a sketch's height at a handle, by a click on the paper."""
        drawn = card.locator(".pg-sketch-paper")
        drawn.scroll_into_view_if_needed()
        # The upright lines of the grid stand where the handles do, from the paper's top to its bottom.
        grid = drawn.locator(".pg-sketch-grid").evaluate_all("lines => lines.map((line) => line.getAttribute('d'))")
        upright = [line.groups() for line in (re.fullmatch(r"M (\S+) (\S+) V (\S+)", each) for each in grid) if line]
        x, top, bottom = map(float, upright[paper.handles.index(step)])
        below = (paper.high - height) / (paper.high - paper.low)
        box = drawn.bounding_box()
        assert box is not None
        place = self.page.touchscreen.tap if finger else self.page.mouse.click
        place(box["x"] + x, box["y"] + top + (bottom - top) * below)

    def expect_score(self, lesson: Lesson, prediction: Prediction, answer: Any, right: bool) -> None:
        """Waits until its run has come far enough; then the verdict, and the reason."""
        card = self.question(lesson, prediction)
        expect(card.locator(".ls-scored")).to_have_text("Right. 1 of 1." if right else "Not this time. 0 of 1.")
        for words in _result(prediction, answer, right):
            expect(card).to_contain_text(words)


def _result(prediction: Prediction, answer: Any, right: bool) -> list[str]:
    reason = longest(prediction.explain)
    match prediction:
        case Choice(options=options):
            verdict = "✓ You said, and it is:" if right else "✗ You said:"
            return [verdict, longest(options[answer].because), reason] + ([] if right else ["✓ It is:"])
        case Number():
            return [f"You said {said(prediction, answer)}; it is ", reason]
        case Draw():
            return ["On the average your curve is", "Measured: ", "You drew: ", reason]


def longest(text: str) -> str:
    """The longest piece of a text that no way of writing it changes."""
    return max(re.findall(r"[A-Za-z ,;]+", text), key=len).strip()
