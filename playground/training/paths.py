"""Fields by dotted path: what stands at the end of a path, in one config and in any that there could be."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from playground.core.component import Chosen


def holder(config: BaseModel, path: str) -> BaseModel | None:
    """The part of a config that has the field at the end of a path; None where its components have no such field."""
    *parents, last = path.split(".")
    part: Any = config
    for name in parents:
        part = getattr(part, name, None)
    return part if isinstance(part, BaseModel) and last in type(part).model_fields else None


def info(config: BaseModel, path: str) -> FieldInfo:
    part = holder(config, path)
    assert part is not None, f"{path} is no field of this config"
    return type(part).model_fields[path.split(".")[-1]]


def value_at(config: BaseModel, path: str) -> Any:
    return getattr(holder(config, path), path.split(".")[-1])


def leaves(config: BaseModel, path: str = "") -> Iterator[str]:
    """The paths of all fields at or under one path that hold no fields of their own; which component it is stands
    before what the component has."""
    part = value_at(config, path) if path else config
    if not isinstance(part, BaseModel):
        yield path
        return
    for name in sorted(type(part).model_fields, key=lambda name: name != "kind"):
        yield from leaves(config, f"{path}.{name}" if path else name)


def chosen(field: FieldInfo) -> Chosen | None:
    """The registry of a field that holds a component."""
    return next((m for m in field.metadata if isinstance(m, Chosen)), None)


def options(config: BaseModel, path: str) -> tuple[Any, ...]:
    """Of a field with a few possible values, all of them; () for a number or a text."""
    if path.endswith(".kind"):
        family = chosen(info(config, path.removesuffix(".kind")))
        return family.registry.kinds() if family else ()
    return literals(info(config, path))


def literals(field: FieldInfo) -> tuple[Any, ...]:
    """The values of a field that has a few of its own; () for a component, a number or a text."""
    if field.annotation is bool:
        return (False, True)
    return get_args(field.annotation) if get_origin(field.annotation) is Literal else ()


@lru_cache(maxsize=512)
def declared(root: type[BaseModel], path: str) -> tuple[FieldInfo, ...]:
    """All fields that a path of a `root` can mean, whichever components are chosen on the way; () where there are
    none."""
    classes: tuple[type[BaseModel], ...] = (root,)
    *parents, last = path.split(".")
    for name in parents:
        classes = tuple(dict.fromkeys(part for cls in classes for part in _parts(cls, name)))
    return tuple(cls.model_fields[last] for cls in classes if last in cls.model_fields)


def _parts(cls: type[BaseModel], name: str) -> tuple[type[BaseModel], ...]:
    """The classes of which the value of one field can be."""
    field = cls.model_fields.get(name)
    family = chosen(field) if field else None
    if family:
        return tuple(family.registry)
    annotation = field.annotation if field else None
    return (annotation,) if isinstance(annotation, type) and issubclass(annotation, BaseModel) else ()
