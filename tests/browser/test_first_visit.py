"""Somebody opens the page for the first time, and presses Train."""

import re

from playwright.sync_api import expect

from playground.training.presets import CARDS, PRESETS
from playground.ui.live.chosen import AT_FIRST
from tests.browser.screen import LONG, QUICK
from tests.browser.server import until

NOW = "Gradient at every time step"


def test_a_first_visit_offers_three_cards_and_train(screen):
    screen.open()

    expect(screen.field("preset")).to_have_value("See a network forget (P1)")
    expect(screen.bar("train")).to_be_enabled()
    expect(screen.metric).to_have_text("Press Train, and the pictures begin.")
    for figure in AT_FIRST:
        expect(screen.card(figure.title)).to_contain_text(figure.rule)
    for key in reversed(CARDS):
        load = screen.page.locator(f".st-key-card-{key} button")
        load.click()
        expect(load).to_be_disabled()
        expect(screen.page.get_by_text(PRESETS[key].title, exact=True)).to_be_visible()
        expect(screen.field("preset")).to_have_value(f"{PRESETS[key].title} ({key})")
        screen.expect_link(**{k: str(v) for k, v in PRESETS[key].changes.items()})


def test_train_makes_the_pictures_move(screen):
    screen.open(**LONG)

    screen.train()

    screen.wait_for_updates(5)
    before = screen.line(NOW)
    until(lambda: screen.line(NOW) != before)
    screen.expect_status("running")


def test_a_run_says_its_metric_in_words_and_shows_the_tensor_that_is_chosen(screen):
    screen.open(**QUICK)

    screen.train()

    screen.expect_status("finished")
    expect(screen.metric).to_have_text(re.compile(r"^\d+\s%, guessing is 25\s%$"))
    expect(screen.page.locator(".pg-count")).to_have_text("60 / 60")
    note = screen.card("Weights").locator(".pg-note")
    of_u = note.text_content()
    tensors = screen.card("Weights").get_by_role("combobox")
    tensors.select_option("W")
    expect(note).not_to_have_text(of_u)
    until(lambda: {name: screen.trace("Weights", name)["drawn"] for name in ("U", "W")} == {"U": False, "W": True})


def test_every_picture_has_the_newest_words_for_those_who_cannot_see_it(screen):
    screen.open(**QUICK)

    screen.train()

    screen.expect_status("finished")
    for figure in AT_FIRST:
        card = screen.card(figure.title)
        expect(card.locator(".pg-plot")).to_have_attribute("aria-label", f"{figure.title}. {figure.rule}")
        expect(card.locator(".pg-note")).not_to_be_empty()
        expect(card.locator(".pg-spoken")).to_have_text(card.locator(".pg-note").text_content())


def test_the_initialiser_says_what_it_does_before_anyone_trains(screen):
    screen.open()
    said = screen.page.get_by_test_id("stSidebar").get_by_text("ρ(U)")
    expect(said).to_contain_text("parameters")

    screen.choose("cell.recurrent_init.kind", "orthogonal")

    expect(said).to_contain_text("ρ(U) 1 ")
    expect(said).to_contain_text("of 30 steps")
