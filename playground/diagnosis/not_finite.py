"""The NaN alarm: where something first ceased to be finite, what that made of the rest, and what led there."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from playground.core.words import number
from playground.diagnosis.alarm import Alarm, Phase
from playground.diagnosis.past import Past
from playground.diagnosis.remedies import offered

if TYPE_CHECKING:
    from playground.training.config import RunConfig

KIND = "not_finite"


@dataclass(frozen=True)
class NonFinite:
    """What was found in one tensor: `index` is the first place, `last_finite_max` the largest magnitude still finite.

    `gate` and `layer` are named where the place belongs to one of several.
    """

    phase: Phase
    tensor: str
    time_step: int | None
    index: tuple[int, ...]
    nan_count: int
    inf_count: int
    last_finite_max: float | None
    gate: str | None = None
    layer: str | None = None


WHERE = {
    "forward": "on the way forward",
    "loss": "in the loss",
    "backward": "on the way back",
    "weight gradients": "in the weight gradients",
    "gradient norm": "in its norm or in what clipping made of it",
    "weights": "in the weights, after the step",
}


def alarm(config: "RunConfig", update: int, found: Sequence[NonFinite], past: Past) -> Alarm:
    """The alarm for the tensors of an update that are not finite: the first one of each phase, in causal order."""
    first = found[0]
    known = first.last_finite_max
    largest = "" if known is None else f"; the largest number still finite was {number(known)}"
    return Alarm(
        kind=KIND,
        update=update,
        sentence=f"Update {update}: {_place(first)} is no longer finite, {WHERE[first.phase]} ({_counts(first)}"
        f"{largest}).",
        severity="failure",
        evidence=tuple(f"{_place(each)}: {_counts(each)}." for each in found),
        figure="loss",
        causes=tuple(_causes(config, update, past)),
        remedies=offered(config, _remedies(config, past)),
        chain=(*_growth(past), *(f"{_place(each)}: {_what(each)}" for each in found)),
        **asdict(first),
    )


def _place(found: NonFinite) -> str:
    gate = f", gate {found.gate}" if found.gate else ""
    at = f" at time step {found.time_step}" if found.time_step is not None else ""
    return f"{found.tensor}{gate}{at}"


def _what(found: NonFinite) -> str:
    return "NaN" if found.nan_count and not found.inf_count else "inf" if not found.nan_count else "inf and NaN"


def _counts(found: NonFinite) -> str:
    return " and ".join(f"{n:,} {name}" for n, name in ((found.nan_count, "NaN"), (found.inf_count, "inf")) if n)


def growing(norms: Sequence[float]) -> tuple[float, int] | None:
    """By which factor an update, and for how many updates, a norm has grown from its lowest value to its last; None
    where that is less than tenfold. One small step down does not break a run-away.
    """
    finite = [value for value in norms if math.isfinite(value) and value > 0]
    if len(finite) < 3:
        return None
    logs = [math.log(value) for value in finite]
    lowest = min(range(len(logs)), key=lambda i: (logs[i], -i))
    updates = len(logs) - 1 - lowest
    if updates < 2 or logs[-1] - logs[lowest] < math.log(10):
        return None
    return math.exp((logs[-1] - logs[lowest]) / updates), updates


def _growth(past: Past) -> tuple[str, ...]:
    grown = growing(past.numbers("global_norm_before", 50))
    return () if grown is None else (f"gradient norm grew ×{number(grown[0])} an update for {grown[1]} updates",)


def _causes(config: "RunConfig", update: int, past: Past) -> list[str]:
    found = []
    if config.precision == "float16":
        found.append("float16 ends at 65,504: a larger number is inf.")
    if growing(past.numbers("global_norm_before", 50)):
        found.append("The gradient grew from update to update: the weights ran away along it.")
    if config.clip.kind == "none":  # type: ignore[attr-defined]
        found.append("Nothing bounds a step: no clip.")
    if update == 0:
        return [*found, "The weights that it starts with are too large: nothing has moved them yet."]
    return [*found, f"The learning rate {number(config.optimizer.learning_rate)} is too large for such gradients."]


def _remedies(config: "RunConfig", past: Past) -> tuple[str, ...]:
    narrow = ("double",) if config.precision in ("float16", "bfloat16") else ()
    early = past.update <= 2  # nothing has been learned that could have run away: it starts too large
    order = ("orthogonal", "clip_norm", "clip_value") if early else ("clip_norm", "clip_value", "orthogonal")
    return (*narrow, *order, "smaller_rate", "lstm", "truncated", "shorter")
