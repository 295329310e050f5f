"""Clipping engages at nearly every update, and takes away nearly everything."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.words import number, share
from playground.diagnosis.past import Past, median
from playground.diagnosis.standing import learns, stuck
from playground.diagnosis.symptom import Patience, Story, Symptom, registry

if TYPE_CHECKING:
    from playground.training.config import RunConfig

WINDOW = 50
HARSH = 100.0
"""Norm before over norm after: more than that is no safeguard against the odd large gradient any more."""


@registry.register
class ClipAlways(Symptom):
    """Nearly all updates are clipped, while nothing is learned or the norm shrinks a hundredfold.

    Clipping often by a little is ordinary: healthy runs are clipped in up to two of three updates.
    """

    title: ClassVar[str] = "clipped nearly always"
    severity: ClassVar = "warning"
    figure: ClassVar[str] = "clipping"
    needs: ClassVar = {"clipped": WINDOW, "global_norm_before": WINDOW, "global_norm_after": WINDOW, "loss": WINDOW}
    every: ClassVar[int] = 5
    well_again: ClassVar[str] = "The clip lets most updates pass, or something is learned with it."
    kind: Literal["clip_always"] = "clip_always"
    patience: Patience = 1
    share: Annotated[float, Field(gt=0, le=1, description="Share of the last 50 updates that is clipped.")] = 0.95

    def level(self, config: "RunConfig", past: Past) -> float:
        clipped = past.numbers("clipped", WINDOW)
        if len(clipped) < WINDOW or not learns(config):
            return 0.0
        often = sum(clipped) / WINDOW
        if often < self.share or not (_taken(past) >= HARSH or stuck(config, past, WINDOW)):
            return 0.0
        return often / self.share

    def story(self, config: "RunConfig", past: Past) -> Story:
        often = sum(past.numbers("clipped", WINDOW)) / WINDOW
        before, after = (median(past.numbers(f"global_norm_{side}", WINDOW)) for side in ("before", "after"))
        adam = config.optimizer.kind in ("adam", "adamw", "rmsprop")  # type: ignore[attr-defined]
        remark = (
            f"{config.optimizer.title} divides by the gradient's own size: it does not notice a constant rescale."
            if adam
            else "With a gradient so small, the weights hardly move."
        )
        return Story(
            f"{share(often)} of the updates are clipped, from {number(before)} to {number(after)}.",
            (f"Norm before {number(before)}, after {number(after)}: {_left(before, after)} is left.", remark),
            ("The bound lies far below the gradient's usual norm.",),
            ("weaker_clip", "no_clip"),
            severity="note" if adam else None,
        )


def _left(before: float, after: float) -> str:
    return f"1/{number(before / after)}" if after > 0 else "nothing"


def _taken(past: Past) -> float:
    before, after = (median(past.numbers(f"global_norm_{side}", WINDOW)) for side in ("before", "after"))
    return before / after if after > 0 else float("inf")
