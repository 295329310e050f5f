"""The loss jumped, and stays frozen at a huge value, without any NaN."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.words import number
from playground.diagnosis.past import Past, median
from playground.diagnosis.standing import learns
from playground.diagnosis.symptom import Patience, Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

WINDOW = 30


@registry.register
class DeadAfterJump(Symptom):
    """All of the last losses are far above what guessing scores, and they do not fall."""

    title: ClassVar[str] = "dead after a jump"
    severity: ClassVar = "failure"
    figure: ClassVar[str] = "loss"
    needs: ClassVar = {"loss": WINDOW, "global_norm_before": WINDOW}
    every: ClassVar[int] = 5
    well_again: ClassVar[str] = "The loss falls again."
    kind: Literal["dead_after_jump"] = "dead_after_jump"
    patience: Patience = 1
    over_guessing: Annotated[float, Field(gt=1, le=1e9, description="Loss over what guessing scores.")] = 3.0
    fallen: Annotated[float, Field(gt=0, le=1, description="Share of it that is still there 20 updates later.")] = 0.8

    def level(self, config: "RunConfig", past: Past) -> float:
        losses = past.numbers("loss", WINDOW)
        if len(losses) < WINDOW or not learns(config):
            return 0.0
        least = min(losses) / config.task.baseline_loss
        before, after = median(losses[:10]), median(losses[-10:])
        # Frozen: neither does it fall, nor does it run away.
        if not least >= 0.5 * self.over_guessing or not self.fallen * before <= after <= before / self.fallen:
            return 0.0
        return least / self.over_guessing

    def story(self, config: "RunConfig", past: Past) -> Story:
        loss = median(past.numbers("loss", WINDOW))
        return Story(
            f"It is dead: the loss stays near {number(loss)}, {number(loss / config.task.baseline_loss)} times what "
            "guessing scores, without any NaN.",
            (
                f"Loss {number(min(past.numbers('loss', WINDOW)))} … {number(max(past.numbers('loss', WINDOW)))} over "
                f"{WINDOW} updates.",
                f"Gradient norm {number(median(past.numbers('global_norm_before', WINDOW)))}.",
            ),
            ("One step threw the weights so far that no unit reacts any more.",),
            ("clip_norm", "smaller_rate", "clip_value", "orthogonal"),
        )
