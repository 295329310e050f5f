"""What architectures share that read their own answers: how often they read the true one instead."""

from typing import Annotated

from pydantic import Field

from playground.nn.architectures.base import Architecture


class Forced(Architecture):
    """Teacher forcing with a ratio, which scheduled sampling lets fall over the run (Bengio et al. 2015)."""

    teacher_forcing: Annotated[
        float, Field(ge=0, le=1, description="Share of true answers that it reads while it trains; the rest its own.")
    ] = 1.0
    fade: Annotated[
        float,
        Field(ge=0, le=1, description="Scheduled sampling: the share of the run in which teacher forcing falls to 0."),
    ] = 0.0

    def forcing(self, progress: float) -> float | None:
        return self.teacher_forcing * (max(0.0, 1 - progress / self.fade) if self.fade else 1.0)
