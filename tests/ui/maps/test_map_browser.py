"""The map in a browser: what a click and a key say to the server, and what is there for those who listen."""

import json

import pytest

from playground.sweeps.folder import Seen
from playground.sweeps.member import Member
from playground.sweeps.ready import READY
from playground.ui.live.assets import assets
from playground.ui.live.page import page as described
from playground.ui.maps import drawing
from tests.ui.maps.test_drawing import forget

pytestmark = pytest.mark.browser

ORIGIN = "http://map.test/"
SPEC = READY["rate-clip"].spec
PANELS = READY["init-activation-clip"].spec
PAGE = """<!doctype html><meta charset="utf-8"><body style="margin: 0"><div id="place"></div>
<style>#place { --st-background-color: #ffffff; --st-text-color: #1f2428; --st-font: sans-serif }</style>
<script type="module">
  const module = await import("./map.js");
  window.said = [];
  const setTriggerValue = (name, value) => said.push([name, JSON.parse(value)]);
  window.show = async (map, marks) => {
    const data = { map, marks: JSON.stringify(marks) };
    window.unmount = await module.default({ parentElement: place, data, setTriggerValue });
  };
  window.ready = true;
</script>"""
CENTRE = """([panel, cell]) => {
  const view = document.querySelectorAll(".pg-map-plot")[panel];
  const { left, top } = view.getBoundingClientRect();
  const { l, r, t, b } = view.layout.margin;
  const [columns, rows] = [view.layout.xaxis.ticktext.length, view.layout.yaxis.ticktext.length];
  const falls = view.layout.yaxis.range[0] > view.layout.yaxis.range[1];
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  const [width, height] = [view.clientWidth - l - r, view.clientHeight - t - b];
  const down = falls ? row : rows - 1 - row;
  return [left + l + (width * (column + 0.5)) / columns, top + t + (height * (down + 0.5)) / rows];
}"""


def drawn(spec, *learns, measure="outcome"):
    members = {(cell, 0): Member(cell=cell, seed=0, updates=200, over=True, metric=1.0, solved=60) for cell in learns}
    return drawing.drawn("one", spec, Seen({"b": (len(learns), 0)}, members, {}), False, measure, False).json


@pytest.fixture
def screen(browser):
    forget()
    page = browser.new_page(viewport={"width": 900, "height": 900})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def answer(route):
        name = route.request.url.removeprefix(ORIGIN)
        if name == "page.json":
            return route.fulfill(json=described())
        body, kind = assets().ours[name] if name else (PAGE.encode(), "text/html")
        return route.fulfill(body=body, content_type=kind)

    page.route(f"{ORIGIN}**", answer)
    page.goto(ORIGIN)
    page.wait_for_function("window.ready")
    yield page
    assert errors == []
    page.close()
    forget()


def show(screen, text, picked=(), stamp=0):
    screen.evaluate("([map, marks]) => show(map, marks)", [text, {"picked": list(picked), "stamp": stamp}])
    screen.wait_for_function("document.querySelector('.pg-map-plot')?.layout")


def click(screen, cell, panel=0, count=1):
    screen.mouse.click(*screen.evaluate(CENTRE, [panel, cell]), click_count=count)


def test_a_click_chooses_another_one_too_and_a_third_takes_the_place_of_the_first(screen):
    show(screen, drawn(SPEC, 0))

    for cell in (9, 20, 20, 63):
        click(screen, cell)

    assert [value["cells"] for _, value in screen.evaluate("said")] == [[9], [9, 20], [20, 63]]
    assert screen.evaluate("said.map(([name, { stamp }]) => [name, stamp])") == [["cell", i] for i in (1, 2, 3)]
    assert screen.locator('[aria-selected="true"]').count() == 2


def test_a_double_click_opens(screen):
    show(screen, drawn(SPEC, 0))

    click(screen, 12, count=2)

    assert screen.evaluate("said.at(-1)[1]") == {"do": "open", "cells": [12], "stamp": 2}


def test_cells_of_other_panels_and_of_names_have_their_own_numbers(screen):
    show(screen, drawn(PANELS, 0))
    _, rows, columns = PANELS.shape

    click(screen, 0, panel=0)
    click(screen, 7, panel=2)

    assert screen.evaluate("said.at(-1)[1].cells") == [0, 2 * rows * columns + 7]


def test_keys_go_over_the_cells_as_they_stand_and_choose_and_open(screen):
    show(screen, drawn(SPEC, 0))
    screen.locator(".pg-map-plot").focus()
    active = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).textContent"

    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "ArrowDown", "ArrowDown", "ArrowLeft"):
        screen.keyboard.press(key)

    at = SPEC.settings(1)
    assert f"{SPEC.x.title} {SPEC.x.value_title(at[SPEC.x.path])}" in screen.evaluate(active)
    assert f"{SPEC.y.title} {SPEC.y.value_title(at[SPEC.y.path])}" in screen.evaluate(active)
    for key in ("c", "End", " ", "Enter", "Escape"):
        screen.keyboard.press(key)
    assert screen.evaluate("said.map(([, { do: what, cells }]) => [what, cells])") == [
        ["pick", [1]], ["pick", [1, 7]], ["open", [7]], ["pick", []],
    ]  # fmt: skip


def test_up_is_up_where_names_are_listed_downward_too(screen):
    show(screen, drawn(PANELS, 0))
    screen.locator(".pg-map-plot").first.focus()

    screen.keyboard.press("ArrowDown")
    screen.keyboard.press("Enter")

    assert screen.evaluate("said.at(-1)[1].cells") == [PANELS.shape[2]]


def test_a_page_that_was_drawn_before_the_last_click_does_not_undo_it(screen):
    show(screen, drawn(SPEC, 0))
    click(screen, 9)

    show(screen, drawn(SPEC, 0), picked=(), stamp=0)
    assert screen.locator('[aria-selected="true"]').count() == 1
    show(screen, drawn(SPEC, 0), picked=(), stamp=1)
    assert screen.locator('[aria-selected="true"]').count() == 0


def test_new_cells_are_drawn_in_place_and_whoever_listens_hears_what_stands_in_each(screen):
    show(screen, drawn(SPEC, 0))
    screen.evaluate("window.node = document.querySelector('.pg-map-plot canvas')")
    cells = screen.locator('[role="gridcell"]')
    assert cells.count() == len(SPEC.cells())

    forget()
    show(screen, drawn(SPEC, 0, 1))

    assert screen.evaluate("node.isConnected && node === document.querySelector('.pg-map-plot canvas')")
    texts = cells.all_text_contents()
    assert sum("learns" in text for text in texts) == 2
    assert "learns" in screen.locator(".pg-spoken").first.text_content()


def test_the_picture_is_a_file_with_its_legend(screen):
    show(screen, drawn(SPEC, 0))

    with screen.expect_download() as download:
        screen.get_by_role("button", name="The map as a PNG file").click()

    assert download.value.suggested_filename == "map.png"
    whole = download.value.path().read_bytes()
    assert whole.startswith(b"\x89PNG")

    show(screen, json.dumps(json.loads(drawn(SPEC, 0)) | {"legend": []}))
    with screen.expect_download() as download:
        screen.get_by_role("button", name="The map as a PNG file").click()
    assert _height(whole) > _height(download.value.path().read_bytes()), "the legend has a line of its own"


def _height(png):
    return int.from_bytes(png[20:24])


def test_the_axis_goes_with_the_cells_when_a_scale_takes_room_beside_them(screen):
    ground = "document.querySelector('.pg-map-plot .pg-layer').toDataURL()"
    show(screen, drawn(SPEC, 0))
    before = screen.evaluate(ground)

    show(screen, drawn(SPEC, 0, measure="metric"))

    assert screen.evaluate(ground) != before
