"""A run is the same to the bit however often its worker dies, obeys its control file, and ends with a sentence."""

import errno
import signal
import subprocess
import sys
import threading
import time

import pytest

from playground.core.errors import PlaygroundError
from playground.diagnosis.alarm import Alarm, Cleared
from playground.runs import attempt, recorder, worker
from playground.runs.records import Control, Origin
from playground.runs.status import describe
from playground.runs.store import Store
from playground.runs.worker import run_folder
from playground.training.config import RunConfig
from playground.training.events import End, Update
from playground.training.loop import train
from playground.training.presets import PRESETS
from playground.training.state import TrainingState


class Killed(BaseException):
    """Stands for SIGKILL: nothing of the worker's catches it."""


def _kill_at(update):
    def watch(event):
        if isinstance(event, Update) and event.update >= update:
            raise Killed

    return watch


@pytest.fixture
def every_update(monkeypatch):
    """A turn, a part and a checkpoint for each update."""
    monkeypatch.setattr(worker, "TURN", 0.0)
    monkeypatch.setattr(attempt, "CHECKPOINT", 0.0)
    monkeypatch.setattr(attempt, "CHECKPOINT_SHARE", float("inf"))
    monkeypatch.setattr(recorder, "PART_SECONDS", 0.0)


@pytest.fixture
def in_background():
    """Starts a worker in a thread; stops and waits for all of them at the end."""
    started = []

    def start(folder):
        thread = threading.Thread(target=run_folder, args=(folder.path,))
        thread.start()
        started.append((folder, thread))
        return thread

    yield start
    for folder, thread in started:
        if thread.is_alive():
            folder.steer(stop=True)
        thread.join()


def _wait(condition, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def test_a_whole_run_is_what_train_yields(catalog, config, same_bits):
    folder, events = catalog.create(config), []
    run_folder(folder.path, events.append)
    same_bits(folder, config)
    assert [type(event) for event in events if not isinstance(event, Alarm | Cleared)] == [Update] * 61 + [End]
    assert folder.end().outcome == "finished"
    assert describe(folder)[1:4] == ("finished", "All 60 updates are done.", 60)
    assert folder.parts.tables()[0].num_rows == 61
    run_folder(folder.path, events.append)
    assert isinstance(events[-1], End)
    assert events[-2].update == 60  # a run that has ended is left alone


def test_a_run_to_nan_keeps_its_alarm_and_its_numbers(catalog, same_bits):
    config = PRESETS["P5"].config.patched({"pace": 0})
    folder = catalog.create(config)
    run_folder(folder.path)
    same_bits(folder, config)
    assert describe(folder).status == "diverged"
    assert folder.alarms()[-1].kind == "not_finite"


@pytest.mark.parametrize("update", [0, 1, 7, 39, 40, 41, 59])
def test_a_worker_that_dies_loses_nothing(catalog, config, same_bits, update):
    folder = catalog.create(config)
    with pytest.raises(Killed):
        run_folder(folder.path, _kill_at(update))
    assert folder.end() is None
    run_folder(folder.path)
    same_bits(folder, config)
    assert len(folder.attempts()) == 2


@pytest.mark.usefixtures("every_update")
@pytest.mark.parametrize("key", ["P1", "P5"])
def test_a_worker_that_dies_after_each_update_loses_nothing(catalog, same_bits, key):
    config = PRESETS[key].config.patched({"pace": 0, "updates": 30})
    folder = catalog.create(config)
    for update in range(1, 29):
        try:
            run_folder(folder.path, _kill_at(update))
        except Killed:
            continue
        break
    run_folder(folder.path)
    same_bits(folder, config)
    assert [alarm.kind for alarm in folder.alarms()].count("not_finite") == (key == "P5")


@pytest.mark.usefixtures("every_update")
def test_a_checkpoint_behind_the_rows_is_made_up_for_without_writing_twice(catalog, config, same_bits, monkeypatch):
    folder = catalog.create(config)
    with pytest.raises(Killed):
        run_folder(folder.path, _kill_at(20))
    early = folder.checkpoint()
    assert early.update > 15
    monkeypatch.setattr(attempt, "CHECKPOINT", 100.0)
    events = []

    def watch(event):
        if isinstance(event, Update):
            events.append(event.update)
            if event.update == 50:
                raise Killed

    with pytest.raises(Killed):
        run_folder(folder.path, watch)
    assert folder.checkpoint() == early
    stored = folder.rows()[-1].update
    run_folder(folder.path, lambda event: events.append(event.update) if isinstance(event, Update) else None)
    same_bits(folder, config)
    assert events == [*range(events[0], 51), *range(stored + 1, 61)]


def test_a_checkpoint_that_cannot_be_loaded_costs_time_only(catalog, config, same_bits, in_background):
    folder = catalog.create(config)
    folder.steer(run_until=30)
    thread = in_background(folder)
    _wait(lambda: describe(folder).status == "paused")
    folder.steer(stop=False, run_until=None)
    thread.join()
    other = catalog.create(config)
    with pytest.raises(Killed):
        run_folder(other.path, _kill_at(45))
    other.write_checkpoint(folder.checkpoint()._replace(state=b"torn"))
    run_folder(other.path)
    same_bits(other, config)


def test_sigkill_in_the_middle_of_a_run(catalog, same_bits):
    config = RunConfig.parse({"hidden": 24, "updates": 1500, "pace": 0, "task": {"kind": "adding", "length": 20}})
    folder = catalog.create(config)
    code = f"from playground.runs.worker import run_folder; run_folder({folder.path!r})"
    for update in (200, 700):
        with subprocess.Popen([sys.executable, "-c", code]) as process:
            _wait(lambda u=update: describe(folder).status == "running" and folder.rows(after=u), 60)
            process.send_signal(signal.SIGKILL)
    assert folder.end() is None
    run_folder(folder.path)
    same_bits(folder, config)
    assert len(folder.attempts()) == 3


# Attempts


def test_three_deaths_without_progress_end_the_run(catalog, config):
    folder = catalog.create(config)
    for _ in range(3):
        with pytest.raises(Killed):
            run_folder(folder.path, _kill_at(0))
    run_folder(folder.path)
    assert folder.end().outcome == "failed"
    assert folder.end().sentence.startswith("The worker died 3 times in a row after update")


@pytest.mark.usefixtures("every_update")
def test_deaths_with_progress_between_them_do_not(catalog, config, same_bits):
    folder = catalog.create(config)
    for update in range(5, 50, 5):
        with pytest.raises(Killed):
            run_folder(folder.path, _kill_at(update))
    run_folder(folder.path)
    assert folder.end().outcome == "finished"
    same_bits(folder, config)


def test_a_paused_run_may_lose_its_worker_any_number_of_times(catalog, config, monkeypatch):
    folder = catalog.create(config)
    folder.steer(run_until=0)

    def killed(_):
        if folder.checkpoint() and folder.checkpoint().attempt == folder.attempts()[-1]:
            raise Killed

    monkeypatch.setattr(worker.time, "sleep", killed)
    for _ in range(6):
        with pytest.raises(Killed):
            run_folder(folder.path)
    assert folder.end() is None
    assert [row.update for row in folder.rows()] == [0]


def test_an_older_attempt_stops_writing_at_once(catalog, config, same_bits):
    folder, after = catalog.create(config), []

    def overtaken(event):
        if event.update == 20:
            folder.write_attempts([*folder.attempts(), "newer"])
            after.append(folder.rows())

    run_folder(folder.path, overtaken)
    assert folder.end() is None
    assert [row.update for row in folder.rows()] == [row.update for row in after[0]]
    run_folder(folder.path)
    same_bits(folder, config)


def test_two_workers_on_one_run_store_each_update_once(catalog, same_bits, in_background):
    config = RunConfig.parse({"updates": 400, "pace": 0, "hidden": 8})
    folder = catalog.create(config)
    first = in_background(folder)
    _wait(lambda: folder.rows(after=50))
    run_folder(folder.path)
    first.join()
    same_bits(folder, config)
    assert folder.end().outcome == "finished"


def test_a_run_that_is_deleted_under_its_worker_stays_deleted(catalog, config):
    folder = catalog.create(config)

    def delete(event):
        if isinstance(event, Update) and event.update == 10:
            catalog._store.delete_folder(folder.run_id)

    run_folder(folder.path, delete)
    time.sleep(0.1)
    assert catalog.ids() == []


# Control


def test_pause_one_update_resume_stop(catalog, in_background):
    config = RunConfig.parse({"updates": 20_000, "pace": 0, "hidden": 4, "task": {"kind": "recall", "length": 4}})
    folder = catalog.create(config)
    thread = in_background(folder)
    _wait(lambda: folder.rows())
    folder.steer(run_until=0)
    _wait(lambda: describe(folder).status == "paused")
    at = describe(folder).update
    assert folder.rows()[-1].update == at
    assert folder.checkpoint().update == at + 1
    for step in range(1, 4):
        folder.steer(run_until=at + step)
        _wait(lambda wanted=at + step: describe(folder)[1:4] == ("paused", "", wanted))
        assert folder.rows()[-1].update == at + step
    folder.steer(run_until=None)
    _wait(lambda: folder.rows(after=at + 10))
    folder.steer(stop=True)
    thread.join()
    end = folder.end()
    assert (end.outcome, end.sentence) == ("stopped", f"Stopped after update {end.update}.")
    assert [row.update for row in folder.rows()] == list(range(end.update + 1))


def test_a_pause_that_is_forgotten_ends_and_steering_puts_that_off(catalog, config, monkeypatch):
    """On a clock of its own, which a paused run's wait moves on by ten minutes."""
    now, waits = [0.0], []

    def wait(_):
        waits.append(now[0])
        now[0] += 600.0
        if len(waits) == 4:
            folder.steer(pace=1000)

    monkeypatch.setattr(attempt.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(worker.time, "sleep", wait)
    folder = catalog.create(config)
    folder.steer(run_until=7)
    run_folder(folder.path)
    end = folder.end()
    assert (end.outcome, end.sentence) == ("stopped", "Paused for an hour: stopped, and can be resumed.")
    assert end.update == 7
    assert now[0] == 4 * 600.0 + attempt.PAUSED_FOR
    monkeypatch.undo()
    catalog.resume(folder.run_id)
    run_folder(folder.path)
    assert folder.end().outcome == "finished"


def test_a_run_that_goes_on_from_another_needs_its_checkpoint(catalog, config):
    folder = catalog.create(config, origin=Origin(run_id="20260101-000000-0123abcd", update=5))
    folder.write_attempts(["a"])
    run_folder(folder.path)
    assert folder.end().outcome == "failed"
    assert folder.end().sentence.startswith("Its checkpoint is gone")
    assert folder.rows() == []


def test_a_run_that_begins_paused_shows_its_first_update(catalog, config, in_background):
    folder = catalog.create(config)
    folder.steer(run_until=0)
    thread = in_background(folder)
    _wait(lambda: describe(folder)[1:4] == ("paused", "", 0))
    folder.steer(stop=True)
    thread.join()
    assert folder.end().update == 0


def test_pace_is_kept_and_can_be_changed(catalog, config, in_background):
    folder = catalog.create(config.patched({"pace": 40}))
    began = time.monotonic()
    thread = in_background(folder)
    _wait(lambda: folder.rows(after=19))
    took = time.monotonic() - began
    assert took > 19 / 40 * 0.8
    walls = [row.wall for row in folder.rows()]
    assert (walls[-1] - walls[0]) / (len(walls) - 1) > 0.8 / 40
    folder.steer(pace=0)
    thread.join(5.0)
    assert folder.end().outcome == "finished"


def test_a_slow_pace_shows_each_update_at_once_and_still_obeys(catalog, config, in_background):
    folder = catalog.create(config.patched({"pace": 1}))
    thread = in_background(folder)
    _wait(lambda: folder.rows(after=0))
    assert time.time() - folder.rows()[-1].wall < 0.5
    folder.steer(stop=True)
    began = time.monotonic()
    thread.join()
    assert time.monotonic() - began < 0.5


def test_the_keyboard_stops_a_run(catalog, config):
    folder = catalog.create(config)

    def interrupt(event):
        if event.update == 12:
            raise KeyboardInterrupt

    run_folder(folder.path, interrupt)
    assert (folder.end().outcome, folder.end().update) == ("stopped", 12)
    assert [row.update for row in folder.rows()] == list(range(13))


def test_a_control_file_that_is_not_one_ends_the_run_with_a_sentence(catalog, config):
    folder = catalog.create(config)
    catalog._store.write(f"{folder.run_id}/control.json", b"{")
    run_folder(folder.path)
    assert folder.end().outcome == "failed"
    assert "control.json" in folder.end().sentence


# What goes wrong


def test_an_error_in_training_ends_the_run_with_its_report(catalog, config, monkeypatch):
    folder = catalog.create(config)

    def broken(config, state):
        events = train(config, state)
        yield from (next(events) for _ in range(5))
        raise RuntimeError("no such luck")

    monkeypatch.setattr(attempt, "train", broken)
    run_folder(folder.path)
    assert folder.end().outcome == "failed"
    assert "after update 4: RuntimeError: no such luck" in folder.end().sentence
    assert [row.update for row in folder.rows()] == [0, 1, 2, 3, 4]
    assert b"Traceback" in catalog._store.read(f"{folder.run_id}/log.txt")


def _full_after(monkeypatch, allowed, also_full=()):
    """A disk that is full once it has `allowed` parts; files named in `also_full` fail the first time from then on."""
    write, written, refused = Store.write, [], set(also_full)

    def limited(self, path, data):
        name = path.rpartition("/")[2]
        written.append(path)
        full = sum("/parts/" in p for p in written) > allowed
        if full and ("/parts/" in path or name in refused):
            refused.discard(name)
            raise OSError(errno.ENOSPC, "No space left on device")
        write(self, path, data)

    monkeypatch.setattr(Store, "write", limited)


@pytest.mark.usefixtures("every_update")
@pytest.mark.parametrize("also_full", [(), ("end.json",), ("end.json", "log.txt", "checkpoint")])
def test_a_full_disk_ends_the_run_and_keeps_what_was_written(catalog, config, monkeypatch, also_full):
    folder = catalog.create(config)
    _full_after(monkeypatch, 7, also_full)
    run_folder(folder.path)
    assert folder.end().outcome == "failed"
    assert folder.end().sentence.startswith("The disk is full.")
    assert [row.update for row in folder.rows()] == list(range(folder.end().update + 1))
    assert len(folder.rows()) == 7


@pytest.mark.usefixtures("every_update")
def test_a_disk_too_full_for_the_last_word_leaves_a_run_that_goes_on_later(catalog, config, monkeypatch, same_bits):
    folder = catalog.create(config)
    with monkeypatch.context() as full:
        write, parts = Store.write, []

        def limited(self, path, data):
            parts.extend([path] if "/parts/" in path else [])
            if len(parts) > 7:
                raise OSError(errno.ENOSPC, "No space left on device")
            write(self, path, data)

        full.setattr(Store, "write", limited)
        run_folder(folder.path)
    assert folder.end() is None
    assert describe(folder).status in ("running", "lost")
    run_folder(folder.path)
    same_bits(folder, config)


@pytest.mark.parametrize("name", ["config.json", "measurements.json", "end.json", "attempts"])
def test_a_folder_without_its_first_files_is_left_alone(catalog, config, name):
    folder = catalog.create(config)
    catalog._store.write(f"{folder.run_id}/{name}", b"\xff")
    run_folder(folder.path)
    assert describe(folder).status == "broken"


def test_a_run_that_is_not_there_is_no_error(catalog):
    run_folder(f"{catalog.root}/20260101-000000-0123abcd")
    assert catalog.ids() == []


# Many runs in one process


def test_runs_beside_each_other_give_the_same_bits(catalog, same_bits, in_background):
    configs = [RunConfig.parse({"updates": 150, "pace": 0, "hidden": 8, "seed": seed}) for seed in range(6)]
    folders = [catalog.create(config) for config in configs]
    for thread in [in_background(folder) for folder in folders]:
        thread.join()
    for folder, config in zip(folders, configs, strict=True):
        same_bits(folder, config)


def test_checkpoint_is_one_of_training(catalog, config, in_background):
    folder = catalog.create(config)
    folder.write_control(Control(run_until=10))
    thread = in_background(folder)
    _wait(lambda: describe(folder).status == "paused")
    state = TrainingState(config)
    state.load(folder.checkpoint().state)
    assert state.update == folder.checkpoint().update
    folder.steer(stop=True)
    thread.join()


def test_inspect_gives_plain_data_and_a_sentence_for_a_bad_config(config):
    import pickle

    from playground.training.inspection import inspect_config

    found = pickle.loads(pickle.dumps(worker.inspect(config.model_dump(mode="json"))))
    wanted = inspect_config(config).model_dump()
    assert {k: v for k, v in found.items() if k != "seconds_per_update"} == {
        k: v for k, v in wanted.items() if k != "seconds_per_update"
    }
    with pytest.raises(PlaygroundError, match="hidden") as error:
        worker.inspect({"hidden": 0})
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)
