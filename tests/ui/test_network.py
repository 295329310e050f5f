"""The unrolled network as plain data, over all architectures and directions: what training really does."""

import json

import pytest
import torch

from playground.nn import architectures
from playground.tasks import registry as tasks
from playground.training.config import RunConfig
from playground.training.loop import one_update
from playground.training.state import TrainingState
from playground.ui.network import unrolled


def cases():
    for architecture in architectures.registry:
        kind = architecture.model_fields["kind"].default
        for direction in architecture.directions:
            for task in (name for name in tasks.kinds() if kind in tasks[name].architectures):
                yield kind, direction, task


def config_of(kind, direction, task, **more):
    changes = {"task.kind": task, "architecture.kind": kind, "direction": direction, "hidden": 3, "batch": 32}
    return RunConfig().patched({**changes, **more})


def test_every_architecture_direction_and_task_is_drawn_as_it_is():
    for kind, direction, task in cases():
        config = config_of(kind, direction, task, layers=2 if kind != "window_mlp" else 1)
        found, network = unrolled(config), config.network
        if kind == "window_mlp":
            assert found is None
            continue
        assert found == json.loads(json.dumps(found))
        assert found["steps"] == network.steps
        labels = [row["label"] for row in found["rows"]]
        assert sorted(labels) == sorted(network.rows)
        assert labels[0].startswith("layer 2"), "the uppermost stands on top"
        first, last = found["answers"]
        assert last == network.steps
        assert last - first + 1 == network.parts.answers
        assert first <= found["counts"][0] <= found["counts"][1] <= last
        assert found["twice"] == (direction == "concatenated")
        assert config.architecture.title in found["said"]


@pytest.mark.parametrize(
    ("kind", "direction", "task", "more"),
    [
        ("many_to_one", "one_way", "recall", {}),
        ("many_to_one", "two_passes", "parity", {}),
        ("many_to_many", "two_passes", "majority", {}),
        ("many_to_many", "one_way", "copy", {}),
        ("many_to_many", "one_way", "echo", {}),
        ("many_to_many", "one_way", "echo", {"arrival": "stream"}),
        ("many_to_many", "one_way", "parity", {"architecture.loss_at": "last step"}),
        ("one_to_many", "one_way", "melody", {"architecture.feed": "zeros"}),
        ("encoder_decoder", "two_passes", "reversal", {}),
    ],
)
def test_answers_count_at_the_steps_that_are_told_something(kind, direction, task, more):
    config = config_of(kind, direction, task, **more)
    found, state = unrolled(config), TrainingState(config)
    if config.arrival == "stream":
        one_update(state)  # its first window has no past

    passed = one_update(state).passed

    told = set()
    for way, back in zip(state.network.ways, passed.passes, strict=True):
        direct = back.direct.abs().sum((-1, -2))
        steps = torch.arange(way.offset + way.steps - len(direct), way.offset + way.steps) + 1
        if way.reversed:
            # Of one answer to both ends the second pass is told at step 1.
            steps = way.offset + way.steps + 1 - steps
            assert found["both_ends"] == (len(direct) == 1 and kind == "many_to_one")
            continue
        told |= {int(step) for step, size in zip(steps, direct, strict=True) if size > 0}
    low, high = found["counts"]
    assert told == set(range(low, high + 1))


def test_an_encoders_second_reading_ends_where_the_decoder_begins():
    config = config_of("encoder_decoder", "two_passes", "reversal")
    found = unrolled(config)
    length, answers = config.task.length, config.task.answers
    assert found["handover"] == found["reads"] == length
    assert {row["label"]: row["last"] for row in found["rows"]} == {"layer 1 →": length + answers, "layer 1 ←": length}
    assert found["feeds"] == "answers"
    assert unrolled(config_of("one_to_many", "one_way", "melody"))["reads"] == 1
