"""Units are saturated: their slope is nearly 0."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.words import number, share
from playground.diagnosis.past import Past
from playground.diagnosis.standing import RECENT, relative_loss
from playground.diagnosis.symptom import Patience, Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

ENOUGH = 0.9


@registry.register
class Saturated(Symptom):
    """Share of units and samples with |φ′| below 5 % of its largest value, on the mean over time, with the mean slope
    beside it: two numbers, because an unsaturated sigmoid already has a slope of ¼ at most.

    A solved network uses its units as switches, and may well saturate them: it counts while nothing is learned.
    """

    title: ClassVar[str] = "saturated units"
    severity: ClassVar = "warning"
    figure: ClassVar[str] = "saturation"
    needs: ClassVar = {"saturated_share": 1, "mean_slope": 1, "loss": RECENT}
    well_again: ClassVar[str] = "Most units are in the steep part again, or something was learned."
    kind: Literal["saturated"] = "saturated"
    patience: Patience = 1
    share: Annotated[float, Field(gt=0, le=1, description="Share of units that is saturated.")] = 0.5

    def level(self, config: "RunConfig", past: Past) -> float:
        most = float(past.last("saturated_share").mean(-1).max())
        if not most >= 0.5 * self.share or not relative_loss(config, past) >= ENOUGH:
            return 0.0
        return most / self.share

    def story(self, config: "RunConfig", past: Past) -> Story:
        shares = past.last("saturated_share").mean(-1)
        row = int(shares.argmax())
        slope = float(past.last("mean_slope")[row].mean())
        layer = past.labels("saturated_share")[row]
        return Story(
            f"{share(float(shares[row]))} of the units are saturated: a step back keeps little through them.",
            (
                f"{layer}: {share(float(shares[row]))} saturated, mean slope {number(slope)} of at most "
                f"{number(config.cell.activation.bound())}.",
            ),
            (
                "Large weights drive the pre-activations far out: the gain of U or W is too high.",
                f"A large step has thrown them there: learning rate {number(config.optimizer.learning_rate)}.",
            ),
            ("orthogonal", "xavier", "smaller_rate", "clip_norm", "relu_identity"),
            {"layer": layer},
        )
