"""Gate values, for cells that have gates."""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from playground.core.measurement import MeasurementSpec, Value
from playground.training.probes.base import Moment, Probe, array, looks, on_axis, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig


@registry.register
class Gates(Probe):
    """Mean over samples and units of each gate's value, 0 shut to 1 open, at every time step."""

    title: ClassVar[str] = "gates"
    kind: Literal["gates"] = "gates"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        gates, network = config.cell.gates, config.network
        if not config.architecture.recurrent or not gates:
            return ()
        return (
            MeasurementSpec(
                name="gate_values",
                title="mean gate values",
                description="Of each gate the mean over samples and units, at every time step: 0 is shut, 1 is open.",
                unit="1",
                axes=("gate", "layer", "time"),
                shape=(len(gates), len(network.rows), network.steps),
                labels=gates,
                every=looks(config),
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        cell, tapes = moment.config.cell, moment.step.passed.forward.tapes
        means = [cell.gate_values(tape).double().mean((1, 3)) for tape in tapes]  # of each pass (T, gates)
        placed = [on_axis(moment.network, [mean[:, i] for mean in means]) for i in range(len(cell.gates))]
        return {"gate_values": np.stack([array(one) for one in placed])}
