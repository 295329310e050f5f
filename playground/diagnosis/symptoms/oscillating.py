"""Each update undoes the last."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.words import number
from playground.diagnosis.past import Past, median
from playground.diagnosis.standing import learns, relative_loss
from playground.diagnosis.symptom import Patience, Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

LOOKS = 6
"""The newest cosines, of every fifth update."""
SOLVED = 0.1


@registry.register
class Oscillating(Symptom):
    """The cosine between an update and the last one stays near −1: the weights swing over the valley and back.

    It is seen in the direction, not in the loss, which may be as high on either side. The noise of batches gives about
    0, and momentum a positive number.
    """

    title: ClassVar[str] = "oscillation"
    severity: ClassVar = "warning"
    figure: ClassVar[str] = "loss"
    needs: ClassVar = {"turn": LOOKS, "loss": 5 * LOOKS}
    well_again: ClassVar[str] = "The updates go on in one direction again."
    kind: Literal["oscillating"] = "oscillating"
    patience: Patience = 1
    cosine: Annotated[float, Field(gt=0, le=1, description="Minus the cosine between an update and the last.")] = 0.5

    def level(self, config: "RunConfig", past: Past) -> float:
        turns = past.numbers("turn", LOOKS)
        if len(turns) < LOOKS or not learns(config) or not relative_loss(config, past) >= SOLVED:
            return 0.0
        return max(0.0, -median(turns) / self.cosine)

    def story(self, config: "RunConfig", past: Past) -> Story:
        losses = past.numbers("loss", 5 * LOOKS)
        return Story(
            "It oscillates: each update undoes what the last one did.",
            (
                f"Cosine between an update and the last {number(median(past.numbers('turn', LOOKS)))}.",
                f"Loss {number(min(losses))} … {number(max(losses))} over {len(losses)} updates.",
            ),
            (f"The learning rate {number(config.optimizer.learning_rate)} steps over the valley it should go down.",),
            ("smaller_rate", "clip_norm"),
        )
