"""One recorded update, time step by time step: what the replay shows of it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


class Way(NamedTuple):
    """One pass in its running order, T steps. Norms are means over samples; `bad` counts numbers that are not finite on
    the way forward, `bad_back` on the way back."""

    label: str
    state: Numbers  # T       mean of ‖h_t‖
    largest: Numbers  # T     max |a_t|
    gradient: Numbers  # T    Σ_n ‖∂L/∂h_t[n]‖, as everywhere
    bad: NDArray[np.int64]  # T
    bad_back: NDArray[np.int64]  # T
    units: Numbers  # T H     mean over samples of |h_t|
    told: Numbers  # T H      … of |∂L/∂h_t|
    gates: Mapping[str, Numbers]  # T each, mean


class Tensor(NamedTuple):
    """Norms of one weight tensor, of its step, and of its gradient before and after clipping."""

    name: str
    weights: float
    step: float
    raw: float
    clipped: float


class FlightData(NamedTuple):
    update: int
    loss: float
    samples: int
    batch: int
    ways: tuple[Way, ...]
    tensors: tuple[Tensor, ...]


def prepare(frame: Mapping[str, NDArray[Any]]) -> FlightData:
    """From a frame's arrays, as `training.frame` names them."""
    ways = tuple(_way(frame, p, str(label)) for p, label in enumerate(frame["labels"]))
    return FlightData(
        int(frame["update"]),
        float(frame["loss"]),
        int(frame["samples"]),
        int(frame["batch"]),
        ways,
        tuple(_tensor(frame, str(name)) for name in frame["tensors"]),
    )


def _way(frame: Mapping[str, NDArray[Any]], p: int, label: str) -> Way:
    h, a, d_h = (frame[f"{p}/{name}"].astype(np.float64) for name in ("h", "a", "d_h"))
    with np.errstate(all="ignore"):
        gates = frame[f"{p}/gates"].astype(np.float64).mean((1, 3)) if f"{p}/gates" in frame else np.empty((len(h), 0))
        return Way(
            label,
            _norm(h).mean(1),
            np.abs(a).max((1, 2)),
            _norm(d_h).sum(1),
            np.count_nonzero(~np.isfinite(a), axis=(1, 2)) + np.count_nonzero(~np.isfinite(h), axis=(1, 2)),
            np.count_nonzero(~np.isfinite(d_h), axis=(1, 2)),
            np.abs(h).mean(1),
            np.abs(d_h).mean(1),
            {str(gate): gates[:, i] for i, gate in enumerate(frame["gates"]) if i < gates.shape[1]},
        )


def _tensor(frame: Mapping[str, NDArray[Any]], name: str) -> Tensor:
    before, after, raw, clipped = (
        frame[f"{what}/{name}"].astype(np.float64) for what in ("before", "after", "raw", "clipped")
    )
    with np.errstate(all="ignore"):
        return Tensor(name, *(float(_norm(v.ravel())) for v in (before, after - before, raw, clipped)))


def _norm(values: Numbers) -> Any:
    """Over the last axis, scaled: at 10³⁰⁰ a square overflows."""
    largest = np.abs(values).max(-1, keepdims=True)
    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    return np.sqrt(((values / scale) ** 2).sum(-1)) * scale[..., 0]


def words(data: FlightData, way: int, step: int) -> str:
    """What is to be seen at one time step, from 1."""
    mine, t = data.ways[way], step - 1
    parts = []
    if mine.bad[t]:
        parts.append(f"{mine.bad[t]:,} numbers are not finite on the way forward")
    if mine.bad_back[t]:
        parts.append(f"{mine.bad_back[t]:,} on the way back")
    return "; ".join(parts)
