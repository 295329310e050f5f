"""The playground on a projector and on a phone: nothing beyond the window's side, Train at hand, pictures at once."""

from playwright.sync_api import expect

from tests.browser.screen import QUICK

PHONE = {"width": 390, "height": 844}
PROJECTOR = {"width": 1280, "height": 720}
NOW, BELOW, LOSS, WEIGHTS = "Gradient at every time step", "… over training", "Loss and test metric", "Weights"


def test_on_a_projector_nothing_is_cut_off(screen):
    screen.page.set_viewport_size(PROJECTOR)
    screen.open(**QUICK)
    assert screen.sideways <= 0

    for name in ("train", "step", "stop", "slow", "again", "new", "twin"):
        expect(screen.bar(name)).to_be_in_viewport(ratio=1)
    screen.train()

    screen.expect_status("finished")
    for title in (NOW, LOSS, WEIGHTS):
        expect(screen.card(title)).to_be_in_viewport(ratio=1)
    expect(screen.card(BELOW)).to_be_in_viewport(ratio=0.4)
    assert screen.sideways <= 0


def test_on_a_phone_it_is_trained_by_a_finger(visitor):
    screen = visitor(has_touch=True, is_mobile=True)
    page = screen.page
    page.set_viewport_size(PHONE)
    screen.open(**QUICK)
    assert screen.sideways <= 0
    expect(screen.bar("train")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Skip the tour").tap()
    expect(page.locator(".st-key-tour")).to_have_count(0)
    page.get_by_test_id("stExpandSidebarButton").tap()
    expect(screen.field("hidden")).to_be_visible()
    assert screen.sideways <= 0
    page.get_by_test_id("stSidebarCollapseButton").locator("button").tap()
    expect(screen.field("hidden")).not_to_be_in_viewport()

    screen.bar("train").tap()

    screen.expect_status("finished")
    expect(screen.metric).to_be_in_viewport(ratio=1)
    expect(screen.card(NOW)).to_be_in_viewport(ratio=1)
    assert screen.sideways <= 0
