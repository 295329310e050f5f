"""One update at full resolution, as plain arrays: what a replay gives, and what a page reads without torch."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

Frame = dict[str, NDArray[Any]]
"""Arrays by name; numbers in float32 or float64, NaN and ±inf among them. Axes T time, N samples, H units, A
pre-activations, I inputs, K answers, O outputs. Each pass is in its running order, from its own first step.

update, samples (), batch ()         which update; how many samples are here, the first ones of how many
finite (), loss (), learning_rate () whether every number is finite
labels (P), states, gates, tensors   names: of the passes, of what a cell carries, of its gates, of the weights
{p}/x T N I, {p}/a T N A             of pass p = 0, 1, …: inputs, pre-activations
{p}/h T N H, {p}/h_start N H         states after each step, and before the first; also c where there is one
{p}/gates T N gates H                where there are gates
{p}/d_h T N H                        total ∂L/∂h_t through every path; also d_c
outputs, d_outputs K N O             answers y, and ∂L/∂y
targets K N [O], counts K N          the true ones, and which count
answer_loss K N                      of each answer alone
before/U, after/U, raw/U, clipped/U  by tensor: weights before and after, gradients before and after clipping
norms_before, norms_after            of the gradients, by tensor
"""


def encode(frame: Frame) -> bytes:
    sink = io.BytesIO()
    np.savez(sink, **frame)  # type: ignore[arg-type]  # savez has a flag among its names
    return sink.getvalue()


def decode(data: bytes) -> Frame:
    """Raises ValueError for what is no frame; nothing in it is ever run."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}
