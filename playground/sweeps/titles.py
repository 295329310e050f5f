"""Fields of a config and their values in words, as the axes of a map are labelled."""

from collections.abc import Mapping, Sequence
from typing import Any

from playground.core.words import number
from playground.training.config import RunConfig
from playground.training.paths import chosen, declared

TITLES: Mapping[str, str] = {
    "task.length": "length T",
    "task.symbols": "symbols S",
    "test_length": "length of the test",
    "shuffle_time": "time shuffled",
    "direction": "direction of reading",
    "architecture.loss_at": "where the loss looks",
    "architecture.feed": "what is read after step 1",
    "architecture.teacher_forcing": "true answers read",
    "cell.activation": "activation φ",
    "cell.activation.slope_below": "slope of φ below 0",
    "cell.output_activation": "φ between c and h",
    "cell.output_activation.slope_below": "slope below 0, between c and h",
    "cell.gate_activation": "σ of the gates",
    "cell.gate_activation.slope_below": "slope below 0, of the gates",
    "cell.forget_bias": "how the forget bias is drawn",
    "cell.forget_bias.value": "forget bias",
    "cell.forget_bias.longest": "T_max of the forget bias",
    "cell.keep_bias": "how the keep bias is drawn",
    "cell.keep_bias.value": "keep bias",
    "cell.keep_bias.longest": "T_max of the keep bias",
    "hidden": "hidden units H",
    "learning": "loss mode",
    "learning.over_time": "over the answers",
    "learning.k1": "steps between k₁",
    "learning.k2": "steps back k₂",
    "clip": "clipping",
    "clip.threshold": "clip bound",
    "clip.lo": "clip from",
    "clip.hi": "clip to",
    "clip.ratio": "clip ratio λ",
    "clip.floor": "clip floor ε",
    "optimizer": "optimiser",
    "optimizer.learning_rate": "learning rate",
    "schedule": "learning-rate schedule",
    "schedule.end": "rate left at the end",
    "schedule.every": "updates between steps of the rate",
    "schedule.drop": "factor of each step of the rate",
    "schedule.over": "updates of warm-up",
    "batch": "batch N",
}
"""By path, where its last name does not say it."""

DRAWN: Mapping[str, str] = {
    "cell.recurrent_init": "U",
    "cell.input_init": "W",
    "cell.bias_init": "b",
    "readout_init": "V",
}
"""The tensor that an initialiser draws."""

WORDS: Mapping[Any, str] = {"two_passes": "two passes", "one_way": "one way", True: "yes", False: "no"}


def title_of(path: str) -> str:
    """The field at a path: "gain of U", "activation φ"; the path itself where it has no words."""
    path = path.removesuffix(".kind")
    owner, _, last = path.rpartition(".")
    if path in TITLES:
        return TITLES[path]
    if path in DRAWN:
        return f"initialiser of {DRAWN[path]}"
    if owner in DRAWN:
        return f"{last} of {DRAWN[owner]}"
    return last.replace("_", " ") if declared(RunConfig, path) else path


def titles_of(path: str, values: Sequence[Any]) -> dict[Any, str]:
    """Each value in words, numbers with as many digits as tell them apart."""
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    told = (_numbers(numbers, digits) for digits in range(2, 18))
    digits = next((t for t in told if len(set(t.values())) == len(t)), {})
    return {v: digits.get(v) or _word(path, v) for v in values} if numbers else {v: _word(path, v) for v in values}


def _numbers(values: Sequence[float], digits: int) -> dict[float, str]:
    return {v: _short(number(v, digits), exact=float(f"{v:.{digits - 1}e}") == v) for v in values}


def _short(text: str, exact: bool) -> str:
    """0.50 → 0.5, 5.0·10⁻⁴ → 5·10⁻⁴, where the number is that."""
    mantissa, dot, power = text.partition("·")
    return (mantissa.rstrip("0").rstrip(".") if exact and "." in mantissa else mantissa) + dot + power


def _word(path: str, value: Any) -> str:
    field = next(iter(declared(RunConfig, path.removesuffix(".kind"))), None) if path.endswith(".kind") else None
    family = chosen(field) if field else None
    if family and value in family.registry.kinds():
        return str(family.registry[value].title)
    return WORDS.get(value, str(value))
