"""What a reader does with the live pictures: chooses them, looks back, keeps one, takes its numbers home."""

import csv
import json
import math
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from playground.diagnosis.alarm import Alarm
from playground.figures.gallery import FIGURES
from playground.ui.live.chosen import AT_FIRST, MOST
from playground.ui.network import unrolled
from tests.ui.live_page import LOSS, NOW, drawn_until

pytestmark = pytest.mark.browser

WEIGHTS, HORIZON, CLIPPING = "Weights", "Memory horizon", "Before and after clipping"


def shown(page):
    return page.locator(".pg-card .pg-title >> visible=true").all_inner_texts()


def asked(page):
    return page.evaluate("sockets.at(-1).url.split('show=')[1]").split(",")


def test_pictures_are_chosen_with_their_history_and_the_choice_is_kept(live, script):
    script.write(30)
    live.evaluate(f"show('{script.folder.run_id}')")
    drawn_until(live, 29)
    assert asked(live) == [figure.name for figure in AT_FIRST]
    button = live.get_by_role("button", name="Pictures")
    button.focus()
    live.keyboard.press("Enter")
    first = live.get_by_role("checkbox", name=NOW, exact=True)
    expect(first).to_be_focused()

    live.get_by_role("checkbox", name=HORIZON).check()
    live.get_by_role("checkbox", name=WEIGHTS, exact=True).uncheck()

    live.wait_for_function(f"plot('{HORIZON}').data?.[0]?.x.length > 1")
    assert WEIGHTS not in shown(live)
    assert live.evaluate("pictures.split(',')") == asked(live)
    for box in live.get_by_role("checkbox").all():
        if box.is_enabled():
            box.check()
    assert live.locator("input:checked").count() == MOST
    assert live.locator("input:disabled:not(.pg-slider)").count() == len(FIGURES) - MOST
    # The network has its colours from one that need not be seen.
    first.uncheck()
    live.locator("input[type=checkbox]:enabled:not(:checked)").last.check()
    drawing = json.dumps(unrolled(script.folder.config()))
    live.evaluate(f"show('{script.folder.run_id}', {{ network: {drawing} }})")
    assert len(asked(live)) == MOST + 1
    script.write()
    drawn_until(live, 30)
    assert NOW not in shown(live)
    live.get_by_role("button", name="As at first").click()
    live.get_by_role("checkbox", name=WEIGHTS, exact=True).uncheck()
    live.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(first).to_be_hidden()

    live.reload()

    live.wait_for_function("document.querySelector('.pg-live')")
    assert WEIGHTS not in shown(live)
    # A link says which; a rerun that says the same again does not undo what was chosen since.
    live.evaluate(f"show('{script.folder.run_id}', {{ pictures: ['loss', 'nonsense'] }})")
    drawn_until(live, 29)
    assert shown(live) == [LOSS]
    live.get_by_role("button", name="Pictures").click()
    live.get_by_role("checkbox", name=NOW, exact=True).check()
    live.evaluate(f"show('{script.folder.run_id}', {{ pictures: ['loss', 'nonsense'] }})")
    assert shown(live) == [NOW, LOSS]


def test_a_choice_that_the_page_says_back_late_undoes_nothing(live, script):
    live.evaluate(f"show('{script.folder.run_id}', {{ pictures: ['loss'] }})")
    live.get_by_role("button", name="Pictures").click()
    live.get_by_role("checkbox", name=NOW, exact=True).check()
    first = live.evaluate("pictures.split(',')")
    live.evaluate(f"show('{script.folder.run_id}', {{ pictures: ['loss'] }})")
    live.get_by_role("checkbox", name=CLIPPING).check()
    for echo in (first, live.evaluate("pictures.split(',')")):
        live.evaluate(f"show('{script.folder.run_id}', {{ pictures: {echo} }})")
        assert shown(live) == [NOW, LOSS, CLIPPING]


def test_a_picture_that_comes_back_has_no_lines_of_another_run(live, script, script_of):
    script.write(9)
    live.evaluate(f"show('{script.folder.run_id}', {{ pictures: ['loss', 'clipping'] }})")
    lines = f"plot('{CLIPPING}').data?.some(({{ x }}) => x?.length > 1)"
    live.wait_for_function(lines)
    live.get_by_role("button", name="Pictures").click()
    box = live.get_by_role("checkbox", name=CLIPPING)
    box.uncheck()
    # Nothing comes of the other run, not yet.
    live.evaluate("void (window.WebSocket = class { addEventListener() {} close() {} })")
    live.evaluate(f"show('{script_of(seed=5).folder.run_id}')")
    box.check()
    live.wait_for_function(f"!({lines})")
    assert shown(live) == [LOSS, CLIPPING]


def test_looking_back_shows_every_picture_as_it_was(live, script, script_of):
    script.write(60)
    script.end()
    twin = script_of(seed=5)
    twin.write(20)
    live.evaluate(f"show('{script.folder.run_id}', {{ twin: '{twin.folder.run_id}', names: ['one', 'other'] }})")
    drawn_until(live, 59)
    live.wait_for_function(f"trace('{LOSS}', 'other: loss')?.x.length === 20")
    facts, values = live.locator(".pg-facts"), f"[...trace('{NOW}', 'now').y]"
    expect(facts).to_contain_text("finished")

    def norms(update):
        expected = np.logspace(-6, 0, 6) * 0.99**update
        live.wait_for_function(f"Math.abs(trace('{NOW}', 'now').y[5] / {expected[5]} - 1) < 1e-9")
        assert live.evaluate(values) == pytest.approx(expected)

    for step in range(1, 4):
        live.keyboard.press("ArrowLeft")
        expect(facts).to_contain_text(f"update {59 - step} of 59 · looking back")
    live.keyboard.press("ArrowRight")
    norms(57)
    live.get_by_role("slider", name="Update to look at").fill("12")
    norms(12)
    expect(facts).to_contain_text("update 12 of 59 · looking back")
    live.wait_for_function("window.moment === 12")  # what the page is told
    expect(live.locator(".pg-metric")).to_contain_text(re.compile(r"^9\s%"))
    live.wait_for_function(f"plot('{LOSS}').layout.shapes.some(({{ x0, x1 }}) => x0 === 12 && x1 === 12)")
    live.wait_for_function("plot('… over training').layout.shapes.some(({ y0 }) => y0 === 12)")
    # Lines over updates stay whole, and the twin is as it was then too.
    assert live.evaluate(f"trace('{LOSS}', 'loss').x.length") == 60
    other = live.evaluate(f"[...trace('{NOW}', 'other: total').y]")
    assert other == pytest.approx(np.logspace(-6, 0, 6) * 0.99**12)

    live.evaluate("document.activeElement.blur()")
    live.keyboard.press("End")

    norms(59)
    expect(facts).to_contain_text("finished")
    live.wait_for_function(f"!plot('{LOSS}').layout.shapes.some(({{ x0, x1 }}) => x0 === 12 && x1 === 12)")
    expect(live.get_by_role("button", name="Live")).to_be_disabled()


def table(page, title):
    page.evaluate(f"card('{title}').scrollIntoView()")
    with page.expect_download() as found:
        page.get_by_role("button", name=f"{title}: CSV").click()
    with open(found.value.path(), newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_each_card_has_its_tools(live, script):
    script.write(100)
    run = script.folder.run_id
    live.evaluate(f"show('{run}')")
    drawn_until(live, 99)

    def tool(title, says):
        return live.get_by_role("button", name=re.compile(f"^{re.escape(title)}: {says}"))

    tool(NOW, "freeze").click()
    expect(live.get_by_text("kept at update 99")).to_be_visible()
    tool(LOSS, "recent").click()
    live.wait_for_function("plot('Before and after clipping').layout.xaxis.range[0] === 38.5")
    script.write(10, broken=True)
    live.wait_for_function(f"trace('{LOSS}', 'loss').x.at(-1) === 109")
    live.wait_for_function(f"plot('{LOSS}').layout.xaxis.range.join() === '48.5,109.5'")
    # What is outside of the window does not flatten what is inside.
    low, high = live.evaluate(f"plot('{LOSS}').layout.yaxis.range")
    assert -2.1 < low < math.log10(1 / 100) < math.log10(1 / 50) < high < -1.6
    assert live.evaluate(f"[...trace('{NOW}', 'now').y]") == pytest.approx(np.logspace(-6, 0, 6) * 0.99**99)
    assert live.evaluate(f"trace('{NOW}', 'not finite')") is None
    tool(LOSS, "recent").click()
    tool(LOSS, "linear").click()
    live.wait_for_function(f"plot('{LOSS}').layout.yaxis.type === 'linear'")
    expect(tool(LOSS, "linear")).to_have_attribute("aria-pressed", "true")
    tool(NOW, "freeze").click()
    live.wait_for_function(f"trace('{NOW}', 'not finite')?.x.length === 6")

    rows = [row for row in table(live, LOSS) if row["trace"] == "loss"]
    measured = script.folder.series("loss")
    assert [int(row["update"]) for row in rows] == measured.updates.tolist()
    np.testing.assert_array_equal([float(row["value"]) for row in rows], measured.values)
    assert {row["run"] for row in rows} == {run}
    assert rows[-1]["value"] == "NaN"
    cells = [row for row in table(live, "… over training") if row["trace"] == "ratio" and row["update"] == "3"]
    assert [float(row["value"]) for row in cells] == pytest.approx(np.linspace(-6, 0, 6) + 3 * np.log10(0.99), abs=1e-6)

    with live.expect_download() as found:
        tool(LOSS, "PNG").click()
    with open(found.value.path(), "rb") as file:
        assert file.read(4) == b"\x89PNG"

    small = live.evaluate(f"plot('{LOSS}').offsetWidth")
    live.locator(".pg-title", has_text=LOSS).dblclick()
    live.wait_for_function(f"document.fullscreenElement === card('{LOSS}') && plot('{LOSS}').offsetWidth > {small} * 2")
    live.wait_for_function(f"plot('{LOSS}').querySelector('canvas').width >= plot('{LOSS}').offsetWidth")
    expect(tool(LOSS, "fill")).to_have_attribute("aria-pressed", "true")
    tool(LOSS, "fill").click()
    live.wait_for_function("!document.fullscreenElement")


def test_lecture_size_is_for_the_last_row(live, script):
    at_a_step = Alarm(kind="vanishing", update=1, sentence="It vanishes.", severity="warning", time_step=2)
    script.folder.write_alarms([at_a_step])
    script.write(3)
    script.end()
    live.evaluate(f"show('{script.folder.run_id}', {{ lecture: true }})")
    drawn_until(live, 2)
    size = "parseFloat(getComputedStyle(document.querySelector('%s')).fontSize)"
    assert all(live.evaluate(size % name) >= 20 for name in (".pg-metric", ".pg-facts", ".pg-title", ".pg-rule"))
    assert live.evaluate(f"plot('{LOSS}').layout.font.size") >= 20
    assert live.evaluate(
        f"plot('{LOSS}').data.filter(({{ line }}) => line?.width).every(({{ line }}) => line.width >= 3)"
    )
    # Marks are as large where the reader looks back; a server that has too much to do is asked once more.
    letters = f"plot('{NOW}').layout.shapes.find(({{ label }}) => label?.text)?.label.font.size"
    live.wait_for_function(letters)
    refused = []
    live.route(
        "**/at/1?*",
        lambda route: refused.append(route.fulfill(status=503, headers={"Retry-After": "1"})),
        times=1,
    )
    live.keyboard.press("ArrowLeft")
    live.wait_for_function(f"Math.abs(trace('{NOW}', 'now').y[5] - 0.99) < 1e-9")
    assert len(refused) == 1
    assert live.evaluate(letters) >= 20
    live.evaluate(f"show('{script.folder.run_id}')")
    drawn_until(live, 2)
    assert live.evaluate(f"plot('{LOSS}').layout.font.size") == 12
    assert live.locator(".pg-live").count() == 1
