"""The engine with its real processes: nothing is lost when they die, and nothing is left when their parent does."""

import os
import signal
import subprocess
import sys
import time
from functools import cache

import psutil
import pytest

from playground.core.errors import PlaygroundError
from playground.runs.catalog import Catalog
from playground.runs.engine import Engine
from playground.runs.status import describe
from playground.sweeps.feed import MapFeed
from playground.sweeps.maps import Maps
from playground.sweeps.spec import MapSpec
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
    _fed(engine)
    engine.start()
    _wait(lambda: engine.ready)
    yield catalog, engine
    processes = [psutil.Process(pid) for pid in engine.pids]
    engine.close()
    assert not any(process.is_running() for process in processes)


def _fed(engine):
    """The maps of an engine, and what hands out their blocks."""
    maps = Maps(engine.catalog.store)
    feed = MapFeed(maps, engine.wake)
    engine.attach(feed)
    return maps, feed


@pytest.fixture
def filling(served):
    """Makes a map and has it filled by the engine that is there."""
    _, engine = served
    maps, feed = Maps(engine.catalog.store), engine._feedings[0]._feed

    def begin(spec, owner="me"):
        folder = maps.create(spec, owner)
        feed.wake(folder.map_id)
        return folder

    def steer(folder, **wishes):
        folder.steer(**wishes)
        feed.wake(folder.map_id)

    return begin, steer


def _map(**changes):
    """Networks whose measurements are those of their single runs to the bit, however they are dealt out."""
    base = {"hidden": 5, "batch": 4, "task": {"kind": "recall", "length": 6}, "precision": "float64"}
    return MapSpec.parse({"base": base, "seeds": 2, "updates": 200, "x": {
        "path": "optimizer.learning_rate", "values": [0.001, 0.01, 0.1, 1.0]}, **changes})  # fmt: skip


def _whole(folder):
    """Every network of a map is there, with what it measures when it trains alone in this process."""
    assert [repr(member) for member in folder.members()] == _alone(folder.spec())


@cache
def _alone(spec):
    """Several tests fill the same map."""
    from playground.sweeps.ensemble import Ensemble

    found = []
    for place in ((cell, seed) for cell in spec.cells() for seed in range(spec.seeds)):
        alone = Ensemble([spec.config(*place)])
        while not alone.over:
            alone.update()
        found += map(repr, alone.members([place]))
    return found


def _begun(folder):
    """Whether a block is amid its work."""
    members = folder.seen().members.values()
    return any(member.updates and not member.over for member in members)


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


def test_a_map_goes_on_through_a_pause_and_the_death_of_workers(served, filling):
    _, engine = served
    begin, steer = filling
    folder = begin(_map())
    _wait(lambda: _begun(folder))
    steer(folder, paused=True)
    for killed in engine.pids[1:]:
        os.kill(killed, signal.SIGKILL)
        _wait(lambda killed=killed: killed not in engine.pids)
    begin_again = begin(_map(updates=5), "other")  # paused blocks are in nobody's way
    _wait(begin_again.end)
    assert folder.end() is None
    steer(folder, paused=False)
    _wait(folder.end)
    assert (folder.end().done, folder.end().of) == (1600, 1600)
    _whole(folder)


def test_a_map_is_stopped_where_it_is_and_goes_on_from_there(served, filling):
    begin, steer = filling
    folder = begin(_map(updates=2000))
    _wait(lambda: _begun(folder))
    steer(folder, stopped=True)
    _wait(folder.end)
    assert 0 < folder.end().done < folder.end().of
    maps = Maps(served[0].store)
    extended = maps.create(_map(updates=20), "me", folder)
    assert extended.members() == []  # of other configs


def test_a_scheduler_that_is_killed_is_replaced(served, filling, same_bits):
    catalog, engine = served
    folder, filled = catalog.create(_going()), filling[0](_map())
    engine.submit(folder.run_id)
    _wait(lambda: folder.rows(after=20) and _begun(filled))
    before = engine.pids
    os.kill(before[0], signal.SIGKILL)
    _wait(lambda: engine.ready and not set(before) & set(engine.pids))
    _wait(lambda: _ended(folder))
    same_bits(folder, _going())
    _wait(filled.end)
    _whole(filled)
    assert not any(psutil.pid_exists(pid) for pid in before)


def test_an_engine_that_is_not_ready_says_so(catalog, config):
    with pytest.raises(PlaygroundError, match="still starting"):
        Engine(catalog).inspect(config)
    Engine(catalog).close()


def test_a_storage_that_hiccups_costs_no_worker(served, monkeypatch, caplog):
    catalog, engine = served
    before = engine.pids
    _wait(lambda: engine._room > 0)  # it has looked around once

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
from playground.sweeps.feed import feed, maps
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig
feed()
engine().start()
folder = Catalog().create(RunConfig.parse({"updates": 400, "pace": 60, "hidden": 8}))
engine().submit(folder.run_id)
while not folder.rows(after=100):
    time.sleep(0.02)
engine().inspect(folder.config())
filled = maps().create(MapSpec.from_json(sys.argv[1]), "me")
feed().wake(filled.map_id)
while not filled.members():
    time.sleep(0.02)
assert not any("torch" in line for line in open("/proc/self/maps")), "the server has loaded torch"
print(folder.run_id, filled.map_id, *engine().pids, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_a_server_that_was_killed_and_its_run_goes_on(catalog, same_bits, how):
    environment = {**os.environ, "PLAYGROUND_RUNS": catalog.root}
    command = [sys.executable, "-c", SERVER, _map().canonical_json()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        run_id, map_id, *pids = server.stdout.readline().split()
        processes = [psutil.Process(int(pid)) for pid in pids]
        assert len(processes) >= 2
        server.send_signal(how)
    psutil.wait_procs(processes, timeout=5)
    assert not any(process.is_running() for process in processes)
    folder = catalog.get(run_id)
    engine = Engine(catalog)
    filled = _fed(engine)[0].get(map_id)
    assert folder.end() is None
    assert filled.end() is None
    engine.start()
    try:
        _wait(lambda: _ended(folder) and filled.end())
    finally:
        engine.close()
    same_bits(folder, _going(updates=400))
    _whole(filled)
    assert len(folder.attempts()) == 2


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
