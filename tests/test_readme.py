"""The documents: what they promise is there."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text()


@pytest.mark.parametrize("name", ["run", "test"])
def test_each_set_up_is_one_line(name: str) -> None:
    block = re.search(rf"<!-- {name} -->\n```\n(.*?)```", README, re.S)
    assert block is not None
    assert block[1].count("\n") == 1
    for path in re.findall(r"-r (\S+)", block[1]):
        assert (ROOT / path).is_file()


def test_ci_runs_the_readme_s_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    reading = re.search(r"test_command=\$\((awk .*)\)\n", script)
    assert reading is not None

    found = subprocess.run(["bash", "-c", reading[1]], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert found.strip().endswith("-m pytest")
    assert found.strip() in README


def test_every_path_that_is_named_exists() -> None:
    for path in re.findall(r"`(playground/[\w/.]+|tests/[\w/.]+|\.streamlit/[\w.]+|\.ci/run)`", README + CONTRIBUTING):
        if "NAME" not in path:
            assert (ROOT / path).exists(), path


def test_every_command_exists() -> None:
    from playground.__main__ import app

    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert set(re.findall(r"^python -m playground (\w+)", README, re.M)) == commands


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_table_of_kinds_is_the_generated_one() -> None:
    from playground.training.kinds import table, written

    assert table() in README, "python -m playground kinds --readme README.md"
    assert written(README) == README


def test_what_is_said_of_maps_is_what_the_program_does() -> None:
    from playground.sweeps.outcome import RULES
    from playground.sweeps.spec import MapSpec

    assert all(f"| *{outcome}* | {rule} |" in README for outcome, rule in RULES.items())
    for text in re.findall(r"```json\n(.*?)```", README, re.S):
        assert MapSpec.from_json(text).cells()
