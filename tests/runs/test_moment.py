"""The next update of a run that stands still, taken apart: it is the one that is measured when it is done."""

import json
import time

import numpy as np
import pytest

from playground.core.errors import PlaygroundError
from playground.nn.network import Way
from playground.runs.moment import groups, moment_at
from playground.runs.records import Checkpoint, Ending, Heartbeat
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.loop import train
from playground.training.state import TrainingState

SMALL = {"hidden": 5, "batch": 4, "updates": 60, "pace": 0}
CASES = {
    "many to one": {"task": {"kind": "recall", "length": 6}},
    "two passes": {
        "task": {"kind": "majority", "length": 10}, "cell": {"kind": "lstm"}, "layers": 2, "direction": "two_passes",
        "clip": {"kind": "value"},
    },
    "one answer of two passes": {
        "task": {"kind": "parity", "length": 6}, "architecture": {"kind": "many_to_one"}, "direction": "two_passes",
        "precision": "float64",
    },
    "encoder–decoder": {"task": {"kind": "dates"}, "cell": {"kind": "gru"}, "layers": 2, "direction": "two_passes"},
    "one to many": {"task": {"kind": "melody"}},
    "an update at each step": {"task": {"kind": "echo", "length": 12}, "learning": {"kind": "update_each_step"}},
    "truncated": {"task": {"kind": "copy"}, "learning": {"kind": "truncated"}, "arrival": "online"},
    "window MLP": {"task": {"kind": "recall", "length": 6}, "architecture": {"kind": "window_mlp"}},
    "not finite": {
        "task": {"kind": "recall", "length": 6}, "optimizer": {"kind": "sgd", "learning_rate": 3.0},
        "cell": {"kind": "vanilla", "activation": {"kind": "identity"}}, "clip": {"kind": "none"},
    },
}  # fmt: skip
BEFORE = 3
"""Updates that a run has done when it is looked at: every measurement that comes next was due before."""


@pytest.fixture
def standing(catalog):
    """A run as its worker leaves it: its state after so many updates kept, its last word `newest`."""

    def make(config, kept=BEFORE, newest=None):
        folder, state = catalog.create(config), TrainingState(config)
        events = train(config, state)
        done = 0
        while done < kept:
            done += isinstance(next(events), Update)
        folder.write_attempts(["one"])
        folder.write_checkpoint(Checkpoint("one", kept, state.dump()))
        newest = kept - 1 if newest is None else newest
        folder.write_heartbeat(Heartbeat(attempt="one", time=time.time(), update=newest))
        folder.steer(run_until=newest)
        following = (event for event in events if isinstance(event, Update))
        return folder, following

    return make


def taken(folder):
    return json.loads(moment_at(folder.path))


def same(found, measured):
    """To the bit; NaN is NaN."""
    np.testing.assert_array_equal(np.asarray(found, np.float64), np.asarray(measured, np.float64), strict=True)


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES)
def test_it_is_the_update_that_comes_next_to_the_bit(standing, changes):
    config = RunConfig.parse({**SMALL, **changes})
    folder, following = standing(config)

    found = taken(folder)

    update = next(following)
    assert found["update"] == update.update == BEFORE
    same(found["loss"], update.values["loss"])
    same([one["before"] for one in found["tensors"]], update.values["gradient_norm_before"])
    same([one["after"] for one in found["tensors"]], update.values["gradient_norm_after"])
    same([one["ratio"] for one in found["tensors"]], update.values["update_ratio"])
    assert sorted(p for group in found["groups"] for p in group) == list(range(len(found["ways"])))
    if found["ways"]:
        same(on_axis(config, found["ways"]), update.values["total_gradient"])


def on_axis(config, ways):
    """The gradients of all passes as they are measured: (rows, S)."""
    rows = config.network.rows
    placed = np.zeros((len(rows), config.network.steps))
    for way in ways:
        norms = way["g"][::-1] if way["back"] else way["g"]
        placed[rows.index(way["label"]), way["offset"] : way["offset"] + len(norms)] = norms
    return placed


def test_the_losses_of_the_answers_that_count_make_the_whole(standing):
    folder, _ = standing(RunConfig.parse({**SMALL, **CASES["truncated"]}))

    found = taken(folder)

    answers = found["answers"]
    assert answers["first"] == 1
    assert answers["counts"] == [0.0] * 9 + [1.0] * 3
    assert np.mean(answers["losses"][-3:]) == pytest.approx(found["loss"], rel=1e-6)


def test_an_ended_run_is_looked_at_where_it_ended_and_one_without_a_state_says_so(standing, catalog):
    folder, following = standing(RunConfig.parse({**SMALL, **CASES["many to one"]}))
    folder.write_end(Ending(outcome="stopped", sentence="Stopped.", update=BEFORE - 1))
    same(taken(folder)["loss"], next(following).values["loss"])
    folder.delete_checkpoint()
    with pytest.raises(PlaygroundError, match="kept no training state") as raised:
        moment_at(folder.path)
    assert type(raised.value) is PlaygroundError
    with pytest.raises(PlaygroundError, match=r"no config\.json"):
        moment_at(f"{catalog.root}/20260101-000000-0123abcd")


def test_a_finished_run_is_shown_the_update_that_would_follow(standing):
    config = RunConfig.parse({**SMALL, **CASES["many to one"], "updates": BEFORE})
    folder, _ = standing(config)
    folder.write_end(Ending(outcome="finished", sentence="Done.", update=BEFORE))

    assert taken(folder)["update"] == BEFORE


def test_what_can_go_side_by_side_does():
    one, two = Way("layer 1", 0, 0, 3), Way("layer 2", 1, 0, 3)
    assert groups([one, two]) == [[0, 1]]
    forth, back = Way("layer 1 →", 0, 0, 3), Way("layer 1 ←", 1, 0, 3, reversed=True)
    assert groups([forth, back, forth, back]) == [[0, 1], [2, 3]]
    written = [Way("layer 1 →", 0, 3, 2), Way("layer 2 →", 2, 3, 2)]
    assert groups([forth, back, forth, back, *written]) == [[0, 1], [2, 3], [4, 5]]
    assert groups([]) == []
