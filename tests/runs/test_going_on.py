"""Runs that stop by themselves, runs that are resumed, and the seeds of one group."""

import io

import pytest
import torch

from playground.core.errors import PlaygroundError
from playground.runs import attempt, worker
from playground.runs.catalog import PER_OWNER, TooManyRuns, owner_of
from playground.runs.parts import BLOCK
from playground.runs.records import Ending, Origin
from playground.runs.seeds import line, of_seeds, standing, together
from playground.runs.status import describe
from playground.runs.worker import run_folder, run_together
from playground.training.events import Update
from playground.training.presets import PRESETS

ANN = owner_of("ann's cookie")
SOLVING = PRESETS["P2b"].config.patched({"hidden": 16, "batch": 16, "task.length": 4, "updates": 100, "pace": 0})


def _stop_at(folder, update):
    def watch(event):
        if isinstance(event, Update) and event.update == update:
            folder.steer(stop=True)

    return watch


@pytest.fixture
def looks(monkeypatch):
    """A turn and a look at the control for each update."""
    poll = attempt.Attempt._poll

    def always(self):
        self._next_poll = 0.0
        poll(self)

    monkeypatch.setattr(worker, "TURN", 0.0)
    monkeypatch.setattr(attempt.Attempt, "_poll", always)


@pytest.mark.usefixtures("looks")
def test_a_stopped_run_goes_on_as_if_it_had_paused(catalog, config, same_bits, monkeypatch):
    monkeypatch.setattr("playground.runs.recorder.PART_SECONDS", 0.0)
    long = config.patched({"updates": BLOCK + 12})
    folder = catalog.create(long)
    for update in (3, BLOCK + 5):
        run_folder(folder.path, _stop_at(folder, update))
        assert folder.end().sentence == f"Stopped after update {update}."
        parts = {part: len(rows) for part in range(1, BLOCK + 20) if (rows := folder.read_part(part))}
        assert catalog.unfinished() == []
        assert [one.run_id for one in catalog.resume(folder.run_id)] == [folder.run_id]
        assert {part: len(folder.read_part(part) or ()) for part in parts} == parts
        assert [one.run_id for one in catalog.unfinished()] == [folder.run_id]
    run_folder(folder.path)
    assert folder.end().outcome == "finished"
    same_bits(folder, long)


def test_a_finished_run_trains_on_as_one_that_was_longer_from_the_start(catalog, config):
    """The stream of batches, the optimiser's moments, the place of the tests: all goes on where it was."""
    short, long = config.patched({"updates": 12}), config.patched({"updates": 24})
    first, whole = catalog.create(short), catalog.create(long)
    run_folder(first.path)
    run_folder(whole.path)
    assert first.end().outcome == "finished"

    more = catalog.create(long, origin=Origin(run_id=first.run_id, update=12))
    run_folder(more.path)

    assert more.end().outcome == "finished"
    assert more.series("loss").values.tolist() == whole.series("loss").values.tolist()
    assert torch.equal(_weights(more), _weights(whole))


def test_what_a_run_does_not_stand_at_must_be_recorded(catalog, config):
    first = catalog.create(config.patched({"updates": 12}))
    run_folder(first.path)
    more = catalog.create(config.patched({"updates": 24}), origin=Origin(run_id=first.run_id, update=7))
    run_folder(more.path)
    assert more.end().outcome == "failed"
    assert "Update 7 of this run was not recorded" in more.end().sentence


def _weights(folder):
    return torch.load(io.BytesIO(folder.checkpoint().state), weights_only=True)["weights"]


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [("finished", "All its updates are done"), ("diverged", "not finite any more"), ("failed", "It would fail again")],
)
def test_only_a_stopped_run_is_resumed(catalog, config, outcome, sentence):
    folder = catalog.create(config)
    with pytest.raises(PlaygroundError, match="has not ended"):
        catalog.resume(folder.run_id)
    folder.write_end(Ending(outcome=outcome, sentence="So it is.", update=9))
    with pytest.raises(PlaygroundError, match=sentence):
        catalog.resume(folder.run_id)
    assert folder.end().outcome == outcome


def test_what_was_stopped_together_is_resumed_together_if_there_is_room(catalog, config):
    group = catalog.create_group(of_seeds(config, 3), ANN)
    for folder, outcome in zip(group, ("stopped", "finished", "stopped"), strict=True):
        folder.write_end(Ending(outcome=outcome, sentence="So it is.", update=5))
    beside = [catalog.create(config, ANN) for _ in range(PER_OWNER - 1)]
    with pytest.raises(TooManyRuns):
        catalog.resume(group[0].run_id)
    assert group[0].end()
    beside[0].write_end(Ending(outcome="stopped", sentence="So it is.", update=5))
    assert {one.run_id for one in catalog.resume(group[2].run_id)} == {group[0].run_id, group[2].run_id}
    group[0].write_end(Ending(outcome="stopped", sentence="So it is.", update=5))
    with pytest.raises(PlaygroundError, match="in lockstep with this one still goes on"):
        catalog.resume(group[0].run_id)


# By itself


@pytest.mark.usefixtures("looks")
def test_a_solved_run_stops_and_resumed_it_goes_on_to_its_end(catalog, same_bits):
    config = SOLVING.patched({"stop.solved": True})
    folder = catalog.create(config)
    run_folder(folder.path)
    end = folder.end()
    assert (end.outcome, end.sentence) == ("stopped", f"Solved at update {end.update}: stopped, as asked.")
    assert standing(folder).outcome.solved == end.update
    assert [row.update for row in folder.rows()] == list(range(end.update + 1))
    same_bits(folder, config)
    catalog.resume(folder.run_id)
    run_folder(folder.path)
    assert describe(folder)[1:4] == ("finished", "All 100 updates are done.", 100)


@pytest.mark.usefixtures("looks")
def test_time_counts_over_all_attempts_but_not_while_it_is_paused(catalog, config, monkeypatch):
    """On a clock of its own: a look takes a second."""
    clock = iter(range(10**6))
    now = [0.0]
    look = attempt.Attempt.look

    def tick(self):
        now[0] = float(next(clock))
        look(self)

    monkeypatch.setattr(attempt.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(attempt.Attempt, "look", tick)
    monkeypatch.setattr(worker.time, "sleep", lambda _: folder.steer(run_until=None) if now[0] > 90 else None)
    folder = catalog.create(config.patched({"stop.seconds": 30}))
    folder.steer(run_until=10)
    died = []

    def die(event):
        if isinstance(event, Update) and event.update == 14 and not died:
            died.append(True)
            raise KeyError

    monkeypatch.setattr(attempt.Attempt, "safely", lambda _, action: action())
    with pytest.raises(KeyError):
        run_folder(folder.path, die)
    assert now[0] > 90
    run_folder(folder.path)
    end = folder.end()
    assert end.sentence == f"30 seconds of training are over after update {end.update}: stopped, as asked."
    assert 24 <= end.update <= 32
    catalog.resume(folder.run_id)
    run_folder(folder.path)
    assert 28 <= folder.end().update - end.update <= 32


# Seeds


def test_a_group_is_one_task_with_the_bits_of_each_alone(catalog, config, same_bits):
    configs = of_seeds(config.patched({"updates": 20}), 3)
    assert [c.seed for c in configs] == [0, 1, 2]
    assert of_seeds(config.patched({"seed": 2**31 - 1}), 2)[1].seed == 0
    group = catalog.create_group(configs, ANN)
    names = tuple(folder.run_id for folder in group)
    for folder in group:
        assert folder.group() == catalog.group(folder.run_id) == names
        assert catalog.together(folder.run_id)[0] == folder.run_id
        assert set(catalog.together(folder.run_id)) == set(names)
        assert folder.owner() == ANN
    run_together(*(folder.path for folder in group))
    walls = sorted((row.wall, row.update) for folder in group for row in folder.rows())
    assert [update for _, update in walls] == sorted(update for _, update in walls)
    for folder, mine in zip(group, configs, strict=True):
        same_bits(folder, mine)


def test_a_group_is_admitted_whole_or_not_at_all(catalog, config):
    assert PER_OWNER >= 5
    catalog.create_group(of_seeds(config, 5), ANN)
    with pytest.raises(TooManyRuns):
        catalog.create_group(of_seeds(config, 5), ANN)
    assert len(catalog.ids()) == 5


def test_a_run_that_is_gone_or_names_others_is_none_of_the_group(catalog, config):
    group = catalog.create_group(of_seeds(config, 3))
    single = catalog.create(config)
    catalog.delete(group[1].run_id)
    assert catalog.group(group[0].run_id) == (group[0].run_id, group[2].run_id)
    for forged in (f"{group[0].run_id}\n{single.run_id}", "../x\n\n", single.run_id + "\n20260101-000000-0123abcd"):
        catalog._store.write(f"{single.run_id}/group", forged.encode())
        assert catalog.group(single.run_id) in ((), (single.run_id,))
        assert catalog.together(single.run_id) == (single.run_id,)
    catalog._store.write(f"{single.run_id}/group", b"\xff")
    assert catalog.group(single.run_id) == ()


def test_seeds_are_summed_up_in_a_sentence(catalog):
    group = catalog.create_group(of_seeds(SOLVING.patched({"updates": 40}), 2))
    before = [standing(folder) for folder in group]
    assert together(before) == "So far solved in 0 of 2 seeds: each not yet."
    assert line(before[1]) == "Seed 1: nothing measured yet (queued)."
    run_together(*(folder.path for folder in group))
    after = [standing(folder) for folder in group]
    base = after[0].outcome
    told = [after[0]._replace(outcome=base._replace(solved=when, diverged=nan))
            for when, nan in ((40, None), (None, None), (None, 17))]  # fmt: skip
    assert together(told) == "Solved in 1 of 3 seeds: at 40, not within 40, NaN at 17."
    metric = f"{base.metric:.0%}".replace("%", " %")
    assert line(told[0]) == f"Seed 0: accuracy {metric} at update 40, solved at 40."
