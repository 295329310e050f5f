"""Changes while a run trains: asked for in its control, made between updates, kept beside it; the same bits again."""

import pytest
from pydantic import ValidationError

from playground.core.errors import PlaygroundError
from playground.diagnosis.alarm import Alarm
from playground.runs import attempt, recorder, worker
from playground.runs.again import findings
from playground.runs.changing import asked, change, trained_with
from playground.runs.records import Control, Origin
from playground.runs.worker import branch, flight_frame, run_folder
from playground.training.events import Update
from playground.training.frame import decode
from playground.training.presets import PRESETS

WISH = {"optimizer.learning_rate": 0.02, "clip.kind": "value", "cell.activation.kind": "relu"}


class Killed(BaseException):
    """Stands for SIGKILL: nothing of the worker's catches it."""


@pytest.fixture
def every_update(monkeypatch):
    """A turn, a look at the control, a part and a checkpoint for each update."""
    poll = attempt.Attempt._poll

    def always(self):
        self._next_poll = 0.0
        poll(self)

    monkeypatch.setattr(worker, "TURN", 0.0)
    monkeypatch.setattr(attempt.Attempt, "_poll", always)
    monkeypatch.setattr(attempt, "CHECKPOINT", 0.0)
    monkeypatch.setattr(attempt, "CHECKPOINT_SHARE", float("inf"))
    monkeypatch.setattr(recorder, "PART_SECONDS", 0.0)


def _steering(folder, steps, dies=()):
    """Asks for changes after some updates, and dies after others, each once."""
    left = list(dies)

    def watch(event):
        if isinstance(event, Update):
            if event.update in steps:
                folder.steer(changes=steps[event.update])
            if left and event.update == left[0]:
                left.pop(0)
                raise Killed

    return watch


def _trained(folder, watch):
    for _ in range(10):
        try:
            run_folder(folder.path, watch)
        except Killed:
            continue


@pytest.mark.usefixtures("every_update")
def test_a_run_that_is_changed_and_killed_is_the_one_that_its_record_says(catalog, config, same_bits):
    folder = catalog.create(config)
    steps = {20: WISH, 35: {**WISH, "cell.recurrent_init.gain": 1.5}, 50: {}}
    _trained(folder, _steering(folder, steps, dies=(19, 20, 21, 34, 35)))
    assert folder.end().outcome == "finished"
    # Asked for after an update that was not stored yet, it may come before that.
    assert [each.update - (each.update - 1 in steps) for each in folder.interventions()] == [20, 35, 50]
    assert folder.interventions()[1].sentence == "gain of U 1 → 1.5"
    assert folder.config() == trained_with(folder) == config
    same_bits(folder, config)
    assert findings(folder, config) == folder.findings()


@pytest.mark.usefixtures("every_update")
def test_a_change_that_was_stored_before_its_worker_died_stays(catalog, config, same_bits, monkeypatch):
    """Its rows are not there yet: what is asked meanwhile comes in its place, not besides it."""
    folder = catalog.create(config)
    write = type(folder).write_checkpoint
    with monkeypatch.context() as patch:
        patch.setattr(type(folder), "write_checkpoint", lambda self, c: write(self, c) if c.update < 15 else None)
        with pytest.raises(Killed):
            run_folder(folder.path, _steering(folder, {20: WISH}, [21]))
    assert folder.checkpoint().update < 20
    stored = folder.rows()[-1].update
    folder.steer(changes={"optimizer.learning_rate": 0.5})
    run_folder(folder.path)
    assert [each.update for each in folder.interventions()] == ([21] if stored < 21 else [21, 22])
    assert trained_with(folder) == config.patched({"optimizer.learning_rate": 0.5})
    same_bits(folder, config)


@pytest.mark.usefixtures("every_update")
def test_of_a_paused_run_what_was_asked_last_counts(catalog, config, same_bits, monkeypatch):
    folder = catalog.create(config)
    folder.steer(run_until=10)
    wishes = iter([{"optimizer.learning_rate": rate} for rate in (0.1, 0.2, 0.3, 0.3)])
    seen = []

    def look(_):
        seen.append([each.sentence for each in folder.interventions()])
        wish = next(wishes, None)
        folder.steer(changes=wish) if wish else folder.steer(run_until=None)

    monkeypatch.setattr(worker.time, "sleep", look)
    run_folder(folder.path)
    assert [each[0] for each in seen[1:]] == [f"learning rate 0.002 → 0.{n}" for n in (1, 2, 3, 3)]
    assert [(each.update, each.changes) for each in folder.interventions()] == [(11, {"optimizer.learning_rate": 0.3})]
    same_bits(folder, config)


@pytest.mark.usefixtures("every_update")
def test_what_cannot_be_is_left_and_said_in_the_log(catalog, config, same_bits):
    folder = catalog.create(config)
    run_folder(folder.path, _steering(folder, {5: {"optimizer.learning_rate": 99.0}, 9: {"clip.lo": 1}}))
    assert folder.interventions() == []
    assert folder.end().outcome == "finished"
    assert b"Not changed" in catalog._store.read(f"{folder.run_id}/log.txt")
    same_bits(folder, config)


@pytest.mark.parametrize(
    "changes",
    [
        {"hidden": 5},
        {"optimizer.learning_rate": float("nan")},
        {"optimizer.learning_rate": [1]},
        {"clip.kind": "x" * 41},
        {f"clip.{'x' * 60}": 1},
        {f"clip.x{i}": 1 for i in range(13)},
        {"seed": 1},
    ],
)
def test_a_control_holds_a_few_live_fields_only(changes):
    with pytest.raises(ValidationError):
        Control(changes=changes)


def test_a_replay_and_a_branch_know_of_it(catalog, every_update):  # noqa: ARG001
    config = PRESETS["P5"].config.patched({"pace": 0, "updates": 60, "hidden": 24, "task.length": 12})
    folder = catalog.create(config)
    run_folder(folder.path, _steering(folder, {6: {"optimizer.learning_rate": 0.03}}))
    flight = next(f for f in folder.flights() if f.update > 8)
    rows = folder.rows()
    for update in (6, 7, 8, flight.update):
        frame = decode(flight_frame(folder.path, update))
        assert float(frame["loss"]) == pytest.approx(rows[update].values["loss"], rel=0, abs=0, nan_ok=True)
        assert float(frame["learning_rate"]) == (0.03 if update > 6 else 0.01)
    again = catalog.create(trained_with(folder), origin=Origin(run_id=folder.run_id, update=8))
    branch(folder.path, 8, again.path)
    run_folder(again.path)
    for one, other in zip(again.rows(), rows, strict=True):
        assert one.values["loss"] == pytest.approx(other.values["loss"], rel=0, abs=0, nan_ok=True)
    assert [a.update for a in again.alarms() if a.kind == "not_finite"] == [
        a.update for a in folder.alarms() if isinstance(a, Alarm) and a.kind == "not_finite"
    ]


# Runs in lockstep


def test_twins_take_over_all_but_what_they_compare(catalog, config):
    twin = config.patched({"clip.kind": "none", "cell.recurrent_init.kind": "orthogonal"})
    one, other = catalog.create_twins(config, twin)
    wanted = config.patched({"clip.threshold": 0.1, "cell.recurrent_init.gain": 2.0, **{k: WISH[k] for k in WISH
                             if not k.startswith("clip")}})  # fmt: skip
    change(one, wanted, [other])
    assert asked(one) == wanted
    assert asked(other) == twin.patched({"optimizer.learning_rate": 0.02, "cell.activation.kind": "relu"})
    # Changed on the other side, its own stays with it, and comes to nothing on this side.
    change(other, asked(other).patched({"clip.kind": "agc", "optimizer.learning_rate": 0.5}), [one])
    assert asked(one) == wanted.patched({"optimizer.learning_rate": 0.5})
    assert asked(other).clip.kind == "agc"
    change(one, config, [other])
    assert (asked(one), asked(other)) == (config, twin.patched({"clip.kind": "agc"}))


def test_seeds_all_follow_and_what_needs_a_new_run_is_refused(catalog, config):
    first, *others = catalog.create_group([config.patched({"seed": seed}) for seed in range(3)])
    change(first, first.config().patched(WISH), others)
    assert [asked(run) for run in others] == [run.config().patched(WISH) for run in others]
    with pytest.raises(PlaygroundError, match="Not while it runs"):
        change(first, config.patched({"hidden": 9}), others)
    assert asked(first) == first.config().patched(WISH)
