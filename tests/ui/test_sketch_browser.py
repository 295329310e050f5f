"""A curve drawn in a real browser: with a mouse, with keys, with a finger; then the measured one over it."""

import json
import math

import pytest
from axe_playwright_python.sync_playwright import Axe
from starlette.responses import HTMLResponse
from starlette.routing import Route

from playground.ui.lessons import sketch
from playground.ui.lessons.sketch import Paper
from tests.ui.sketch_page import PAGE

pytestmark = pytest.mark.browser

PAPER = Paper(30, -12.0, 1.0)
QUESTION = "Draw the gradient at every time step."


def asked(drawn=None, paper=PAPER):
    return json.loads(sketch._data(QUESTION, paper, drawn or [None] * len(paper.handles))["sketch"])


@pytest.fixture
def opened(serve, new_context):
    """Opens the page, with these settings of the browser; its errors are none at the end."""
    port, errors = serve(Route("/", lambda _: HTMLResponse(PAGE))), []

    def come(shown=None, **settings):
        page = new_context(**settings).new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_function("window.ready")
        page.evaluate("(sketch) => show(sketch)", shown or asked())
        page.wait_for_selector(".pg-sketch-paper text")
        return page

    yield come
    assert errors == []


def place(page, step, height, paper=PAPER):
    """The px of a height at a step, from the marks on the axes."""
    box = page.locator(".pg-sketch-paper").bounding_box()
    left, right, top, bottom = 52, box["width"] - 16, 14, box["height"] - 42
    x = left + (step - 1) / (paper.steps - 1) * (right - left)
    y = top + (paper.high - height) / (paper.high - paper.low) * (bottom - top)
    return box["x"] + x, box["y"] + y


def last(page):
    return page.evaluate("window.sent.at(-1)?.[1] ?? null")


def handle(page, step):
    return page.get_by_role("slider", name=f"step {step}", exact=True)


def test_a_click_sets_the_nearest_handle_and_nothing_is_set_before(opened):
    page = opened()
    assert page.locator(".pg-sketch-drawn").count() == 0
    assert page.get_by_role("slider").count() == len(PAPER.handles)

    page.mouse.click(*place(page, 6.4, -3))

    assert last(page) == [None, pytest.approx(-3, abs=0.1), *[None] * 5]
    assert page.locator(".pg-sketch-drawn").count() == 1
    assert page.evaluate("window.sent.length") == 1


def test_a_drag_moves_a_handle_and_is_said_once(opened):
    page = opened()
    page.mouse.move(*place(page, 30, 0))
    page.mouse.down()
    page.mouse.move(*place(page, 28, -4), steps=6)
    page.mouse.move(*place(page, 12, -7), steps=6)
    page.mouse.up()

    assert last(page) == [*[None] * 6, pytest.approx(-7, abs=0.1)]
    assert page.evaluate("window.sent.length") == 1


def test_beyond_the_axis_it_stays_on_its_edge(opened):
    page = opened()
    x, y = place(page, 1, PAPER.high)
    page.mouse.move(x, y + 30)
    page.mouse.down()
    page.mouse.move(x, y - 300)
    page.mouse.up()

    assert last(page)[0] == PAPER.high


def test_keys_do_all_that_a_mouse_does(opened):
    page = opened()
    page.keyboard.press("Tab")
    # Undo comes first in the page, and has nothing to undo yet.
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "step 1"
    page.keyboard.press("End")
    assert last(page)[0] == 1
    page.keyboard.press("Home")
    assert last(page)[0] == -12
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowUp")
    assert last(page)[0] == pytest.approx(-10.75)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    assert last(page)[0] == pytest.approx(-10)
    assert handle(page, 1).get_attribute("aria-valuetext") == "step 1: 10⁻¹⁰"
    assert "not set yet" in handle(page, 30).get_attribute("aria-valuetext")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "step 6"


def test_undo_takes_back_one_wish_at_a_time(opened):
    page = opened()
    for step, height in ((1, -10), (30, 0), (1, -5)):
        page.mouse.click(*place(page, step, height))
    undo = page.get_by_role("button", name="Undo")

    undo.click()
    assert last(page)[0] == pytest.approx(-10, abs=0.1)
    page.keyboard.press("Control+z")
    assert last(page)[-1] is None
    undo.click()
    assert last(page) == [None] * 7
    assert undo.is_disabled()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "slider"


def test_the_server_reads_what_the_browser_sends(opened):
    page = opened()
    page.mouse.click(*place(page, 1, -9))
    page.mouse.click(*place(page, 30, 0))

    curve = PAPER.curve(PAPER.read(json.dumps(last(page))))

    assert curve[0] == pytest.approx(-9, abs=0.1)
    assert curve[14] == pytest.approx(curve[0] + (curve[-1] - curve[0]) * 14 / 29, abs=1e-5)


def test_a_finger_taps_drags_a_handle_and_may_scroll_from_the_paper(opened):
    page = opened(has_touch=True, viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page.touchscreen.tap(*place(page, 15, -6))
    assert last(page) == [None, None, None, pytest.approx(-6, abs=0.1), None, None, None]
    touch_action = "(each) => getComputedStyle(each).touchAction"
    assert page.locator(".pg-sketch-paper").evaluate(touch_action) == "pan-x pan-y"
    assert handle(page, 1).evaluate(touch_action) == "none"
    session = page.context.new_cdp_session(page)
    x, y = place(page, 1, -6)  # the curve is level, and each handle lies on it
    for kind, at in (("touchStart", y), ("touchMove", y + 40), ("touchEnd", None)):
        points = [] if at is None else [{"x": x, "y": at}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait_for_function("window.sent.length === 2")
    assert last(page)[0] < -6
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_was_drawn_stays_through_a_rerun_and_comes_back_after_another_step(opened):
    page = opened()
    page.mouse.click(*place(page, 1, -9))
    drawn = last(page)
    page.evaluate("(sketch) => show(sketch)", asked())
    assert page.locator(".pg-sketch-drawn").count() == 1
    page.evaluate("close_()")
    page.evaluate("(sketch) => show(sketch)", asked(drawn))
    page.wait_for_selector(".pg-sketch-drawn", state="attached")
    assert handle(page, 1).get_attribute("aria-valuetext").startswith("step 1: 10⁻⁹")


@pytest.fixture
def revealed(monkeypatch):
    """What the page sends for a measured curve over one that was drawn level."""

    def data(measured):
        sent = {}
        monkeypatch.setattr(sketch, "_component", lambda **given: sent.update(given["data"]))
        sketch.reveal(QUESTION, PAPER, [-3.0] * PAPER.steps, measured, key="key")
        return json.loads(sent["sketch"])

    return data


def test_the_measured_curve_is_drawn_over_the_readers_and_both_are_named(opened, revealed):
    shown = revealed([-15.0 + 0.5 * step for step in range(30)])
    page = opened()
    page.mouse.click(*place(page, 1, -9))
    page.evaluate("(sketch) => show(sketch)", shown)
    page.wait_for_selector(".pg-sketch-measured", state="attached")

    drawn = page.locator(".pg-sketch-drawn")
    assert drawn.count() == 1
    colour = "(each) => getComputedStyle(each).stroke"
    assert page.locator(".pg-sketch-measured").evaluate(colour) == "rgb(13, 148, 136)"
    assert drawn.evaluate(colour) == "rgb(139, 92, 246)"
    assert "," in drawn.evaluate("(each) => getComputedStyle(each).strokeDasharray")
    assert page.locator(".pg-legend .pg-entry").all_inner_texts() == ["you drew", "measured"]
    assert page.get_by_role("slider").count() == 0
    assert not page.get_by_role("button", name="Undo").is_visible()
    assert shown["words"] in page.get_by_role("img").get_attribute("aria-label")
    # The axis reaches as far as what was measured.
    assert "10⁻¹⁵" in page.locator(".pg-sketch-paper text").all_text_contents()


def test_an_exact_zero_and_what_is_not_finite_are_marks(opened, revealed):
    shown = revealed([-math.inf, math.nan, math.inf, *[-2.0] * 27])
    page = opened(shown)

    assert page.locator(".pg-sketch-zero").count() == 1
    assert page.locator(".pg-sketch-not-finite").count() == 2
    assert shown["words"].startswith("Measured: 0 at step 1, ")


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_asked_and_revealed(opened, revealed, ground, width):
    page = opened(viewport={"width": width, "height": 844})
    page.evaluate("(ground) => (document.body.className = ground)", ground)
    page.mouse.click(*place(page, 6, -3))
    for shown in (None, revealed([-8.0] * 30)):
        if shown:
            page.evaluate("(sketch) => show(sketch)", shown)
            page.wait_for_selector(".pg-sketch-measured", state="attached")
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
