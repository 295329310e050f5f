"""Somebody opens the page for the first time, is led through it, presses Train, and watches a run to its end."""

import numpy as np
import pytest
from playwright.sync_api import expect

from playground.runs.status import describe
from playground.training.presets import CARDS, PRESETS
from playground.ui.live.chosen import AT_FIRST
from playground.ui.tour import STOPS
from tests.browser.screen import GROUNDS, LONG
from tests.browser.server import until

NOW = "Gradient at every time step"
INKS = {"light": "#1f2428", "dark": "#e6e8ea"}


def test_a_first_visit_has_a_tour_of_three_stops_three_cards_and_train(screen):
    page, tour = screen.open().page, screen.page.locator(".st-key-tour")

    for number, stop in enumerate(STOPS, start=1):
        expect(tour).to_contain_text(f"{number} of 3 · ")
        for other in STOPS:
            expect(page.locator(other.place)).to_have_css("outline-style", "solid" if other is stop else "none")
        tour.get_by_role("button", name="Next" if number < 3 else "Done").click()
    expect(tour).to_have_count(0)
    expect(page.locator(STOPS[-1].place)).to_have_css("outline-style", "none")

    expect(screen.field("preset")).to_have_value("See a network forget (P1)")
    expect(screen.bar("train")).to_be_enabled()
    expect(screen.metric).to_have_text("Press Train, and the pictures begin.")
    for figure in AT_FIRST:
        expect(screen.card(figure.title)).to_contain_text(figure.rule)
    for key in reversed(CARDS):
        load = page.locator(f".st-key-card-{key} button")
        load.click()
        expect(load).to_be_disabled()
        expect(page.get_by_text(PRESETS[key].title, exact=True)).to_be_visible()
        expect(screen.field("preset")).to_have_value(f"{PRESETS[key].title} ({key})")
        screen.expect_link(**{k: str(v) for k, v in PRESETS[key].changes.items()})


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_run_is_watched_paused_looked_back_at_and_goes_on_to_its_end(screen, server, ground):
    screen.open(**LONG | {"updates": 200, "pace": 10})
    page = screen.page
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", GROUNDS[ground])
    folder = server.catalog.get(screen.train())
    screen.wait_for_updates(5)
    before = screen.line(NOW)
    until(lambda: screen.line(NOW) != before)
    screen.expect_status("running")
    assert screen.card(NOW).locator(".pg-plot").evaluate("plot => plot.layout.font.color") == INKS[ground]

    screen.press("pause")
    screen.expect_status("paused")
    last = describe(folder).update
    until(lambda: len(screen.losses()["x"]) == last + 1)
    page.keyboard.press("ArrowLeft")
    expect(screen.facts).to_have_text(f"update {last - 1:,} of {last:,} · looking back")
    then = folder.rows(last - 2)[0].values["total_gradient"][0]
    until(lambda: np.allclose(screen.trace(NOW, "now")["y"], then))
    page.keyboard.press("End")
    screen.expect_status("paused")

    page.get_by_role("radio", name="flat out").click()
    screen.press("pause")

    screen.expect_status("finished")
    assert screen.losses()["x"] == list(range(200))
    expect(page.get_by_role("status").filter(has_text="What was found.")).to_be_visible()


def test_the_initialiser_says_what_it_does_before_anyone_trains(screen):
    screen.open()
    said = screen.page.get_by_test_id("stSidebar").get_by_text("ρ(U)")
    expect(said).to_contain_text("parameters")

    screen.choose("cell.recurrent_init.kind", "orthogonal")

    expect(said).to_contain_text("ρ(U) 1 ")
    expect(said).to_contain_text("of 30 steps")
