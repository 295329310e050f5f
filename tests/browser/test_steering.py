"""Pause, one update, resume, stop, again with the same seed or a new one, and the pace."""

from playwright.sync_api import expect

from playground.runs.status import RunStatus, describe
from tests.browser.screen import LONG, QUICK
from tests.browser.server import until


def stored(folder):
    return [row.update for row in folder.rows()]


def test_a_paused_run_does_one_update_at_a_time_and_then_goes_on(screen, server):
    screen.open(**LONG)
    folder = server.catalog.get(screen.train())
    screen.wait_for_updates(5)

    screen.press("pause")

    screen.expect_status("paused")
    last = describe(folder).update
    assert stored(folder) == list(range(last + 1))
    for newest in (last + 1, last + 2):
        screen.press("step")
        until(lambda newest=newest: describe(folder).update == newest)
        until(lambda newest=newest: stored(folder) == screen.losses()["x"] == list(range(newest + 1)))
    assert describe(folder).status is RunStatus.PAUSED

    expect(screen.bar("pause")).to_contain_text("Resume")
    screen.press("pause")

    screen.wait_for_updates(last + 20)
    screen.expect_status("running")
    updates = stored(folder)
    assert updates == list(range(len(updates)))


def test_training_again_stops_what_went_on_and_stop_keeps_the_run(screen, server):
    screen.open(**LONG)
    first = server.catalog.get(screen.train())
    screen.wait_for_updates(3)

    second = server.catalog.get(screen.train("again"))

    until(first.end)
    assert first.end().outcome == "stopped"
    assert describe(second).status.unfinished
    screen.expect_status("running")

    screen.press("stop")

    screen.expect_status("stopped")
    expect(screen.bar("train")).to_be_enabled()
    end = second.end()
    assert end.outcome == "stopped"
    assert stored(second) == screen.losses()["x"] == list(range(end.update + 1))


def test_the_same_seed_gives_the_same_numbers_and_a_new_one_others(screen, server, same_bits):
    screen.open(**QUICK)
    first = server.catalog.get(screen.train())
    until(first.end)

    again = server.catalog.get(screen.train("again"))
    until(again.end)
    other = server.catalog.get(screen.train("new"))
    until(other.end)

    same_bits(first, again)
    seed = other.config().seed
    assert seed != first.config().seed
    assert other.config() == first.config().patched({"seed": seed})
    assert other.rows()[0].values["loss"] != first.rows()[0].values["loss"]
    screen.expect_link(seed=str(seed))
    expect(screen.field("seed")).to_have_value(str(seed))


EASY = QUICK | {"updates": 100, "task.length": 4, "batch": 16, "cell.recurrent_init.kind": "orthogonal"}


def test_a_run_ends_when_it_was_asked_to_and_says_why(screen, server):
    screen.open(**EASY)
    sidebar = screen.page.get_by_test_id("stSidebar")
    sidebar.get_by_text("When the run ends").click()
    solved = screen.page.locator(".st-key-form-stop-solved label")
    solved.click()
    screen.expect_link(**{"stop.solved": "True"})

    folder = server.catalog.get(screen.train())

    screen.expect_status("stopped")
    end = folder.end()
    assert end.update < 99
    assert end.sentence == f"Solved at update {end.update}: stopped, as asked."
    expect(screen.facts).to_contain_text(end.sentence)

    solved.click()
    screen.fill("updates", 20_000)
    screen.fill("stop.seconds", 1)
    folder = server.catalog.get(screen.train())
    until(folder.end)
    end = folder.end()
    assert end.sentence == f"1 seconds of training are over after update {end.update}: stopped, as asked."
    expect(screen.facts).to_contain_text(end.sentence)


def test_the_pace_is_followed_at_once_and_is_in_the_link(screen, server):
    screen.open(**LONG | {"pace": 1})
    folder = server.catalog.get(screen.train())
    screen.wait_for_updates(2)

    screen.page.get_by_role("radio", name="flat out").click()

    screen.wait_for_updates(100)
    assert folder.control().pace == 0
    expect(screen.field("pace")).to_have_value("0")
    screen.expect_link(pace="0")

    screen.fill("pace", 7)
    until(lambda: folder.control().pace == 7)
