"""`python -m playground map`: what it fills is the page's too, its errors are sentences, Ctrl-C keeps what is there."""

import json
import threading

import pytest
from typer.testing import CliRunner

from playground.__main__ import app, main
from playground.runs.task import call
from playground.sweeps import terminal
from playground.sweeps.folder import MapFolder
from playground.sweeps.maps import Maps, MapState
from playground.sweeps.ready import READY
from playground.sweeps.spec import MapSpec

SPEC = {
    "base": {"hidden": 4, "batch": 4, "task": {"kind": "recall", "length": 5}},
    "x": {"path": "cell.activation.kind", "values": ["tanh", "relu"]},
    "y": {"path": "optimizer.learning_rate", "values": [0.01, 1.0]},
    "panels": {"path": "clip.kind", "values": ["none", "norm"]},
    "seeds": 1,
    "updates": 12,
}


class InThread:
    """An engine whose only worker is a thread of this process."""

    ready, trouble = True, ""

    def __init__(self, catalog, scheduler):
        self.catalog, self.scheduler = catalog, scheduler
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def attach(self, feed):
        self._feed = feed

    def start(self):
        self._thread.start()

    def wake(self):
        """It looks all the time."""

    def close(self):
        self._closing.set()
        self._thread.join()
        self._feed.close()

    def _work(self):
        while not self._closing.wait(0.005):
            if work := self._feed.next(1):
                call(work.module, work.function, *work.arguments)
                self._feed.ended(work.key, None)


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    monkeypatch.setattr(terminal, "Engine", InThread)
    monkeypatch.setattr(terminal, "LOOK", 0.01)


def run(*arguments, **how):
    return CliRunner().invoke(app, [str(each) for each in arguments], catch_exceptions=False, **how)


def test_a_map_is_filled_and_told_of(tmp_path):
    path = tmp_path / "map.json"
    path.write_text(json.dumps(SPEC))
    result = run("map", path, "--out", tmp_path / "runs", env={"COLUMNS": "120"})
    folder = MapFolder.at(result.stdout.strip().splitlines()[-1])
    assert folder.spec() == MapSpec.parse(SPEC)
    assert len(folder.members()) == 8
    assert all(member.over for member in folder.members())
    assert Maps(tmp_path / "runs").summary(folder).state is MapState.FINISHED
    told = result.output
    assert folder.end().sentence.split()[0] in told
    for words in ("Finished.", "tanh", "ReLU", "96 of 96 updates", "clipping: by norm"):
        assert words in told, told


def test_standard_input_is_read_and_the_outcomes_of_many_columns_are_letters(tmp_path):
    x = {"path": "optimizer.learning_rate", "values": [0.001 * 2**i for i in range(9)]}
    text = json.dumps({"base": SPEC["base"], "x": x, "seeds": 1, "updates": 2})
    result = run("map", "-", "--out", tmp_path, input=text)
    assert len(MapFolder.at(result.stdout.strip().splitlines()[-1]).members()) == 9
    assert "S stalls" in result.output


def test_ctrl_c_stops_it_and_keeps_what_is_there(tmp_path, monkeypatch):
    watch, calls = terminal._watch, []

    def interrupted(maps, folder, *others):
        calls.append(folder)
        if len(calls) == 1:
            while not folder.members():
                pass
            raise KeyboardInterrupt
        watch(maps, folder, *others)

    monkeypatch.setattr(terminal, "_watch", interrupted)
    result = run("map", "-", "--out", tmp_path, input=json.dumps(SPEC | {"seeds": 2, "updates": 2000}))
    (folder,) = (calls[0],)
    assert result.exit_code == 0
    assert Maps(tmp_path).summary(folder).state is MapState.STOPPED
    assert 0 < folder.end().done < folder.end().of


@pytest.mark.parametrize(
    ("arguments", "text", "sentence"),
    [
        (["map"], "", "--ready and one of init-activation-clip"),
        (["map", "--ready", "gain-lenth"], "", "Did you mean 'gain-length'?"),
        (["map", "-"], "{}", "x: This field is missing"),
        (["map", "-"], "[", "This is not JSON"),
        (["map", "-"], json.dumps(SPEC | {"seeds": 11}), "seeds: 11 is too large. Write 10 or less."),
        (["map", "nowhere.json"], "", "nowhere.json"),
    ],
)
def test_errors_are_sentences(arguments, text, sentence, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["playground", *arguments])
    monkeypatch.setattr(
        "playground.__main__._text", lambda path: text.encode() if str(path) == "-" else path.read_bytes()
    )
    monkeypatch.setattr("playground.__main__.screen.width", 200)
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert sentence in capsys.readouterr().err


def test_ready_made_maps_have_names_that_can_be_written():
    assert {"gain-length", "init-activation-clip"} <= READY.keys()
    assert all(name == name.lower() and " " not in name for name in READY)
