"""Laws of every symptom: it says what it is, what it needs is measured, and any number has a level."""

import itertools
import math

import numpy as np
import pytest

from playground.diagnosis.past import Past
from playground.diagnosis.remedies import REMEDIES
from playground.diagnosis.symptom import registry
from playground.figures.gallery import FIGURES
from playground.training import probes
from playground.training.config import RunConfig
from playground.training.presets import PRESETS

EVERYTHING = (
    {},
    {"cell.activation.kind": "relu"},
    {"layers": 2},
    {"task.kind": "parity", "architecture.kind": "many_to_many"},
)


@pytest.fixture(params=registry, ids=lambda cls: cls.model_fields["kind"].default)
def symptom(request):
    return request.param()


def measured():
    """Every spec that some run has."""
    return {spec.name: spec for changes in EVERYTHING for spec in probes.specs(RunConfig().patched(changes))}


def past_of(symptom, value):
    """A past in which everything that a symptom needs has one value."""
    specs = measured()
    past = Past({name: specs[name] for name in symptom.needs}, symptom.needs)
    for update in range(max(symptom.needs.values())):
        past.add(
            update, {name: np.full(specs[name].shape, value) if specs[name].shape else value for name in symptom.needs}
        )
    return past


def test_it_says_what_it_is(symptom):
    assert symptom.title
    assert symptom.severity in ("note", "warning", "failure")
    assert symptom.well_again.endswith(".")
    assert symptom.figure in {figure.name for figure in FIGURES}
    assert type(symptom).__doc__
    assert symptom.every >= 1
    assert symptom.name == symptom.kind


def test_what_it_needs_is_measured(symptom):
    assert set(symptom.needs) <= set(measured())


def test_every_threshold_can_be_changed(symptom):
    for name, field in type(symptom).model_fields.items():
        if name == "kind":
            continue
        assert field.description
        assert name == "watch" or len(field.metadata) == 2, f"{name} has no two bounds"


@pytest.mark.parametrize("value", [0.0, 1.0, 1e300, math.nan, math.inf])
@pytest.mark.filterwarnings("error")
def test_any_measured_number_has_a_level(symptom, value):
    level = symptom.level(RunConfig(), past_of(symptom, value))
    assert isinstance(level, float)


@pytest.mark.parametrize("preset", ["P1", "P3", "P1d", "P5", "P6", "P7g", "echo"])
def test_its_story_is_whole_for_any_network(symptom, preset):
    config = PRESETS[preset].config
    story = symptom.story(config, past_of(symptom, 0.5)) if symptom.name not in FITTED else None
    if story is None:
        return
    assert story.sentence.endswith(".")
    assert story.evidence
    assert all(text.endswith((".", ")")) for text in story.evidence)
    assert set(story.remedies) <= set(REMEDIES)
    assert len(set(story.remedies)) == len(story.remedies)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("preset", ["P1", "P3", "P6", "P6e"])
def test_whatever_raises_it_can_be_told(symptom, preset, layers):
    """Every measurement by itself nothing, ordinary or huge, so that no quotient of two is left out."""
    config = PRESETS[preset].config.patched({"layers": layers})
    specs = measured()
    for values in itertools.product([0.0, 1.0, 1e30], repeat=len(symptom.needs)):
        past = Past({name: specs[name] for name in symptom.needs}, symptom.needs)
        for update in range(max(symptom.needs.values())):
            past.add(
                update,
                {
                    name: np.full(specs[name].shape, value) if specs[name].shape else value
                    for name, value in zip(symptom.needs, values, strict=True)
                },
            )
        if symptom.level(config, past) >= 1:
            assert symptom.story(config, past).sentence.endswith(".")


FITTED = ("weights_growing",)
"""Its story tells of a line that was fitted: a constant has none. The presets' alarms tell it."""
