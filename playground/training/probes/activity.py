"""What the units do: where their states lie, how many are saturated, how many are dead.

φ is the activation between pre-activation a and state, of a gated cell that of the candidate. A unit is saturated where
|φ′(a)| < 5 % of γ = max|φ′|: of what arrives there hardly anything goes back. That depends on the activation, as
healthy slopes do: an unsaturated sigmoid lets at most 1/4 through, so the mean slope stands beside the share. A unit is
dead where its state is exactly 0, as behind a ReLU whose input stays negative: nothing goes back through it at all.
"""

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from playground.core.lazy import torch
from playground.core.measurement import MeasurementSpec, Value
from playground.nn.cells.base import ByHand
from playground.training.probes.base import Moment, Probe, array, in_rows, looks, of_rows, of_steps, on_axis, registry
from playground.training.probes.histograms import BINS, OUTSIDE, count

if TYPE_CHECKING:
    from torch import Tensor

    from playground.training.config import RunConfig

SATURATED = 0.05
"""Of the largest slope: tanh beyond |a| = 2.2."""

REACH = 1.5
"""The bins cover −1.5 … 1.5, so that ±1, where tanh ends, and 0 are no borders of the range."""


HISTOGRAM_LOOKS = 50
"""Looks in a run: each costs a sixth of an update."""


@registry.register
class StateHistogram(Probe):
    """How many of the states h of all steps, samples and units of a row lie in each bin: (rows, bins)."""

    title: ClassVar[str] = "histogram of the states"
    kind: Literal["state_histogram"] = "state_histogram"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        if not config.architecture.recurrent:
            return ()
        return (
            of_rows(
                config, "state_histogram", "states h",
                f"How many of all steps, samples and units have h in each of {BINS} bins from {-REACH:g} to {REACH:g}.",
                "count", axes=("layer", "bin"), shape=(len(config.network.rows), BINS + OUTSIDE),
                every=looks(config, HISTOGRAM_LOOKS),
            ),
        )  # fmt: skip

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        counts = [count_states(tape.h[1:]) for tape in moment.step.passed.forward.tapes]
        return {"state_histogram": np.stack([np.sum(row, 0) for row in in_rows(moment.network, counts).values()])}


@registry.register
class Slopes(Probe):
    """Share of saturated units and mean |φ′(a)| over units and samples, (rows, S); the share only where φ is bounded.
    Not of a cell that brings its step forward alone: where its activation stands is not known."""

    title: ClassVar[str] = "slopes of the activation"
    kind: Literal["slopes"] = "slopes"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        if not config.architecture.recurrent or not isinstance(config.cell, ByHand):
            return ()
        phi, every = config.cell.activation, looks(config)
        share = of_steps(
            config, "saturated_share", "share of saturated units",
            f"Share of units and samples at which |φ′| of {phi.title} is below {SATURATED:.0%} of its largest, "
            f"{phi.bound():g}.", "share", every=every,
        )  # fmt: skip
        mean = of_steps(
            config, "mean_slope", "mean slope |φ′|",
            f"Mean over units and samples of the slope of {phi.title}, at most {phi.bound():g}.", "1", every=every,
        )  # fmt: skip
        return (share, mean) if phi.bounded else (mean,)

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        cell, network = moment.config.cell, moment.network
        assert isinstance(cell, ByHand)
        phi = cell.activation
        slopes = [wide(cell.slopes(tape)).flatten(1) for tape in moment.step.passed.forward.tapes]  # T NH
        sizes = slopes if phi.bounded else [slope.abs() for slope in slopes]  # what is bounded here only rises
        found: dict[str, Value] = {"mean_slope": array(on_axis(network, [size.mean(1) for size in sizes]))}
        if phi.bounded:
            least = SATURATED * phi.bound()
            low = [torch.lt(size, least, out=torch.empty_like(size)) for size in sizes]  # 0 and 1 as numbers: a third
            found["saturated_share"] = array(on_axis(network, [each.mean(1) for each in low]))  # of truth values' time
        return found


@registry.register
class DeadUnits(Probe):
    """Share of units whose state is exactly 0 for every sample, at each step (rows, S) and at all of them (rows); only
    for activations that are exactly 0 over a whole range."""

    title: ClassVar[str] = "dead units"
    kind: Literal["dead_units"] = "dead_units"

    def specs(self, config: "RunConfig") -> tuple[MeasurementSpec, ...]:
        if not config.architecture.recurrent or not config.cell.rests():
            return ()
        return (
            of_steps(
                config, "dead_share", "share of units at 0", "Share of units with h = 0 for every sample at this step.",
                "share", every=looks(config),
            ),
            of_rows(
                config, "dead_units", "share of dead units",
                "Share of units with h = 0 for every sample at every step; of encoder and decoder the mean.", "share",
                every=looks(config),
            ),
        )  # fmt: skip

    def measure(self, moment: Moment) -> dict[str, Value]:
        assert moment.step is not None
        dead = [tape.h[1:].abs().amax(1) == 0 for tape in moment.step.passed.forward.tapes]  # T H
        always = in_rows(moment.network, [d.all(0).double().mean().item() for d in dead])
        return {
            "dead_share": array(on_axis(moment.network, [d.double().mean(1) for d in dead])),
            "dead_units": np.array([np.mean(row) for row in always.values()]),
        }


def wide(tensor: "Tensor") -> "Tensor":
    """Numbers that can be summed up: 16 bits become 32."""
    return tensor if tensor.dtype in (torch.float32, torch.float64) else tensor.float()


def count_states(h: "Tensor") -> NDArray[np.float64]:
    """Of states of any shape, [below, bins …, above, NaN, ±inf]."""
    flat = wide(h.flatten())
    if not flat.abs().amax().isfinite():
        return count(flat, [flat.numel()], np.array([-REACH]), np.array([REACH])).ravel()
    # Nothing odd: a quarter of the time, which a hundred looks with 50,000 numbers each are worth.
    place = flat.mul(BINS / (2 * REACH)).add_(BINS / 2 + 1).clamp_(0, BINS + 1).int()
    return array(torch.bincount(place, minlength=BINS + OUTSIDE))
