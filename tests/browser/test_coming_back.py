"""Leaving the page, reloading it, losing the connection: the run goes on, and nothing of its pictures is lost."""

from playwright.sync_api import expect

from playground.runs.status import RunStatus, describe
from tests.browser.screen import LONG
from tests.browser.server import until

LOSS = "Loss and test metric"


def all_shown(screen):
    updates = screen.losses()["x"]
    return updates == list(range(len(updates)))


def test_reloading_keeps_the_run_and_whole_pictures(screen, server):
    screen.open(**LONG)
    run = screen.train()
    screen.wait_for_updates(20)
    screen.press("pause")
    screen.expect_status("paused")
    folder = server.catalog.get(run)
    # At rest: all that was done is saved, and drawn.
    until(lambda: (saved := folder.checkpoint()) and saved.update == len(folder.rows()) == len(screen.losses()["x"]))
    shown = len(folder.rows())
    before = screen.losses(), screen.trace("… over training", "ratio"), screen.trace("Weights", "U")

    screen.page.reload()

    screen.ready().wait_for_updates(shown)
    assert screen.link["run"] == run
    expect(screen.bar("pause")).to_contain_text("Resume")
    assert before == (screen.losses(), screen.trace("… over training", "ratio"), screen.trace("Weights", "U"))


def test_leaving_the_page_and_coming_back(visitor, server):
    screen = visitor().open(**LONG)
    run = screen.train()
    screen.wait_for_updates(5)
    form = {k: v for k, v in screen.link.items() if k != "run"}

    screen.go("Runs")
    expect(screen.page.get_by_text("running")).to_be_visible()
    folder = server.catalog.get(run)
    left = describe(folder).update
    until(lambda: describe(folder).update > left)
    screen.go("Playground")

    screen.wait_for_updates(left + 10)
    assert all_shown(screen)
    assert screen.link == {**form, "run": run}


def test_a_run_goes_on_without_its_browser(visitor, server):
    screen = visitor().open(**LONG)
    run = screen.train()
    screen.wait_for_updates(5)
    cookies = screen.page.context.storage_state()
    screen.page.context.close()
    folder = server.catalog.get(run)
    left = describe(folder).update
    until(lambda: describe(folder).update > left + 20)

    again = visitor(storage_state=cookies).visit(server.url)
    again.go("Runs").page.get_by_role("button", name="Open").click()

    again.ready().wait_for_updates(left + 20)
    assert all_shown(again)
    assert again.link["run"] == run
    assert describe(folder).status is RunStatus.RUNNING


def test_a_lost_connection_comes_back_without_a_gap(visitor, server, proxy):
    screen = visitor(proxy.url).open(**LONG)
    run = screen.train()
    screen.wait_for_updates(10)
    chosen = screen.zoom(LOSS)
    screen.page.evaluate("document.querySelector('.pg-plot').marked = true")

    proxy.cut()
    expect(screen.page.locator(".pg-reconnecting")).to_be_visible()
    at_the_cut = len(screen.losses()["x"])
    assert at_the_cut >= 10, "the pictures stay while nothing comes"
    folder = server.catalog.get(run)
    until(lambda: describe(folder).update > at_the_cut + 20)
    proxy.mend()

    screen.wait_for_updates(at_the_cut + 40)
    screen.expect_status("running")
    assert all_shown(screen)
    assert screen.range(LOSS) == chosen
    assert screen.page.evaluate("document.querySelector('.pg-plot').marked"), "the pictures were made anew"


def test_zoom_survives_updates_and_full_reruns(screen):
    screen.open(**LONG)
    screen.train()
    screen.wait_for_updates(10)
    chosen = screen.zoom(LOSS)
    screen.page.evaluate("document.querySelector('.pg-plot').marked = true")

    screen.wait_for_updates(30)
    assert screen.range(LOSS) == chosen
    screen.fill("hidden", 24)
    expect(screen.page.locator(".st-key-chips")).to_contain_text("hidden")
    screen.wait_for_updates(len(screen.losses()["x"]) + 5)
    assert screen.range(LOSS) == chosen
    assert screen.page.evaluate("document.querySelector('.pg-plot').marked"), "the pictures were made anew"

    screen.card(LOSS).get_by_role("button", name="Show all").click()
    screen.page.wait_for_function("document.querySelectorAll('.pg-follow:not([hidden])').length === 0")
