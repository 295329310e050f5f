"""It has learned nothing yet."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.words import number
from playground.diagnosis.past import Past
from playground.diagnosis.standing import stuck
from playground.diagnosis.symptom import Patience, Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

EVERY = 20
LONGEST = 1000


@registry.register
class Plateau(Symptom):
    """The loss has stood at the baseline for a good part of the run, 1,000 updates at most."""

    title: ClassVar[str] = "plateau at the baseline"
    severity: ClassVar = "note"
    figure: ClassVar[str] = "loss"
    needs: ClassVar = {"loss": EVERY}
    every: ClassVar[int] = EVERY
    well_again: ClassVar[str] = "The loss has left the baseline."
    kind: Literal["plateau"] = "plateau"
    patience: Patience = 2
    share: Annotated[float, Field(gt=0, le=1, description="Share of the run's updates, 1,000 at most.")] = 0.6

    def looks(self, config: "RunConfig") -> int:
        return max(self.patience, round(min(LONGEST, self.share * config.updates) / EVERY))

    def level(self, config: "RunConfig", past: Past) -> float:
        return 2.0 if stuck(config, past, EVERY) else 0.0

    def story(self, config: "RunConfig", past: Past) -> Story:
        guessing, updates = number(config.task.baseline_loss, 3), self.looks(config) * EVERY
        return Story(
            f"It has learned nothing yet: a loss of {guessing} is what no memory scores.",
            (f"Loss {number(past.number('loss'), 3)}, guessing {guessing}, for {updates:,} updates.",),
            (
                "What the answer depends on does not reach the weights that would have to use it.",
                "The learning rate is too small, or a clip takes away nearly all of the gradient.",
            ),
            ("weaker_clip", "orthogonal", "keep", "gru", "larger_rate", "shorter"),
        )
