"""What the page calls fields and their values, where their own names do not say it."""

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from playground.core.component import Chosen

LABELS: Mapping[str, str] = {
    "length": "length T",
    "symbols": "symbols S",
    "shuffle_time": "shuffle the time steps",
    "direction": "direction of reading",
    "layers": "layers",
    "loss_at": "the loss looks at",
    "feed": "it reads after step 1",
    "teacher_forcing": "true answers read",
    "fade": "… fading over",
    "cell.activation": "activation φ",
    "output_activation": "φ between c and h",
    "gate_activation": "σ of the gates",
    "hidden": "hidden units H",
    "forget_bias": "bias of the forget gate",
    "keep_bias": "bias of the gate that keeps",
    "longest": "T_max",
    "recurrent_init": "how U is drawn",
    "input_init": "how W is drawn",
    "bias_init": "how b is drawn",
    "readout_init": "how V is drawn",
    "clip": "rule",
    "lo": "from",
    "hi": "to",
    "threshold": "largest norm",
    "optimizer": "optimiser",
    "learning_rate": "learning rate η",
    "learning": "loss mode",
    "over_time": "over the answers",
    "k1": "steps between k₁",
    "k2": "steps back k₂",
    "schedule": "learning-rate schedule",
    "batch": "batch N",
    "pace": "updates a second",
    "alarms": "alarm",
    "alarms.vanishing.share": "least share that arrives",
    "alarms.vanishing.updates": "updates at guessing",
    "alarms.vanishing_depth.share": "least share below",
    "alarms.vanishing_depth.updates": "updates at guessing",
    "alarms.stalled.updates": "updates at guessing",
    "alarms.plateau.share": "share of the run",
    "alarms.saturated.share": "share of units",
    "alarms.dead.share": "share of units",
    "alarms.weights_collapse.share": "share of the start",
    "alarms.clip_always.share": "share of updates",
    "watch": "raise it",
    "patience": "looks in a row",
    "times": "times as much",
    "over_guessing": "times guessing",
    "test_length": "length of the test",
}
"""By path, or by a field's own name wherever it stands."""

VALUES: Mapping[Any, str] = {
    "one_way": "one way",
    "two_passes": "two passes",
    "concatenated": "[x_t ; x_{T−t+1}]",
    "answers": "its answer before",
    "cpu": "processor",
    "cuda": "GPU",
    True: "yes",
    False: "no",
}
"""Of Literal fields and toggles."""


def label(path: str) -> str:
    path = path.removesuffix(".kind")
    name = path.split(".")[-1]
    return LABELS.get(path, LABELS.get(name, name.replace("_", " ")))


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


def chosen(field: FieldInfo) -> Chosen | None:
    """The registry of a field that holds a component."""
    return next((m for m in field.metadata if isinstance(m, Chosen)), None)


def options(config: BaseModel, path: str) -> tuple[Any, ...]:
    """Of a field with a few possible values, all of them; () for a number or a text."""
    if path.endswith(".kind"):
        family = chosen(info(config, path.removesuffix(".kind")))
        return family.registry.kinds() if family else ()
    annotation = info(config, path).annotation
    if annotation is bool:
        return (False, True)
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def value_name(config: BaseModel, path: str, value: Any) -> str:
    """A value as the page shows it: a component by its title."""
    if path.endswith(".kind") and (family := chosen(info(config, path.removesuffix(".kind")))):
        return str(family.registry[value].title)
    return VALUES.get(value, str(value)) if isinstance(value, str | bool) else str(value)
