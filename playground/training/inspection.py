"""A config looked at before anyone trains it: what its first update would see, and how long an update takes."""

import math
import time
from typing import Any

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict

from playground.core.reach import reach
from playground.nn.network import Network
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.loop import train
from playground.training.probes import examples
from playground.training.probes.spectrum import spectral_radius
from playground.training.state import TrainingState

TIMED_UPDATES = 3


class Inspection(BaseModel):
    """At initialisation, with the batch of update 0. Norms as on the page: mean over samples, float64.

    The gradient is that of one loss term: the flow of the last answer where there are several. `factor` is the
    geometric mean of the top layer's change per step back; `bound` is γ·σ_max(U), which no step can exceed on the mean
    (None where gates let no such bound hold). `reach` counts the steps, from the last one back, that receive at least
    1/1000 of the last one's. Without recurrence there is none of these. `examples` are held-out sequences as the probe
    of that name measures them.
    """

    model_config = ConfigDict(frozen=True, ser_json_inf_nan="strings")

    parameters: dict[str, int]
    parameter_count: int
    spectral_radius: float | None
    sigma_max: float | None
    bound: float | None
    factor: float | None
    reach: int | None
    steps: int
    loss: float
    baseline: float
    rows: tuple[str, ...]
    total_gradient: tuple[tuple[float, ...], ...]
    direct_gradient: tuple[tuple[float, ...], ...]
    flow_gradient: tuple[tuple[float, ...], ...]
    seconds_per_update: float
    examples: dict[str, Any]


def inspect_config(config: RunConfig) -> Inspection:
    """Looks at `config` without training it; its own copies of everything are thrown away."""
    state = TrainingState(config)
    tensors = {name: math.prod(shape) for name, shape in state.weights.shapes.items()}
    matrices = [matrix.double() for matrix in state.network.recurrent(state.weights.views)]
    radius = sigma = None
    main = state.network.main
    if matrices:
        radius, sigma = spectral_radius(matrices[main]), torch.linalg.matrix_norm(matrices[main], ord=2).item()
    gamma = config.cell.slope_bound()

    events = train(config, state)
    first = next(event for event in events if isinstance(event, Update))
    started = time.perf_counter()
    timed = sum(isinstance(next(events, None), Update) for _ in range(TIMED_UPDATES))
    seconds = (time.perf_counter() - started) / max(1, timed)

    total, direct, flow = (_rows(first, f"{kind}_gradient") for kind in ("total", "direct", "flow"))
    judged = headline(state.network, first)
    return Inspection(
        parameters=tensors,
        parameter_count=sum(tensors.values()),
        spectral_radius=radius,
        sigma_max=sigma,
        bound=None if gamma is None or sigma is None else gamma * sigma,
        factor=factor_per_step(judged) if judged else None,
        reach=int(reach("", np.array(judged), np.empty(0)).steps) if judged and np.isfinite(judged).all() else None,
        steps=len(judged) or state.network.steps,
        loss=float(first.values["loss"]),
        baseline=config.task.baseline_loss,
        rows=state.network.rows,
        total_gradient=total,
        direct_gradient=direct,
        flow_gradient=flow,
        seconds_per_update=seconds,
        examples={name: np.asarray(value).tolist() for name, value in examples.of(state.data.held_out).items()},
    )


def headline(network: Network, update: Update) -> list[float]:
    """The curve that heads the page, of one loss term, from step 1 to the last that it reaches; [] without states."""
    rows = _rows(update, "flow_gradient") or _rows(update, "total_gradient")
    if not rows:
        return []
    norms = list(rows[network.ways[network.main].row])
    # An answer before the last step tells later states nothing.
    last = max((t for t, norm in enumerate(norms) if norm != 0), default=len(norms) - 1)
    return norms[: last + 1]


def _rows(update: Update, name: str) -> tuple[tuple[float, ...], ...]:
    """Norms by layer and time step; () where they are not measured."""
    return tuple(tuple(row) for row in np.asarray(update.values[name]).tolist()) if name in update.values else ()


def factor_per_step(total: list[float]) -> float:
    """(‖∂L/∂h_s‖ / ‖∂L/∂h_T‖)^(1/(T−s)) with s the earliest step whose norm is neither 0 nor non-finite."""
    last = len(total) - 1
    usable = [t for t, norm in enumerate(total[:-1]) if 0 < norm < math.inf]
    if not usable or not 0 < total[last] < math.inf:
        return math.nan
    first = usable[0]
    return math.exp((math.log(total[first]) - math.log(total[last])) / (last - first))
