"""The small drawing of an architecture: well-formed, as many answers as it should, no words of a stranger."""

from xml.etree import ElementTree

import pytest

from playground.nn import architectures
from playground.tasks import registry as tasks
from playground.training.config import RunConfig
from playground.ui import diagram

ANSWERS = {"many_to_one": 1, "window_mlp": 1, "many_to_many": 4, "one_to_many": 4, "encoder_decoder": 3}
WAYS = {"one_way": 1, "two_passes": 2, "concatenated": 1}


def cases():
    for architecture in architectures.registry:
        kind = architecture.model_fields["kind"].default
        for direction in architecture.directions:
            for layers in (1, 2, 4) if architecture.recurrent else (1,):
                yield pytest.param(kind, direction, layers, id=f"{kind} {direction} {layers}")


@pytest.mark.parametrize(("kind", "direction", "layers"), cases())
def test_it_is_drawn_as_it_is(kind, direction, layers):
    task = next(name for name in tasks.kinds() if kind in tasks[name].architectures)
    changes = {"task.kind": task, "architecture.kind": kind, "direction": direction, "layers": layers}
    config = RunConfig().patched(changes)

    drawing = ElementTree.fromstring(diagram.draw(config))

    def count(name):
        return sum(element.get("class") == name for element in drawing.iter())

    states = {"window_mlp": 1, "encoder_decoder": 3 * layers * (WAYS[direction] + 1)}
    inputs = {"encoder_decoder": 3 * (2 if direction == "concatenated" else 1) + 3}
    assert count("output") == ANSWERS[kind]
    assert count("state") == states.get(kind, 4 * layers * WAYS[direction])
    assert count("input") == inputs.get(kind, 4 * (2 if direction == "concatenated" else 1))
    assert drawing.get("role") == "img"
    assert config.architecture.title in drawing.get("aria-label")
    assert "\n" not in diagram.draw(config)


def test_an_architecture_without_feedback_reads_zeros():
    drawn = diagram.draw(RunConfig().patched({"task.kind": "melody", "architecture.feed": "zeros"}))

    assert "stroke-dasharray" not in drawn
    assert drawn.count(">0</text>") == 3


@pytest.mark.parametrize(
    ("changes", "arrows"),
    [
        ({}, 4),
        ({"layers": 2}, 1 + 6 + 4),
        ({"task.kind": "majority", "architecture.kind": "many_to_many"}, 4),
        ({"direction": "two_passes"}, 8),
        ({"architecture.kind": "window_mlp"}, 1),
    ],
)
def test_the_gradient_goes_back_through_all_that_led_to_the_last_answer_but_the_inputs(changes, arrows):
    config = RunConfig().patched(changes)

    assert diagram.draw(config).count('class="back"') == 0
    assert diagram.draw(config, back=True).count('class="back"') == arrows
