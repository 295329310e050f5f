"""ReLUs that never fire."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.words import number, share
from playground.diagnosis.past import Past
from playground.diagnosis.symptom import Patience, Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig


@registry.register
class DeadUnits(Symptom):
    """Share of units that are exactly 0 at every step and for every sample: no gradient can wake them."""

    title: ClassVar[str] = "dead units"
    severity: ClassVar = "warning"
    figure: ClassVar[str] = "saturation"
    needs: ClassVar = {"dead_units": 1, "dead_share": 1}
    well_again: ClassVar[str] = "Most units fire again."
    kind: Literal["dead"] = "dead"
    patience: Patience = 2
    share: Annotated[float, Field(gt=0, le=1, description="Share of units that never fire.")] = 0.5

    def level(self, config: "RunConfig", past: Past) -> float:  # noqa: ARG002
        return float(past.last("dead_units").max()) / self.share

    def story(self, config: "RunConfig", past: Past) -> Story:
        dead = past.last("dead_units")
        row = int(dead.argmax())
        layer = past.labels("dead_units")[row]
        resting = float(past.last("dead_share")[row].mean())
        return Story(
            f"{share(float(dead[row]))} of the units are dead: 0 at every step, for every sequence.",
            (f"{layer}: {share(float(dead[row]))} dead; at one step {share(resting)} rest on the mean.",),
            (
                f"A large step pushed their inputs below 0: learning rate {number(config.optimizer.learning_rate)}.",
                "The bias, or U, holds them there.",
            ),
            ("smaller_rate", "clip_norm", "tanh", "he"),
            {"layer": layer},
        )
