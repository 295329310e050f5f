"""Losses of a read-out, with the gradient beside the value: mean over the N samples of a batch.

outputs (K, …, N, O) for K answers; targets (K, …, N) or (K, …, N, O), counts (K, …, N) say which answers count; both
may lack the member axes of `outputs`. Over the K answers the loss is the mean of those that count, or their sum (each
still a mean over samples). Members of an ensemble keep their own loss: shape (…).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from playground.core.lazy import torch
from playground.core.names import LossName

if TYPE_CHECKING:
    from torch import Tensor

Reduction = Literal["mean", "sum"]


def cross_entropy(outputs: "Tensor", targets: "Tensor") -> tuple["Tensor", "Tensor"]:
    """ℓ = −log softmax(y)[target] and ∂ℓ/∂y = softmax(y) − onehot(target), for each answer: (K, …, N), (K, …, N, O)."""
    log_p = torch.log_softmax(outputs, -1)
    picked = targets[..., None]
    value = -log_p.gather(-1, picked).squeeze(-1)
    gradient = log_p.exp_()
    gradient.scatter_add_(-1, picked, gradient.new_full((1,), -1.0).expand(picked.shape))
    return value, gradient


def mean_squared_error(outputs: "Tensor", targets: "Tensor") -> tuple["Tensor", "Tensor"]:
    """ℓ = mean over outputs of (y − target)², and ∂ℓ/∂y = 2 (y − target) / O."""
    difference = outputs - targets
    return difference.square().mean(-1), difference * (2 / outputs.shape[-1])


LOSSES: Mapping[LossName, Callable[["Tensor", "Tensor"], tuple["Tensor", "Tensor"]]] = MappingProxyType(
    {"cross-entropy": cross_entropy, "mean squared error": mean_squared_error}
)


def loss(
    name: LossName, outputs: "Tensor", targets: "Tensor", counts: "Tensor | None" = None, reduction: Reduction = "mean"
) -> tuple["Tensor", "Tensor"]:
    """The loss (…) and ∂L/∂y (K, …, N, O)."""
    members = outputs.ndim - 3
    trailing = 1 if name == "mean squared error" else 0
    inserted = members - (targets.ndim - 2 - trailing)
    if inserted:
        targets = targets[(slice(None), *(None,) * inserted)].expand(*outputs.shape[:-1], *targets.shape[2:])
    each, gradient = LOSSES[name](outputs, targets)
    answers, samples = outputs.shape[0], outputs.shape[-2]
    if counts is None:
        scale = 1 / samples if reduction == "sum" else 1 / (samples * answers)
        return each.sum((0, -1)) * scale, gradient.mul_(scale)
    weights = counts.to(each.dtype)
    # A mean counts what counts; of a sum every answer weighs the same, whatever others do.
    weights = weights / (samples if reduction == "sum" else weights.sum((0, -1), keepdim=True).clamp(min=1))
    weights = weights[(slice(None), *(None,) * (each.ndim - weights.ndim))]
    return (each * weights).sum((0, -1)), gradient.mul_(weights[..., None])
