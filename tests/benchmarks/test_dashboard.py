"""Eight live pictures in a real browser, forty who watch, and what a first visit loads; `--readme` writes the table.

python -m pytest tests/benchmarks/test_dashboard.py --readme
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect

from playground.runs.status import RunStatus, describe
from playground.training.config import RunConfig
from tests.browser.screen import Screen
from tests.browser.server import Server, free_port, until

EIGHT = "gradient_now,gradient_history,loss,weights,clipping,flow_matrix,update_ratio,horizon"
RATE = 10
SECONDS = 15
FORTY = 40
LAGS = """
(seconds) => new Promise((done) => {
  window.playgroundLags.length = 0;
  setTimeout(() => done([...window.playgroundLags]), seconds * 1000);
})
"""
# What a picture has drawn of its run, without the axes under it, into a thumbnail: blank if nothing is left.
BLANKS = """
(seconds) => new Promise((done) => {
  const small = new OffscreenCanvas(24, 12), pen = small.getContext("2d", { willReadFrequently: true });
  let looks = 0, blank = 0;
  const look = () => {
    for (const plot of document.querySelectorAll(".pg-card:not([hidden]) > .pg-frame:not([hidden]) .pg-plot")) {
      pen.clearRect(0, 0, 24, 12);
      const layers = [...plot.querySelectorAll("canvas")].slice(1);
      for (const canvas of layers) if (canvas.width) pen.drawImage(canvas, 0, 0, 24, 12);
      looks += 1;
      if (!pen.getImageData(0, 0, 24, 12).data.some(Boolean)) blank += 1;
    }
  };
  const timer = setInterval(look, 50);
  setTimeout(() => { clearInterval(timer); done([looks, blank]); }, seconds * 1000);
})
"""


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path)
    expect.set_options(timeout=30_000)
    server.start()
    yield server
    server.stop()


class MainThread:
    """How long the page's main thread was busy, of a second, and how much memory its objects take."""

    def __init__(self, page):
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable")

    def metrics(self):
        return {each["name"]: each["value"] for each in self._session.send("Performance.getMetrics")["metrics"]}

    def busy(self, action):
        before, began = self.metrics(), time.perf_counter()
        found = action()
        passed = time.perf_counter() - began
        return found, (self.metrics()["TaskDuration"] - before["TaskDuration"]) / passed

    def heap(self):
        self._session.send("HeapProfiler.collectGarbage")
        return self.metrics()["JSHeapUsedSize"]


def percentile(values, share):
    return sorted(values)[int(share * (len(values) - 1))] if values else float("nan")


def eight(server, browser):
    """A page with eight live pictures at 10 Hz, and the run."""
    page = browser.new_page(viewport={"width": 1440, "height": 3000})
    screen = Screen(page, server.url).open(updates=20_000, pace=RATE, pictures=EIGHT)
    folder = server.catalog.get(screen.train())
    screen.wait_for_updates(10)
    assert page.locator(".pg-card:visible").count() >= 8
    return page, folder


@pytest.mark.timeout(0)  # for as long as one asks
def test_the_heap_stays_flat(server, browser, table, heap_minutes):
    if not heap_minutes:
        pytest.skip("--heap-minutes 20 asks for it")
    page, folder = eight(server, browser)
    thread = MainThread(page)
    page.wait_for_timeout(20_000)  # what is loaded and compiled once is there
    start, most = thread.heap(), 0.0
    for _ in range(round(heap_minutes)):
        page.wait_for_timeout(60_000)
        most = max(most, thread.heap() - start)
    table.add_heap("the page's objects at the start", start / 1e6, None, "MB")
    table.add_heap(f"… the most that they grew in {heap_minutes:g} minutes", most / 1e6, 1, "MB")
    folder.steer(stop=True)


def test_eight_pictures_at_10_hz_beside_plotly_chart(server, browser, table):
    page, folder = eight(server, browser)
    thread = MainThread(page)

    lags, busy = thread.busy(lambda: page.evaluate(LAGS, SECONDS))
    looks, blank = page.evaluate(BLANKS, SECONDS)
    server_busy = cpu(server.process, 5)

    table.add_figure("8 live pictures at 10 Hz: step to pixel, p95", percentile(lags, 0.95), 150, "ms")
    table.add_figure("… step to pixel, p50", percentile(lags, 0.5), None, "ms")
    table.add_figure("… pictures of updates a second", len(lags) / SECONDS, None, "")
    table.add_figure("… the browser's main thread", 100 * busy, 40, "% of a core")
    table.add_figure(f"… blank pictures in {looks:,} looks", blank, 0, "")
    table.add_figure("… the server", 100 * server_busy, None, "% of a core")
    page.close()
    plotly_side(folder, browser, table)
    folder.steer(stop=True)


def plotly_side(folder, browser, table):
    """The same eight figures of the same run."""
    port = free_port()
    settings = {"RUN": folder.path, "PICTURES": EIGHT, "RATE": str(RATE)}
    environment = os.environ | {f"PLOTLY_SIDE_{name}": value for name, value in settings.items()}
    script = Path(__file__).with_name("plotly_side.py")
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    with subprocess.Popen(command, env=environment | {"PYTHONPATH": os.getcwd()}) as process:
        try:
            page = browser.new_page(viewport={"width": 1440, "height": 3000})
            until(lambda: _answers(page, port), 30)
            expect(page.locator(".js-plotly-plot").nth(7)).to_be_visible(timeout=60_000)
            thread = MainThread(page)
            shown, busy = thread.busy(lambda: _updates_shown(page))
            table.add_figure(
                "the same by `st.plotly_chart` in a fragment: pictures a second", shown / SECONDS, None, ""
            )
            table.add_figure("… the browser's main thread", 100 * busy, None, "% of a core")
            page.close()
        finally:
            process.terminate()


def _answers(page, port):
    try:
        return page.goto(f"http://localhost:{port}") is not None
    except Exception:
        return False


def _updates_shown(page):
    """How many different updates the page's last line named."""
    count = """(seconds) => new Promise((done) => {
      const seen = new Set();
      const look = setInterval(() => seen.add(document.querySelector("[data-testid=stText]")?.textContent), 20);
      setTimeout(() => { clearInterval(look); done(seen.size); }, seconds * 1000);
    })"""
    return page.evaluate(count, SECONDS)


def cpu(process: psutil.Process, seconds: float) -> float:
    """The share of a core that a process takes."""
    process.cpu_percent()
    time.sleep(seconds)
    return process.cpu_percent() / 100


def started(server, count):
    """Runs of nobody, which everybody may watch, and which the engine finds by itself."""
    runs = [server.catalog.create(RunConfig(updates=20_000, pace=RATE, seed=seed)) for seed in range(count)]
    until(lambda: all(describe(run).status is RunStatus.RUNNING for run in runs), 120)
    return runs


def all_watched(server, runs):
    """What so many browsers would get, the lags of each one's frames in seconds; and the server's share of a core while
    all of them watch."""
    script = Path(__file__).with_name("watchers.py")
    command = [sys.executable, str(script), server.url, str(SECONDS), *(run.run_id for run in runs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout.readline() == "watching\n"
        busy = cpu(server.process, SECONDS)
        found = json.loads(watching.stdout.read())
    return found, busy


def test_forty_watch_forty_runs(server, table):
    runs = started(server, FORTY)
    found, busy = all_watched(server, runs)

    rates = [len(lags) / SECONDS for lags in found]
    worst = max(percentile(lags, 0.95) for lags in found)
    table.add_figure("40 watch 40 runs on two cores: the slowest, pictures a second", min(rates), 2, "", least=True)
    table.add_figure("… the median", statistics.median(rates), None, "")
    table.add_figure("… the worst p95, step to socket", 1000 * worst, 500, "ms")
    table.add_figure("… the Streamlit process", 100 * busy, 50, "% of a core")
    for run in runs:
        run.steer(stop=True)


def test_forty_watch_one_run(server, table):
    [run] = started(server, 1)
    found, busy = all_watched(server, [run] * FORTY)

    table.add_figure("40 watch one run at 10 Hz: the Streamlit process", 100 * busy, 30, "% of a core")
    table.add_figure("… the slowest, pictures a second", min(len(lags) / SECONDS for lags in found), None, "")
    run.steer(stop=True)


def test_what_a_visit_loads(server, browser, table):
    page = browser.new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    screen = Screen(page, server.url).open()
    first = sum(sizes)
    sizes.clear()
    screen.go("Runs")
    second = sum(sizes)

    table.add_figure("first visit: over the wire", first / 1e6, 4, "MB")
    table.add_figure("… the second page", second / 1e6, 2, "MB")
