"""An alarm: what happened first, where, and the numbers that show it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Phase = Literal["forward", "loss", "backward", "weight gradients", "gradient norm", "weights"]
"""The parts of one update, in the order in which a non-finite number travels through them."""


class Alarm(BaseModel):
    """One finding about a run. `sentence` is what a user reads; the rest is its evidence.

    `time_step` counts from 1 and is None where the tensor has no time axis. `index` is the place inside the tensor.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    kind: str
    update: int
    sentence: str
    phase: Phase
    tensor: str
    time_step: int | None = None
    index: tuple[int, ...] = ()
    nan_count: int = 0
    inf_count: int = 0
    last_finite_max: float | None = None
