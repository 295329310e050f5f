"""An alarm: what happened first, where, the numbers that show it, the likely causes, and what can be tried."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

Phase = Literal["forward", "loss", "backward", "weight gradients", "gradient norm", "weights"]
"""The parts of one update, in the order in which a non-finite number travels through them."""

Severity = Literal["note", "warning", "failure"]
"""note: worth knowing. warning: it will not learn like this. failure: it is broken."""


class Remedy(BaseModel):
    """One thing to change, and why it can help here. `changes` is a patch of the run's config, by dotted path."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    title: str
    reason: str
    changes: dict[str, Any]


class Alarm(BaseModel):
    """One finding about a run. `sentence` is what a user reads first; the rest is its evidence.

    `evidence` are measured numbers in words, and `figure` is the picture that shows them at `update`. `causes` and
    `remedies` stand in the order of likelihood. `chain` tells what led there, step by step.

    Where one number is to blame, it is named: `time_step` counts from 1 and is None where the tensor has no time axis,
    `index` is the place inside the tensor.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    event: Literal["raised"] = "raised"
    kind: str
    update: int
    sentence: str
    severity: Severity = "failure"
    evidence: tuple[str, ...] = ()
    figure: str | None = None
    causes: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    chain: tuple[str, ...] = ()
    phase: Phase | None = None
    tensor: str | None = None
    gate: str | None = None
    layer: str | None = None
    time_step: int | None = None
    index: tuple[int, ...] = ()
    nan_count: int = 0
    inf_count: int = 0
    last_finite_max: float | None = None


class Cleared(BaseModel):
    """The end of an alarm: which one, raised at which update, and what is well again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event: Literal["cleared"] = "cleared"
    kind: str
    raised: int
    update: int
    sentence: str


finding: TypeAdapter[Alarm | Cleared] = TypeAdapter(Alarm | Cleared)
"""Reads either from JSON, by its fields: runs of the first version have alarms that do not say what they are."""


def over(findings: Iterable[Alarm | Cleared]) -> frozenset[tuple[str, int]]:
    """The alarms that do not stand any more, by kind and update."""
    return frozenset((found.kind, found.raised) for found in findings if isinstance(found, Cleared))


def standing(findings: Sequence[Alarm | Cleared]) -> list[Alarm]:
    """Those that were not cleared, in the order in which they came."""
    gone = over(findings)
    return [found for found in findings if isinstance(found, Alarm) and (found.kind, found.update) not in gone]
