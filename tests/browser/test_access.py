"""No page has a serious violation that axe-core finds, in either theme."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from playground.lessons.shelf import find
from tests.browser.lesson import Reader
from tests.browser.screen import GROUNDS, QUICK, Screen

SERIOUS = ("serious", "critical")
# Streamlit fades what a script run has not drawn yet; words in between have too little contrast.
STANDS = """() => !document.querySelector('[data-stale="true"]')
    && document.getAnimations().every((each) => each.playState !== "running"
        || each.effect.getComputedTiming().endTime === Infinity)"""


@pytest.fixture(scope="module")
def trained(server, browser, browser_context_args):
    """A tab, kept for all pages, in which a run has ended."""
    context = browser.new_context(**browser_context_args)
    screen = Screen(context.new_page(), server.url).open(**QUICK)
    screen.train()
    screen.expect_status("finished")
    yield screen
    context.close()


@pytest.mark.parametrize("page", ["", "map", "compare", "runs", "share", "about"])
def test_nothing_serious_stands_in_anybodys_way(trained, page):
    trained.page.goto(f"{trained.server}/{page}?run={trained.link.get('run', '')}")
    trained.ready() if not page else trained.settled()

    expect_nothing_serious(trained)


LESSON = "exploding"
READ = {
    "lessons": ".st-key-lessons-list",
    f"lessons?lesson={LESSON}": ".st-key-lesson .pg-sketch-paper",
    f"lessons?lesson={LESSON}&read=1": ".st-key-lesson-paper",
    "teach": f".st-key-teach-{LESSON}",
}
"""Pages of the lessons, and what is there when they are."""


@pytest.fixture(scope="module")
def answered(trained):
    """The same tab, with a question answered and its curve revealed."""
    reader, lesson = Reader(trained.page, trained.server), find(LESSON)
    card = reader.read(LESSON).question(lesson, lesson.predictions[0])
    card.get_by_role("button", name="show me").click()
    expect(card.locator(".ls-scored")).to_be_visible()
    reader.expect_status("finished")
    return reader


@pytest.mark.parametrize("page", READ)
def test_nothing_serious_stands_in_a_reader_s_way(answered, page):
    answered.page.goto(f"{answered.server}/{page}")
    expect(answered.page.locator(READ[page]).first).to_be_visible()
    if page == "teach":
        answered.page.locator(f"{READ[page]} summary").click()
        expect(answered.page.get_by_role("link", name="Open it as the class sees it")).to_be_visible()

    expect_nothing_serious(answered.settled())


def expect_nothing_serious(screen: Screen) -> None:
    """On a light ground and on a dark one."""
    for scheme, ground in GROUNDS.items():
        screen.page.emulate_media(color_scheme=scheme)
        expect(screen.page.get_by_test_id("stApp")).to_have_css("background-color", ground)
        said = serious(screen)
        if said:  # a page that is drawn anew fades for a moment; what stands in the way stays there
            said = serious(screen.settled())
        assert not said, f"{scheme}: " + "\n".join(said)


def serious(screen: Screen) -> list[str]:
    """What axe-core finds once nothing fades any more, a sentence each."""
    screen.page.wait_for_function(STANDS)
    return [
        f"{each['id']}: {each['help']}; {[node['html'][:160] for node in each['nodes']][:3]}"
        for each in Axe().run(screen.page).response["violations"]
        if each["impact"] in SERIOUS
    ]
