"""How far one update moves each tensor, relative to its size."""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.measurement import MeasurementSpec, Value
from playground.nn.norms import norm
from playground.training.probes.base import Moment, Probe, by_tensor, looks, registry, tensor_names

if TYPE_CHECKING:
    from playground.training.config import RunConfig


@registry.register
class UpdateRatio(Probe):
    """‖w_after − w_before‖ / ‖w_before‖ by tensor; inf for a tensor that leaves 0. Healthy is near 1e-3 (Karpathy
    2015)."""

    title: ClassVar[str] = "update/weight ratio"
    kind: Literal["update_ratio"] = "update_ratio"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        names = tensor_names(config)
        return (
            MeasurementSpec(
                name="update_ratio",
                title="update/weight ratio",
                description="Norm of what the update added to each tensor, divided by the tensor's norm before.",
                unit="1",
                axes=("tensor",),
                shape=(len(names),),
                labels=names,
                log=True,
                every=looks(config),
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        before, after, dims = moment.weights.views, moment.step.stepped.views, moment.weights.dims
        return {
            "update_ratio": by_tensor({n: norm(after[n] - w, dims[n]) / norm(w, dims[n]) for n, w in before.items()})
        }
