"""What a probe is, and what it sees."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.component import Component, Registry
from playground.core.lazy import torch
from playground.core.measurement import MeasurementSpec, Value

if TYPE_CHECKING:
    from torch import Tensor

    from playground.nn.network import Network, Pass
    from playground.nn.parameters import Parameters
    from playground.tasks import Batch
    from playground.training.config import RunConfig

LOOKS = 100
"""How often in a run the dearer measurements are taken: as many columns as a picture shows apart."""


class Step(NamedTuple):
    """What happened between the weights before and the weights after one update."""

    batch: "Batch"
    passed: "Pass"
    state_norms: "Tensor"  # rows S, float64: total ‖∂L/∂h_t‖, mean over samples of the per-sample norm
    norms_before: "Mapping[str, Tensor]"  # float64, by tensor, of the raw gradients
    norms_after: "Mapping[str, Tensor]"  # float64, by tensor, of the clipped gradients
    stepped: "Parameters"  # the weights after; `flat.grad` is the clipped gradient, as the optimiser got it
    learning_rate: float
    turn: float = 0.0  # cosine between this step and the last one


class Moment(NamedTuple):
    """One update, as a probe sees it. `step` is None after the last update, when only the weights are left to look
    at."""

    config: "RunConfig"
    network: "Network"
    held_out: "Batch"
    initial: "Parameters"  # that the run started with
    weights: "Parameters"  # before the step
    step: Step | None


class Probe(Component):
    """Takes one or more measurements that share a schedule."""

    needs_step: ClassVar[bool] = True
    """False for what can be seen in the weights alone: those are also taken after the last update."""

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        """What this probe measures in a run of `config`, with its schedule."""
        raise NotImplementedError

    def measure(self, moment: Moment) -> dict[str, Value]:
        """One value for each spec."""
        raise NotImplementedError


registry: Registry[Probe] = Registry("probe", "playground.training.probes")


def looks(config: "RunConfig", count: int = LOOKS) -> int:
    """The schedule that gives about `count` measurements in a run, and every update in a short one."""
    return max(1, config.updates // count)


def tensor_names(config: "RunConfig") -> tuple[str, ...]:
    """The "tensor" axis."""
    return tuple(config.network.tensors())


def array(tensor: "Tensor") -> NDArray[np.float64]:
    """Numbers of any precision, on any device, as numpy's."""
    found: NDArray[np.float64] = tensor.double().cpu().numpy()
    return found


def by_tensor(values: "Mapping[str, Tensor]") -> NDArray[np.float64]:
    """Numbers by tensor name as one array along the "tensor" axis."""
    return array(torch.stack(list(values.values())))


def of_rows(config: "RunConfig", name: str, title: str, description: str, unit: str, **more: Any) -> MeasurementSpec:
    """The declaration of a number for each layer."""
    rows = config.network.rows
    return MeasurementSpec(
        name=name, title=title, description=description, unit=unit,
        **{"axes": ("layer",), "shape": (len(rows),), "labels": rows} | more,
    )  # fmt: skip


def of_steps(config: "RunConfig", name: str, title: str, description: str, unit: str, **more: Any) -> MeasurementSpec:
    """The declaration of a number for each layer and time step."""
    network = config.network
    return of_rows(
        config, name, title, description, unit,
        axes=("layer", "time"), shape=(len(network.rows), network.steps), handover=handover(network), **more,
    )  # fmt: skip


def over_time(config: "RunConfig", name: str, title: str, description: str, **more: Any) -> MeasurementSpec:
    """The declaration of a gradient's norm for each layer and time step."""
    description += " Mean over samples of the norm of one sample's gradient, before clipping."
    return of_steps(config, name, title, description, "loss per unit of state", log=True, **more)


def handover(network: "Network") -> int:
    """The step of the common time axis at which a decoder takes over; 0 without one."""
    return max((way.offset for way in network.ways), default=0)


def in_rows(network: "Network", values: "Iterable[Any]") -> dict[int, list[Any]]:
    """What belongs to passes, gathered by row."""
    rows: dict[int, list[Any]] = {i: [] for i in range(len(network.rows))}
    for way, value in zip(network.ways, values, strict=True):
        rows[way.row].append(value)
    return rows


def on_axis(network: "Network", values: "Sequence[Tensor]") -> "Tensor":
    """Numbers of each pass over its last steps (K,), in its running order, on the common axis: (rows, S), else 0."""
    if len(values) == 1 and len(values[0]) == network.steps and not network.ways[0].reversed:
        return values[0].double().cpu()[None]  # nothing to place, as at most updates
    placed = torch.zeros(len(network.rows), network.steps, dtype=torch.float64)
    for way, value in zip(network.ways, values, strict=True):
        place = placed[way.row, way.offset : way.offset + way.steps]
        if way.reversed:
            place[: len(value)] = value.flip(0)
        else:
            place[way.steps - len(value) :] = value
    return placed
