"""Killed workers, killed servers, and what the server's process must never hold."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from playground.runs.folder import RunFolder
from playground.runs.status import describe
from tests.browser.screen import LONG, QUICK
from tests.browser.server import alive, until

MOST_MEMORY = 200 * 2**20


def worked(process):
    return process.cpu_times().user


def test_a_worker_killed_amid_a_run_loses_nothing(screen, server, command_line, same_bits):
    screen.open(**LONG | {"updates": 3000, "pace": 0})
    # The run that this one is compared with needs the machine for itself only once this one has been hit.
    # Nor do they still start, which keeps them as busy as the run does.
    until(lambda: server.workers() and all(worker.cpu_percent(0.1) < 20 for worker in server.workers()))
    before = {worker: worked(worker) for worker in server.workers()}
    folder = server.catalog.get(screen.train())
    until(folder.checkpoint)
    busiest = max(before, key=lambda worker: worked(worker) - before[worker])

    busiest.kill()

    assert folder.end() is None, "it was killed too late"
    undisturbed = command_line(folder.config())
    screen.expect_status("finished")
    assert len(folder.attempts()) == 2
    same_bits(folder, RunFolder.at(undisturbed()))
    expect(screen.page.locator(".pg-count")).to_have_text("3,000 / 3,000")
    until(lambda: len(server.workers()) == len(before))


def test_a_killed_server_comes_back_with_its_run(visitor, own_server, command_line, same_bits):
    screen = visitor(own_server.url).open(**LONG | {"updates": 300})
    folder = own_server.catalog.get(screen.train())
    undisturbed = command_line(folder.config())
    until(folder.checkpoint)
    screen.wait_for_updates(40)

    own_server.kill()
    expect(screen.page.locator(".pg-reconnecting")).to_be_visible()
    left = describe(folder).update
    own_server.start()

    screen.wait_for_updates(left + 10)
    screen.page.get_by_role("radio", name="flat out").click()
    screen.expect_status("finished")
    assert screen.link["run"] == folder.run_id
    assert screen.losses()["x"] == list(range(300))
    same_bits(folder, RunFolder.at(undisturbed()))


def test_sigterm_leaves_no_process_behind(own_server):
    until(lambda: len(own_server.workers()) > 0)
    family = own_server.process.children(recursive=True)
    assert len(alive(family)) >= 2

    own_server.stop()

    assert alive(family) == []


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="no /proc here to read memory maps from")
def test_the_server_never_loads_torch_and_stays_small(visitor, own_server):
    screen = visitor(own_server.url).open(**QUICK | {"updates": 400})
    screen.choose("cell.recurrent_init.kind", "orthogonal")
    screen.expect_link(**{"cell.recurrent_init.kind": "orthogonal"})
    screen.train()
    screen.expect_status("finished")
    screen.go("About").go("Share").go("Compare").go("Runs")
    screen.page.get_by_role("button", name="More").click()
    screen.page.get_by_role("menuitem", name="Export").click()
    with screen.page.expect_download():
        screen.page.get_by_role("button", name="CSV", exact=True).click()
    screen.page.keyboard.press("Escape")
    screen.go("Playground")

    assert "libtorch" not in Path(f"/proc/{own_server.process.pid}/maps").read_text()
    assert own_server.process.memory_info().rss < MOST_MEMORY
