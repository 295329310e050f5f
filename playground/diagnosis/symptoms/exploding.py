"""The gradient grows on its way back, or from update to update, and takes the loss with it."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from playground.core.words import number
from playground.diagnosis.past import Past, median
from playground.diagnosis.standing import RECENT, learns, relative_loss
from playground.diagnosis.symptom import Patience, Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

WINDOW = 50
UNLEARNED, RISING, SOLVED = 0.9, 1.5, 0.1
"""The loss over the baseline: nothing learned; rising over it; so small that single spikes are a solved run's own."""


@registry.register
class Exploding(Symptom):
    """Over time: ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ above a ratio while nothing is learned. Over updates: ‖g‖ above so many times
    its running median and its start, with the loss rising over the baseline.

    A solved run's norms are near 0 and spike by a million without harm: it raises nothing. Sources: SageMaker Debugger
    (10 × the running median), AUTOTRAINER (ratio 70).
    """

    title: ClassVar[str] = "exploding"
    severity: ClassVar = "warning"
    figure: ClassVar[str] = "gradient_history"
    needs: ClassVar = {"loss": WINDOW, "global_norm_before": WINDOW, "far_ratio": 1, "clipped": WINDOW}
    well_again: ClassVar[str] = "The gradient is back at its usual size, or something was learned."
    kind: Literal["exploding"] = "exploding"
    patience: Patience = 1
    ratio: Annotated[float, Field(gt=1, le=1e9, description="Far end over near end of the gradient.")] = 70.0
    times: Annotated[float, Field(gt=1, le=1e9, description="Gradient norm over its running median.")] = 10.0

    def level(self, config: "RunConfig", past: Past) -> float:
        far, now = max(past.row("far_ratio")), past.number("loss") / config.task.baseline_loss
        level = 0.0
        if far > CALM_RATIO * self.ratio and relative_loss(config, past) >= UNLEARNED:
            level = far / self.ratio
        if now > RISING and learns(config):
            level = max(level, self._growth(config, past))
        return level

    def _growth(self, config: "RunConfig", past: Past) -> float:
        norms = past.numbers("global_norm_before", WINDOW)
        if len(norms) < 3 or any(not relative_loss(config, past, updates) > SOLVED for updates in (RECENT, WINDOW)):
            return 0.0
        usual = max(median(norms[:-1]), float(past.first("global_norm_before")))
        return norms[-1] / usual / self.times if usual else 0.0

    def story(self, config: "RunConfig", past: Past) -> Story:
        far, norm = float(past.last("far_ratio").max()), past.number("global_norm_before")
        usual = median(past.numbers("global_norm_before", WINDOW)[:-1] or [norm])
        over_time = far > self.ratio
        grown = (
            f"the gradient's norm is {number(norm)}, {number(norm / usual if usual else float('inf'))} times its median"
        )
        sentence = f"It explodes: the far end receives {number(far)} times the signal." if over_time else (
            f"It explodes: {grown}."
        )  # fmt: skip
        clipped = np.mean(past.numbers("clipped", WINDOW))
        idle = config.clip.kind != "none" and clipped == 0  # type: ignore[attr-defined]
        return Story(
            sentence,
            (
                f"Norm {number(norm)}, median of the last {WINDOW} updates {number(usual)}.",
                f"Far end over near end: {number(far)}.",
                f"Loss {number(past.number('loss'), 3)}, guessing {number(config.task.baseline_loss, 3)}.",
                *(("The clip never engaged: its bound lies above every norm so far.",) if idle else ()),
            ),
            tuple(_causes(config, far)),
            ("clip_norm", "clip_value", "orthogonal", "smaller_rate", "lstm", "truncated", "shorter"),
        )


CALM_RATIO = 0.5


def _causes(config: "RunConfig", far: float) -> "list[str]":
    found = ["Each step back multiplies by a factor above 1: the spectral radius of U, times the slope, is over 1."]
    if far < 1:
        found = []
    if config.clip.kind == "none":  # type: ignore[attr-defined]
        found.append("Nothing clips the gradient: one large step spoils what many small ones have learned.")
    found.append(
        f"The learning rate {number(config.optimizer.learning_rate)} is too large for a gradient of this size."
    )
    return found
