"""A teacher builds a link for a class, and somebody of the class opens it."""

from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import expect

from playground.ui.share import qr


def pick(screen, key, *titles):
    """Several of a list."""
    field = screen.page.locator(f".st-key-{key} input")
    for title in titles:
        field.fill(title)
        screen.page.get_by_role("option", name=title, exact=True).click()
    screen.page.keyboard.press("Escape")


def built(screen):
    """The link on the page, and its fields."""
    link = screen.page.get_by_test_id("stCode").inner_text().strip()
    return link, dict(parse_qsl(urlsplit(link).query))


def test_what_a_built_link_hides_is_hidden_and_embedded_there_is_no_menu_around_it(visitor):
    screen = visitor().open(hidden=17).go("Share")
    page, code = screen.page, screen.page.get_by_test_id("stCode")
    expect(page.get_by_test_id("stMainMenu")).to_be_visible()

    pick(screen, "builder-hidden", "task", "pace")
    page.locator(".st-key-builder-embedded label").click()

    expect(code).to_contain_text("embed=true")
    link, fields = built(screen)
    assert fields == {"hidden": "17", "hide": "task,pace", "embed": "true", "v": "1"}
    drawn = page.get_by_role("img", name="QR code of the link above").locator("path.qrline")
    assert drawn.get_attribute("d") in qr(link)

    other = visitor().open(**fields)
    expect(other.field("hidden")).to_have_value("17")
    expect(other.page.get_by_text("Some controls are hidden by this link.")).to_be_attached()
    for gone in (".st-key-group-task", ".st-key-bar-pace", ".st-key-tour"):
        expect(other.page.locator(gone)).to_have_count(0)
    for gone in ("stTopNavLink", "stMainMenu"):
        expect(other.page.get_by_test_id(gone)).to_have_count(0)
    expect(other.page.get_by_test_id("stHeader")).to_have_text("")
    expect(other.bar("train")).to_be_enabled()
