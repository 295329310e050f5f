"""The engine with its real processes: nothing is lost when they die, and nothing is left when their parent does."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

import playground
from playground.core.errors import PlaygroundError
from playground.runs.catalog import Catalog
from playground.runs.engine import Engine
from playground.runs.status import describe
from playground.training.config import RunConfig
from playground.training.frame import decode


def _wait(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture(scope="module", autouse=True)
def _logs_elsewhere(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    catalog = Catalog(tmp_path_factory.mktemp("runs"))
    engine = Engine(catalog)
    engine.start()
    _wait(lambda: engine.ready)
    yield catalog, engine
    processes = [psutil.Process(pid) for pid in engine.pids]
    engine.close()
    assert not any(process.is_running() for process in processes)


def _going(seed=0, **changes):
    return RunConfig.parse({"updates": 300, "pace": 60, "hidden": 8, "seed": seed, **changes})


def _ended(folder):
    return folder.end() is not None


def test_runs_end_with_the_same_bits_as_here(served, same_bits):
    catalog, engine = served
    configs = [_going(seed, pace=0) for seed in range(4)]
    folders = [catalog.create(config) for config in configs]
    for folder in folders:
        engine.submit(folder.run_id)
        engine.submit(folder.run_id)
    for folder, config in zip(folders, configs, strict=True):
        _wait(lambda f=folder: _ended(f))
        same_bits(folder, config)
        assert len(folder.attempts()) == 1


def test_twins_are_one_task_whichever_is_submitted(served, same_bits):
    catalog, engine = served
    configs = [_going(seed, pace=0, updates=100) for seed in range(2)]
    pair = catalog.create_twins(*configs)
    for submitted in pair[::-1]:
        engine.submit(submitted.run_id)
    for folder, config in zip(pair, configs, strict=True):
        _wait(lambda f=folder: _ended(f))
        same_bits(folder, config)
        assert len(folder.attempts()) == 1
    walls = [[row.wall for row in folder.rows()] for folder in pair]
    assert all(a[0] < b[-1] for a, b in (walls, walls[::-1]))


def test_a_recorded_update_is_seen_again_and_gone_on_from(served):
    catalog, engine = served
    first = catalog.create(RunConfig.parse({"updates": 60, "pace": 0, "hidden": 8, "cell": {
        "kind": "vanilla", "recurrent_init": {"kind": "orthogonal", "gain": 2.0}}}))  # fmt: skip
    engine.submit(first.run_id)
    _wait(lambda: _ended(first))
    flight = first.flights()[0]
    again = catalog.create(first.config())
    with pytest.raises(PlaygroundError, match="was not recorded"):
        engine.branch(first.run_id, 60_000, again.run_id)
    engine.branch(first.run_id, flight.update, again.run_id)
    engine.submit(again.run_id)
    frame = decode(engine.flight(first.run_id, flight.update))
    assert float(frame["loss"]) == first.rows()[flight.update].values["loss"]
    with pytest.raises(PlaygroundError, match="was not recorded"):
        engine.flight(first.run_id, 60_000)
    _wait(lambda: _ended(again))
    assert again.rows()[-1].values["test_loss"] == first.rows()[-1].values["test_loss"]


def test_inspection_comes_from_a_worker_and_is_remembered(served, config):
    _, engine = served
    found = engine.inspect(config)
    assert found["parameter_count"] == sum(found["parameters"].values())
    assert engine.inspect(config) is found
    assert engine.inspect(config.patched({"seed": 1}))["loss"] != found["loss"]


def test_an_unknown_run_does_not_disturb_the_engine(served, config, same_bits):
    catalog, engine = served
    engine.submit("20260101-000000-0123abcd")
    engine.submit("../etc")
    folder = catalog.create(config)
    engine.submit(folder.run_id)
    _wait(lambda: _ended(folder))
    same_bits(folder, config)


def test_workers_that_are_killed_come_back_and_their_runs_go_on(served, same_bits):
    """More often than Dask's own limit: the run is innocent."""
    catalog, engine = served
    configs = [_going(seed, updates=700, pace=100) for seed in range(2)]
    folders = [catalog.create(config) for config in configs]
    for folder in folders:
        engine.submit(folder.run_id)
    for kill in range(5):
        progress = [f.checkpoint() for f in folders]
        _wait(lambda before=progress: all(f.checkpoint() != b for f, b in zip(folders, before, strict=True)))
        workers = engine.pids[1:]
        victim = workers[kill % len(workers)]
        os.kill(victim, signal.SIGKILL)
        _wait(lambda killed=victim: killed not in engine.pids)
        assert len(engine.pids) == len(workers) + 1
    for folder, config in zip(folders, configs, strict=True):
        _wait(lambda f=folder: _ended(f))
        assert describe(folder).status == "finished"
        same_bits(folder, config)
    assert sum(len(folder.attempts()) for folder in folders) >= 6


def test_a_scheduler_that_is_killed_is_replaced(served, same_bits):
    catalog, engine = served
    folder = catalog.create(_going())
    engine.submit(folder.run_id)
    _wait(lambda: folder.rows(after=20))
    before = engine.pids
    os.kill(before[0], signal.SIGKILL)
    _wait(lambda: engine.ready and not set(before) & set(engine.pids))
    _wait(lambda: _ended(folder))
    same_bits(folder, _going())
    assert not any(psutil.pid_exists(pid) for pid in before)


def test_an_engine_that_is_not_ready_says_so(catalog, config):
    with pytest.raises(PlaygroundError, match="still starting"):
        Engine(catalog).inspect(config)
    Engine(catalog).close()


def test_a_storage_that_hiccups_costs_no_worker(served, monkeypatch, caplog):
    catalog, engine = served
    before = engine.pids

    def fail(*_):
        raise OSError("the network is down")

    with monkeypatch.context() as patch:
        patch.setattr(catalog, "unfinished", fail)
        patch.setattr(catalog, "get", fail)
        engine.submit("20260101-000000-0123abcd")
        _wait(lambda: "cannot be listed" in caplog.text and "Not handed to a worker" in caplog.text)
    assert engine.ready
    assert engine.pids == before


def test_a_scheduler_that_cannot_be_reached_is_told_of_and_does_not_hold_up_the_end(catalog, config):
    engine = Engine(catalog, "nowhere")
    assert engine.trouble == ""
    engine.start()
    _wait(lambda: engine.trouble)
    with pytest.raises(PlaygroundError, match=r"still starting.*missing port"):
        engine.inspect(config)
    engine.close()
    engine = Engine(catalog, "tcp://127.0.0.1:1")
    engine.start()
    time.sleep(0.5)
    began = time.monotonic()
    engine.close()
    assert time.monotonic() - began < 8


SERVER = """
import sys, time
from playground.runs.catalog import Catalog
from playground.runs.engine import engine
from playground.training.config import RunConfig
engine().start()
folder = Catalog().create(RunConfig.parse({"updates": 400, "pace": 60, "hidden": 8}))
engine().submit(folder.run_id)
while not folder.rows(after=100):
    time.sleep(0.02)
engine().inspect(folder.config())
assert not any("torch" in line for line in open("/proc/self/maps")), "the server has loaded torch"
print(folder.run_id, *engine().pids, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_a_server_that_was_killed_and_its_run_goes_on(catalog, same_bits, how):
    environment = {**os.environ, "PLAYGROUND_RUNS": catalog.root}
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True, env=environment) as server:
        run_id, *pids = server.stdout.readline().split()
        processes = [psutil.Process(int(pid)) for pid in pids]
        assert len(processes) >= 2
        server.send_signal(how)
    psutil.wait_procs(processes, timeout=5)
    assert not any(process.is_running() for process in processes)
    folder = catalog.get(run_id)
    assert folder.end() is None
    engine = Engine(catalog)
    engine.start()
    try:
        _wait(lambda: _ended(folder))
    finally:
        engine.close()
    same_bits(folder, _going(updates=400))
    assert len(folder.attempts()) == 2


def test_a_cluster_that_dask_itself_has_started_gives_the_same_bits(catalog, tmp_path, same_bits):
    file = tmp_path / "scheduler.json"
    here = {**os.environ, "PYTHONPATH": str(Path(playground.__file__).parents[1])}
    dask = [sys.executable, "-m", "dask"]
    local = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]
    commands = [
        [*dask, "scheduler", *local, "--port", "0", "--scheduler-file", str(file)],
        *2 * [[*dask, "worker", *local, "--scheduler-file", str(file), "--no-nanny", "--nthreads", "4"]],
    ]
    with open(tmp_path / "log", "wb") as log:
        processes = [subprocess.Popen(c, env=here, cwd=tmp_path, stdout=log, stderr=log) for c in commands]
    try:
        _wait(lambda: file.exists() and file.read_text().endswith("}"))
        engine = Engine(catalog, json.loads(file.read_text())["address"])
        engine.start()
        _wait(lambda: engine.ready)
        assert engine.pids == []
        configs = [_going(seed, pace=0) for seed in range(3)]
        folders = [catalog.create(config) for config in configs]
        for folder in folders:
            engine.submit(folder.run_id)
        for folder, config in zip(folders, configs, strict=True):
            _wait(lambda f=folder: _ended(f))
            same_bits(folder, config)
        assert engine.inspect(configs[0])["loss"] > 0
        engine.close()
        assert all(process.poll() is None for process in processes)
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()


def test_the_settings_choose_root_and_scheduler(monkeypatch, tmp_path):
    from playground.runs.engine import engine

    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path))
    monkeypatch.setenv("PLAYGROUND_SCHEDULER", "tcp://127.0.0.1:1")
    engine.cache_clear()
    try:
        assert engine() is engine()
        assert (engine().catalog.root, engine()._scheduler) == (str(tmp_path), "tcp://127.0.0.1:1")
    finally:
        engine.cache_clear()
