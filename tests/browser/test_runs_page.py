"""The list of runs: from the command line, to a file, broken, deleted."""

import shutil

from playwright.sync_api import expect

from playground.runs.catalog import Catalog
from playground.runs.export import export
from playground.training.config import RunConfig
from tests.browser.screen import QUICK

BROKEN = "20991231-235959-0badc0de"  # listed before all others


def entry(screen, text):
    """The line of the list that has this text, with its buttons."""
    lines = screen.page.locator('[data-testid="stHorizontalBlock"], [data-testid="stVerticalBlock"]')
    return lines.filter(has_text=text).filter(has=screen.page.get_by_role("button", name="Open")).last


def test_a_run_of_the_command_line_opens_in_the_page(visitor, server, command_line):
    folder = command_line(RunConfig().patched(QUICK | {"hidden": 19}), runs=server.runs)()
    try:
        screen = visitor().visit(server.url).go("Runs")
        entry(screen, "hidden = 19").get_by_role("button", name="Open").click()

        screen.ready().expect_status("finished")
        assert screen.link["run"] == folder.name
        expect(screen.field("hidden")).to_have_value("19")
        assert screen.losses()["x"] == list(range(60))
    finally:
        server.catalog.delete(folder.name)


def test_a_broken_run_is_listed_with_its_reason_and_disturbs_no_other(visitor, server):
    folder = server.runs / BROKEN
    (folder / "parts").mkdir(parents=True)
    (folder / "config.json").write_text('{"<img src=x onerror=alert(1)>": 1, "![x](https://elsewhere.test/x)": 2}')
    try:
        screen = visitor()
        screen.page.on("dialog", lambda dialog: screen.errors.append(f"a script ran: {dialog.message}"))
        screen.open(**QUICK)
        run = screen.train()
        screen.expect_status("finished")

        screen.go("Runs")

        broken = entry(screen, "broken")
        expect(broken).to_contain_text("config.json of run")
        expect(broken).to_contain_text("cannot be read")
        expect(broken.get_by_role("button", name="Open")).to_be_disabled()
        assert screen.page.locator("img[src=x]").count() == 0
        entry(screen, "finished").get_by_role("button", name="Open").click()
        screen.ready().expect_status("finished")
        assert screen.link["run"] == run
        screen.visit(f"{server.url}/?run={BROKEN}")
        expect(screen.page.get_by_test_id("stAlert")).to_contain_text("cannot be read")
    finally:
        shutil.rmtree(folder)


def test_a_run_is_exported_whole_and_deleted(visitor, server):
    screen = visitor().open(**QUICK)
    folder = server.catalog.get(screen.train())
    screen.expect_status("finished")
    screen.go("Runs")

    for format in ("csv", "parquet", "json"):
        screen.page.get_by_role("button", name="Export").click()
        with screen.page.expect_download() as download:
            screen.page.get_by_role("button", name=format, exact=True).click()
        screen.page.keyboard.press("Escape")
        assert download.value.suggested_filename == f"{folder.run_id}.{format}"
        assert download.value.path().read_bytes() == export(folder, format)

    screen.page.get_by_role("button", name="Delete").click()
    screen.page.get_by_role("button", name="Delete this run").click()
    expect(screen.page.get_by_text(f"hidden = {QUICK['hidden']}")).to_have_count(0)
    assert folder.run_id not in Catalog(server.runs).ids()
    screen.expect_link(run=None)
