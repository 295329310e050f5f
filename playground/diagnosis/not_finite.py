"""The NaN alarm: where something first ceased to be finite, in one sentence."""

from dataclasses import asdict, dataclass

from playground.core.words import number
from playground.diagnosis.alarm import Alarm, Phase

KIND = "not_finite"


@dataclass(frozen=True)
class NonFinite:
    """What was found in one tensor: `index` is the first place, `last_finite_max` the largest magnitude still
    finite."""

    phase: Phase
    tensor: str
    time_step: int | None
    index: tuple[int, ...]
    nan_count: int
    inf_count: int
    last_finite_max: float | None


WHERE = {
    "forward": "on the way forward",
    "loss": "in the loss",
    "backward": "on the way back",
    "weight gradients": "in the weight gradients",
    "gradient norm": "in the clipped gradients",
    "weights": "in the weights, after the step",
}


def alarm(update: int, found: NonFinite) -> Alarm:
    """The alarm for the first non-finite tensor of an update."""
    kinds = [f"{n:,} {name}" for n, name in ((found.nan_count, "NaN"), (found.inf_count, "inf")) if n]
    place = f"{found.tensor} at time step {found.time_step}" if found.time_step is not None else found.tensor
    known = found.last_finite_max
    largest = "" if known is None else f"; the largest number still finite was {number(known)}"
    counts = " and ".join(kinds) + largest
    return Alarm(
        kind=KIND,
        update=update,
        sentence=f"Update {update}: {place} is no longer finite, {WHERE[found.phase]} ({counts}).",
        **asdict(found),
    )
