"""The weights collapse to 0."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from playground.core.words import number, share
from playground.diagnosis.past import Past
from playground.diagnosis.symptom import Patience, Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig


@registry.register
class WeightsCollapse(Symptom):
    """‖w‖ of a matrix below a share of what it started with, or most of its numbers at 0.

    A network that forgets does not do this by itself (‖U‖ 3.17 after 400 updates, 0.30 with weight decay).
    """

    title: ClassVar[str] = "weights collapsing to 0"
    severity: ClassVar = "warning"
    figure: ClassVar[str] = "weights"
    needs: ClassVar = {"weight_norm": 1, "zero_weights": 1}
    well_again: ClassVar[str] = "The weights have grown again."
    kind: Literal["weights_collapse"] = "weights_collapse"
    patience: Patience = 5
    share: Annotated[float, Field(gt=0, lt=1, description="Norm over the norm at the start.")] = 0.25

    def level(self, config: "RunConfig", past: Past) -> float:  # noqa: ARG002
        left = self._left(past)
        return float(self.share / left) if left > 0 else float("inf")

    def _left(self, past: Past) -> float:
        left = _over_first(past)
        return float(np.nanmin(left)) if np.isfinite(left).any() else 1.0

    def story(self, config: "RunConfig", past: Past) -> Story:
        left = _over_first(past)
        place = int(np.nanargmin(left))
        name = past.labels("weight_norm")[place]
        decay = getattr(config.optimizer, "weight_decay", 0.0)
        causes = [f"Weight decay {number(decay)} pulls every weight towards 0 at each update."] if decay else []
        return Story(
            f"The weights go to 0: ‖{name}‖ is {share(float(left[place]))} of what it was at the start.",
            (
                f"‖{name}‖ = {number(float(past.last('weight_norm')[place]))}, at the start "
                f"{number(float(past.first('weight_norm')[place]))}.",
                f"{share(float(past.last('zero_weights')[place]))} of its numbers are 0.",
            ),
            (*causes, "The gradient that would hold them up is too small."),
            ("no_decay", "smaller_rate", "orthogonal"),
            {"tensor": name},
        )


def _over_first(past: Past) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """Each matrix's norm over its first one; NaN for what started at 0."""
    first = past.first("weight_norm")
    started = (first > 0) & np.isfinite(first)
    return np.where(started, past.last("weight_norm") / np.where(started, first, 1.0), np.nan)
