"""Benchmarks run only when they are asked for by their path, and write the README's table when they are told to."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = re.compile(r"(?<=<!-- speed -->\n).*?(?=<!-- /speed -->)", re.S)


def pytest_ignore_collect(config):
    named = any("benchmarks" in str(argument) for argument in config.invocation_params.args)
    return None if named or config.getoption("benchmark_only", False) else True


def pytest_addoption(parser):
    parser.addoption("--readme", action="store_true", help="write the table of speeds into README.md")


class Table:
    """Rows of a Markdown table: what was measured, the figure, the aim."""

    def __init__(self):
        self.rows = []

    def add(self, what, ratio, aim, seconds):
        mark = "" if ratio <= aim else "**"
        self.rows.append(f"| {what} | {mark}{ratio:.2f} ×{mark} | ≤ {aim:g} | {seconds * 1e6:,.0f} µs |")

    def add_bytes(self, what, count, most):
        mark = "" if count <= most else "**"
        self.rows.append(f"| {what} | {mark}{count / 1e6:.0f} MB{mark} | ≤ {most / 1e6:.0f} MB | |")

    def text(self):
        return "\n".join(["| what | figure | aim | one update |", "|---|---|---|---|", *self.rows]) + "\n"


@pytest.fixture(scope="session")
def table(request):
    made = Table()
    yield made
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print("\n" + made.text())
    if request.config.getoption("readme", False):
        readme = ROOT / "README.md"
        text = readme.read_text()
        assert TABLE.search(text), "README.md has no place for the table"
        readme.write_text(TABLE.sub(lambda _: made.text(), text))
