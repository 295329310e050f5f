"""How far back the headline gradient reaches, of every row: what alarms and words about memory are made of.

The headline is the flow of one loss term where several steps have one, else the total gradient: whichever probe takes
it adds these. The far end's share is a ratio, because absolute sizes mislead: a solved run's gradients are tiny.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from playground.core.measurement import MeasurementSpec, Value
from playground.core.reach import reach
from playground.nn.norms import per_sample_norm
from playground.training.probes.base import array, on_axis

if TYPE_CHECKING:
    from torch import Tensor

    from playground.nn.network import Network
    from playground.nn.stack import Back
    from playground.training.config import RunConfig


def specs(config: "RunConfig", every: int) -> tuple[MeasurementSpec, ...]:
    """What `measure` gives, of each row."""
    rows = config.network.rows

    def spec(name: str, title: str, unit: str, description: str, log: bool = False) -> MeasurementSpec:
        return MeasurementSpec(
            name=name, title=title, description=description, unit=unit, axes=("layer",), shape=(len(rows),),
            labels=rows, log=log, every=every,
        )  # fmt: skip

    return (
        spec(
            "memory_horizon", "memory horizon", "steps",
            "Steps, counted back from where the signal enters, that receive at least 1/1000 of it.",
        ),
        spec("signal_span", "steps the signal could reach", "steps", "From where it enters to the far end of the row."),
        spec(
            "far_ratio", "share of the signal at the far end", "1",
            "Gradient norm of what the cell carries (c where there is one, else h) at the far end of the row, over "
            "that where the signal enters.", log=True,
        ),
        spec("cut_off_steps", "steps that no signal reaches", "steps", "Steps whose gradient is exactly 0."),
    )  # fmt: skip


def measure(network: "Network", passes: "Sequence[Back]", norms: "Tensor") -> dict[str, Value]:
    """From the headline's passes, and its norms of ∂L/∂h_t (rows, S).

    What a cell carries last is its memory: c of an LSTM, along which a signal may live where ∂L/∂h_t is exactly 0.
    """
    if passes and len(passes[0].total) > 1:
        norms = on_axis(network, [per_sample_norm(back.total[-1]) for back in passes])
    ends = [0] * len(network.rows)
    for way in network.ways:
        ends[way.row] = max(ends[way.row], way.offset + way.steps)
    nothing = np.empty(0)
    found = [reach(row, mine[:end], nothing) for row, mine, end in zip(network.rows, array(norms), ends, strict=True)]
    steps, span, ratio, zeros = np.array(found).T
    return {"memory_horizon": steps, "signal_span": span, "far_ratio": ratio, "cut_off_steps": zeros}
