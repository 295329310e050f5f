"""One batch: losses, gradients, steps of the optimiser. Each gives the loss, and with which states the network ends."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from playground.runs.plain.cells import State
from playground.runs.plain.data import Asked
from playground.runs.plain.settings import BACK, BACK_EVERY, CLIP, LOSSES, WEIGHTS

Learnt = tuple[float, Sequence[State] | None]


def learn_at_once(network: nn.Module, optimizer: Optimizer, batch: Asked, states: Sequence[State] | None) -> Learnt:
    """All losses together, one way back, one update."""
    optimizer.zero_grad()
    y, states = network(batch, states)
    loss = (WEIGHTS(batch) * LOSSES(y, batch.targets)).sum()
    loss.backward()  # type: ignore[no-untyped-call]
    CLIP(network)
    optimizer.step()
    return loss.item(), states


def learn_answer_by_answer(
    network: nn.Module, optimizer: Optimizer, batch: Asked, states: Sequence[State] | None
) -> Learnt:
    """A way back for each answer, whose gradients add up; one update."""
    optimizer.zero_grad()
    y, states = network(batch, states)
    losses = (WEIGHTS(batch) * LOSSES(y, batch.targets)).sum(1)
    for loss in losses:
        loss.backward(retain_graph=True)
    CLIP(network)
    optimizer.step()
    return losses.sum().item(), states


def update_after_each_answer(
    network: nn.Module, optimizer: Optimizer, batch: Asked, states: Sequence[State] | None
) -> Learnt:
    """After each answer an update; then the sequence up to the next one is run anew, with the weights of now."""
    answers, losses, ends = len(batch.targets), [], None
    for k in range(1, answers + 1):
        seen = Asked(
            batch.x[:k] if len(batch.x) == answers else batch.x,
            batch.targets[:k],
            None if batch.counts is None else batch.counts[:k],
            None if batch.forced is None else batch.forced[:k],
        )
        newest = Asked(seen.x, seen.targets[-1:], None if seen.counts is None else seen.counts[-1:])
        optimizer.zero_grad()
        y, ends = network(seen, states)
        loss = (WEIGHTS(newest) * LOSSES(y[-1:], newest.targets)).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        CLIP(network)
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / answers, ends


def learn_in_blocks(network: Any, optimizer: Optimizer, batch: Asked, states: Sequence[State] | None) -> Learnt:
    """Truncated back-propagation: the losses of each block of k₁ steps go back at most k₂ steps; one update.

    The states before a window count as given. Answer k of K belongs to step T − K + k.
    """
    optimizer.zero_grad()
    x, before = network.inputs(batch, states), [states]
    with torch.no_grad():
        for x_t in x:
            before.append(network.step(x_t[None], before[-1])[1])
    weights, early = WEIGHTS(batch), len(x) - len(batch.targets)
    total = 0.0
    for start in range(0, len(x), BACK_EVERY):
        end = min(start + BACK_EVERY, len(x))
        first, last = max(0, start - early), max(0, end - early)
        if first == last:
            continue
        back = max(0, end - BACK)
        y, _ = network.step(x[back:end], before[back])
        loss = (weights[first:last] * LOSSES(y[first - last :], batch.targets[first:last])).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        total += loss.item()
    CLIP(network)
    optimizer.step()
    return total, before[-1]
