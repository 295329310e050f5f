"""How soon a lesson can be read, and how soon its run shows a picture; `--readme` writes the table.

python -m pytest tests/benchmarks/test_lessons.py --readme
"""

import time

import pytest
from playwright.sync_api import expect

from playground.lessons.lesson import Prediction
from playground.lessons.shelf import find
from tests.browser.lesson import DRAWN, Reader

LESSONS = ("bptt", "vanishing", "exploding")
TIMES = 5
OPENED, SHOWN = 2.0, 1.0
# From the click on, in the page's own time.
CLICK = f"""(button) => new Promise((done) => {{
  const drawn = {DRAWN}, began = performance.now();
  button.click();
  const look = () => (drawn() ? done((performance.now() - began) / 1000) : requestAnimationFrame(look));
  look();
}})"""


@pytest.fixture
def come(server, browser):
    """Makes readers, each of another browser."""
    contexts = []

    def come() -> Reader:
        contexts.append(browser.new_context(viewport={"width": 1440, "height": 900}))
        return Reader(contexts[-1].new_page(), server.url)

    yield come
    for context in contexts:
        context.close()


@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_opens_and_shows_its_run(come, name, table):
    lesson = find(name)
    first = lesson.predictions[0]
    together = lesson.asked_of(first.state)
    at = lesson.step_of(first.name) + 1
    opened, turned, shown = [], [], []
    come().read(name, at).page.close()
    for _ in range(TIMES):
        reader = come()
        reader.page.goto(f"{reader.server}/lessons")
        reader.settled()
        began = time.perf_counter()
        reader.open_from_list(name)
        expect(reader.bar("train")).to_be_visible()
        turned.append(time.perf_counter() - began)
        reader, began = come(), time.perf_counter()
        reader.read(name, at)
        expect(reader.bar("train")).to_be_visible()
        opened.append(time.perf_counter() - began)
        for prediction in together[:-1]:
            reader.question(lesson, prediction).get_by_role("button", name="show me").click()
            expect(reader.commit(lesson, prediction)).to_have_count(0)
        reader.fill_in(lesson, together[-1], middle(together[-1], lesson.config(first.state).task.length))
        reader.settled()
        shown.append(reader.commit(lesson, together[-1]).evaluate(CLICK))
        reader.page.wait_for_function("() => document.querySelector('.pg-status.pg-finished, .pg-status.pg-diverged')")

    table.add_lesson(f"{lesson.title}: from a click in the list to its text, questions and controls", turned, OPENED)
    table.add_lesson("… from its link, in a browser that has never been here", opened, OPENED)
    table.add_lesson("… from the click on Commit to the first picture of the run", shown, SHOWN)


def middle(prediction: Prediction, steps: int) -> object:
    """Some answer."""
    match prediction.kind:
        case "choice":
            return 0
        case "number":
            return prediction.high
    return [0.0] * steps
