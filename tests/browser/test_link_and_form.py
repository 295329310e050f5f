"""The link and the form are the same config; what does not fit gets a sentence in both."""

from playwright.sync_api import expect

from tests.browser.screen import QUICK


def test_a_form_survives_its_link(screen, visitor):
    screen.open()
    screen.fill("hidden", 32)
    screen.expect_link(hidden="32")
    screen.choose("cell.activation.kind", "ReLU")
    screen.expect_link(**{"cell.activation.kind": "relu"})
    screen.choose("clip.kind", "by value")
    screen.expect_link(**{"clip.kind": "value"})
    screen.fill("clip.lo", -0.5)
    screen.fill("optimizer.learning_rate", 0.01)
    screen.expect_link(**{"clip.lo": "-0.5", "optimizer.learning_rate": "0.01"})
    assert screen.link == {
        "hidden": "32",
        "cell.activation.kind": "relu",
        "clip.kind": "value",
        "clip.lo": "-0.5",
        "optimizer.learning_rate": "0.01",
        "v": "1",
    }

    other = visitor().visit(screen.page.url)

    for path in ("hidden", "cell.activation.kind", "clip.kind", "clip.lo", "clip.hi", "optimizer.learning_rate"):
        expect(other.field(path)).to_have_value(screen.field(path).input_value())
    assert other.link == screen.link


def test_a_wrong_link_gets_a_sentence_and_the_default(screen):
    screen.open(hidden=9999, batch=16, nonsense=1)

    warning = screen.page.get_by_test_id("stAlert")
    expect(warning).to_contain_text("'9999' is too large. Write 256 or less.")
    expect(warning).to_contain_text("There is no such field. Leave it out.")
    expect(screen.field("hidden")).to_have_value("64")
    expect(screen.field("batch")).to_have_value("16")
    assert screen.link == {"batch": "16", "v": "1"}

    screen.page.get_by_role("button", name="Understood").click()
    expect(warning).to_have_count(0)


def test_a_number_out_of_range_gets_a_sentence_and_nobody_trains(screen):
    screen.open(**QUICK)
    cases = [
        ("hidden", 9999, "9999 is too large. Write 256 or less.", 32),
        ("task.length", 0, "0 is too small.", 12),
        ("optimizer.learning_rate", -1, "-1.0 is too small.", 0.01),
    ]
    for path, given, sentence, mended in cases:
        problem = screen.page.get_by_test_id("stSidebar").get_by_text(sentence)

        screen.fill(path, given)

        expect(problem).to_be_visible()
        expect(screen.bar("train")).to_be_disabled()
        screen.fill(path, mended)
        expect(problem).to_have_count(0)
        expect(screen.bar("train")).to_be_enabled()
        screen.expect_link(**{path: str(mended)})


def test_markup_in_a_link_is_text(screen):
    asked = []
    screen.page.on("request", lambda request: asked.append(request.url))
    screen.page.on("dialog", lambda dialog: screen.errors.append(f"a script ran: {dialog.message}"))
    script, picture = "<img src=x onerror=alert(1)>", "![x](https://elsewhere.test/x.png)"

    screen.open(**{"hidden": script, "batch": picture, script: 1, picture: 2, "run": picture[:38]})

    told = screen.page.get_by_test_id("stAlert")
    expect(told.filter(has_text="Parts of this link")).to_contain_text(f"'{script}' is not a whole number")
    expect(told.filter(has_text="Parts of this link")).to_contain_text(f"'{picture}' is not a whole number")
    expect(told.filter(has_text="There is no run")).to_contain_text(picture[:38])
    assert [address for address in asked if "//elsewhere.test" in address] == []
    assert screen.page.locator("img[src=x]").count() == 0
