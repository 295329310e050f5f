"""Gradient norms before and after clipping, by tensor and of all together."""

import math
from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.measurement import MeasurementSpec, Value
from playground.training.probes.base import Moment, Probe, by_tensor, registry, tensor_names

if TYPE_CHECKING:
    from playground.training.config import RunConfig


@registry.register
class ClipLedger(Probe):
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
        return (*whole, *parts)

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        before, after = by_tensor(moment.step.norms_before), by_tensor(moment.step.norms_after)
        return {
            "global_norm_before": math.hypot(*before),
            "global_norm_after": math.hypot(*after),
            "gradient_norm_before": before,
            "gradient_norm_after": after,
        }
