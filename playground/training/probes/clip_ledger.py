"""What clipping did: gradient norms before and after, by tensor and of all together, and what changed between."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from playground.core.lazy import torch
from playground.core.measurement import MeasurementSpec, Value
from playground.nn.clipping import Untouched
from playground.training.probes.base import Moment, Probe, array, looks, registry, tensor_names

if TYPE_CHECKING:
    from playground.training.config import RunConfig

SAME = 1e-9
"""Relative to a tensor's norm before: what changes by less was not clipped."""


@registry.register
class ClipLedger(Probe):
    """Norms in loss per unit of weight, float64, of all tensors and by tensor; `clipped` is 1 or 0.

    `clipped` is 1 where a tensor's norm changed by more than 1e-9 of itself, or was not a number to begin with: what a
    rule makes of an inf, or of a norm that overflowed, is never what it was given. Without a rule it is always 0.
    """

    title: ClassVar[str] = "before and after clipping"
    kind: Literal["clip_ledger"] = "clip_ledger"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        names = tensor_names(config)
        whole = [
            MeasurementSpec(
                name=f"global_norm_{side}",
                title=f"gradient norm {side} clipping",
                description=f"Euclidean norm of all weight gradients together, {side} clipping.",
                unit="loss per unit of weight",
                log=True,
            )
            for side in ("before", "after")
        ]
        parts = [
            MeasurementSpec(
                name=f"gradient_norm_{side}",
                title=f"gradient norm {side} clipping, by tensor",
                description=f"Euclidean norm of each tensor's gradient, {side} clipping.",
                unit="loss per unit of weight",
                axes=("tensor",),
                shape=(len(names),),
                labels=names,
                log=True,
            )
            for side in ("before", "after")
        ]
        clipped = MeasurementSpec(
            name="clipped",
            title="clipped",
            description="1 where clipping changed the norm of a tensor's gradient, or met one that is no finite "
            "number; else 0.",
            unit="1",
        )
        return (*whole, *parts, clipped)

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        # A few numbers at every update: one by one they come in half the time of an array.
        before, after = (
            [norm.item() for norm in norms.values()] for norms in (moment.step.norms_before, moment.step.norms_after)
        )
        return {
            "global_norm_before": math.hypot(*before),
            "global_norm_after": math.hypot(*after),
            "gradient_norm_before": np.array(before),
            "gradient_norm_after": np.array(after),
            "clipped": 0.0 if isinstance(moment.config.clip, Untouched) else was_clipped(before, after),
        }


@registry.register
class ClipChange(Probe):
    """Share of the elements that clipping changed, and the cosine between the gradients before and after, of all
    tensors together, in float64."""

    title: ClassVar[str] = "what clipping changed"
    kind: Literal["clip_change"] = "clip_change"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        return (
            MeasurementSpec(
                name="clipped_elements", title="share of clipped elements",
                description="Share of all gradient elements that clipping changed.", unit="share", every=looks(config),
            ),
            MeasurementSpec(
                name="clip_cosine", title="cosine between raw and clipped gradient",
                description="Of all tensors together: 1 where the direction is kept.", unit="1", every=looks(config),
            ),
        )  # fmt: skip

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        found, stepped = moment.step.passed.gradients, moment.step.stepped
        assert stepped.flat.grad is not None
        raw = array(torch.cat([found[name].flatten() for name in stepped.shapes]))
        clipped = array(stepped.flat.grad)
        return {"clipped_elements": changed(raw, clipped), "clip_cosine": cosine(raw, clipped)}


def was_clipped(before: Sequence[float], after: Sequence[float]) -> float:
    """1 where a norm changed by more than a rounding, or is not finite; else 0."""
    return float(any(not (b < math.inf and abs(a - b) <= SAME * b) for b, a in zip(before, after, strict=True)))


def changed(raw: NDArray[np.float64], clipped: NDArray[np.float64]) -> float:
    """The share of elements that are not what they were; a NaN that is still NaN is what it was."""
    other = raw != clipped
    if not other.any():
        return 0.0
    return float(np.mean(other & ~(np.isnan(raw) & np.isnan(clipped))))


def cosine(raw: NDArray[np.float64], clipped: NDArray[np.float64]) -> float:
    """Between two gradients: 1 where they are equal, 0 vectors included; NaN where one alone is 0, or not finite."""
    largest = float(np.abs(raw).max()), float(np.abs(clipped).max())
    if not all(map(math.isfinite, largest)):
        return math.nan
    if (raw == clipped).all():
        return 1.0
    if 0 in largest:
        return math.nan
    one, other = raw / largest[0], clipped / largest[1]  # no square of them overflows, nor all of them underflow
    return min(1.0, float(one @ other / math.sqrt((one @ one) * (other @ other))))
