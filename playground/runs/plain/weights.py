"""The first numbers of every weight."""

import torch
from torch import nn

from playground.core.seeds import generator
from playground.runs.plain.settings import DEVICE, DTYPE, INITIAL, SEED


def weight(name: str) -> nn.Parameter:
    """A weight as it is before the first update, drawn from a stream of its own."""
    shape, initializer = INITIAL[name]
    drawn = initializer.draw(shape, generator(SEED, f"weights {name}"))
    return nn.Parameter(drawn.to(DEVICE, DTYPE))


@torch.no_grad()
def rescale_recurrent(network: nn.Module, factor: float) -> None:
    for name, w in network.named_parameters():
        if name.endswith(".U"):
            w.mul_(factor)
