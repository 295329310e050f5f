"""Losses of a read-out, with the gradient beside the value: mean over the N samples of a batch.

Members of an ensemble keep their own loss: outputs (…, N, O) give values (…).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from playground.core.lazy import torch
from playground.core.names import LossName

if TYPE_CHECKING:
    from torch import Tensor


def cross_entropy(outputs: "Tensor", targets: "Tensor") -> tuple["Tensor", "Tensor"]:
    """−log softmax(y)[target], and ∂L/∂y = (softmax(y) − onehot(target)) / N; targets (…, N) are class numbers."""
    log_p = torch.log_softmax(outputs, -1)
    picked = targets[..., None]
    value = -log_p.gather(-1, picked).squeeze(-1).mean(-1)
    gradient = log_p.exp_()
    gradient.scatter_add_(-1, picked, gradient.new_full((1,), -1.0).expand(picked.shape))
    return value, gradient.div_(outputs.shape[-2])


def mean_squared_error(outputs: "Tensor", targets: "Tensor") -> tuple["Tensor", "Tensor"]:
    """Mean of (y − target)² over samples and outputs, and ∂L/∂y = 2 (y − target) / (N·O); targets (…, N, O)."""
    difference = outputs - targets
    count = outputs.shape[-2] * outputs.shape[-1]
    return difference.square().mean((-2, -1)), difference * (2 / count)


LOSSES: Mapping[LossName, Callable[["Tensor", "Tensor"], tuple["Tensor", "Tensor"]]] = MappingProxyType(
    {"cross-entropy": cross_entropy, "mean squared error": mean_squared_error}
)
