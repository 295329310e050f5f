"""From an alarm to its cure: the remedy tried beside the run, and what led to NaN replayed and taken another way."""

import math
import re

from playwright.sync_api import expect

from playground.training.config import RunConfig
from playground.training.presets import PRESETS
from tests.browser.server import until

# P1 learns nothing in any number of updates; its cure has solved the task long before this one.
SHORT = {"updates": 120, "pace": 60}


def test_the_remedy_of_an_alarm_is_tried_beside_the_run_and_the_verdict_says_that_it_helped(screen, server):
    screen.open(**SHORT)
    run = screen.train()

    expect(screen.alarm).to_contain_text("It forgets")
    screen.expect_status("finished")
    # Of an ended run nothing looks at the page but the reader.
    screen.alarms.get_by_role("button", name="Update 30").first.click()
    expect(screen.card("… over training").get_by_role("button", name="Show all")).to_be_visible()
    screen.alarms.get_by_role("button", name="Try U orthogonal").first.click()

    screen.expect_another(run)
    first = server.catalog.get(screen.link["run"])
    twin = server.catalog.get(server.catalog.twin(first.run_id))
    assert first.config() == RunConfig().patched(SHORT)
    assert twin.config().difference(first.config()) == {"cell.recurrent_init.kind": "orthogonal"}
    expect(screen.metric).to_contain_text("U orthogonal")
    until(twin.end)
    expect(screen.page.locator(".st-key-compare")).to_contain_text("U orthogonal helped: accuracy")
    expect(screen.alarms).to_contain_text("U orthogonal: no alarm")
    assert twin.alarms() == []


def test_what_led_to_nan_is_replayed_step_by_step_and_a_clip_takes_it_another_way(screen, server):
    screen.open(**PRESETS["P5"].config.patched({"pace": 60}).difference(RunConfig()))
    folder = server.catalog.get(screen.train())
    screen.expect_status("diverged")
    nan = next(alarm for alarm in folder.alarms() if alarm.kind == "not_finite")
    expect(screen.alarm).to_contain_text(nan.sentence)

    screen.page.get_by_text("Replay what led to the alarm").click()

    replay = screen.page.locator(".st-key-replay")
    expect(replay.get_by_text(f"at step {nan.time_step}")).to_be_visible()
    expect(replay).to_contain_text(f"Update {nan.update}: the loss is NaN.")
    screen.back("step")
    expect(replay.get_by_text(f"at step {nan.time_step - 1}")).to_be_visible()
    expect(replay.get_by_text("on the way forward")).to_have_count(0)
    for update in (nan.update - 1, nan.update - 2):
        screen.back("update")
        expect(replay).to_contain_text(re.compile(rf"Update {update}: the loss is \d"))
    replay.get_by_text("backward", exact=True).click()
    expect(replay.locator("figcaption").first).to_contain_text("gradient")

    screen.choose("clip.kind", "by norm")
    screen.fill("clip.threshold", 0.3)
    replay.get_by_role("button", name=f"Go on from update {nan.update - 2}").click()

    screen.expect_another(folder.run_id)
    branch = server.catalog.get(screen.link["run"])
    until(branch.end)
    assert branch.end().outcome == "finished"
    screen.expect_status("finished")
    losses = screen.losses()
    assert losses["x"] == list(range(60))
    assert all(math.isfinite(y) for y in losses["y"])
