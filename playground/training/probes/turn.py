"""Whether updates go on in one direction, or undo each other."""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.measurement import MeasurementSpec, Value
from playground.training.probes.base import Moment, Probe, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig


EVERY = 5
"""Updates between looks."""


@registry.register
class Turn(Probe):
    """cos(Δw_k, Δw_{k−1}) over all weights: 1 goes straight on, 0 is noise, −1 undoes the last update.

    The loss alone does not show it: a step over a valley lands as high on the other side.
    """

    title: ClassVar[str] = "turn between updates"
    kind: Literal["turn"] = "turn"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        del config
        return (
            MeasurementSpec(
                name="turn",
                title="turn from the last update",
                description="Cosine between this update of all weights and the last one: −1 undoes it.",
                unit="1",
                every=EVERY,
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        return {"turn": moment.step.turn}
