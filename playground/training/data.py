"""The data of a run: batch after batch to learn from, and the sequences that it is tested on.

The same seed and the same settings of task, arrival, architecture and order of time give the same data, whatever else
differs: networks that agree in these can be shown one and the same.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from playground.core.errors import PlaygroundError
from playground.core.seeds import generator
from playground.tasks import Batch
from playground.training.config import HELD_OUT, RunConfig

STREAMS = ("training data", "time", "teacher forcing")
"""What a run draws as it goes, each from a generator of its own: one choice never changes the numbers of another."""


class Data:
    """What is drawn as a run goes on, and how far it has got. Which settings are in force is said at each question."""

    def __init__(self, config: RunConfig) -> None:
        self._dtype = getattr(torch, config.precision)
        self._device = device_of(config)
        self._streams = {purpose: generator(config.seed, purpose) for purpose in STREAMS}
        self._memory: Tensor | None = None  # of an endless stream
        held_out = config.test_task.sample(HELD_OUT, generator(config.seed, "held-out data"))
        self.held_out = self._asked(config, held_out, generator(config.seed, "held-out time"))

    def batch(self, config: RunConfig) -> Batch:
        """The next training batch."""
        if config.arrival == "stream":
            batch, self._memory = config.task.window(config.batch, self._streams["training data"], self._memory)
        else:
            batch = config.task.sample(config.batch, self._streams["training data"])
        return self._asked(config, batch, self._streams["time"])

    def forced(self, config: RunConfig, update: int, batch: Batch) -> Tensor | None:
        """Where a network that reads its own answers is given the true ones: (K, N)."""
        share = config.architecture.forcing(update / config.updates)
        if share is None:
            return None
        drawn = torch.rand(batch.targets.shape[:2], generator=self._streams["teacher forcing"])
        return (drawn < share).to(self._device)

    def snapshot(self) -> dict[str, Any]:
        """How far it has got, as copies that later draws leave alone."""
        return {
            "streams": {purpose: stream.get_state() for purpose, stream in self._streams.items()},
            "memory": None if self._memory is None else self._memory.clone(),
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Goes back to a snapshot."""
        for purpose, stream in self._streams.items():
            stream.set_state(saved["streams"][purpose].cpu())
        self._memory = None if saved["memory"] is None else saved["memory"].cpu()

    def _asked(self, config: RunConfig, batch: Batch, order: torch.Generator) -> Batch:
        """What this run asks of a batch, in its numbers: which answers, in which order of time."""
        x, targets, counts = batch
        if config.shuffle_time:
            places = torch.rand(x.shape[:2], generator=order).argsort(0)
            x = x.gather(0, places[..., None].expand(x.shape))
        if config.one_answer and len(targets) > 1:
            targets, counts = targets[-1:], None if counts is None else counts[-1:]
        elif config.architecture.last_only:
            counts = last_counted(torch.ones(targets.shape[:2], dtype=x.dtype) if counts is None else counts)
        numbers = targets.to(self._device, self._dtype) if targets.is_floating_point() else targets.to(self._device)
        counts = None if counts is None else counts.to(self._device, self._dtype)
        return Batch(x.to(self._device, self._dtype), numbers, counts)


def device_of(config: RunConfig) -> torch.device:
    """Raises PlaygroundError where there is no such device."""
    if config.device == "cuda" and not torch.cuda.is_available():
        raise PlaygroundError("This machine has no GPU that torch can use. Write 'cpu' for the device.")
    return torch.device(config.device)


def last_counted(counts: Tensor) -> Tensor:
    """Of each sequence the last answer that counts: (K, N) with at most one 1 in each column."""
    from_the_end = counts.flip(0).cumsum(0).flip(0)
    return counts * (from_the_end == 1)
