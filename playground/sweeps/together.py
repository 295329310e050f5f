"""Networks of one shape as one tensor program: the member axis E of everything in `nn/`, in front of N."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import torch
from torch import Tensor

from playground.nn.clipping import ClipRule
from playground.nn.network import Pass
from playground.nn.norms import norms
from playground.nn.parameters import Parameters
from playground.tasks import Batch
from playground.training.config import RunConfig
from playground.training.data import Data
from playground.training.state import drawn


class Took(NamedTuple):
    """One update of several networks: what each of them saw and did."""

    batch: Batch
    passed: Pass  # the last one, if there were several
    before: Tensor  # tensors E, float64: norms of its gradients before clipping
    after: Tensor  # tensors E: after it


class Together:
    """E networks that differ in their weights, their clip rule, their optimiser and their seed.

    The members are put in the order of rule and optimiser, so that those with the same are one slice of the flat
    weights, and `rows` says which network each of them is. Those of one seed are shown the same data, drawn once.
    """

    def __init__(self, configs: Sequence[RunConfig]) -> None:
        def group(e: int) -> tuple[str, str]:
            return configs[e].clip.kind, configs[e].optimizer.model_dump_json()  # type: ignore[attr-defined]

        self.rows = sorted(range(len(configs)), key=group)
        members = [configs[e] for e in self.rows]
        self.config = members[0]
        self.network = self.config.network
        begun = [drawn(config) for config in members]
        self._room, self._gradient_room = (_aligned(len(members), begun[0].flat) for _ in range(2))
        self.weights, self.gradient = (
            Parameters(room[:, : begun[0].flat.numel()], begun[0].shapes) for room in (self._room, self._gradient_room)
        )
        torch.stack([parameters.flat for parameters in begun], out=self.weights.flat)
        self._clips = [
            (type(members[s.start].clip).together([config.clip for config in members[s]]), s)
            for s in _slices([config.clip.kind for config in members])  # type: ignore[attr-defined]
        ]
        self._optimizers = [
            (members[s.start], members[s.start].optimizer.build(self._learning(s)))
            for s in _slices([group(e) for e in self.rows])
        ]
        seeds = {config.seed: Data(config) for config in members}
        self._data = list(seeds.values())
        self._of_seed = torch.tensor([list(seeds).index(config.seed) for config in members])
        self.held_out = self._each([data.held_out for data in self._data])
        self._carried: list[tuple[Tensor, ...]] | None = None

    def _learning(self, members: slice) -> Tensor:
        """The weights of some members as a tensor that an optimiser steps."""
        weights = self._room[members]
        weights.grad = self._gradient_room[members]
        return weights

    def update(self, update: int) -> Took:
        """The next batch, its gradients, and the weights moved, as `training.loop.one_update` does it for one."""
        config, weights, gradient = self.config, self.weights, self.gradient
        drawn = [data.batch(config) for data in self._data]
        batch = self._each(drawn)
        forced = self._along([data.forced(config, update, one) for data, one in zip(self._data, drawn, strict=True)])
        for mine, optimizer in self._optimizers:
            for parameters in optimizer.param_groups:
                parameters["lr"] = mine.optimizer.learning_rate * mine.schedule.factor(update, mine.updates)
        for passed in config.learning.passes(self.network, weights.views, batch, forced, self._carried):
            raw = norms(passed.gradients, weights.dims)
            for rule, s in self._clips:
                self._clip(rule, s, passed, raw)
            for _, optimizer in self._optimizers:
                optimizer.step()
        if config.arrival == "stream":
            self._carried = [tuple(s[-1].clone() for s in tape.states) for tape in passed.forward.tapes]
        after = norms(gradient.views, weights.dims)
        return Took(batch, passed, torch.stack(list(raw.values())), torch.stack([after[name] for name in raw]))

    def _clip(self, rule: ClipRule, s: slice, passed: Pass, raw: dict[str, Tensor]) -> None:
        """Writes the gradients of some members, clipped, to where their optimisers look for them."""
        mine, weights, sizes = (
            {name: tensor[s] for name, tensor in tensors.items()}
            for tensors in (passed.gradients, self.weights.views, raw)
        )
        for name, g in rule.clip(mine, weights, sizes, self.weights.dims).items():
            self.gradient.views[name][s].copy_(g)

    def _each(self, batches: Sequence[Batch]) -> Batch:
        """The batches of all seeds as one batch with a member axis."""
        x, targets, counts = (self._along(parts) for parts in zip(*batches, strict=True))
        assert x is not None
        assert targets is not None
        return Batch(x, targets, counts)

    def _along(self, parts: Sequence[Tensor | None]) -> Tensor | None:
        """(K, N, …) of each seed as (K, E, N, …) of each member, one seed's without a copy; None where it is None."""
        tensors = [part for part in parts if part is not None]
        if len(tensors) > 1:
            return torch.stack(tensors, 1)[:, self._of_seed]
        return tensors[0][:, None].expand(-1, len(self.rows), *tensors[0].shape[1:]) if tensors else None

    def tested(self) -> Tensor:
        """The test metric of each member: (E,)."""
        found = []
        for first in range(0, len(self.rows), TESTED_AT_ONCE):
            s = slice(first, first + TESTED_AT_ONCE)
            weights = {name: tensor[s] for name, tensor in self.weights.views.items()}
            x, targets, counts = self.held_out
            outputs = self.network.forward(weights, x[:, s], targets[:, s]).outputs
            counts = None if counts is None else counts[:, s]
            found.append(self.config.task.score(outputs, targets[:, s], counts))
        return torch.cat(found)


TESTED_AT_ONCE = 4
"""Members whose held-out sequences go through together: 256 of each are as much as a block of networks learns from, and
with more of them the states do not stay in the cache."""

ALIGNED = 16


def _aligned(members: int, like: Tensor) -> Tensor:
    """Zeros for the weights of every member, each of whom begins at a multiple of 64 bytes, as a tensor of its own
    would: BLAS may sum in another order where a matrix lies otherwise."""
    return like.new_zeros(members, -(-like.numel() // ALIGNED) * ALIGNED)


def _slices(keys: Sequence[object]) -> list[slice]:
    """The runs of equal keys."""
    found, start = [], 0
    for _, run in groupby(keys):
        found.append(slice(start, start := start + len(list(run))))
    return found
