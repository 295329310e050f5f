"""What can be tried: each remedy is one change of a run's config, offered only where it can help, with the reason.

What backs a remedy is measured by `python -m playground remedies`, on the presets that fail: in how many of three seeds
it made the run learn. Elsewhere it may help, and says no more than that.
"""

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from playground.core.errors import InvalidConfig
from playground.core.words import number
from playground.diagnosis.alarm import Remedy

if TYPE_CHECKING:
    from playground.training.config import RunConfig

ADAM = "Beside Adam a clip acts on single large gradients only: a constant rescale is invisible to it."
LOWERED = 10.0


class Change(NamedTuple):
    """What to change, how it is called, and why it can help here."""

    title: str
    reason: str
    changes: Mapping[str, Any]


Maker = Callable[["RunConfig"], Change | None]
REMEDIES: dict[str, Maker] = {}
"""By name. Each gives None where it cannot help."""


def _remedy(maker: Maker) -> Maker:
    REMEDIES[maker.__name__.removeprefix("_")] = maker
    return maker


def offered(config: "RunConfig", kinds: Iterable[str]) -> tuple[Remedy, ...]:
    """Those of `kinds` that can help here: what helped on these settings first, then in the order of `kinds`.

    What was tried on them and never helped is left out.
    """
    seen = _backing().get(fingerprint(config), {})
    found = []
    by_success = sorted(applicable(config, kinds), key=lambda remedy: -seen.get(remedy.kind, (0, 0))[0])
    for remedy in by_success:
        helped, seeds = seen.get(remedy.kind, (None, None))
        backing = "It may help." if helped is None else f"It helped on {helped} of {seeds} seeds with these settings."
        if helped != 0:
            found.append(remedy.model_copy(update={"reason": f"{remedy.reason} {backing}"}))
    return tuple(found)


def applicable(config: "RunConfig", kinds: Iterable[str]) -> Iterator[Remedy]:
    """Those of `kinds` that are a valid change of `config`."""
    for kind in kinds:
        change = REMEDIES[kind](config)
        if change is None:
            continue
        try:
            changed = config.patched(change.changes)
        except InvalidConfig:
            continue  # it makes no sense beside something else that was chosen
        if changed != config:
            yield Remedy(kind=kind, title=change.title, reason=change.reason, changes=dict(change.changes))


# Vanishing


@_remedy
def _orthogonal(config: "RunConfig") -> Change | None:
    if config.cell.gates:
        return None
    return Change(
        "U orthogonal",
        "All eigenvalues of U have magnitude 1: it neither shrinks nor stretches a signal.",
        {"cell.recurrent_init.kind": "orthogonal", "cell.recurrent_init.gain": 1.0},
    )


@_remedy
def _xavier(config: "RunConfig") -> Change | None:
    if config.cell.gates:
        return None
    return Change(
        "U Xavier",
        "The spectral radius of U goes to about 1.",
        {"cell.recurrent_init.kind": "xavier_uniform"},
    )


@_remedy
def _relu_identity(config: "RunConfig") -> Change | None:
    if config.cell.gates:
        return None
    return Change(
        "ReLU and U = identity",
        "A slope of 1, and a U that keeps: each without the other cures nothing.",
        {"cell.activation.kind": "relu", "cell.recurrent_init.kind": "identity"},
    )


@_remedy
def _he(config: "RunConfig") -> Change | None:
    if config.cell.gates or config.cell.activation.kind not in ("relu", "leaky_relu"):  # type: ignore[attr-defined]
        return None
    return Change(
        "W by He",
        "It keeps the variance from layer to layer, of units that are 0 half of the time.",
        {"cell.input_init.kind": "he_uniform"},
    )


@_remedy
def _tanh(config: "RunConfig") -> Change | None:
    if config.cell.activation.kind == "tanh":  # type: ignore[attr-defined]
        return None
    return Change("tanh", "A slope of 1 at 0, and states around 0.", {"cell.activation.kind": "tanh"})


def _memory_bias(config: "RunConfig") -> float:
    """ln T: σ(ln T) is 1 − 1/(T + 1), a memory of about T steps."""
    return round(math.log(max(2, config.network.steps)), 1)


@_remedy
def _lstm(config: "RunConfig") -> Change | None:
    if config.cell.gates:
        return None
    bias = _memory_bias(config)
    return Change(
        f"LSTM, forget bias {number(bias)}",
        "Along the cell state a step multiplies by the forget gate alone; ln T keeps it open for about T steps.",
        {"cell.kind": "lstm", "cell.forget_bias.value": bias},
    )


@_remedy
def _gru(config: "RunConfig") -> Change | None:
    if config.cell.gates:
        return None
    bias = _memory_bias(config)
    return Change(
        f"GRU, keep bias {number(bias)}",
        "Its gate z carries the state over unchanged; ln T keeps it so for about T steps.",
        {"cell.kind": "gru", "cell.keep_bias.value": bias},
    )


@_remedy
def _keep(config: "RunConfig") -> Change | None:
    """A gated cell's own cure."""
    field = {"lstm": "forget_bias", "gru": "keep_bias"}.get(config.cell.kind)  # type: ignore[attr-defined]
    if field is None:
        return None
    bias = _memory_bias(config)
    if getattr(getattr(config.cell, field), "value", -math.inf) >= bias:
        return None
    return Change(
        f"{field.replace('_', ' ')} {number(bias)} ≈ ln T",
        f"With {number(bias)} the gate starts at {number(1 / (1 + math.exp(-bias)), 2)}: it remembers about T steps.",
        {f"cell.{field}.kind": "constant", f"cell.{field}.value": bias},
    )


@_remedy
def _shorter(config: "RunConfig") -> Change | None:
    length = max(2, config.task.length // 3)
    if "length" not in type(config.task).model_fields or length == config.task.length:
        return None
    return Change(
        f"length {length}",
        "A third of the steps: the factor per step is taken to a third of the power. An easier task, not a cure.",
        {"task.length": length},
    )


@_remedy
def _whole(config: "RunConfig") -> Change | None:
    if config.learning.kind != "truncated":  # type: ignore[attr-defined]
        return None
    return Change("full BPTT", "The gradient goes back to the first step.", {"learning.kind": "cumulative"})


@_remedy
def _truncated(config: "RunConfig") -> Change | None:
    steps = max(1, config.task.length // 3)
    return Change(
        f"truncated BPTT, {steps} steps",
        "The gradient goes back so many steps only, and cannot grow over more. Nothing earlier can be learned from.",
        {"learning.kind": "truncated", "learning.k1": steps, "learning.k2": steps},
    )


@_remedy
def _fewer_layers(config: "RunConfig") -> Change | None:
    return None if config.layers == 1 else Change(
        "one layer", "One product of slopes in the place of several.", {"layers": 1}
    )  # fmt: skip


# Exploding


@_remedy
def _clip_norm(config: "RunConfig") -> Change | None:
    if config.clip.kind == "norm":  # type: ignore[attr-defined]
        lower = config.clip.threshold / LOWERED  # type: ignore[attr-defined]
        return Change(f"clip by norm {number(lower)}", _adam("A tighter bound on each step.", config),
                      {"clip.threshold": lower})  # fmt: skip
    return Change(
        "clip by norm 0.3",
        _adam("However large the gradient, the step has a bound, and its direction is kept.", config),
        {"clip.kind": "norm", "clip.threshold": 0.3},
    )


@_remedy
def _clip_value(config: "RunConfig") -> Change | None:
    if config.clip.kind == "value":  # type: ignore[attr-defined]
        return None
    return Change(
        "clip by value ±0.03",
        _adam("Each element stays in an interval; the direction turns.", config),
        {"clip.kind": "value", "clip.lo": -0.03, "clip.hi": 0.03},
    )


@_remedy
def _smaller_rate(config: "RunConfig") -> Change | None:
    rate = float(f"{config.optimizer.learning_rate / LOWERED:.1g}")
    if not rate:
        return None
    return Change(f"learning rate {number(rate, 1)}", "Steps a tenth as long.", {"optimizer.learning_rate": rate})


@_remedy
def _larger_rate(config: "RunConfig") -> Change | None:
    rate = min(10.0, float(f"{config.optimizer.learning_rate * LOWERED:.1g}"))
    if not rate:
        return None
    return Change(f"learning rate {number(rate, 1)}", "Steps ten times as long.", {"optimizer.learning_rate": rate})


@_remedy
def _weaker_clip(config: "RunConfig") -> Change | None:
    if config.clip.kind == "norm" and config.clip.threshold < 0.3:  # type: ignore[attr-defined]
        return Change("clip by norm 0.3", "Large gradients alone are cut.", {"clip.threshold": 0.3})
    if config.clip.kind == "value" and config.clip.hi < 0.03:  # type: ignore[attr-defined]
        return Change("clip by value ±0.03", "Large elements alone are cut.", {"clip.lo": -0.03, "clip.hi": 0.03})
    return None


@_remedy
def _no_clip(config: "RunConfig") -> Change | None:
    if config.clip.kind == "none":  # type: ignore[attr-defined]
        return None
    return Change("no clip", "The optimiser gets the gradient as it is.", {"clip.kind": "none"})


@_remedy
def _no_decay(config: "RunConfig") -> Change | None:
    if not getattr(config.optimizer, "weight_decay", 0.0):
        return None
    return Change("no weight decay", "Nothing pulls the weights to 0 any more.", {"optimizer.weight_decay": 0.0})


@_remedy
def _double(config: "RunConfig") -> Change | None:
    wider = {"float16": "float32", "bfloat16": "float32", "float32": "float64"}.get(config.precision)
    ends = {"float16": "65,504", "bfloat16": "3·10³⁸", "float32": "3·10³⁸"}.get(config.precision)
    if wider is None:
        return None
    return Change(wider, f"{config.precision} ends at {ends} and has fewer digits.", {"precision": wider})


def _adam(reason: str, config: "RunConfig") -> str:
    return f"{reason} {ADAM}" if config.optimizer.kind != "sgd" else reason  # type: ignore[attr-defined]


# What backs them


def fingerprint(config: "RunConfig") -> str:
    """The same for all runs of a config, whatever their seed, pace, length, thresholds and early ends."""
    fields = json.loads(config.canonical_json())
    for name in ("seed", "pace", "updates", "alarms", "stop"):
        fields.pop(name, None)
    return hashlib.blake2b(json.dumps(fields, sort_keys=True).encode(), digest_size=8).hexdigest()


@cache
def _backing() -> dict[str, dict[str, list[int]]]:
    source = files("playground.diagnosis") / "backing.json"
    return {entry["fingerprint"]: entry["remedies"] for entry in json.loads(source.read_text())}
