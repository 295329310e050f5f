"""Twins: two runs in one thread, never more than an update apart, each with its own bits, its own control, its end."""

import threading
import time

import pytest

from playground.core.errors import PlaygroundError
from playground.runs import attempt, worker
from playground.runs.attempt import Attempt
from playground.runs.catalog import PER_OWNER, TooManyRuns, owner_of
from playground.runs.status import describe
from playground.runs.worker import run_folder, run_together
from playground.training.presets import PRESETS

ANN, BOB = owner_of("ann's cookie"), owner_of("bob's cookie")
NAN = PRESETS["P5"].config.patched({"pace": 0, "updates": 60})


class Killed(BaseException):
    """Stands for SIGKILL."""


@pytest.fixture
def order(monkeypatch):
    """Which run did which update, as it happened; `order.dies_at` kills the worker before its n-th update."""
    seen, update = [], Attempt.update

    def watched(self):
        if len(seen) == watched.dies_at:
            raise Killed
        seen.append((self._folder.run_id, self.position))
        update(self)

    watched.dies_at = None
    monkeypatch.setattr(Attempt, "update", watched)
    return watched, seen


def _in_step(order, one, other, least=-1):
    """Neither is more than an update ahead, from where both have reached `least`."""
    at = dict.fromkeys((one.run_id, other.run_id), -1)
    for run_id, position in order:
        at[run_id] = position
        if min(at.values()) >= least:
            assert abs(at[one.run_id] - at[other.run_id]) <= 1


def test_twins_go_in_lockstep_with_the_bits_of_each_alone(catalog, config, same_bits):
    changed = config.patched({"optimizer.learning_rate": 0.1, "updates": 80})
    one, other = catalog.create_twins(config, changed)
    assert (catalog.twin(one.run_id), catalog.twin(other.run_id)) == (other.run_id, one.run_id)
    run_together(one.path, other.path)
    same_bits(one, config)
    same_bits(other, changed)
    walls = sorted((row.wall, run.run_id, row.update) for run in (one, other) for row in run.rows())
    _in_step([(run_id, update) for _, run_id, update in walls if update < 60], one, other)
    assert [run.end().update for run in (one, other)] == [60, 80]


def test_a_twin_that_diverges_leaves_the_other_to_go_on(catalog, same_bits):
    calm = NAN.patched({"optimizer.learning_rate": 0.0, "updates": 60})
    one, other = catalog.create_twins(NAN, calm)
    run_together(one.path, other.path)
    assert (describe(one).status, describe(other).status) == ("diverged", "finished")
    same_bits(one, NAN)
    same_bits(other, calm)


def test_an_error_in_one_does_not_touch_the_other(catalog, config, same_bits):
    one, other = catalog.create_twins(config, config.patched({"seed": 1}))
    catalog._store.write(f"{one.run_id}/control.json", b"{")
    run_together(one.path, other.path)
    assert one.end().outcome == "failed"
    same_bits(other, config.patched({"seed": 1}))


@pytest.mark.parametrize("dies_at", [1, 90])
def test_twins_whose_worker_dies_go_on_level(catalog, config, same_bits, order, monkeypatch, dies_at):
    watched, seen = order
    changed = config.patched({"seed": 1})
    one, other = catalog.create_twins(config, changed)
    settle = Attempt.settle
    with monkeypatch.context() as patch:
        # Checkpoints of one alone: they are apart when the next worker comes.
        patch.setattr(attempt, "CHECKPOINT", 0.0)
        patch.setattr(attempt, "CHECKPOINT_SHARE", float("inf"))
        patch.setattr(worker, "TURN", 0.0)
        patch.setattr(Attempt, "settle", lambda self: settle(self) if self._folder.run_id == one.run_id else None)
        watched.dies_at = dies_at
        with pytest.raises(Killed):
            run_together(one.path, other.path)
    assert other.checkpoint() is None
    ahead = one.checkpoint().update if one.checkpoint() else 0
    seen.clear()
    watched.dies_at = None
    run_together(other.path, one.path)
    assert {run_id for run_id, _ in seen[:ahead]} <= {other.run_id}
    _in_step(seen, one, other, ahead)
    same_bits(one, config)
    same_bits(other, changed)


def _wait(condition, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def test_each_obeys_its_own_control_and_a_paused_one_holds_nothing_up(catalog, config):
    long = config.patched({"updates": 20_000})
    one, other = catalog.create_twins(long, long.patched({"seed": 1}))
    thread = threading.Thread(target=run_together, args=(one.path, other.path))
    thread.start()
    try:
        _wait(lambda: one.rows())
        one.steer(run_until=0)
        _wait(lambda: describe(one).status == "paused")
        at = describe(one).update
        # The other one waits, at most an update ahead, with everything stored, and its heart beats.
        _wait(lambda: other.rows() and other.rows()[-1].update >= at)
        beat = other.heartbeat().time
        _wait(lambda: other.heartbeat().time > beat)
        assert at <= other.rows()[-1].update <= at + 1
        assert describe(other).status == "running"
        for step in (1, 2):
            for run in (one, other):
                run.steer(run_until=at + 2 + step)
            _wait(lambda to=at + 2 + step: all(describe(r)[1:4] == ("paused", "", to) for r in (one, other)))
        other.steer(stop=True)
        _wait(lambda: other.end())
        assert other.end().outcome == "stopped"
        assert describe(one).status == "paused"
        one.steer(run_until=None)
        _wait(lambda: one.rows(after=at + 30))
    finally:
        for run in (one, other):
            run.steer(stop=True)
        thread.join()


def test_twins_keep_their_pace(catalog, config):
    paced = config.patched({"pace": 100, "updates": 30})
    one, other = catalog.create_twins(paced, paced.patched({"pace": 0}))
    began = time.monotonic()
    run_together(one.path, other.path)
    assert time.monotonic() - began > 0.2


def test_twins_are_admitted_together_or_not_at_all(catalog, config):
    first = catalog.create_twins(config, config, ANN)
    for _ in range(PER_OWNER - 4):
        catalog.create(config, ANN)
    single = catalog.create(config, ANN)
    with pytest.raises(TooManyRuns, match=f"{PER_OWNER - 1} runs under way, may have {PER_OWNER}, and these are 2"):
        catalog.create_twins(config, config, ANN)
    assert len(catalog.ids()) == PER_OWNER - 1
    catalog.delete(single.run_id)
    catalog.create_twins(config, config, ANN)
    with pytest.raises(TooManyRuns, match="all you may have"):
        catalog.create(config, ANN)
    assert {run.owner() for run in first} == {ANN}
    assert not catalog.may_control(first[0].run_id, BOB)


def test_a_twin_that_is_deleted_or_does_not_name_one_back_is_none(catalog, config, same_bits):
    one, other = catalog.create_twins(config, config.patched({"seed": 1}))
    single = catalog.create(config)
    for named in (one.run_id, "../" + one.run_id, "20260101-000000-0123abcd"):
        catalog._store.write(f"{single.run_id}/twin", named.encode())
        assert catalog.twin(single.run_id) is None
    catalog._store.write(f"{single.run_id}/twin", b"\xff")
    assert catalog.twin(single.run_id) is None
    catalog.delete(other.run_id)
    assert catalog.twin(one.run_id) is None
    assert one.twin() == other.run_id
    run_folder(one.path)
    same_bits(one, config)
    with pytest.raises(PlaygroundError, match="Unknown run"):
        catalog.get(other.run_id)


def test_a_twin_that_is_gone_when_the_task_begins_holds_nothing_up(catalog, config, same_bits):
    one, other = catalog.create_twins(config, config.patched({"seed": 1}))
    catalog.delete(other.run_id)
    run_together(one.path, other.path)
    same_bits(one, config)
