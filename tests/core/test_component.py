"""Registries: names in, components out, and a sentence for every name that is not there."""

from typing import Annotated, ClassVar, Literal

import pytest
from pydantic import BaseModel, Field, SerializeAsAny, ValidationError

from playground.core.component import Chosen, Component, Registry
from playground.core.errors import UnknownName


class Shape(Component):
    title: ClassVar[str] = "shape"


registry: Registry[Shape] = Registry("shape", __name__)


@registry.register
class Circle(Shape):
    kind: Literal["circle"] = "circle"
    radius: Annotated[float, Field(gt=0, le=10)] = 1.0


@registry.register
class Square(Shape):
    kind: Literal["square"] = "square"
    side: Annotated[float, Field(gt=0, le=10)] = 1.0


class Drawing(BaseModel):
    shape: Annotated[SerializeAsAny[Shape], Chosen(registry)] = Circle()


@pytest.fixture(autouse=True)
def _already_discovered(monkeypatch):
    monkeypatch.setattr(registry, "_discovered", True)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("square", Square()),
        ({"kind": "circle", "radius": 2}, Circle(radius=2.0)),
        (Square(side=3.0), Square(side=3.0)),
    ],
)
def test_a_field_takes_a_name_a_mapping_or_a_component(given, expected):
    assert Drawing(shape=given).shape == expected


def test_fields_of_the_chosen_class_survive_serialisation():
    dumped = Drawing(shape=Circle(radius=2.5)).model_dump(mode="json")
    assert dumped == {"shape": {"kind": "circle", "radius": 2.5}}
    assert Drawing.model_validate(dumped).shape == Circle(radius=2.5)


def test_an_unknown_name_is_answered_with_the_nearest_and_with_all():
    with pytest.raises(UnknownName, match=r"Unknown shape 'cirle'\. Did you mean 'circle'\? Allowed: circle, square\."):
        registry["cirle"]


@pytest.mark.parametrize("given", [None, 7, [], {}, {"kind": None}, {"kind": ["circle"]}, {"radius": 1.0}])
def test_what_names_nothing_is_refused(given):
    with pytest.raises(UnknownName, match="Allowed: circle, square"):
        registry.parse(given)


def test_a_component_of_another_family_is_refused():
    class Colour(Component):
        kind: Literal["red"] = "red"

    with pytest.raises(ValidationError):
        Drawing(shape=Colour())


def test_two_components_of_one_name_are_a_mistake():
    with pytest.raises(ValueError, match="circle"):

        @registry.register
        class Ring(Shape):
            kind: Literal["circle"] = "circle"


def test_a_component_cannot_be_changed():
    with pytest.raises(ValidationError):
        Circle().radius = 2.0
