"""Runs and maps on a scheduler and four workers, started by dask's own commands as .github/CLUSTER.md gives them: on a
folder that all see, and on S3."""

import ast
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import yaml
from distributed import Client, default_client
from distributed.cli import dask_scheduler, dask_worker

from playground.runs.catalog import Catalog
from playground.runs.engine import Engine
from playground.sweeps.axis import Axis
from playground.sweeps.feed import MapFeed
from playground.sweeps.folder import NOTHING, Record
from playground.sweeps.maps import Maps, MapState
from playground.sweeps.member import Member
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig
from playground.training.events import Update
from tests.runs.objects import ACCESS, objects

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / ".github" / "CLUSTER.md").read_text()
WORKERS = 4
BASE = {"task": {"kind": "recall", "length": 12}, "hidden": 16, "batch": 8, "pace": 0, "precision": "float64"}


pytestmark = pytest.mark.timeout(300)  # four workers load torch


def _wait(condition):
    while not condition():
        time.sleep(0.02)  # no longer than the test may last


def _block(name):
    found = re.search(rf"<!-- {name} -->\n *```\w*\n(.*?)```", PAGE, re.S)
    assert found is not None, name
    return found[1]


def _command(name):
    """The last line of a block of the page, and what is exported before it."""
    *exported, command = _block(name).strip().splitlines()
    settings = [setting.split("=") for line in exported for setting in line.removeprefix("export ").split()]
    return shlex.split(command), dict(settings)


class Cluster:
    """What the page's commands start, on this machine and a free port."""

    def __init__(self, folder):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.port = str(listening.getsockname()[1])
        self.address = f"tcp://127.0.0.1:{self.port}"
        self._folder = folder
        self._started = [self._start(name) for name in ("scheduler", "workers")]

    def connect(self):
        self.client = Client(self.address, set_as_default=False, timeout=60)
        self.client.wait_for_workers(WORKERS)

    def pids(self):
        """The workers' process ids, by address."""
        return self.client.run(os.getpid, on_error="ignore")

    def close(self):
        family = [one for process in self._started for one in (process, *process.children(recursive=True))]
        for process in family:
            process.kill()
        _, left = psutil.wait_procs(family, timeout=10)
        assert not left

    def here(self, text):
        return text.replace("10.0.0.1", "127.0.0.1").replace("8786", self.port)

    def _start(self, name):
        (python, *words), settings = _command(name)
        assert python == "python"
        with (self._folder / "log.txt").open("ab") as log:
            return psutil.Popen(
                [sys.executable, *map(self.here, words)],
                cwd=ROOT,
                env={**os.environ, **ACCESS, **settings, "DASK_TEMPORARY_DIRECTORY": str(self._folder)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        cluster.connect()
        yield cluster
        cluster.client.close()
    finally:
        cluster.close()


@pytest.fixture(scope="module")
def bucket():
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ACCESS.items():
            patch.setenv(name, value)
        with objects() as found:
            yield found


@pytest.fixture(params=["folder", "objects"])
def engine(request, cluster, tmp_path):
    root = tmp_path if request.param == "folder" else request.getfixturevalue("bucket").url("runs")
    engine = Engine(Catalog(root), cluster.address)
    engine.start()
    _wait(lambda: engine.ready)
    assert engine.pids == []
    yield engine
    engine.close()


def test_runs_end_with_the_same_numbers_as_here(engine):
    from playground.training.loop import train

    configs = [RunConfig.parse(BASE | {"updates": 20, "seed": seed}) for seed in range(WORKERS)]
    folders = [engine.catalog.create(config) for config in configs]
    for folder in folders:
        engine.submit(folder.run_id)
    for folder, config in zip(folders, configs, strict=True):
        _wait(folder.end)
        expected = [event.values.get("loss") for event in train(config) if isinstance(event, Update)]
        assert [row.values.get("loss") for row in folder.rows()] == expected
        assert len(folder.attempts()) == 1
    assert engine.inspect(configs[0], patience=30)["loss"] > 0


def test_a_map_is_filled_with_the_same_numbers_as_here_though_a_worker_is_killed(engine, cluster):
    from playground.sweeps.ensemble import Ensemble

    spec = MapSpec(
        base=RunConfig.parse(BASE),
        x=Axis(path="cell.recurrent_init.gain", values=(0.5, 1.0, 1.5, 2.0)),
        y=Axis(path="cell.activation.kind", values=("tanh", "relu")),
        seeds=2,
        updates=60,
    )
    maps = Maps(engine.catalog.store)
    feed = MapFeed(maps, engine.wake)
    engine.attach(feed)
    before = cluster.pids()
    made = maps.create(spec, "somebody")
    feed.wake(made.map_id)
    _wait(lambda: made.seen().members)
    busy = next(address for address, keys in cluster.client.processing().items() if keys)

    os.kill(before[busy], signal.SIGKILL)

    _wait(made.end)
    assert maps.summary(made).state is MapState.FINISHED
    members = made.members()
    assert [(member.cell, member.seed) for member in members] == [(c, s) for c in spec.cells() for s in range(2)]
    for place in ((0, 0), (3, 1), (4, 1)):
        alone = Ensemble([spec.config(*place)])
        while not alone.over:
            alone.update()
        assert alone.members([place]) == [members[place[0] * 2 + place[1]]]
    _wait(lambda: len(cluster.pids()) == WORKERS)
    assert set(before.values()) - set(cluster.pids().values()) == {before[busy]}


def test_who_watches_a_map_asks_an_object_store_for_one_list_a_look(bucket):
    """And for what has changed, and for that once."""
    maps = Maps(Catalog(bucket.url("looks")).store)
    made = maps.create(MapSpec(base=RunConfig.parse(BASE), x=Axis(path="hidden", values=(4, 8)), seeds=1), "somebody")
    made.write_record("one", Record(members=(Member(cell=0, seed=0),)))
    bucket.forget()
    seen = made.seen()
    assert bucket.asked == {"LIST": 1, "HEAD": 1, "GET": 1}
    bucket.forget()
    assert made.seen(seen) is seen
    assert bucket.asked == {"LIST": 1}


def test_what_is_written_within_a_second_at_the_same_length_is_seen(bucket):
    """An object store says no more than the second in which a file was written."""
    made = Maps(Catalog(bucket.url("seconds")).store).create(
        MapSpec(base=RunConfig.parse(BASE), x=Axis(path="hidden", values=(4, 8)), seeds=1)
    )
    seen = NOTHING
    for updates in range(9):
        made.write_record("one", Record(members=(Member(cell=0, seed=0, updates=updates),)))
        seen = made.seen(seen)
        assert seen.members[0, 0].updates == updates


def test_the_page_s_own_check_finds_the_same_versions(cluster):
    (python, option, code), _ = _command("versions")
    assert (python, option) == ("python", "-c")
    exec(cluster.here(code), {})  # what differs is a warning, and so an error here
    default_client().close()


def test_the_page_s_other_ways_give_dask_options_that_it_knows():
    slurm = next(
        ast.literal_eval(node.value)
        for node in ast.walk(ast.parse(_block("slurm")))
        if isinstance(node, ast.keyword) and node.arg == "worker_extra_args"
    )
    spec = yaml.safe_load(_block("kubernetes"))["spec"]
    scheduler, worker = (spec[name]["spec"]["containers"][0]["args"] for name in ("scheduler", "worker"))
    commands = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}
    for words in (scheduler, worker, ["python", "-m", "dask", "worker", "tcp://10.0.0.1:8786", *slurm]):
        assert words[:3] == ["python", "-m", "dask"]
        commands[words[3]].make_context(words[3], words[4:])
