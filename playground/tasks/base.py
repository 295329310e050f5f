"""What a task is: how to draw sequences, what a network is asked, and what guessing scores."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field, SerializeAsAny

from playground.core.component import Chosen, Component, Registry
from playground.core.lazy import torch
from playground.core.names import LossName

if TYPE_CHECKING:
    from torch import Generator, Tensor

Length = Annotated[int, Field(ge=2, le=200, description="Time steps T of every sequence.")]


class Batch(NamedTuple):
    """N sequences: inputs (T, N, I) in float64, targets (N,) class numbers or (N, O) numbers."""

    x: "Tensor"
    targets: "Tensor"


class Task(Component):
    """Draws batches; the same generator state gives the same data."""

    summary: ClassVar[str]
    loss: ClassVar[LossName]
    length: Length = 30

    @property
    def inputs(self) -> int:
        """I, the width of one input."""
        raise NotImplementedError

    @property
    def outputs(self) -> int:
        """O, the width of the answer."""
        raise NotImplementedError

    @property
    def baseline_loss(self) -> float:
        """The loss that no memory scores."""
        raise NotImplementedError

    @property
    def baseline_metric(self) -> float:
        """The metric that no memory scores."""
        raise NotImplementedError

    def sample(self, count: int, generator: "Generator") -> Batch:
        raise NotImplementedError

    @property
    def metric(self) -> Literal["accuracy", "mean squared error"]:
        return "accuracy" if self.loss == "cross-entropy" else "mean squared error"

    def score(self, outputs: "Tensor", targets: "Tensor") -> "Tensor":
        """The metric of outputs (…, N, O): share of right answers, or mean squared error; shape (…)."""
        if self.loss == "cross-entropy":
            return (outputs.argmax(-1) == targets).double().mean(-1)
        return (outputs - targets).double().square().mean((-2, -1))


def one_hot(symbols: "Tensor", width: int) -> "Tensor":
    return torch.nn.functional.one_hot(symbols, width).double()


registry: Registry[Task] = Registry("task", "playground.tasks")

AnyTask = Annotated[SerializeAsAny[Task], Chosen(registry)]
