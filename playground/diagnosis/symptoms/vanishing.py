"""The far past receives too little of the gradient, and nothing is learned."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.reach import BACKWARDS
from playground.core.words import number
from playground.diagnosis.past import Past
from playground.diagnosis.standing import stuck
from playground.diagnosis.symptom import Patience, Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

LONGEST = 200


@registry.register
class Vanishing(Symptom):
    """‖∂L_k/∂h_1‖ / ‖∂L_k/∂h_k‖ of one loss term stays below a share, while the loss stays at the baseline.

    A ratio over time steps, never an absolute size: in a network that forgets the weights still move (U by a quarter),
    and a solved run's gradients are tiny. Source: AUTOTRAINER (earliest/latest < 10⁻³).
    """

    title: ClassVar[str] = "vanishing over time"
    severity: ClassVar = "warning"
    figure: ClassVar[str] = "gradient_history"
    needs: ClassVar = {"far_ratio": 1, "memory_horizon": 1, "signal_span": 1, "loss": LONGEST}
    well_again: ClassVar[str] = "The loss has left the baseline, or the signal reaches the beginning again."
    kind: Literal["vanishing"] = "vanishing"
    patience: Patience = 2
    share: Annotated[float, Field(gt=0, lt=1, description="Share of the signal that must reach the far end.")] = 1e-3
    updates: Annotated[int, Field(ge=10, le=LONGEST, description="Updates that the loss stays at the baseline.")] = 30

    def level(self, config: "RunConfig", past: Past) -> float:
        ratio = past.last("far_ratio")[_top(past)]
        if not ratio < self.share or not stuck(config, past, self.updates):
            return 0.0
        return self.share / ratio if ratio else float("inf")

    def story(self, config: "RunConfig", past: Past) -> Story:
        top = _top(past)
        ratio, steps, span = (float(past.last(name)[top]) for name in ("far_ratio", "memory_horizon", "signal_span"))
        radius = f"The gradient reaches back {steps:.0f} of {span:.0f} steps."
        factor = ratio ** (1 / max(1.0, span - 1)) if ratio else 0.0
        return Story(
            f"It forgets: the far end receives {number(ratio)} of the signal, and the loss stays at guessing.",
            (
                radius,
                f"Each step back keeps ×{number(factor)} on the mean.",
                f"Loss {number(past.number('loss'), 3)}, guessing {number(config.task.baseline_loss, 3)}.",
            ),
            tuple(_causes(config)),
            ("whole", "orthogonal", "relu_identity", "xavier", "lstm", "gru", "keep", "shorter"),
        )


def _top(past: Past) -> int:
    """The uppermost row that reads forward: there the answers' signal starts its way back."""
    rows = past.labels("far_ratio")
    return max((i for i, row in enumerate(rows) if not row.endswith(BACKWARDS)), default=0)


def _causes(config: "RunConfig") -> "list[str]":
    cell = config.cell
    if config.learning.kind == "truncated":  # type: ignore[attr-defined]
        back = config.learning.k2  # type: ignore[attr-defined]
        return [f"Truncated BPTT takes the gradient back {back} steps, and no further."]
    if cell.gates:
        kept = "forget gate f" if "f" in cell.gates else "gate z that keeps"
        return [f"The {kept} starts half shut, and each step multiplies what is remembered by about its value."]
    slope = number(cell.activation.bound())
    found = [f"Each step back multiplies by Uᵀ and by φ′: {cell.activation.title} has a slope of at most {slope}."]
    if getattr(getattr(cell, "recurrent_init", None), "kind", None) == "torch":
        found.append("U as torch draws it has a spectral radius of about 0.58: it halves a signal at each step.")
    return found
