"""The loss runs away."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.words import number
from playground.diagnosis.past import Past, median
from playground.diagnosis.standing import learns
from playground.diagnosis.symptom import Patience, Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

WINDOW = 50
SOLVED = 0.1


@registry.register
class LossAvalanche(Symptom):
    """The loss above so many times its running median, and far above what guessing scores.

    Where the run was solved, the median is near 0 and a spike of a single batch is no avalanche: there it has to be a
    hundred times higher. Source: SageMaker Debugger (10 × the running median).
    """

    title: ClassVar[str] = "avalanche of the loss"
    severity: ClassVar = "failure"
    figure: ClassVar[str] = "loss"
    needs: ClassVar = {"loss": WINDOW, "global_norm_before": 2}
    well_again: ClassVar[str] = "The loss is back near what guessing scores."
    kind: Literal["loss_avalanche"] = "loss_avalanche"
    patience: Patience = 1
    times: Annotated[float, Field(gt=1, le=1e9, description="Loss over its running median.")] = 10.0
    over_guessing: Annotated[float, Field(gt=1, le=1e9, description="… and over what guessing scores.")] = 30.0

    def level(self, config: "RunConfig", past: Past) -> float:
        loss, guessing = past.number("loss"), config.task.baseline_loss
        if not loss > 0.5 * self.over_guessing * guessing or not learns(config):
            return 0.0
        usual = median(past.numbers("loss", WINDOW)[:-1])
        floor = self.over_guessing * guessing * (1 if usual > SOLVED * guessing else 100)
        return min(loss / (self.times * usual), loss / floor) if usual else 0.0

    def story(self, config: "RunConfig", past: Past) -> Story:
        loss, usual = past.number("loss"), median(past.numbers("loss", WINDOW)[:-1])
        return Story(
            f"The loss avalanches: {number(loss)}, {number(loss / usual)} times its median.",
            (
                f"Loss {number(loss)}, guessing {number(config.task.baseline_loss, 3)}.",
                f"Gradient norm {number(past.number('global_norm_before'))}.",
            ),
            (
                "One step along an exploded gradient threw the weights far away.",
                f"The learning rate {number(config.optimizer.learning_rate)} is too large for gradients of this size.",
            ),
            ("clip_norm", "clip_value", "smaller_rate", "orthogonal", "lstm", "shorter"),
        )
