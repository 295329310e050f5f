"""Two runs over each other while one of them goes on: calm pictures, the difference, and who may see them."""

from urllib.parse import urlencode

from playwright.sync_api import expect

from tests.browser.screen import LONG, QUICK
from tests.browser.server import until

TURN = {"cell.recurrent_init.kind": "orthogonal"}


def trained(screen, server, **fields):
    screen.page.goto(f"{server.url}/?{urlencode(fields)}")
    return server.catalog.get(screen.train())


def test_a_run_that_goes_on_is_compared_without_a_flicker(visitor, server):
    screen = visitor()
    first = trained(screen, server, **QUICK)
    until(first.end)
    second = trained(screen, server, **LONG | TURN)
    address = f"{server.url}/compare?runs={first.run_id},{second.run_id}"

    screen.page.goto(address)

    cards = screen.page.locator(".pg-still .pg-card")
    expect(cards).to_have_count(5)
    expect(screen.page.locator(".cmp-table b").filter(has_text="orthogonal")).to_be_visible()
    expect(screen.page.locator(".cmp-table")).to_contain_text("running")
    screen.page.evaluate("() => { window.before = [...document.querySelectorAll('.pg-still .pg-card')]; }")
    told = cards.first.locator(".pg-still-words").inner_text()
    expect(cards.first.locator(".pg-still-words")).not_to_have_text(told)  # the next look, a second later
    assert screen.page.evaluate("() => window.before.every((card) => card.isConnected)")

    screen.page.get_by_role("radio", name="difference to the first").click()
    expect(cards.first.locator(".pg-still-words")).to_contain_text("B: ×")
    expect(cards.first.locator(".pg-rule")).to_contain_text("Under 1: better.")
    second.steer(stop=True)
    expect(screen.page.locator(".cmp-table")).to_contain_text("stopped")
    with screen.page.expect_download() as download:
        cards.first.get_by_role("button", name="Loss as a PNG file").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")

    stranger = visitor()
    stranger.page.goto(address)
    expect(stranger.page.get_by_test_id("stAlert").first).to_contain_text("left out")
    expect(stranger.page.locator(".pg-still")).to_have_count(0)
