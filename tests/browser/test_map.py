"""A map from the link to a run: filled while one watches, a cell opened, two compared, and a way back."""

import re
from urllib.parse import urlencode

from playwright.sync_api import expect

from playground.sweeps.maps import Maps

FIELDS = {
    "x": "cell.recurrent_init.gain:0.5..2*4",
    "y": "cell.activation.kind:tanh,relu",
    "seeds": 1,
    "updates": 30,
    "task.length": 5,
    "hidden": 8,
}
COLOURED = "document.querySelector('.pg-map-plot').data?.some(({ z }) => z?.flat().some((code) => code > 1))"
CENTRE = """(cell) => {
  const plot = document.querySelector(".pg-map-plot");
  const { left, top } = plot.getBoundingClientRect();
  const { l, r, t, b } = plot.layout.margin;
  const [width, height] = [plot.clientWidth - l - r, plot.clientHeight - t - b];
  return [left + l + (width * ((cell % 4) + 0.5)) / 4, top + t + (height * (Math.floor(cell / 4) + 0.5)) / 2];
}"""


def test_a_map_is_filled_a_cell_is_opened_and_two_are_compared(screen, server):
    screen.visit(f"{server.url}/map?{urlencode(FIELDS)}")
    page, cell = screen.page, lambda number: page.mouse.click(*page.evaluate(CENTRE, number))
    page.evaluate("window.before = document.querySelector('.pg-map-plot')")
    expect(page.get_by_text("8 networks of 30 updates, about")).to_be_visible()

    page.locator(".st-key-map-fill button").click()
    page.wait_for_function(COLOURED)
    expect(page.get_by_text("Finished · 8 of 8 networks")).to_be_visible()
    (folder,) = [Maps(server.runs).get(name) for name in Maps(server.runs).ids()]
    assert len(folder.members()) == 8
    assert page.evaluate("window.before.isConnected")  # drawn anew in place

    cell(5)
    expect(page.locator(".map-table")).to_contain_text("ReLU")
    page.get_by_role("button", name="Open in the playground").click()
    screen.expect_another("none")
    screen.ready().expect_link(**{"cell.activation.kind": "relu", "cell.recurrent_init.gain": None})
    run = server.catalog.get(screen.link["run"])
    assert run.config() == folder.spec().config(5).patched({"pace": 20})
    run.steer(stop=True)

    screen.go("Map")
    expect(page.locator(".pg-map-plot .pg-layer").first).to_be_visible()
    screen.expect_link(map=folder.map_id)
    cell(2)
    page.get_by_role("button", name="Compare both").click()
    expect(page).to_have_url(re.compile(r"/compare\?.*runs="))
    runs = screen.link["runs"].split(",")
    assert [server.catalog.get(one).config().seed for one in runs] == [0, 0]
    expect(page.locator(".cmp-table b").first).to_be_visible()


def test_a_link_to_a_map_starts_nothing_for_a_stranger(visitor, server):
    mine = visitor()
    mine.visit(f"{server.url}/map?{urlencode(FIELDS | {'updates': 10})}")
    mine.page.locator(".st-key-map-fill button").click()
    expect(mine.page.get_by_text("Finished · 8 of 8 networks")).to_be_visible()
    count = len(Maps(server.runs).ids())

    stranger = visitor()
    stranger.visit(mine.page.url)

    expect(stranger.page.locator(".st-key-map-fill button")).to_be_enabled()
    stranger.expect_link(map=None, x="cell.recurrent_init.gain:0.5..2*4", updates="10")
    assert len(Maps(server.runs).ids()) == count
