"""Benchmarks run only when they are asked for by their path, and write the README's table when they are told to."""

import re
import statistics
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from playground.runs import cluster
from playground.runs.catalog import Catalog
from playground.runs.engine import Engine
from playground.sweeps.feed import MapFeed
from playground.sweeps.maps import Maps
from tests.browser.chromium import launch_args
from tests.browser.server import Server

ROOT = Path(__file__).parents[2]


def pytest_ignore_collect(config):
    named = any("benchmarks" in str(argument) for argument in config.invocation_params.args)
    return None if named or config.getoption("benchmark_only", False) else True


def pytest_addoption(parser):
    parser.addoption("--readme", action="store_true", help="write the tables of speeds into README.md")
    parser.addoption("--heap-minutes", type=float, default=0.0, help="watch the browser's heap for so long")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, **launch_args(whole=True)}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One for all visitors of a file, who are patient."""
    server = Server(tmp_path_factory.mktemp("server"))
    expect.set_options(timeout=30_000)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def filled(tmp_path, monkeypatch):
    """Seconds from the click to the last cell of a map, with so many workers that are there already."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def seconds(spec, workers):
        monkeypatch.setattr(cluster, "WORKERS", workers)
        engine = Engine(Catalog(tmp_path / "runs"))
        maps = Maps(engine.catalog.store)
        feed = MapFeed(maps, engine.wake)
        engine.attach(feed)
        engine.start()
        try:
            _wait(lambda: engine.workers == workers)
            started = time.perf_counter()
            made = maps.create(spec)
            feed.wake(made.map_id)
            _wait(made.end)
            taken = time.perf_counter() - started
        finally:
            engine.close()
        assert made.end().done == made.end().of
        return taken

    return seconds


def _wait(condition):
    while not condition():
        time.sleep(0.01)


@pytest.fixture
def heap_minutes(request):
    return request.config.getoption("heap_minutes")


class Table:
    """Rows of a Markdown table: what was measured, the figure, the aim."""

    def __init__(self):
        self.rows = []
        self.probes = []
        self.figures = []
        self.lessons = []
        self.maps = []
        self.live = []
        self.heap = []

    def add(self, what, ratio, aim, seconds):
        mark = "" if ratio <= aim else "**"
        self.rows.append(f"| {what} | {mark}{ratio:.2f} ×{mark} | ≤ {aim:g} | {seconds * 1e6:,.0f} µs |")

    def add_bytes(self, what, count, most):
        mark = "" if count <= most else "**"
        self.rows.append(f"| {what} | {mark}{count / 1e6:.0f} MB{mark} | ≤ {most / 1e6:.0f} MB | |")

    def add_figure(self, what, figure, aim, unit, least=False):
        """`aim` is the most that it may be, or the `least`; None for a figure without one."""
        self.figures.append(_row(what, figure, aim, unit, least))

    def add_map(self, what, figure, aim, unit, least=False):
        """As `add_figure`, in the table of maps."""
        self.maps.append(_row(what, figure, aim, unit, least))

    def add_live(self, what, figure, aim, unit, least=False):
        """As `add_figure`, in the table of the live pictures."""
        self.live.append(_row(what, figure, aim, unit, least))

    def add_heap(self, what, figure, aim, unit):
        """As `add_figure`, in the table of the browser's memory."""
        self.heap.append(_row(what, figure, aim, unit, least=False))

    def add_probe(self, what, share, looks, seconds):
        each = f"{looks:,} | {seconds * 1e6:,.0f} µs" if looks else " | "
        self.probes.append(f"| {what} | {share:.1%} | {each} |")

    def add_lesson(self, what, seconds, aim):
        """`seconds` of each time that it was measured."""
        median, worst = statistics.median(seconds), max(seconds)
        mark = "" if median <= aim else "**"
        self.lessons.append(f"| {what} | {mark}{median:.2f} s{mark} | {worst:.2f} s | ≤ {aim:g} s |")

    def texts(self):
        """The table of each pair of markers in the README, where anything was measured for it."""
        heads = {
            "speed": ("| what | figure | aim | one update |", "|---|---|---|---|", self.rows),
            "probes": (
                "| probe | of an update | looks in 1,000 updates | one look |",
                "|---|---|---|---|",
                self.probes,
            ),
            "dashboard": ("| what | figure | aim |", "|---|---|---|", self.figures),
            "heap": ("| what | figure | aim |", "|---|---|---|", self.heap),
            "live": ("| what | figure | aim |", "|---|---|---|", self.live),
            "maps": ("| what | figure | aim |", "|---|---|---|", self.maps),
            "lessons": ("| what | median of 5 | worst | aim |", "|---|---|---|---|", self.lessons),
        }
        return {name: "\n".join([head, line, *rows]) + "\n" for name, (head, line, rows) in heads.items() if rows}


def _row(what, figure, aim, unit, least):
    missed = aim is not None and (figure < aim if least else figure > aim)
    mark, sign = ("**" if missed else ""), ("≥" if least else "≤")
    digits = 0 if abs(figure) >= 20 or figure == int(figure) else 1
    aimed = "" if aim is None else f"{sign} {aim:g}"
    value = f"{figure:,.{digits}f} {unit}".strip()
    return f"| {what} | {mark}{value}{mark} | {aimed} |"


@pytest.fixture(scope="session")
def table(request):
    made = Table()
    yield made
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print("\n" + "\n".join(made.texts().values()))
    if request.config.getoption("readme", False):
        readme = ROOT / "README.md"
        text = readme.read_text()
        for name, rows in made.texts().items():
            place = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.S)
            assert place.search(text), f"README.md has no place for the table <!-- {name} -->"
            text = place.sub(lambda _, rows=rows: rows, text)
        readme.write_text(text)
