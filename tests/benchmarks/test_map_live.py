"""A map in a real browser: how soon its first cells have colours, and what a live run beside it keeps.

python -m pytest tests/benchmarks/test_map_*.py --readme
"""

import statistics
from urllib.parse import urlencode

from playwright.sync_api import expect

from playground.sweeps.maps import Maps
from tests.browser.screen import Screen

CLICKS = 5
SIXTY_FOUR = {
    "x": "cell.recurrent_init.gain:0.5..2.5*8", "y": "optimizer.learning_rate:0.0001..0.1*8~", "seeds": 1,
    "updates": 200, "task.length": 30, "hidden": 16,
}  # fmt: skip
LARGE = {
    "x": "cell.recurrent_init.gain:0.5..2.5*16", "y": "optimizer.learning_rate:0.0001..0.1*16~", "seeds": 1,
    "updates": 200, "task.length": 30, "hidden": 16,
}  # fmt: skip
# From the press of Fill to the frame in which a cell has an outcome, in seconds.
FIRST_COLOURS = """
() => {
  window.firstColours = null;
  document.querySelector(".st-key-map-fill button").addEventListener("click", () => {
    const clicked = performance.now();
    const look = () => {
      const traces = document.querySelector(".pg-map-plot")?.data;
      if (traces?.some(({ z }) => z?.flat().some((code) => code > 1))) {
        requestAnimationFrame(() => (window.firstColours = (performance.now() - clicked) / 1000));
      } else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, { capture: true, once: true });
}
"""
# How many updates of the run came to the screen in so many seconds, and in how many pictures.
SHOWN = """
(seconds) => new Promise((done) => {
  const newest = () => document.querySelectorAll(".pg-plot")[0] && Number(
    document.querySelector(".pg-count").textContent.split("/")[0].replace(/\\D/g, ""));
  window.playgroundLags.length = 0;
  const first = newest();
  setTimeout(() => done([(newest() - first) / seconds, window.playgroundLags.length / seconds]), seconds * 1000);
})
"""
SECONDS = 6


def test_first_colours_and_a_live_run_beside_a_map(server, browser, table):
    taken = [first_colours(server, browser, seed) for seed in range(CLICKS)]
    table.add_map(f"first cells coloured after the click, median of {CLICKS}", statistics.median(taken), 1, "s")
    table.add_map("… the slowest, with what is loaded once", max(taken), None, "s")

    watching = Screen(browser.new_page(), server.url).open(updates=20_000, pace=20)
    watching.train()
    watching.wait_for_updates(20)
    filling = Screen(browser.new_page(), server.url).visit(f"{server.url}/map?{urlencode(LARGE)}")
    fill(filling.page).click()
    filling.page.wait_for_function("document.querySelector('.pg-map-plot')?.data?.length")
    updates, pictures = watching.page.evaluate(SHOWN, SECONDS)
    maps = Maps(server.runs)
    assert not maps.get(maps.ids()[0]).end(), "the map was over before the run had been looked at"
    table.add_map("a live run at 20/s beside a map of 256 cells: updates a second on the screen", updates, 5, "", True)
    table.add_map("… in pictures a second", pictures, None, "")


def first_colours(server, browser, seed):
    page = browser.new_page(viewport={"width": 1440, "height": 1100})
    screen = Screen(page, server.url).visit(f"{server.url}/map?{urlencode(SIXTY_FOUR | {'seed': seed})}")
    expect(fill(screen.page)).to_be_enabled()
    page.evaluate(FIRST_COLOURS)
    fill(page).click()
    seconds = page.wait_for_function("window.firstColours").json_value()
    expect(page.get_by_text("Finished · 64 of 64 networks")).to_be_visible()
    page.close()
    return seconds


def fill(page):
    return page.locator(".st-key-map-fill button")
