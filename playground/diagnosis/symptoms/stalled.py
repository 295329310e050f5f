"""Learning stalled at the baseline after a few updates."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.words import number
from playground.diagnosis.past import Past
from playground.diagnosis.standing import relative_loss, stuck
from playground.diagnosis.symptom import Patience, Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

LONGEST = 200
FELL = 1.2
"""The first loss over the baseline from which on the run has learned something: how much to answer on the mean."""


@registry.register
class Stalled(Symptom):
    """The loss fell in the first updates, which looks like learning, and then stayed at what guessing scores."""

    title: ClassVar[str] = "stalled after a few updates"
    severity: ClassVar = "warning"
    figure: ClassVar[str] = "loss"
    needs: ClassVar = {"loss": LONGEST}
    every: ClassVar[int] = 10
    well_again: ClassVar[str] = "The loss has left the baseline."
    kind: Literal["stalled"] = "stalled"
    patience: Patience = 1
    updates: Annotated[int, Field(ge=10, le=LONGEST, description="Updates that the loss stays at the baseline.")] = 100

    def level(self, config: "RunConfig", past: Past) -> float:
        fell = float(past.first("loss")) > FELL * config.task.baseline_loss
        return 2.0 if fell and stuck(config, past, self.updates) else 0.0

    def story(self, config: "RunConfig", past: Past) -> Story:
        first, now = float(past.first("loss")), relative_loss(config, past) * config.task.baseline_loss
        return Story(
            f"It stalled: the loss fell from {number(first)} to {number(now)}, which is what guessing the mean scores.",
            (f"Loss {number(now, 3)}, guessing {number(config.task.baseline_loss, 3)}, for {self.updates} updates.",),
            ("It learned how much to answer on the mean, and nothing that needs memory.",),
            ("orthogonal", "gru", "lstm", "keep", "relu_identity", "shorter"),
        )
