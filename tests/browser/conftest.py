"""The app on a port of its own, and visitors with Chromium."""

import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.browsers import Browsers
from tests.browser.chromium import launch_args
from tests.browser.proxy import Proxy
from tests.browser.screen import GROUNDS, Screen
from tests.browser.server import ROOT, Server

PATIENCE = 20_000  # ms: a machine that runs other things beside the tests is slow, not wrong


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, **launch_args()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    expect.set_options(timeout=PATIENCE)
    # High enough that every picture is in view: what nobody sees is not drawn.
    return {**browser_context_args, "viewport": {"width": 1440, "height": 1100}, "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The one server of the whole session. Nothing that visitors did may have raised an error in it."""
    server = Server(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.stop()
    assert "Traceback" not in server.log, server.log


@pytest.fixture
def own_server(tmp_path):
    """A server for a test that ends it."""
    server = Server(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def nothing_left_running(server):
    """Two cores: no run of one test slows the next."""
    yield
    for summary in server.catalog.unfinished():
        server.catalog.get(summary.run_id).steer(stop=True)


@pytest.fixture(scope="session")
def browsers(browser, browser_context_args):
    """Browsers with nothing of a visitor's in them, to be taken and given back."""
    browsers = Browsers(lambda: browser.new_context(**browser_context_args))
    yield browsers
    browsers.close()


@pytest.fixture
def ground(request):
    """Light or dark, half of the journeys each: by a journey's name, so that one that fails fails again tomorrow.

    One that is to be made on both is parametrised: `@pytest.mark.parametrize("ground", GROUNDS)`.
    """
    return list(GROUNDS)[zlib.crc32(request.node.name.encode()) % len(GROUNDS)]


@pytest.fixture
def visitor(new_context, browsers, server, ground):
    """Makes visitors: each call is another browser, with a cookie of its own. None may ever see a script fail.

    One that differs from the others is made for its test alone.
    """
    screens, taken = [], []

    def come(address: str = server.url, **context) -> Screen:
        if context:
            made = new_context(**context)
        else:
            taken.append(made := browsers.take())
        made.set_default_timeout(PATIENCE)
        page = made.new_page()
        page.emulate_media(color_scheme=ground)
        screens.append(Screen(page, address))
        return screens[-1]

    yield come
    for each in taken:
        browsers.give_back(each)
    assert [error for screen in screens for error in screen.errors] == []


@pytest.fixture
def screen(visitor):
    return visitor()


@pytest.fixture
def proxy(server):
    proxy = Proxy(server.port)
    yield proxy
    proxy.close()


@pytest.fixture
def command_line(tmp_path):
    """Starts `python -m playground train` in the background; what it returns waits for the run's folder."""
    running = []

    def start(config, runs=tmp_path / "undisturbed"):
        file = tmp_path / f"config-{len(running)}.json"
        file.write_text(config.canonical_json())
        command = [sys.executable, "-m", "playground", "train", str(file), "--out", str(runs)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        running.append(process)

        def folder():
            said, complaints = process.communicate(timeout=60)
            assert process.returncode == 0, complaints
            return Path(said.strip())

        return folder

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def same_bits():
    """Compares two runs' folders: the same updates, each once, and every measurement to the bit."""

    def bits(folder):
        return [(row.update, {k: np.asarray(v).tobytes() for k, v in row.values.items()}) for row in folder.rows()]

    def compare(one, other):
        mine, others = bits(one), bits(other)
        assert [update for update, _ in mine] == [update for update, _ in others]
        for (update, values), (_, expected) in zip(mine, others, strict=True):
            assert values == expected, f"update {update}"

    return compare
