"""Two browsers do not see each other's runs, and the socket gives nothing to strangers."""

import json
import struct

import pytest
from playwright.sync_api import expect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from playground.runs.catalog import owner_of
from playground.training.config import RunConfig
from tests.browser.screen import LONG, QUICK

COOKIE = "A" * 32


def test_two_browsers_do_not_see_each_others_runs(visitor):
    mine, other = visitor().open(**LONG | {"hidden": 23}), visitor().open(**LONG | {"hidden": 29})
    my_run, other_run = mine.train(), other.train()
    mine.wait_for_updates(5)
    mine.press("stop")
    mine.expect_status("stopped")
    other.wait_for_updates(len(other.losses()["x"]) + 5)
    other.expect_status("running")

    for screen, own, foreign in ((mine, 23, 29), (other, 29, 23)):
        screen.go("Runs")
        expect(screen.page.locator(".run-title")).to_contain_text([f"hidden units H {own}"])
        expect(screen.page.get_by_text(f"hidden units H {foreign}")).to_have_count(0)

    other.visit(f"{other.server}/?run={my_run}")
    expect(other.page.get_by_test_id("stAlert")).to_contain_text("There is no run")
    expect(other.metric).to_contain_text("There is no run of this name that you may see.")
    assert other.losses()["x"] == []
    assert my_run != other_run


def test_a_browser_is_known_by_a_cookie_that_scripts_cannot_read(visitor):
    screen = visitor()
    screen.page.goto(screen.server)

    cookie = next(c for c in screen.page.context.cookies() if c["name"] == "playground_browser")
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    assert "playground_browser" not in screen.page.evaluate("document.cookie")


@pytest.fixture(scope="module")
def run(server):
    """Somebody's: that it waits for a worker makes no difference to who may look."""
    return server.catalog.create(RunConfig().patched(QUICK), owner_of(COOKIE)).run_id


def ask(server, run, cookie=f"playground_browser={COOKIE}", **options):
    """The first frame's header, or how the server refused."""
    address = f"ws://127.0.0.1:{server.port}/live/{run}"
    try:
        with connect(address, additional_headers={"Cookie": cookie}, proxy=None, **options) as socket:
            frame = socket.recv(timeout=20)
    except ConnectionClosed as closed:
        return closed.rcvd.code
    except InvalidStatus as refused:
        return refused.response.status_code
    (length,) = struct.unpack_from("<I", frame)
    return json.loads(frame[4 : 4 + length])


def test_the_socket_serves_the_browser_whose_run_it_is(server, run):
    assert ask(server, run, origin=server.url)["updates"] == 60


@pytest.mark.parametrize(
    "origin", ["http://elsewhere.test", "null", "http://127.0.0.1", "https://127.0.0.1.elsewhere.test", "file://"]
)
def test_the_socket_refuses_pages_of_other_sites(server, run, origin):
    assert ask(server, run, origin=origin) == 4403


@pytest.mark.parametrize("cookie", ["", f"playground_browser={'B' * 32}", "playground_browser=../../etc"])
def test_the_socket_refuses_another_browser(server, run, cookie):
    assert ask(server, run, cookie) == 4404


@pytest.mark.parametrize(
    "name",
    [
        "20000101-000000-00000000",
        "20269999-999999-00000000",
        "nonsense",
        "..",
        "..%2F..%2F..%2Fetc%2Fpasswd",
        "..%5C..%5Cwindows",
        "%00",
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "%F0%9F%A6%86",
        "a" * 4000,
    ],
)
def test_the_socket_refuses_names_that_no_run_has(server, name):
    assert ask(server, name, origin=server.url) in (4404, 403, 404)


@pytest.mark.parametrize("after", ["nan", "1e9", "--1", "9" * 40, "%00"])
def test_the_socket_refuses_an_update_that_is_none(server, run, after):
    assert ask(server, f"{run}?after={after}") == 4404
