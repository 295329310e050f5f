"""One network of a map, in the numbers that its cell shows."""

from pydantic import BaseModel, ConfigDict


class Member(BaseModel):
    """One network's measurements so far: those of its single run, at the same updates.

    `metric` and `loss` are the newest ones, NaN before the first. `ratio` is ‖∂L/∂h_1‖ over ‖∂L/∂h_T‖ as the probe
    *far_ratio* takes it. `horizon`, `sigma_max`, `gamma`, `g2` = ‖U‖_F²/H and `input_variance`, the mean of (W x + b)²
    over units, steps and samples, are of update 0, of the uppermost pass that reads forward; NaN without recurrence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    cell: int
    seed: int  # counted from the map's first one
    updates: int = 0  # done
    over: bool = False  # nothing more will come
    metric: float = float("nan")
    loss: float = float("nan")
    solved: int | None = None  # first tested update whose score counts as solved
    diverged: int | None = None  # the update that left weights which are not finite
    blew_up: int | None = None  # first update of the losses far over guessing that lasts until now
    ratio_first: float = float("nan")
    ratio: float = float("nan")
    largest_norm: float = float("nan")  # of all gradients together, before clipping, over all updates
    clipped: float = 0.0  # share of updates in which clipping changed the gradient
    horizon: float = float("nan")
    sigma_max: float = float("nan")
    gamma: float | None = None
    g2: float = float("nan")
    input_variance: float = float("nan")


BLOWN = 10.0
"""Times the larger one of guessing's loss and the first loss: from here on a loss says that a network blows up."""
