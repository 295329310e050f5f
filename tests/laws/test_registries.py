"""Laws of every component of every registry: it is its configuration, and its fields can become a form."""

import math

import annotated_types
import pytest
from pydantic import ValidationError

from playground.nn import activations, architectures, cells, clipping, gate_biases, initializers
from playground.tasks import registry as tasks
from playground.training import learning, optimizers, probes, schedules

REGISTRIES = {
    "activation": activations.registry,
    "initialiser": initializers.registry,
    "clip rule": clipping.registry,
    "cell": cells.registry,
    "task": tasks,
    "optimiser": optimizers.registry,
    "probe": probes.registry,
    "architecture": architectures.registry,
    "gate bias": gate_biases.registry,
    "loss mode": learning.registry,
    "learning-rate schedule": schedules.registry,
}
COMPONENTS = [
    pytest.param(registry, cls, id=f"{name} {cls().kind}") for name, registry in REGISTRIES.items() for cls in registry
]
everyone = pytest.mark.parametrize(("registry", "cls"), COMPONENTS)


def numbers(cls):
    """Numeric fields, with their bounds."""
    for name, field in cls.model_fields.items():
        if field.annotation in (int, float):
            low = [m for m in field.metadata if isinstance(m, annotated_types.Ge | annotated_types.Gt)]
            high = [m for m in field.metadata if isinstance(m, annotated_types.Le | annotated_types.Lt)]
            yield name, low, high


@pytest.mark.parametrize("name", REGISTRIES)
def test_the_issue_s_families_are_there(name):
    expected = {
        "activation": "sigmoid tanh relu leaky_relu identity hardtanh softsign silu gelu",
        "clip rule": "none value norm per_parameter agc",
        "cell": "vanilla gru lstm",
        "architecture": "many_to_one many_to_many one_to_many encoder_decoder window_mlp",
        "loss mode": "cumulative each_step update_each_step truncated",
        "learning-rate schedule": "constant cosine step warm_up",
        "gate bias": "constant chrono",
        "optimiser": "sgd adam adamw rmsprop",
        "task": "recall adding order parity waves moving_dot next_word echo running_sum brackets tagging tones "
        "majority series copy melody drawing letters frequency reversal repeat translation summary dates",
    }
    assert set(expected.get(name, "").split()) <= set(REGISTRIES[name].kinds())
    assert REGISTRIES[name].kinds()


@everyone
def test_name_json_and_component_are_the_same_thing(registry, cls):
    component = cls()
    assert registry[component.kind] is cls
    assert registry.parse(component.kind) == component
    assert registry.parse(component.model_dump(mode="json")) == component
    assert cls.model_validate_json(component.model_dump_json()) == component


@everyone
def test_it_has_a_title_a_frozen_form_and_no_other_fields(registry, cls):
    del registry
    assert cls.title
    with pytest.raises(ValidationError, match="frozen"):
        cls().kind = "other"
    with pytest.raises(ValidationError, match="no_such_field"):
        cls(no_such_field=1)


@everyone
def test_every_field_says_what_it_is_and_how_far_it_goes(registry, cls):
    del registry
    for name, field in cls.model_fields.items():
        if name != "kind":
            assert field.description, f"{cls.__name__}.{name} has no description"
    for name, low, high in numbers(cls):
        assert low, f"{cls.__name__}.{name} has no lower bound"
        assert high, f"{cls.__name__}.{name} has no upper bound"


@everyone
@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_no_number_may_be_other_than_finite(registry, cls, wrong):
    del registry
    for name, *_ in numbers(cls):
        with pytest.raises(ValidationError, match=name):
            cls(**{name: wrong})


@everyone
def test_bounds_are_kept(registry, cls):
    del registry
    for name, (low, *_), (high, *_) in numbers(cls):
        below = low.ge - 1 if isinstance(low, annotated_types.Ge) else low.gt
        above = high.le + 1 if isinstance(high, annotated_types.Le) else high.lt
        for beyond in (below, above):
            with pytest.raises(ValidationError, match=name):
                cls(**{name: beyond})
