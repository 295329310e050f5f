"""No gradient at all reaches a part of the past: exactly 0."""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.diagnosis.past import Past
from playground.diagnosis.standing import RECENT, learns, relative_loss
from playground.diagnosis.symptom import Patience, Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

ENOUGH = 0.9
"""Loss over baseline from which on nothing has been learned."""


@registry.register
class CutOff(Symptom):
    """∂L_k/∂h_t is exactly 0 at steps that the signal has to pass: every unit is flat, or float32 has ended."""

    title: ClassVar[str] = "no gradient into the past"
    severity: ClassVar = "warning"
    figure: ClassVar[str] = "horizon"
    needs: ClassVar = {"cut_off_steps": 1, "signal_span": 1, "loss": RECENT}
    well_again: ClassVar[str] = "Every step receives a gradient again, or something was learned."
    kind: Literal["cut_off"] = "cut_off"
    patience: Patience = 2

    def level(self, config: "RunConfig", past: Past) -> float:
        most = max(past.row("cut_off_steps"))
        cut = config.learning.kind == "truncated"  # type: ignore[attr-defined]  # then it is 0 because it was asked to be
        if cut or not most > 0 or not learns(config) or not relative_loss(config, past) >= ENOUGH:
            return 0.0
        return 1.0 + most

    def story(self, config: "RunConfig", past: Past) -> Story:
        zeros = past.last("cut_off_steps")
        row = int(zeros.argmax())
        span = past.last("signal_span")[row]
        layer = past.labels("cut_off_steps")[row]
        flat = "saturated" if getattr(config.cell.activation, "bounded", False) else "at rest"
        return Story(
            f"No gradient reaches {zeros[row]:.0f} of {span:.0f} steps: it is exactly 0 there.",
            (f"{layer}: exactly 0 at {zeros[row]:.0f} steps.",),
            (
                f"All units are {flat} at some step, where the slope is 0, and nothing passes it.",
                f"The product of the slopes has left what {config.precision} can hold.",
            ),
            ("orthogonal", "relu_identity", "xavier", "smaller_rate", "lstm", "double", "shorter"),
            {"layer": layer},
        )
