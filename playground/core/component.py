"""A component is its own configuration: its fields are its parameters, its methods are its maths."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from playground.core.errors import UnknownName


class Component(BaseModel):
    """A frozen set of parameters with a name, `kind`, under which forms, links and JSON know it.

    Each field has bounds and a description: they become the widget, the URL check, the JSON schema and the docs.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, ser_json_inf_nan="strings", validate_default=True
    )

    title: ClassVar[str]
    """The name a user reads."""


T = TypeVar("T", bound=Component)


class Registry(Generic[T]):
    """The components of one family, by `kind`; sibling files are imported once, at the first question."""

    def __init__(self, what: str, package: str) -> None:
        self.what = what
        self._package = package
        self._discovered = False
        self._classes: dict[str, type[T]] = {}

    def register(self, cls: type[T]) -> type[T]:
        kind = cls.model_fields["kind"].default
        if kind in self._classes:
            raise ValueError(f"Two components of the {self.what} registry are called {kind!r}.")
        self._classes[kind] = cls
        return cls

    def __getitem__(self, kind: object) -> type[T]:
        self._discover()
        if not isinstance(kind, str) or kind not in self._classes:
            raise UnknownName(self.what, kind, self._classes)
        return self._classes[kind]

    def __iter__(self) -> Iterator[type[T]]:
        self._discover()
        return iter(self._classes.values())

    def kinds(self) -> tuple[str, ...]:
        self._discover()
        return tuple(self._classes)

    def parse(self, value: Any) -> Any:
        """A component from itself, from its name, or from a mapping with its `kind`."""
        if isinstance(value, Component):
            return value
        if isinstance(value, str):
            return self[value]()
        if isinstance(value, dict):
            return self[value.get("kind")].model_validate(value)
        raise UnknownName(self.what, value, self.kinds())

    def _discover(self) -> None:
        if self._discovered:
            return
        module = importlib.import_module(self._package)
        for sibling in pkgutil.iter_modules(getattr(module, "__path__", ())):
            importlib.import_module(f"{self._package}.{sibling.name}")
        self._discovered = True


class Chosen:
    """Marks a field that holds one component of a registry: it validates by `kind`, and the form offers the others.

    Written `AnyCell = Annotated[SerializeAsAny[Cell], Chosen(registry)]`.
    """

    def __init__(self, registry: Registry[Any]) -> None:
        self.registry = registry

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.registry.parse, handler(source))
