"""What is done to the gradients before the optimiser gets them."""

import torch
from torch import nn

from playground.runs.plain.settings import FLOOR, HIGHEST, LOWEST, RATIO, THRESHOLD


def leave(network: nn.Module) -> None:
    """Gradients are not clipped in this run."""
    del network


def clip_before_the_backward_pass(network: nn.Module) -> None:
    """The mistake that this run makes on purpose: its clipping stands before `loss.backward()`, where there is nothing
    yet to clip. So nothing is done here, where it belongs."""
    del network


def clip_by_value(network: nn.Module) -> None:
    for w in network.parameters():
        assert w.grad is not None
        w.grad.clamp_(LOWEST, HIGHEST)


def clip_by_norm(network: nn.Module) -> None:
    nn.utils.clip_grad_norm_(network.parameters(), THRESHOLD)


def clip_each_by_norm(network: nn.Module) -> None:
    for w in network.parameters():
        nn.utils.clip_grad_norm_(w, THRESHOLD)


@torch.no_grad()
def clip_by_the_size_of_the_weights(network: nn.Module) -> None:
    """Row by row, a vector as one row: no gradient is longer than a share of its weights."""
    for w in network.parameters():
        assert w.grad is not None
        g_norm = torch.linalg.vector_norm(w.grad, dim=-1, keepdim=True)
        allowed = RATIO * torch.linalg.vector_norm(w, dim=-1, keepdim=True).clamp(min=FLOOR)
        w.grad.mul_(torch.where(g_norm > allowed, allowed / g_norm, 1.0))
