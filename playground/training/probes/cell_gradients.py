"""The gradient of the cell state, for cells that have one: beside ∂L/∂h_t, where it usually lives longer."""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.measurement import MeasurementSpec, Value
from playground.nn.norms import per_sample_norm
from playground.training.probes.base import Moment, Probe, array, on_axis, over_time, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig


@registry.register
class CellGradients(Probe):
    """‖∂L/∂c_t‖ through every path, that through h_t included. Along c the factor per step is the forget gate."""

    title: ClassVar[str] = "gradient of the cell state"
    kind: Literal["cell_gradients"] = "cell_gradients"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        if not config.architecture.recurrent or "c" not in config.cell.states:
            return ()
        return (
            over_time(
                config, "cell_gradient", "cell-state gradient ‖∂L/∂c_t‖", "Through every path, with that through h_t."
            ),
        )

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        place = moment.config.cell.states.index("c")
        norms = [per_sample_norm(back.total[place]) for back in moment.step.passed.passes]
        return {"cell_gradient": array(on_axis(moment.network, norms))}
