"""Do the alarms come where they must, and nowhere else? Constructed cases with a known outcome, on several seeds.

Closed forms (a linear network with U = g·Q carries g^(T−1) of the signal, a gated one without weights σ(b)^T), cases
that algebra decides (where a float ends, where a ReLU rests for ever), failures that are known, and healthy networks.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from playground.core.marks import between
from playground.diagnosis.alarm import Alarm
from playground.training.config import RunConfig
from playground.training.cures import Run, trained
from playground.training.presets import PRESETS

SEEDS = (0, 1, 2)


class Case(NamedTuple):
    """What is built, what has to be raised, and what may come with it. `phase` and `step` say where a number has to be
    named that is not finite."""

    title: str
    changes: Mapping[str, Any]
    expected: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()
    preset: str = "P1"
    phase: str | None = None
    step: tuple[int, int] | None = None

    def config(self, seed: int) -> RunConfig:
        return PRESETS[self.preset].config.patched({**self.changes, "seed": seed, "pace": 0})


def case(title: str, changes: Mapping[str, Any], expected: str = "", allowed: str = "", **more: Any) -> Case:
    return Case(title, changes, frozenset(expected.split()), frozenset(allowed.split()), **more)


U, PHI, GAIN = "cell.recurrent_init.kind", "cell.activation.kind", "cell.recurrent_init.gain"
STILL = {"optimizer.kind": "sgd", "optimizer.learning_rate": 1e-4, "optimizer.momentum": 0.0, "updates": 60}
LINEAR = STILL | {PHI: "identity", U: "orthogonal", "clip.kind": "none"}
ZERO = {
    "cell.recurrent_init.kind": "constant",
    "cell.recurrent_init.value": 0.0,
    "cell.input_init.kind": "constant",
    "cell.input_init.value": 0.0,
}
FAST_SGD = {"optimizer.kind": "sgd", "clip.kind": "none", "updates": 60}
RUNAWAY = "exploding loss_avalanche update_ratio weights_growing cut_off saturated dead_after_jump dead oscillating"
"""What a run that runs away may be told on its way."""


def _linear(gain: float, expected: str = "", **more: Any) -> Case:
    steps = more.pop("steps", 30)
    allowed = f"{RUNAWAY} not_finite" if gain > 1.1 else "plateau"
    return case(f"linear, U = {gain:g}·Q, T = {steps}: {gain ** (steps - 1):.1e} arrives",
                LINEAR | {GAIN: gain, "task.length": steps}, expected, allowed, **more)  # fmt: skip


def _gated(cell: str, bias: float, expected: str = "") -> Case:
    field = {"lstm": "forget_bias", "gru": "keep_bias"}[cell]
    return case(f"{cell.upper()} without weights, bias {bias:g}",
                STILL | ZERO | {"cell.kind": cell, f"cell.{field}.value": bias}, expected,
                "plateau update_ratio")  # fmt: skip


_OVERSHOOT = {
    **FAST_SGD,
    "optimizer.learning_rate": 0.19,
    "optimizer.momentum": 0.0,
    "task.length": 10,
    "hidden": 16,
    "batch": 256,
}


def _bias(value: float) -> dict[str, Any]:
    return {"cell.bias_init.kind": "constant", "cell.bias_init.value": value}


CASES: tuple[Case, ...] = (
    _linear(0.5, "vanishing"),
    _linear(0.7, "vanishing"),
    _linear(0.8),
    _linear(1.0),
    _linear(1.1),
    _linear(1.2, "exploding"),
    _linear(1.5, "exploding"),
    _linear(0.9, "vanishing", steps=100),
    _gated("lstm", 0.0, "vanishing"),
    _gated("lstm", 5.0),
    _gated("gru", 0.0, "vanishing"),
    _gated("gru", 4.0),
    case("linear, ×10 a step: float32 ends", LINEAR | {GAIN: 10.0, "task.length": 60}, "not_finite", RUNAWAY,
         phase="forward", step=(38, 41)),
    case("linear, ×1.5 a step in float16: 65,504", LINEAR | {GAIN: 1.5, "precision": "float16"}, "not_finite", RUNAWAY,
         phase="forward", step=(26, 30)),
    case("ReLU, every bias −10: dead", {**STILL, PHI: "relu", **_bias(-10.0)}, "dead",
         "plateau cut_off vanishing update_ratio"),
    case("tanh, every bias 10: saturated", STILL | _bias(10.0), "saturated", "plateau cut_off vanishing update_ratio"),
    case("sigmoid, every bias 10: saturated", {**STILL, PHI: "sigmoid", **_bias(10.0)}, "saturated",
         "plateau cut_off vanishing update_ratio"),
    case("gradients of 10³⁷ under a clip of 10⁻¹²: frozen",
         LINEAR | {GAIN: 10.0, "task.length": 37, "clip.kind": "norm", "clip.threshold": 1e-12, "updates": 60},
         "frozen", RUNAWAY + " clip_always"),
    case("dead ReLUs under weight decay", {PHI: "relu", "optimizer.kind": "adamw", "optimizer.weight_decay": 1.0,
                                           "optimizer.learning_rate": 0.05, **_bias(-10.0), "updates": 100},
         "weights_collapse dead", "vanishing plateau update_ratio cut_off"),
    case("Adam with learning rate 3", {"optimizer.learning_rate": 3.0, "updates": 60, U: "orthogonal"},
         "dead_after_jump", RUNAWAY + " plateau oscillating clip_always"),
    case("SGD over the edge: every update undoes the last", _OVERSHOOT, "oscillating", RUNAWAY, preset="running_sum"),
    case("clip 10⁻⁵ beside SGD", FAST_SGD | {U: "orthogonal", "clip.kind": "norm", "clip.threshold": 1e-5,
                                             "updates": 100}, "clip_always", "plateau"),
    case("a clip before the backward pass", {}, "clip_idle", RUNAWAY + " not_finite", preset="P6e"),
    case("four sigmoid layers", {}, "vanishing_depth", "vanishing plateau", preset="P1d"),
    case("torch's tanh", {"updates": 100}, "vanishing", "plateau"),
    case("an explosion that learning brings about", {}, "not_finite exploding", RUNAWAY, preset="P5"),
    case("gain 2 and rate 0.1", {}, "exploding saturated cut_off weights_growing update_ratio not_finite",
         RUNAWAY, preset="P7"),
    case("a GRU at rate 1", {}, "loss_avalanche not_finite", RUNAWAY, preset="P7g"),
    *(
        case(f"healthy: {PRESETS[key].title} ({key})", {}, preset=key)
        for key in ("P2a", "P2b", "P2c", "P3c", "P3h", "P5b", "P8b", "P10b", "P12", "order", "running_sum", "echo")
    ),
)  # fmt: skip


class Finding(NamedTuple):
    case: Case
    seed: int
    raised: Mapping[str, int]
    missing: frozenset[str]
    false: frozenset[str]
    misplaced: bool

    @property
    def right(self) -> bool:
        return not (self.missing or self.false or self.misplaced)


def look(case: Case, seed: int) -> Finding:
    """Trains one case and compares."""
    run: Run = trained(case.config(seed))
    raised: dict[str, int] = {}
    for alarm in run.alarms:
        raised.setdefault(alarm.kind, alarm.update)
    kinds = frozenset(raised)
    return Finding(
        case,
        seed,
        MappingProxyType(raised),
        case.expected - kinds,
        kinds - case.expected - case.allowed,
        any(_misplaced(case, alarm) for alarm in run.alarms if alarm.kind == "not_finite"),
    )


def _misplaced(case: Case, alarm: Alarm) -> bool:
    if case.phase is not None and alarm.phase != case.phase:
        return True
    return case.step is not None and not (alarm.time_step and case.step[0] <= alarm.time_step <= case.step[1])


def measured(seeds: Sequence[int] = SEEDS) -> Iterator[tuple[Case, tuple[Finding, ...]]]:
    for each in CASES:
        yield each, tuple(look(each, seed) for seed in seeds)


def table(found: Sequence[tuple[Case, Sequence[Finding]]]) -> str:
    """As Markdown, with the sum of it in a sentence."""
    every = [finding for _, findings in found for finding in findings]
    healthy = [finding for finding in every if not finding.case.expected]
    right, quiet = sum(f.right for f in every), sum(not f.false for f in healthy)
    lines = [
        f"{right} of {len(every)} runs right; of {len(healthy)} in which nothing must be raised {quiet} are quiet.",
        "",
        "| case | has to be raised | raised, at update (seeds 0, 1, 2) | right |",
        "|---|---|---|---|",
    ]
    for each, findings in found:
        kinds = list(dict.fromkeys(kind for f in findings for kind in f.raised if kind in each.expected or f.false))
        raised = " · ".join(f"{k} {', '.join(str(f.raised.get(k, '–')) for f in findings)}" for k in kinds)
        lines.append(
            f"| {each.title} | {', '.join(sorted(each.expected)) or 'nothing'} | {raised or '–'} | "
            f"{sum(f.right for f in findings)} of {len(findings)} |"
        )
    return "\n".join(lines)


def written(readme: str, text: str) -> str:
    """A README with this table between its marks."""
    return between(readme, "detection", text)
