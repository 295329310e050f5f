"""The page that builds links for a class, and the first visit's tour."""

from urllib.parse import parse_qs, urlsplit

from playground.ui import link
from playground.ui.view import View


def test_a_link_says_all_that_was_chosen(at):
    app = at("share.py", hidden="17")

    app.multiselect(key="builder.hidden").set_value(["task", "clip"])
    app.multiselect(key="builder.teach").set_value(["P5", "P1"])
    app.multiselect(key="builder.pictures").set_value(["loss", "weights"])
    app.toggle(key="builder.lecture").set_value(True)
    app.toggle(key="builder.embedded").set_value(True).run()

    given = {name: values[0] for name, values in parse_qs(urlsplit(app.code[0].value).query).items()}
    assert given.pop("embed") == "true"
    found = link.read(given)
    assert found.view == View(("loss", "weights"), True, False, ("task", "clip"), ("P5", "P1"))
    assert found.config.hidden == 17
    assert not found.problems
    assert any("<svg" in text.value for text in app.markdown)


def test_a_link_too_long_for_a_camera_has_no_code(at, monkeypatch):
    from playground.ui import share

    monkeypatch.setattr(share, "MOST_LETTERS", 10)

    app = at("share.py", hidden="17")

    assert any("too long for a QR code" in text.value for text in app.caption)
    assert not any("<svg" in text.value for text in app.markdown)


def test_the_tour_has_three_stops_and_ends(at):
    app = at()
    said = []
    for _ in range(3):
        said.append(next(text.value for text in app.markdown if " of 3 · " in text.value))
        app.button(key="tour.next").click().run()

    assert [text[:6] for text in said] == ["1 of 3", "2 of 3", "3 of 3"]
    assert not any(" of 3 · " in text.value for text in app.markdown)


def test_nobody_is_guided_through_a_page_made_for_a_class(at):
    assert not any(" of 3 · " in text.value for text in at(hide="task").markdown)


def test_a_chip_takes_back_its_own_change_and_no_other(at):
    app = at(hidden="17", **{"clip.kind": "value", "clip.lo": "-3"})

    app.button(key="form.undo.clip.kind").click().run()

    assert app.query_params.get("hidden") in ("17", ["17"])
    assert "clip.kind" not in app.query_params
    app.button(key="form.undo.hidden").click().run()
    assert not app.query_params
