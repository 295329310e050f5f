"""Parity of the bits so far."""

import math
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, one_hot, registry

if TYPE_CHECKING:
    from torch import Generator


@registry.register
class Parity(Task):
    """Whether the number of ones so far is odd: 1 or 0, at every step. The inputs are random bits, one-hot.

    Any bit flips the answer, so that only a label at every step makes it easy: at the end alone there is no partial
    credit. Guessing scores 1/2 and ln 2. At the first step the answer is the bit itself, which takes no memory:
    there it does not count. Sources: Minsky & Papert 1969; as a stream Hochreiter & Schmidhuber 1997.
    """

    title: ClassVar[str] = "parity"
    summary: ClassVar[str] = "Has the number of ones so far been odd? One bit turns the answer round."
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "accuracy"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("many_to_many", "many_to_one")
    kind: Literal["parity"] = "parity"
    length: Annotated[int, Field(ge=2, le=200, description="Time steps T of every sequence.")] = 10

    @property
    def inputs(self) -> int:
        return 2

    @property
    def outputs(self) -> int:
        return 2

    @property
    def asked(self) -> range:
        return range(1, self.length)

    @property
    def baseline_loss(self) -> float:
        return math.log(2)

    @property
    def baseline_metric(self) -> float:
        return 1 / 2

    def sample(self, count: int, generator: "Generator") -> Batch:
        bits = torch.randint(2, (self.length, count), generator=generator)
        counts = torch.ones(self.length, count, dtype=torch.float64)
        counts[0] = 0
        return Batch(one_hot(bits, 2), bits.cumsum(0) % 2, counts)
