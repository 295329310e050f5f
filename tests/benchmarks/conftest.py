"""Benchmarks run only when they are asked for by their path, and write the README's table when they are told to."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def pytest_ignore_collect(config):
    named = any("benchmarks" in str(argument) for argument in config.invocation_params.args)
    return None if named or config.getoption("benchmark_only", False) else True


def pytest_addoption(parser):
    parser.addoption("--readme", action="store_true", help="write the table of speeds into README.md")


class Table:
    """Rows of a Markdown table: what was measured, the figure, the aim."""

    def __init__(self):
        self.rows = []
        self.probes = []

    def add(self, what, ratio, aim, seconds):
        mark = "" if ratio <= aim else "**"
        self.rows.append(f"| {what} | {mark}{ratio:.2f} ×{mark} | ≤ {aim:g} | {seconds * 1e6:,.0f} µs |")

    def add_bytes(self, what, count, most):
        mark = "" if count <= most else "**"
        self.rows.append(f"| {what} | {mark}{count / 1e6:.0f} MB{mark} | ≤ {most / 1e6:.0f} MB | |")

    def add_probe(self, what, share, looks, seconds):
        each = f"{looks:,} | {seconds * 1e6:,.0f} µs" if looks else " | "
        self.probes.append(f"| {what} | {share:.1%} | {each} |")

    def texts(self):
        """The table of each pair of markers in the README, where anything was measured for it."""
        heads = {
            "speed": ("| what | figure | aim | one update |", "|---|---|---|---|", self.rows),
            "probes": (
                "| probe | of an update | looks in 1,000 updates | one look |",
                "|---|---|---|---|",
                self.probes,
            ),
        }
        return {name: "\n".join([head, line, *rows]) + "\n" for name, (head, line, rows) in heads.items() if rows}


@pytest.fixture(scope="session")
def table(request):
    made = Table()
    yield made
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print("\n" + "\n".join(made.texts().values()))
    if request.config.getoption("readme", False):
        readme = ROOT / "README.md"
        text = readme.read_text()
        for name, rows in made.texts().items():
            place = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.S)
            assert place.search(text), f"README.md has no place for the table <!-- {name} -->"
            text = place.sub(lambda _, rows=rows: rows, text)
        readme.write_text(text)
