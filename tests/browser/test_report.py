"""The report as a reader opens it: a file on a disk, drawn whole, that runs nothing of a stranger's."""

import re

import pytest
from playwright.sync_api import expect

from playground.figures.style import MUTED
from playground.runs.catalog import Catalog
from playground.runs.export import export
from playground.runs.labels import Label
from playground.runs.worker import run_folder
from playground.training.presets import PRESETS

HOSTILE = "</script><img src=x onerror=alert(1)>"

pytestmark = pytest.mark.browser


def test_a_browser_draws_every_picture_and_asks_for_nothing(tmp_path, page):
    config = PRESETS["P5"].config.patched({"pace": 0, "task.length": 6, "hidden": 8, "updates": 20})
    folder = Catalog(tmp_path / "runs").create(config)
    run_folder(folder.path)
    folder.write_label(Label(name=HOSTILE))
    path, asked, said = tmp_path / "report.html", [], []
    path.write_bytes(export(folder, "report"))
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    page.goto(path.as_uri())

    pictures = page.locator("figure [role=img]")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    assert 0 < page.locator(".js-plotly-plot").count() < pictures.count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".js-plotly-plot")).to_have_count(pictures.count())
    expect(page.locator("h1")).to_have_text(HOSTILE)
    assert [url for url in asked if not re.match("data:|blob:", url)] == [path.as_uri()]
    for ground in ("dark", "light"):
        page.emulate_media(color_scheme=ground)
        red, green, blue = bytes.fromhex(MUTED[ground][1:])
        expect(page.locator(".xtick text").first).to_have_css("fill", f"rgb({red}, {green}, {blue})")
    assert said == []
