"""The README's pictures, of the real pages with real runs.

python -m pytest tests/benchmarks/test_screenshots.py --readme
"""

import pytest
from playwright.sync_api import expect

from playground.lessons.shelf import find
from tests.benchmarks.conftest import ROOT
from tests.browser.lesson import Reader
from tests.browser.screen import Screen

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def keep(request, tmp_path):
    """Where a picture goes: beside the README, or nowhere that lasts."""
    folder = ROOT / ".github" if request.config.getoption("readme") else tmp_path

    def save(page, name):
        page.wait_for_timeout(500)  # the last frame is on the screen
        page.screenshot(path=folder / f"{name}.png")

    return save


def trained(server, context, **fields):
    screen = Screen(context.new_page(), server.url).open(pace=0, **fields)
    screen.train()
    screen.expect_status("finished")
    return screen


def test_the_pages(server, browser, keep):
    context = browser.new_context(viewport=WIDE, color_scheme="light")
    screen = trained(server, context)
    keep(screen.page, "playground")
    other = trained(server, context, **{"cell.recurrent_init.kind": "orthogonal"})
    runs = f"{screen.link['run']},{other.link['run']}"
    other.page.goto(f"{server.url}/compare?runs={runs}")
    other.settled()
    keep(other.page, "compare")
    other.go("Runs")
    keep(other.page, "runs")
    context.close()
    context = browser.new_context(viewport=WIDE, color_scheme="dark")
    keep(trained(server, context).page, "playground-dark")
    context.close()


def test_lecture_and_phone(server, browser, keep):
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    screen = trained(server, context, lecture=1, teach="P1,P2b,P5,P3,P3c")
    keep(screen.page, "lecture")
    context.close()
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    keep(trained(server, context).page, "phone")
    context.close()


def test_a_lesson(server, browser, keep):
    context = browser.new_context(viewport=WIDE, color_scheme="light")
    reader, lesson = Reader(context.new_page(), server.url), find("vanishing")
    reader.read(lesson.name)
    outcome, curve = (lesson.prediction(name) for name in ("outcome", "curve"))
    reader.give(lesson, outcome, 0, keys=False)
    length = lesson.config().task.length
    reader.give(lesson, curve, tuple(-4 * (1 - t / (length - 1)) for t in range(length)), keys=False)
    expect(reader.question(lesson, curve).locator(".ls-scored")).to_be_visible()
    reader.question(lesson, curve).scroll_into_view_if_needed()
    keep(reader.page, "lesson")
    context.close()
