"""What a task is: how to draw sequences, what a network is asked, what guessing scores, how a reader sees it all.

Axis letters: T time steps of the input, K answers, N sequences, I inputs, O outputs. Time comes first everywhere. The
K answers belong to the last K steps that the network takes: one for many to one, every step for many to many.
"""

from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, SerializeAsAny

from playground.core.component import Chosen, Component, Registry
from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.views import Tokens, View

if TYPE_CHECKING:
    from torch import Generator, Tensor

Length = Annotated[int, Field(ge=2, le=200, description="Time steps T of every sequence.")]


class Batch(NamedTuple):
    """N sequences.

    x (T, N, I) in float64; for one to many (1, N, I), for encoder–decoder what the encoder reads. targets (K, N) class
    numbers in int64 or (K, N, O) numbers in float64. counts (K, N) in float64, 1 where an answer counts and 0 where it
    does not; None where all do.
    """

    x: "Tensor"
    targets: "Tensor"
    counts: "Tensor | None" = None


class Task(Component):
    """Draws batches; the same generator state gives the same data.

    `architectures` are those that make sense, the most natural one first. A task of many answers under `many_to_one`
    asks for the last one only.
    """

    summary: ClassVar[str]
    loss: ClassVar[LossName]
    metric: ClassVar[MetricName]
    architectures: ClassVar[tuple[ArchitectureName, ...]]
    streams: ClassVar[bool] = False
    """Whether `window` can go on where the last one ended: an endless stream."""
    length: Length = 30

    @property
    def inputs(self) -> int:
        """I, the width of one input."""
        raise NotImplementedError

    @property
    def outputs(self) -> int:
        """O, the width of one answer."""
        raise NotImplementedError

    @property
    def answers(self) -> int:
        """K: 1, or `length`, or for encoder–decoder the length of the output."""
        return self.length if "many_to_one" not in self.architectures[:1] else 1

    @property
    def asked(self) -> range:
        """Which of the K answers, from 0, count in at least one sequence."""
        return range(self.answers)

    @property
    def is_share(self) -> bool:
        """Whether the metric is a share of right answers; otherwise it is an error."""
        return self.metric != "mean squared error"

    @property
    def baseline_loss(self) -> float:
        """The loss per counted answer that no memory scores: the best guess from the current input alone."""
        raise NotImplementedError

    @property
    def baseline_metric(self) -> float:
        """The metric that no memory scores."""
        raise NotImplementedError

    @property
    def one_way_ceiling(self) -> float | None:
        """The best accuracy without look-ahead, from the inputs up to the answer's own step; None where not known."""
        return None

    def sample(self, count: int, generator: "Generator") -> Batch:
        """`count` sequences, independent of each other."""
        return self.window(count, generator, None)[0]

    def window(self, count: int, generator: "Generator", memory: "Tensor | None") -> "tuple[Batch, Tensor]":
        """The next `length` steps of `count` endless streams, and what of them the window after it must know.

        `memory` is what the last window returned, None for the first. For tasks with `streams`.
        """
        raise NotImplementedError

    def score(self, outputs: "Tensor", targets: "Tensor", counts: "Tensor | None" = None) -> "Tensor":
        """The metric of outputs (K, …, N, O) over the answers that count; shape (…).

        targets (K, …, N) or (K, …, N, O), counts (K, …, N); both may lack the member axes of `outputs`.
        """
        if self.loss == "mean squared error":
            wrong = (outputs - _aligned(targets, outputs, 1)).double().square().mean(-1)
            return _mean(wrong, counts, outputs)
        right = (outputs.argmax(-1) == _aligned(targets, outputs, 0)).double()
        if self.metric == "accuracy":
            return _mean(right, counts, outputs)
        if counts is not None:
            right = torch.where(_aligned(counts, outputs, 0) > 0, right, 1.0)
        return right.amin(0).mean(-1)

    def view_input(self, x: NDArray[np.float64]) -> View:
        """One input sequence (T, I) as a reader sees it. As it stands: symbols, by their number."""
        return Tokens(tuple(str(symbol) for symbol in x.argmax(-1)))

    def view_output(self, y: NDArray[np.float64]) -> View:
        """Answers, true or predicted, as a reader sees them: (K,) class numbers, or (K, O) numbers."""
        return Tokens(tuple(str(int(symbol)) for symbol in y))


def _aligned(given: "Tensor", outputs: "Tensor", trailing: int) -> "Tensor":
    """(K, N, …) with as many axes of size 1 in the place of the members as `outputs` (K, …, N, O) has members."""
    members = outputs.ndim - 3 - (given.ndim - 2 - trailing)
    return given[(slice(None), *(None,) * members)]


def _mean(values: "Tensor", counts: "Tensor | None", outputs: "Tensor") -> "Tensor":
    if counts is None:
        return values.mean((0, -1))
    weights = _aligned(counts, outputs, 0).to(values.dtype)
    return (values * weights).sum((0, -1)) / weights.sum((0, -1))


def one_hot(symbols: "Tensor", width: int) -> "Tensor":
    return torch.nn.functional.one_hot(symbols, width).double()


registry: Registry[Task] = Registry("task", "playground.tasks")

AnyTask = Annotated[SerializeAsAny[Task], Chosen(registry)]
