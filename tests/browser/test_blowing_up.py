"""P5: training to NaN, with the page unbroken and the place named."""

import math

from playwright.sync_api import expect

from playground.training.config import RunConfig
from playground.training.presets import PRESETS
from tests.browser.server import until


def test_training_to_nan_names_the_place_and_breaks_nothing(screen, server):
    screen.open(**PRESETS["P5"].config.patched({"pace": 60}).difference(RunConfig()))
    folder = server.catalog.get(screen.train())

    screen.expect_status("diverged")

    until(folder.end)
    alarm = next(alarm for alarm in folder.alarms() if alarm.kind == "not_finite")
    assert 16 <= alarm.update <= 20
    assert alarm.time_step is not None
    assert alarm.tensor in alarm.sentence
    assert f"time step {alarm.time_step}" in alarm.sentence
    assert alarm.sentence.startswith(f"Update {alarm.update}: ")
    expect(screen.alarm).to_contain_text(alarm.sentence)
    assert screen.alarm.get_attribute("role") == "alert"

    now = screen.trace("Gradient at every time step", "now")
    assert len(now["y"]) == 30
    assert any(math.isfinite(y) for y in now["y"]), "the last finite picture is held"
    for title in ("… over training", "Loss and test metric", "Weights", "Before and after clipping"):
        shapes = screen.card(title).locator(".pg-plot").evaluate("plot => plot.layout.shapes.length")
        assert shapes > 0, f"no mark of the alarm over {title}"

    screen.choose("clip.kind", "by norm")
    screen.expect_link(**{"clip.kind": None})
    screen.fill("clip.threshold", 0.3)
    screen.expect_link(**{"clip.threshold": "0.3"})
    screen.train("again")
    screen.expect_status("finished")
    expect(screen.alarm).to_be_hidden()
    assert all(math.isfinite(y) for y in screen.losses()["y"]), "the cure trains on the same page"
