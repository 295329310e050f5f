"""How fast the real app is in a real browser: until the page is usable, from a click to pictures, from step to pixel.

python -m pytest tests/benchmarks/test_live_latency.py --readme
"""

import re
import statistics
import time

from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.server import Server, until

CLICKS = 5
SECONDS = 8
# When the button was pressed, and when the first picture after that was on the screen, by the browser's own clock.
WATCH = """
(button) => {
  const shown = window.playgroundLags.length;
  window.firstPicture = null;
  document.querySelector(button).addEventListener("click", () => {
    const clicked = performance.now();
    const look = () => {
      if (window.playgroundLags.length > shown) window.firstPicture = performance.now() - clicked;
      else requestAnimationFrame(look);
    };
    look();
  }, { capture: true, once: true });
}
"""
OVER = """
(seconds) => new Promise((done) => {
  window.playgroundLags.length = 0;
  const began = performance.now();
  setTimeout(() => done([[...window.playgroundLags], (performance.now() - began) / 1000]), seconds * 1000);
})
"""


def test_live_latency(browser, tmp_path, table):
    server = Server(tmp_path)
    expect.set_options(timeout=20_000)
    try:
        server.start()
        until(lambda: re.search(r"URL: http", server.log))
        printed = time.perf_counter()
        screen = Screen(browser.new_page(viewport={"width": 1440, "height": 1100}), server.url).open(updates=20_000)
        expect(screen.bar("train")).to_be_enabled()
        usable = time.perf_counter() - printed
        screen.train()
        screen.wait_for_updates(10)

        clicks = [one_click(screen) for _ in range(CLICKS)]
        table.add_live(f"click on Train to first picture, median of {CLICKS}", statistics.median(clicks), 1, "s")
        for title, button in (("at 20 updates a second", "20/s"), ("flat out", "flat out")):
            screen.page.get_by_role("radio", name=button).click()
            screen.wait_for_updates(100)
            lags, seconds = screen.page.evaluate(OVER, SECONDS)
            ordered = sorted(lags)
            table.add_live(f"{title}: pictures a second", len(lags) / seconds, 10, "", least=True)
            table.add_live(f"{title}: step to pixel, p50", statistics.median(ordered), None, "ms")
            table.add_live(f"{title}: step to pixel, p95", ordered[int(0.95 * len(ordered))], 150, "ms")

        screen.press("stop")
        screen.expect_status("stopped")
        family = [server.process, *server.process.children(recursive=True)]
        sizes = [process.memory_info().rss / 1e6 for process in family]
        table.add_live("the server after these runs, resident", sizes[0], 200, "MB")
        table.add_live("all processes, two workers", sum(sizes), 900, "MB")
        table.add_live("page usable after its address was printed, in a new browser", usable, 3, "s")
    finally:
        server.stop()


def one_click(screen):
    """Seconds from a click on Train to the first picture."""
    screen.press("stop")
    screen.expect_status("stopped")
    expect(screen.bar("train")).to_be_enabled()
    screen.settled().page.evaluate(WATCH, ".st-key-bar-train button")
    screen.press("train")
    seconds = screen.page.wait_for_function("window.firstPicture").json_value() / 1000
    expect(screen.bar("pause")).to_contain_text("Pause")
    return seconds
