"""The table of everything that a config may choose, generated from the registries."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from playground.core.component import Component, Registry
from playground.core.marks import between
from playground.core.words import number
from playground.diagnosis import symptom
from playground.diagnosis.symptom import Symptom
from playground.nn import activations, architectures, cells, clipping, gate_biases, initializers
from playground.tasks import Task
from playground.tasks import registry as tasks
from playground.training import learning, optimizers, schedules

FAMILIES: Mapping[str, Registry[Any]] = MappingProxyType(
    {
        "task": tasks,
        "architecture": architectures.registry,
        "cell": cells.registry,
        "activation": activations.registry,
        "initialiser": initializers.registry,
        "gate bias": gate_biases.registry,
        "clip": clipping.registry,
        "loss mode": learning.registry,
        "optimiser": optimizers.registry,
        "alarm": symptom.registry,
        "schedule": schedules.registry,
    }
)


def table() -> str:
    """One row a kind: family, name in JSON and links, title, what it is."""
    rows = [
        f"| {family} | `{cls.model_fields['kind'].default}` | {cls.title} | {_escaped(_about(cls))} |"
        for family, registry in FAMILIES.items()
        # By file: the order in which files happen to be imported differs from process to process.
        for cls in sorted(registry, key=lambda cls: cls.__module__)
    ]
    return "\n".join(["| what | `kind` | called | what it is |", "|---|---|---|---|", *rows]) + "\n"


def written(readme: str) -> str:
    """A README with the table between its marks. Raises ValueError where there are none."""
    return between(readme, "kinds", table())


def _about(cls: type[Component]) -> str:
    return "; ".join(_parts(cls()))


def _parts(component: Component) -> Iterator[str]:
    if isinstance(component, Symptom):
        yield f"{component.severity}: {component.summary().rstrip('.')}"
        return
    for attribute in ("summary", "formula"):
        text = getattr(component, attribute, "")
        if text:
            yield text.rstrip(".")
    yield from getattr(component, "equations", ())
    if isinstance(component, Task):
        metric, loss = number(component.baseline_metric), number(component.baseline_loss)
        yield f"guessing: {component.metric} {metric}, loss {loss}"


def _escaped(text: str) -> str:
    """A | would end the cell."""
    return text.replace("|", "\\|")
