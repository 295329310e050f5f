"""The command line: what it trains is a run like any other, and its errors are sentences."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from playground.__main__ import app, main
from playground.runs.catalog import Catalog
from playground.runs.status import RunStatus, describe
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.loop import train
from playground.training.presets import PRESETS

SMALL = {"hidden": 8, "updates": 12, "task": {"kind": "recall", "length": 5}}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(SMALL))
    return path


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_train_keeps_the_run_that_train_yields(config: Path, tmp_path: Path) -> None:
    folder = run("train", config, "--out", tmp_path / "runs").strip()

    catalog = Catalog(tmp_path / "runs")
    (run_id,) = catalog.ids()
    assert folder.endswith(run_id)
    assert catalog.may_watch(run_id, "any browser")
    assert describe(catalog.get(run_id)).status is RunStatus.FINISHED
    assert catalog.get(run_id).config() == RunConfig.parse(SMALL)
    losses = [e.values["loss"] for e in train(RunConfig.parse(SMALL)) if isinstance(e, Update) and "loss" in e.values]
    assert catalog.get(run_id).read()["loss"].values.tolist() == losses


def test_runs_lists_it_and_export_writes_it(config: Path, tmp_path: Path) -> None:
    root = tmp_path / "runs"
    run("train", config, "--out", root)
    (run_id,) = Catalog(root).ids()

    assert "finished" in run("runs", "--out", root)
    lines = run("export", run_id, "--format", "csv", "--out", root).splitlines()
    exported = json.loads(run("export", run_id, "--format", "json", "--out", root))
    assert lines[0].replace('"', "").startswith("update,measurement")
    assert len(lines) > 12 * 5
    assert "total_gradient" in json.dumps(exported)


def test_inspect_trains_nothing_and_tells_what_the_page_tells(config: Path) -> None:
    told = json.loads(run("inspect", config))

    assert told["parameters"] == {"W": 32, "U": 64, "b": 8, "V": 32, "c": 4}
    assert told["parameter_count"] == 140
    assert [len(row) for row in told["total_gradient"] + told["direct_gradient"]] == [5, 5]
    assert "examples" not in told
    assert told["direct_gradient"][0][:-1] == [0, 0, 0, 0]
    assert told["bound"] == pytest.approx(told["sigma_max"])
    assert {"spectral_radius", "loss", "baseline", "factor", "reach"} <= told.keys()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"hidden": 0}', "hidden: 0 is too small. Write 1 or more."),
        ('{"cell": "grru"}', "cell: Unknown cell 'grru'."),
        ("{", "This is not JSON"),
        ("[" * 100_000, "This is not JSON"),
        ('{"optimizer": {"kind": "adam", "learning_rate": NaN}}', "nan is not a finite number"),
    ],
)
@pytest.mark.parametrize("command", ["train", "inspect"])
def test_a_wrong_config_gets_a_sentence(
    command: str,
    text: str,
    sentence: str,
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config.write_text(text)
    monkeypatch.setattr("sys.argv", ["playground", command, str(config)])

    with pytest.raises(SystemExit) as end:
        main()

    assert end.value.code == 2
    assert sentence in " ".join(capsys.readouterr().err.split())


def test_an_unknown_run_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["playground", "export", "20260101-000000-00000000", "--out", str(tmp_path)])

    with pytest.raises(SystemExit):
        main()

    assert "Unknown run '20260101-000000-00000000'" in " ".join(capsys.readouterr().err.split())


def test_diagnose_tells_what_went_wrong_and_what_to_try(tmp_path: Path) -> None:
    config = tmp_path / "p5.json"
    config.write_text(PRESETS["P5"].config.model_dump_json())
    run_id = Path(run("train", config, "--out", tmp_path / "runs").strip()).name

    told = run("diagnose", run_id, "--out", tmp_path / "runs")
    assert "failure: Update 16:" in told
    assert "gradient norm grew ×" in told
    assert "try clip by norm 0.3:" in told

    config.write_text(json.dumps({"alarms": {"exploding": {"watch": False}}}))
    quiet = run("diagnose", run_id, "--config", config, "--out", tmp_path / "runs")
    assert "It explodes" in told
    assert "It explodes" not in quiet
