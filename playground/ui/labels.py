"""What the page calls fields and their values, where their own names do not say it."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from playground.training.paths import chosen, info

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
    "stop.solved": "once it is solved",
    "stop.not_finite": "at NaN or infinity",
    "stop.alarm": "at an alarm",
    "stop.seconds": "after seconds",
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


def value_name(config: BaseModel, path: str, value: Any) -> str:
    """A value as the page shows it: a component by its title."""
    if path.endswith(".kind") and (family := chosen(info(config, path.removesuffix(".kind")))):
        return str(family.registry[value].title)
    return VALUES.get(value, str(value)) if isinstance(value, str | bool) else str(value)
