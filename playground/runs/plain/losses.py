"""The loss of each answer (K, N), and how much each weighs."""

import torch
import torch.nn.functional as F
from torch import Tensor

from playground.runs.plain.data import Asked
from playground.runs.plain.settings import DEVICE, DTYPE


def cross_entropy(y: Tensor, targets: Tensor) -> Tensor:
    return F.cross_entropy(y.movedim(-1, 1), targets, reduction="none")


def squared_error(y: Tensor, targets: Tensor) -> Tensor:
    return (y - targets).square().mean(-1)


def counted(batch: Asked) -> Tensor:
    if batch.counts is None:
        return torch.ones(batch.targets.shape[:2], dtype=DTYPE, device=DEVICE)
    return batch.counts


def mean_over_time(batch: Asked) -> Tensor:
    """Of a mean over all answers that count."""
    counts = counted(batch)
    return counts / counts.sum().clamp(min=1)


def sum_over_time(batch: Asked) -> Tensor:
    """Of a sum over the answers of a sequence, and a mean over sequences."""
    counts = counted(batch)
    return counts / counts.shape[1]
