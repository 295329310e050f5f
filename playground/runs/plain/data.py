"""What a network is given of a task's batch."""

from typing import NamedTuple

import torch
from torch import Generator, Tensor


class Asked(NamedTuple):
    """x (T, N, I); targets (K, N) class numbers or (K, N, O) numbers; counts (K, N), which of them count, None for all;
    forced (K, N), where a network that reads its own answers is given the true ones."""

    x: Tensor
    targets: Tensor
    counts: Tensor | None = None
    forced: Tensor | None = None


def shuffled(x: Tensor, order: Generator) -> Tensor:
    """The steps of every sequence in an order of its own."""
    places = torch.rand(x.shape[:2], generator=order).argsort(0)
    return x.gather(0, places[..., None].expand(x.shape))


def last_counted(targets: Tensor, counts: Tensor | None) -> Tensor:
    """Of each sequence the last answer that counts: (K, N) with at most one 1 in each column."""
    if counts is None:
        counts = torch.ones(targets.shape[:2], dtype=torch.float64)
    from_the_end = counts.flip(0).cumsum(0).flip(0)
    return counts * (from_the_end == 1)
