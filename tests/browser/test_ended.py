"""What is to be seen of a run that has ended, and what can be done with it: on the real page, on a dark ground."""

import csv
import re
from io import StringIO

import numpy as np
import pytest
from playwright.sync_api import expect

from playground.runs.export import export
from playground.ui.live.chosen import AT_FIRST
from tests.browser.screen import GROUNDS, QUICK, Screen
from tests.browser.server import until

NOW, LOSS, WEIGHTS = "Gradient at every time step", "Loss and test metric", "Weights"
UPDATES = 100


@pytest.fixture(scope="module")
def screen(server, browsers):
    """A tab, kept for all of them; the last one leaves the run."""
    taken = browsers.take()
    page = taken.new_page()
    page.emulate_media(color_scheme="dark")
    screen = Screen(page, server.url).open(**QUICK | {"updates": UPDATES})
    screen.train()
    screen.expect_status("finished")
    yield screen
    browsers.give_back(taken)
    assert screen.errors == []


@pytest.fixture
def folder(screen, server):
    return server.catalog.get(screen.link["run"])


def test_its_metric_is_said_in_words_and_its_end_too(screen):
    expect(screen.page.get_by_test_id("stApp")).to_have_css("background-color", GROUNDS["dark"])
    expect(screen.metric).to_have_text(re.compile(r"^\d+\s%, guessing is 25\s%$"))
    expect(screen.page.locator(".pg-count")).to_have_text("100 / 100")
    expect(screen.page.get_by_role("status").filter(has_text="What was found.")).to_contain_text("After 100 updates")


def test_every_picture_has_the_newest_words_for_those_who_cannot_see_it(screen):
    for figure in AT_FIRST:
        card = screen.card(figure.title)
        expect(card.locator(".pg-plot")).to_have_attribute("aria-label", f"{figure.title}. {figure.rule}")
        expect(card.locator(".pg-note")).not_to_be_empty()
        expect(card.locator(".pg-spoken")).to_have_text(card.locator(".pg-note").text_content())


def test_the_tensor_that_is_chosen_is_shown(screen):
    note = screen.card(WEIGHTS).locator(".pg-note")
    of_u = note.text_content()

    screen.card(WEIGHTS).get_by_role("combobox").select_option("W")

    expect(note).not_to_have_text(of_u)
    until(lambda: {name: screen.trace(WEIGHTS, name)["drawn"] for name in ("U", "W")} == {"U": False, "W": True})


def tool(screen, title, name):
    return screen.card(title).get_by_role("button", name=f"{title}: {name}")


def test_pictures_follow_the_scrubber_but_one_that_is_frozen(screen, folder):
    def norms(update):
        return folder.rows(update - 1)[0].values["total_gradient"][0]

    slider = screen.page.get_by_role("slider", name="Update to look at")
    newest = screen.trace(NOW, "now")["y"]

    slider.fill("12")
    expect(screen.facts).to_have_text("update 12 of 100 · looking back")
    until(lambda: np.allclose(screen.trace(NOW, "now")["y"], norms(12)))
    screen.page.wait_for_function(
        "(plots) => plots.every(({ layout }) => layout.shapes.some(({ x0, x1 }) => x0 === 12 && x1 === 12))",
        arg=[screen.card(title).locator(".pg-plot").element_handle() for title in (LOSS, WEIGHTS)],
    )
    tool(screen, NOW, "freeze").click()
    expect(screen.card(NOW)).to_contain_text("kept at update 12")
    slider.fill("40")
    expect(screen.facts).to_have_text("update 40 of 100 · looking back")
    screen.page.keyboard.press("End")
    expect(screen.page.get_by_role("button", name="Live")).to_be_disabled()
    assert np.allclose(screen.trace(NOW, "now")["y"], norms(12))
    tool(screen, NOW, "freeze").click()
    until(lambda: screen.trace(NOW, "now")["y"] == newest)


def test_the_loss_is_looked_at_over_the_last_updates_on_another_scale_and_taken_home(screen, folder):
    whole = screen.range(LOSS)
    layout = screen.card(LOSS).locator(".pg-plot")

    tool(screen, LOSS, "recent").click()
    until(lambda: screen.range(LOSS) == [UPDATES - 60.5, UPDATES + 0.5])
    tool(screen, LOSS, "recent").click()
    until(lambda: screen.range(LOSS) == whole)
    assert layout.evaluate("plot => plot.layout.yaxis.type") == "log"
    tool(screen, LOSS, "linear").click()
    until(lambda: layout.evaluate("plot => plot.layout.yaxis.type") == "linear")
    tool(screen, LOSS, "linear").click()

    with screen.page.expect_download() as picture:
        tool(screen, LOSS, "PNG").click()
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    with screen.page.expect_download() as numbers:
        tool(screen, LOSS, "CSV").click()
    rows = csv.DictReader(StringIO(numbers.value.path().read_text("utf-8-sig")))
    losses = [(int(row["update"]), float(row["value"])) for row in rows if row["trace"] == "loss"]
    assert losses == [(row.update, row.values["loss"]) for row in folder.rows() if "loss" in row.values]


def test_it_is_taken_away_as_a_file(screen, folder):
    screen.page.locator(".st-key-exports button").first.click()

    with screen.page.expect_download() as download:
        screen.page.get_by_role("button", name="CSV", exact=True).click()

    assert download.value.suggested_filename == f"{folder.run_id}.csv"
    assert download.value.path().read_bytes() == export(folder, "csv")


def test_who_has_a_run_is_led_through_nothing(screen):
    screen.open()

    expect(screen.metric).to_have_text("Press Train, and the pictures begin.")
    expect(screen.page.locator(".st-key-tour")).to_have_count(0)
