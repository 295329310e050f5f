"""The weights have silently stopped moving."""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.words import number
from playground.diagnosis.past import Past
from playground.diagnosis.symptom import Patience, Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig


@registry.register
class Frozen(Symptom):
    """Clipping left a gradient of exactly 0 of one that was not: its norm overflowed, and norm / ∞ is 0. No NaN, no
    error, and no learning. Source: `clip_grad_norm_` on gradients above 1.8·10¹⁹ in float32.
    """

    title: ClassVar[str] = "silently frozen"
    severity: ClassVar = "failure"
    figure: ClassVar[str] = "clipping"
    needs: ClassVar = {"global_norm_after": 1, "global_norm_before": 1}
    well_again: ClassVar[str] = "The weights move again."
    kind: Literal["frozen"] = "frozen"
    patience: Patience = 2

    def level(self, config: "RunConfig", past: Past) -> float:  # noqa: ARG002
        before, after = past.number("global_norm_before"), past.number("global_norm_after")
        return 2.0 if after == 0 and before != 0 else 0.0

    def story(self, config: "RunConfig", past: Past) -> Story:  # noqa: ARG002
        before = past.number("global_norm_before")
        return Story(
            f"It is frozen: clipping made a gradient of norm {number(before)} exactly 0.",
            (f"Norm before clipping {number(before)}, after 0.",),
            ("The gradient is so large that the clip's factor underflows.",),
            ("clip_value", "smaller_rate", "orthogonal"),
        )
