"""The list of runs: from the command line, named, exported, imported, compared, deleted, broken."""

import re
import shutil

from playwright.sync_api import expect

from playground.runs.catalog import Catalog
from playground.runs.export import export
from playground.training.config import RunConfig
from tests.browser.screen import LONG, QUICK

BROKEN = "20991231-235959-0badc0de"  # listed before all others


def entries(screen):
    return screen.page.locator('[class*="st-key-history-run-"]')


def entry(screen, text):
    """The line of the list that has this text, with its buttons."""
    return entries(screen).filter(has_text=text).first


def more(screen, line, option):
    line.get_by_role("button", name="More").click()
    screen.page.get_by_role("menuitem", name=option).click()
    screen.settled()


def test_a_run_of_the_command_line_opens_in_the_page(visitor, server, command_line):
    folder = command_line(RunConfig().patched(QUICK | {"hidden": 19}), runs=server.runs)()
    try:
        screen = visitor().visit(server.url).go("Runs")
        line = entry(screen, "hidden units H 19")
        # Nobody's run is everybody's to look at, and nobody's to change.
        line.get_by_role("button", name="More").click()
        offered = ["Train on, to twice the updates", "Clone into the form", "Export"]
        expect(screen.page.get_by_role("menuitem")).to_have_text(offered)
        screen.page.keyboard.press("Escape")
        line.get_by_role("button", name="Open").click()

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


def test_a_run_is_named_exported_imported_compared_and_deleted(visitor, server, same_bits):
    screen = visitor().open(**QUICK)
    page = screen.page
    folder = server.catalog.get(screen.train())
    screen.expect_status("finished")
    screen.go("Runs")
    expect(entries(screen).locator("svg.ex-drawing path.ex-net")).to_have_count(1)

    more(screen, entries(screen).first, "Name, note, tags")
    page.get_by_role("textbox", name="Name").fill("A <b>first</b> one")
    page.get_by_role("textbox", name="Note").fill("It is *short*.")
    page.get_by_role("textbox", name="Tags").fill("exam, ")
    page.get_by_role("button", name="Save").click()
    expect(entries(screen).first).to_contain_text("A <b>first</b> one")
    expect(entries(screen).first).to_contain_text("It is *short*.")

    more(screen, entries(screen).first, "Export")
    files = {}
    for name, ending in (("CSV", "csv"), ("whole run", "zip")):
        with page.expect_download() as download:
            page.get_by_role("dialog").get_by_role("button", name=name).first.click()
        assert download.value.suggested_filename == f"{folder.run_id}.{ending}"
        files[ending] = download.value.path().read_bytes()
    assert files["csv"] == export(folder, "csv")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)

    def upload(data):
        screen.settled()  # a page that is drawn anew closes what was opened meanwhile
        page.locator(".st-key-history-import button").click()
        page.locator('input[type="file"]').set_input_files(
            {"name": "run.zip", "mimeType": "application/zip", "buffer": data}
        )

    upload(files["zip"][:-9])
    expect(page.get_by_test_id("stAlert")).to_contain_text("not a zip")
    page.keyboard.press("Escape")
    expect(page.locator('input[type="file"]')).to_have_count(0)  # a click before it is closed would close it, too
    upload(files["zip"])
    expect(entries(screen)).to_have_count(2)
    page.keyboard.press("Escape")
    taken_in = next(name for name in server.catalog.ids() if name > folder.run_id)
    same_bits(server.catalog.get(taken_in), folder)

    for line in entries(screen).all():
        line.get_by_role("checkbox").focus()
        page.keyboard.press("Space")
        screen.settled()
    page.get_by_role("button", name="Compare 2 runs").click()
    expect(page).to_have_url(re.compile("/compare"))
    screen.go("Runs")

    more(screen, entries(screen).first, "Delete")
    expect(entries(screen)).to_have_count(1)
    assert taken_in not in Catalog(server.runs).ids()
    page.get_by_role("button", name="Undo").click()
    expect(entries(screen)).to_have_count(2)
    more(screen, entries(screen).nth(1), "Delete")
    expect(entries(screen)).to_have_count(1)
    assert folder.run_id not in Catalog(server.runs).ids()
    screen.expect_link(run=None)


def test_a_run_that_goes_on_is_followed_in_the_list_and_a_stopped_one_is_resumed(visitor):
    screen = visitor().open(**LONG)
    run = screen.train()
    screen.wait_for_updates(3)
    screen.go("Runs")
    line = entries(screen).first
    expect(line).to_contain_text("running")
    seen = line.locator(".run-facts").inner_text()
    expect(line.locator(".run-facts")).not_to_have_text(seen)
    # What is open over a line stays while that looks again.
    more(screen, line, "Name, note, tags")
    page = screen.page
    page.get_by_role("textbox", name="Name").fill("long")
    seen = line.locator(".run-facts").inner_text()
    expect(line.locator(".run-facts")).not_to_have_text(seen)
    page.get_by_role("button", name="Save").click()
    expect(line).to_contain_text("long")

    screen.go("Playground")
    screen.press("stop")
    screen.expect_status("stopped")
    screen.go("Runs")
    more(screen, entries(screen).first, "Resume")
    screen.ready().expect_status("running")
    assert screen.link["run"] == run


def test_a_finished_run_trains_on_and_keeps_what_it_was(visitor, server):
    screen = visitor().open(**QUICK)
    run = screen.train()
    screen.expect_status("finished")
    screen.go("Runs")
    more(screen, entries(screen).first, "Train on, to twice the updates")
    screen.ready().expect_status("finished")
    expect(screen.page.locator(".pg-count")).to_have_text("120 / 120")
    longer = server.catalog.get(screen.link["run"])
    assert longer.run_id != run
    before = server.catalog.get(run).series("loss").values
    assert longer.series("loss").values[: len(before)].tolist() == before.tolist()
