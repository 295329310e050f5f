"""What a probe is, and what it sees."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.component import Component, Registry
from playground.core.lazy import torch
from playground.core.measurement import MeasurementSpec, Value

if TYPE_CHECKING:
    from torch import Tensor

    from playground.nn.network import ManyToOne, Pass
    from playground.nn.parameters import Parameters
    from playground.tasks import Batch
    from playground.training.config import RunConfig

LOOKS = 100
"""How often in a run the dearer measurements are taken: as many columns as a picture shows apart."""


class Step(NamedTuple):
    """What happened between the weights before and the weights after one update."""

    passed: "Pass"
    state_norms: "Tensor"  # T, float64: total ‖∂L/∂h_t‖, mean over samples of the per-sample norm
    norms_before: "Mapping[str, Tensor]"  # float64, by tensor, of the raw gradients
    norms_after: "Mapping[str, Tensor]"  # float64, by tensor, of the clipped gradients
    stepped: "Parameters"  # the weights after


class Moment(NamedTuple):
    """One update, as a probe sees it. `step` is None after the last update, when only the weights are left to look
    at."""

    config: "RunConfig"
    network: "ManyToOne"
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


def by_tensor(values: "Mapping[str, Tensor]") -> NDArray[np.float64]:
    """Numbers by tensor name as one array along the "tensor" axis."""
    array: NDArray[np.float64] = torch.stack(list(values.values())).double().numpy()
    return array
