"""The page as a visitor sees it: what can be pressed, what can be read."""

import re
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from playwright.sync_api import Locator, Page, TimeoutError, expect

QUICK = {"updates": 60, "task.length": 10, "hidden": 16, "pace": 0}
"""Trains in a moment."""
LONG = {"updates": 20_000, "task.length": 10, "hidden": 16, "pace": 20}
"""Goes on for longer than any test looks at it."""
GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 20, 23)"}
"""What a browser may prefer, and the page's own colour there."""

# A trace as it was drawn last, its typed arrays as lists. One that is not drawn has none.
_TRACE = """
([title, name]) => {
  const cards = [...document.querySelectorAll(".pg-card")];
  const plot = cards.find((card) => card.querySelector(".pg-title").textContent === title).querySelector(".pg-plot");
  const trace = plot.data?.find((each) => each.name === name) ?? { visible: false };
  return { x: Array.from(trace.x ?? []), y: Array.from(trace.y ?? []), drawn: trace.visible !== false };
}
"""
_LONGER = f"([title, name, count]) => ({_TRACE})([title, name]).x.length >= count"


class Screen:
    """One tab. `server` is an address."""

    def __init__(self, page: Page, server: str) -> None:
        self.page = page
        self.server = server
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    # Coming and going

    def open(self, **fields: object) -> "Screen":
        """The playground with these fields in its link."""
        return self.visit(f"{self.server}/?{urlencode(fields)}")

    def visit(self, address: str) -> "Screen":
        self.page.goto(address)
        return self.ready()

    def ready(self) -> "Screen":
        """The script has run, and the pictures' frames are there."""
        expect(self.page.locator(".pg-plot .pg-layer").first).to_be_visible()
        return self.settled()

    def settled(self) -> "Screen":
        expect(self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_attached()
        return self

    def go(self, name: str) -> "Screen":
        """To another page, through the navigation."""
        self.page.get_by_test_id("stTopNavLink").filter(has_text=name).click()
        if name == "Playground":
            return self.ready()
        heading = {"About": "What you see here", "Share": "A link for a class"}.get(name, name)
        expect(self.page.get_by_role("heading", name=heading)).to_be_visible()
        return self.settled()

    @property
    def sideways(self) -> int:
        """Pixels by which the page is wider than its window."""
        found: int = self.page.evaluate(_SIDEWAYS)
        return found

    @property
    def link(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.page.url).query))

    def expect_link(self, **fields: str | None) -> None:
        """Waits until the link says this, which it does at the end of a script's run; None: not a word of it."""
        says = """wanted => Object.entries(wanted).every(
            ([path, value]) => new URLSearchParams(location.search).get(path) === value)"""
        self.page.wait_for_function(says, arg=fields)

    # The run bar

    def bar(self, name: str) -> Locator:
        return self.page.locator(f".st-key-bar-{name} button").first

    def press(self, name: str) -> None:
        expect(self.bar(name)).to_be_enabled()
        self.bar(name).click()

    def train(self, name: str = "train") -> str:
        """Starts a run; its name, as soon as the link has it."""
        before = self.link.get("run", "none")
        self.press(name)
        return self.expect_another(before)

    def expect_another(self, run: str) -> str:
        """Waits until the link has another run than this one; its name."""
        expect(self.page).to_have_url(re.compile(rf"[?&]run=(?!{run})[0-9]{{8}}-"))
        return self.link["run"]

    # The form

    def field(self, path: str) -> Locator:
        return self.page.locator(f".st-key-form-{path.replace('.', '-')} input")

    def fill(self, path: str, value: object) -> None:
        self.field(path).fill(str(value))
        self.field(path).press("Enter")
        self.settled()

    def choose(self, path: str, title: str) -> None:
        self.field(path).focus()
        # The list of options closes again if the sidebar scrolls under it, which it does at the next painting.
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        self.field(path).press("ArrowDown")
        option = self.page.get_by_role("option", name=title, exact=True)
        with suppress(TimeoutError):
            option.click(timeout=5_000)
            self.settled()
            return
        # The page was drawn anew at that moment, which closes a list; a visitor opens it again.
        self.field(path).press("ArrowDown")
        option.click()
        self.settled()

    # The pictures

    @property
    def metric(self) -> Locator:
        return self.page.locator(".pg-metric")

    @property
    def alarm(self) -> Locator:
        return self.page.locator(".pg-alarm")

    @property
    def alarms(self) -> Locator:
        """What stands under the pictures: the findings, of two runs both's."""
        return self.page.locator(".st-key-alarms")

    def back(self, what: str) -> None:
        """One "update" or "step" back in the replay."""
        self.page.locator(f"[class*='st-key-replay-{what}-'][class*='-back'] button:visible").click()

    def expect_status(self, status: str) -> None:
        # A minute: some runs go on for thousands of updates, on cores that others need too.
        expect(self.page.locator(f".pg-status.pg-{status}")).to_be_visible(timeout=60_000)

    @property
    def facts(self) -> Locator:
        """The line over the pictures: how the run stands."""
        return self.page.locator(".pg-facts")

    def card(self, title: str) -> Locator:
        return self.page.locator(".pg-card").filter(has=self.page.locator(f'.pg-title:text-is("{title}")'))

    def trace(self, title: str, name: str) -> Any:
        return self.page.evaluate(_TRACE, [title, name])

    def wait_for_updates(self, count: int) -> None:
        """Until the loss of this many updates is drawn."""
        self.page.wait_for_function(_LONGER, arg=["Loss and test metric", "loss", count])

    def losses(self) -> Any:
        return self.trace("Loss and test metric", "loss")

    def line(self, title: str) -> str:
        """A picture's marks as an image: what is really on the screen."""
        return str(self.card(title).locator(".pg-layer").nth(1).evaluate("canvas => canvas.toDataURL()"))

    def expect_changes(self, title: str, updates: list[int]) -> None:
        """Waits until a picture marks, at these updates and no others, that something was changed."""
        self.page.wait_for_function(_CHANGES, arg=[title, updates])

    def zoom(self, title: str) -> list[float]:
        """Drags over the middle of a picture; the range that shows then."""
        before = self.range(title)
        box = self.card(title).locator(".pg-plot").first.bounding_box()
        assert box is not None
        middle = box["y"] + box["height"] / 2
        self.page.mouse.move(box["x"] + box["width"] * 0.3, middle)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=5)
        self.page.mouse.up()
        expect(self.card(title).get_by_role("button", name="Show all")).to_be_visible()
        moved = f"([title, before]) => ({_RANGE})(title).join() !== before.join()"
        self.page.wait_for_function(moved, arg=[title, before])
        return self.range(title)

    def range(self, title: str) -> list[float]:
        found: list[float] = self.page.evaluate(_RANGE, title)
        return found


_RANGE = """
(title) => {
  const cards = [...document.querySelectorAll(".pg-card")];
  const card = cards.find((each) => each.querySelector(".pg-title").textContent === title);
  return [...card.querySelector(".pg-plot").layout.xaxis.range];
}
"""
_CHANGES = """
([title, updates]) => {
  const cards = [...document.querySelectorAll(".pg-card")];
  const { shapes } = cards.find((each) => each.querySelector(".pg-title").textContent === title)
    .querySelector(".pg-plot").layout;
  const found = shapes.filter(({ label }) => label?.text === "◆").map(({ x0, x1, y0 }) => (x0 === x1 ? x0 : y0));
  return found.join() === updates.join();
}
"""
_SIDEWAYS = """() => Math.max(...[document.documentElement, document.querySelector("[data-testid=stMain]")].map(
    (each) => each.scrollWidth - each.clientWidth))"""
