"""How large the states are at every time step, and what the initialiser lets expect.

    size_t = √(mean over samples n and units j of h_t[n, j]²)

With numbers of variance σ_U² in U and σ_W² in W, h_0 = 0 and b = 0, the mean square v_t = size_t² is on the mean

    v_t = s · (H·σ_U²·v_{t−1} + σ_W²·E‖x_t‖²)

with s = 1 for a linear unit and ½ for ReLU, which is 0 for half of all pre-activations. H·σ_U² is ⅓ for torch's
numbers, 1 for Xavier's and orthogonal ones, 2 for He's: Xavier keeps a linear unit steady, He a ReLU. The terms of
different steps are on the mean not correlated, unless U is a multiple of the identity.
Sources: Glorot & Bengio 2010; He et al. 2015.
"""

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import MeasurementSpec, Value
from playground.nn.cells.vanilla import Vanilla
from playground.nn.initializers import Constant
from playground.nn.norms import norm
from playground.training.probes.base import Moment, Probe, array, looks, of_steps, on_axis, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

SIZE_LOOKS = 25
"""Looks in a run: what is seen is where the states begin and where they end up."""

LEFT_BY = MappingProxyType({"identity": 1.0, "relu": 0.5})
"""s: the share of the mean square that an activation leaves, where that is a number."""


class Growth(NamedTuple):
    """What a step does to the mean square of the states: a factor, and what an input of norm 1 adds."""

    factor: float
    added: float


@registry.register
class StateSize(Probe):
    """Root mean square of h over samples and units, (rows, S); where a closed form is simple, also the expected one."""

    title: ClassVar[str] = "size of the states"
    kind: Literal["state_size"] = "state_size"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        if not config.architecture.recurrent:
            return ()
        size = of_steps(
            config, "state_size", "size of the states", "Root mean square of h over samples and units.", "1",
            log=True, every=looks(config, SIZE_LOOKS),
        )  # fmt: skip
        expected = of_steps(
            config, "state_size_expected", "expected size of the states",
            "Root mean square of h that the initialisers of W and U let expect.", "1", log=True, every=0,
        )  # fmt: skip
        return (size, expected) if growth(config) else (size,)

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        states = [tape.h[1:] for tape in moment.step.passed.forward.tapes]
        sizes = [norm(h, 2) / math.sqrt(h[0].numel()) for h in states]
        found: dict[str, Value] = {"state_size": array(on_axis(moment.network, sizes))}
        step = growth(moment.config)
        if step:
            inputs = array(norm(moment.step.batch.x, 1) ** 2).mean(-1)  # E‖x_t‖², (T)
            found["state_size_expected"] = np.sqrt(mean_squares(step, inputs))[None]
        return found


def growth(config: "RunConfig") -> Growth | None:
    """None where there are gates, several layers, a second reading of the input, or weights without a known spread."""
    cell = config.cell
    told = config.architecture.kind in ("many_to_one", "many_to_many") and config.direction == "one_way"  # type: ignore[attr-defined]
    if not told or config.layers > 1 or not isinstance(cell, Vanilla) or cell.bias_init != Constant():
        return None
    share = LEFT_BY.get(cell.activation.kind)  # type: ignore[attr-defined]
    U = cell.recurrent_init.expected_std(config.hidden, config.hidden)
    W = cell.input_init.expected_std(config.hidden, config.network.parts.inputs)
    return None if share is None or U is None or W is None else Growth(share * config.hidden * U**2, share * W**2)


def mean_squares(step: Growth, inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """v_1 … v_T from v_0 = 0 and the mean E‖x_t‖² of each step's inputs."""
    found, v = np.empty_like(inputs), 0.0
    for t, size in enumerate(inputs):
        found[t] = v = step.factor * v + step.added * size
    return found
