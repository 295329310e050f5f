"""Updates are far too large, or far too small, for the weights they change."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from playground.core.words import number
from playground.diagnosis.past import Past
from playground.diagnosis.standing import RECENT, learns, relative_loss
from playground.diagnosis.symptom import Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig


@registry.register
class UpdateRatio(Symptom):
    """‖Δw‖ / ‖w‖ of a matrix above a bound or below one, at looks in a row. Near 10⁻³ is healthy (Karpathy 2015).

    A matrix that starts at 0 is left out. Source of the bounds: SageMaker Debugger.
    """

    title: ClassVar[str] = "update/weight ratio off"
    severity: ClassVar = "warning"
    figure: ClassVar[str] = "update_ratio"
    needs: ClassVar = {"update_ratio": 1, "weight_norm": 1, "loss": RECENT}
    well_again: ClassVar[str] = "Updates have a sensible size again."
    kind: Literal["update_ratio"] = "update_ratio"
    most: Annotated[float, Field(gt=0, le=1e6, description="Largest ratio.")] = 1.0
    least: Annotated[float, Field(ge=0, le=1, description="Smallest ratio, while nothing is learned.")] = 1e-8

    def level(self, config: "RunConfig", past: Past) -> float:
        if not learns(config):
            return 0.0
        ratios = _of_matrices(past)
        small = self.least / max(float(ratios.max()), 1e-300) if relative_loss(config, past) > 0.9 else 0.0
        return max(float(ratios.max()) / self.most, min(small, 1e9))

    def story(self, config: "RunConfig", past: Past) -> Story:
        ratios = _of_matrices(past)
        place = int(ratios.argmax())
        name = past.labels("update_ratio")[place]
        large = ratios[place] > self.most
        return Story(
            f"An update moves {name} by {number(float(ratios[place]))} times its size: "
            + ("it forgets what it has learned." if large else "it stands still."),
            (f"‖Δ{name}‖ / ‖{name}‖ = {number(float(ratios[place]))}; near 10⁻³ is healthy.",),
            (
                f"The learning rate {number(config.optimizer.learning_rate)} is too large."
                if large
                else "The learning rate is too small, or the gradient has gone.",
            ),
            ("smaller_rate", "clip_norm") if large else ("larger_rate", "weaker_clip"),
            {"tensor": name},
        )


def _of_matrices(past: Past) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    ratios = past.last("update_ratio")
    return np.where((past.first("weight_norm") > 0) & np.isfinite(ratios), ratios, 0.0)
