"""A config looked at before anyone trains it: what its first update would see, and how long an update takes."""

import math
import time

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict

from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.loop import TrainingState, train
from playground.training.probes.spectral_radius import spectral_radius

REACH = 1e-3
"""A step still counts as reached while this share of the last step's gradient arrives there."""

TIMED_UPDATES = 3


class Inspection(BaseModel):
    """At initialisation, with the batch of update 0. Norms as on the page: mean over samples, float64.

    `factor` is the geometric mean of the total gradient norm's change per step back; `bound` is γ·σ_max(U), which no
    step can exceed on the mean. `reach` counts the steps, from the last one back, that receive at least 1/1000 of the
    last one's.
    """

    model_config = ConfigDict(frozen=True, ser_json_inf_nan="strings")

    parameters: dict[str, int]
    parameter_count: int
    spectral_radius: float
    sigma_max: float
    bound: float
    factor: float
    reach: int
    steps: int
    loss: float
    baseline: float
    total_gradient: tuple[float, ...]
    direct_gradient: tuple[float, ...]
    seconds_per_update: float


def inspect_config(config: RunConfig) -> Inspection:
    """Looks at `config` without training it; its own copies of everything are thrown away."""
    state = TrainingState(config)
    recurrent = config.cell.recurrent(state.weights.views).double()
    radius, sigma = spectral_radius(recurrent), torch.linalg.matrix_norm(recurrent, ord=2).item()
    tensors = {name: math.prod(shape) for name, shape in state.weights.shapes.items()}

    events = train(config, state)
    first = next(event for event in events if isinstance(event, Update))
    started = time.perf_counter()
    timed = sum(isinstance(next(events, None), Update) for _ in range(TIMED_UPDATES))
    seconds = (time.perf_counter() - started) / max(1, timed)

    total, direct = (np.asarray(first.values[f"{kind}_gradient"]).tolist() for kind in ("total", "direct"))
    return Inspection(
        parameters=tensors,
        parameter_count=sum(tensors.values()),
        spectral_radius=radius,
        sigma_max=sigma,
        bound=config.cell.slope_bound() * sigma,
        factor=factor_per_step(total),
        reach=reach(total),
        steps=config.task.length,
        loss=float(first.values["loss"]),
        baseline=config.task.baseline_loss,
        total_gradient=tuple(total),
        direct_gradient=tuple(direct),
        seconds_per_update=seconds,
    )


def factor_per_step(total: list[float]) -> float:
    """(‖∂L/∂h_s‖ / ‖∂L/∂h_T‖)^(1/(T−s)) with s the earliest step whose norm is neither 0 nor non-finite."""
    last = len(total) - 1
    usable = [t for t, norm in enumerate(total[:-1]) if 0 < norm < math.inf]
    if not usable or not 0 < total[last] < math.inf:
        return math.nan
    first = usable[0]
    return math.exp((math.log(total[first]) - math.log(total[last])) / (last - first))


def reach(total: list[float]) -> int:
    """How many steps, counted back from the last, receive at least `REACH` of its gradient without a gap."""
    steps = 0
    for norm in reversed(total):
        if not (norm > 0 and norm >= REACH * total[-1]):
            break
        steps += 1
    return steps
