"""Upper layers learn while lower ones hardly get a gradient."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.words import number
from playground.diagnosis.past import Past
from playground.diagnosis.standing import stuck
from playground.diagnosis.symptom import Patience, Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

LONGEST = 200


@registry.register
class VanishingDepth(Symptom):
    """Σ_t ‖∂L/∂h_t‖ of the lowest layer over that of the uppermost stays below a share, and nothing is learned.

    This is depth, not time: time steps share one U, layers have weights of their own.
    """

    title: ClassVar[str] = "vanishing over depth"
    severity: ClassVar = "warning"
    figure: ClassVar[str] = "gradient_now"
    needs: ClassVar = {"total_gradient": 1, "layer_update_ratio": 1, "loss": LONGEST}
    every: ClassVar[int] = 5
    well_again: ClassVar[str] = "The lower layers receive their share again, or something was learned."
    kind: Literal["vanishing_depth"] = "vanishing_depth"
    patience: Patience = 2
    share: Annotated[float, Field(gt=0, lt=1, description="Gradient of the lowest layer over the uppermost's.")] = 0.01
    updates: Annotated[int, Field(ge=10, le=LONGEST, description="Updates that the loss stays at the baseline.")] = 30

    def level(self, config: "RunConfig", past: Past) -> float:
        if config.layers == 1 or not stuck(config, past, self.updates):
            return 0.0
        low, high = _ends(past)
        if not high > 0:
            return 0.0  # no gradient anywhere: that is not a matter of depth
        return float(self.share * high / low) if low > 0 else float("inf")

    def story(self, config: "RunConfig", past: Past) -> Story:
        low, high = _ends(past)
        moved = past.last("layer_update_ratio")
        adam = config.optimizer.kind not in ("sgd",)  # type: ignore[attr-defined]
        hidden = " (the optimiser divides by the gradient's own size, so all move alike)" if adam else ""
        return Story(
            f"The lower layers hardly learn: the lowest receives {number(low / high)} of the uppermost's gradient.",
            (
                f"Sum over time of ‖∂L/∂h_t‖: lowest {number(low)}, uppermost {number(high)}.",
                f"Update/weight ratio: lowest {number(float(moved[0]))}, uppermost {number(float(moved[-1]))}{hidden}.",
            ),
            (
                f"Each layer multiplies by its weights and by the slope of {config.cell.activation.title}, at most "
                f"{number(config.cell.activation.bound())}.",
            ),
            ("tanh", "lstm", "relu_identity", "he", "fewer_layers"),
            {"layer": past.labels("total_gradient")[0]},
        )


def _ends(past: Past) -> tuple[float, float]:
    sums = past.last("total_gradient").sum(-1)
    return float(sums[0]), float(sums[-1])
