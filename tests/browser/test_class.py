"""In front of a class: a link that hides, large type, presets on keys, a verdict on demand; and changes on the way."""

import re

from playwright.sync_api import expect

from playground.runs.status import RunStatus, describe
from playground.training.presets import PRESETS
from playground.ui.live.chosen import AT_FIRST
from tests.browser.screen import LONG, QUICK
from tests.browser.server import until


def test_a_link_for_a_class_hides_loads_by_key_and_keeps_the_verdict_back(screen):
    screen.open(lecture=1, ask=1, teach="P2b,P5", hide="task,pace,pages")
    page = screen.page

    expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    expect(screen.bar("pace")).to_have_count(0)
    expect(page.get_by_text("Some controls are hidden by this link.")).to_be_attached()
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 20

    page.keyboard.press("2")
    screen.expect_link(**{"optimizer.kind": PRESETS["P5"].changes["optimizer.kind"], "ask": "1"})
    screen.settled()
    page.keyboard.press("Space")
    screen.expect_another("none")
    screen.expect_status("diverged")

    expect(screen.alarm).to_be_hidden()
    expect(screen.alarms).to_have_count(0)
    page.keyboard.press("v")
    expect(screen.alarm).to_be_visible()
    expect(screen.alarms).to_contain_text("NaN")
    expect(page.get_by_role("status").filter(has_text="What was found.")).to_be_visible()


def test_a_change_on_the_way_is_taken_up_marked_and_taken_back_by_its_chip(screen, server):
    screen.open(**LONG | {"task.length": 10})
    folder = server.catalog.get(screen.train())
    screen.wait_for_updates(5)

    screen.fill("optimizer.learning_rate", 0.01)

    until(lambda: len(folder.interventions()) == 1)
    said = folder.interventions()[0].sentence
    assert said == "learning rate 0.002 → 0.01"
    expect(screen.page.locator(".pg-live")).to_contain_text(said)
    screen.expect_link(run=folder.run_id, **{"optimizer.learning_rate": "0.01"})

    screen.page.get_by_role("button", name="learning rate η ↺").click()

    until(lambda: [each.sentence for each in folder.interventions()][1:] == ["learning rate 0.01 → 0.002"])
    assert folder.end() is None

    screen.choose("cell.recurrent_init.kind", "orthogonal")
    expect(screen.bar("twin")).to_be_enabled()
    another = server.catalog.get(screen.train("twin"))
    until(lambda: folder.end() and folder.end().outcome == "stopped")
    twin = server.catalog.get(another.twin())
    assert twin.config() == another.config().patched({"cell.recurrent_init.kind": "orthogonal"})


OVER_UPDATES = [figure.title for figure in AT_FIRST if figure.updates_axis]


def test_clip_activation_and_gain_change_on_the_way_and_every_axis_of_updates_marks_each(screen, server):
    screen.open(**LONG)
    folder, runs = server.catalog.get(screen.train()), server.catalog.ids()
    screen.wait_for_updates(5)
    changes = {
        "clip by norm 1 → by norm 0.5": lambda: screen.fill("clip.threshold", 0.5),
        "clip by norm 0.5 → by value −1, 1": lambda: screen.choose("clip.kind", "by value"),
        "activation tanh → ReLU": lambda: screen.choose("cell.activation.kind", "ReLU"),
        "gain of U 1 → 0.8": lambda: screen.fill("cell.recurrent_init.gain", 0.8),
    }
    for number, change in enumerate(changes.values(), start=1):
        change()
        until(lambda number=number: len(folder.interventions()) == number)

    assert [each.sentence for each in folder.interventions()] == list(changes)
    updates = [each.update for each in folder.interventions()]
    assert updates == sorted(set(updates))
    assert len(OVER_UPDATES) == 4
    for title in OVER_UPDATES:
        screen.expect_changes(title, updates)
    for said in changes:
        expect(screen.facts.locator(".pg-sentence")).to_have_attribute("title", re.compile(re.escape(said)))
    assert (server.catalog.ids(), screen.link["run"]) == (runs, folder.run_id)
    assert describe(folder).status is RunStatus.RUNNING


def test_three_seeds_start_with_one_click(screen, server):
    screen.open(**QUICK)
    screen.page.get_by_role("radio", name="×3").click()
    folder = server.catalog.get(screen.train())

    group = [server.catalog.get(name) for name in folder.group()]
    until(lambda: all(one.end() for one in group))

    assert [one.config().seed for one in group] == [0, 1, 2]
    seeds = screen.page.locator(".st-key-seeds")
    expect(seeds).to_contain_text("seeds")
    seeds.get_by_role("button", name="Watch", exact=False).nth(1).click()
    screen.expect_link(run=group[1].run_id, seed="1")
