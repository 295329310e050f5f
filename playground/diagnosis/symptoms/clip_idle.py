"""A clip is there, and does nothing when it is needed."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.words import number
from playground.diagnosis.past import Past, median
from playground.diagnosis.standing import relative_loss
from playground.diagnosis.symptom import Patience, Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

WINDOW = 50
UNLEARNED = 0.9


@registry.register
class ClipIdle(Symptom):
    """A clip never engages although the norm lies over its bound (it acts before the backward pass), or although the
    gradient explodes (its bound is too high).

    Published code often clips before `loss.backward()`: it clips gradients that are all 0.
    """

    title: ClassVar[str] = "the clip does nothing"
    severity: ClassVar = "warning"
    figure: ClassVar[str] = "clipping"
    needs: ClassVar = {"clipped": WINDOW, "global_norm_before": WINDOW, "far_ratio": 1, "loss": 10}
    every: ClassVar[int] = 5
    well_again: ClassVar[str] = "The clip engages, or is no longer needed."
    kind: Literal["clip_idle"] = "clip_idle"
    patience: Patience = 2
    ratio: Annotated[float, Field(gt=1, le=1e9, description="Far end over near end that it should have met.")] = 70.0

    def level(self, config: "RunConfig", past: Past) -> float:
        unclipped = config.clip.kind == "none"  # type: ignore[attr-defined]
        if unclipped or past.number("clipped") or not past.has("clipped", 5) or any(past.numbers("clipped", WINDOW)):
            return 0.0
        if _over(config, past):
            return 2.0
        far = max(past.row("far_ratio"))
        return far / self.ratio if relative_loss(config, past) >= UNLEARNED else 0.0

    def story(self, config: "RunConfig", past: Past) -> Story:
        norm, bound = median(past.numbers("global_norm_before", 5)), getattr(config.clip, "threshold", None)
        over = _over(config, past)
        says = f", although the norm {number(norm)} is over its bound {number(bound)}" if over and bound else ""
        return Story(
            f"The clip has changed nothing{says}.",
            (f"Norm before = norm after = {number(norm)}, at every one of the last updates.",),
            (
                "It is called before the backward pass, when all gradients are still 0."
                if over
                else "Its bound lies above every norm so far.",
            ),
            ("clip_norm", "clip_value"),
        )


def _over(config: "RunConfig", past: Past) -> bool:
    """Whether the norm of all gradients lies over the bound that was meant for it."""
    bound = config.clip.threshold if config.clip.kind in ("norm", "too_early") else None  # type: ignore[attr-defined]
    return bound is not None and median(past.numbers("global_norm_before", 5)) > bound
