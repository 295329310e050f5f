"""The adding problem."""

from typing import TYPE_CHECKING, ClassVar, Literal

from playground.core.lazy import torch
from playground.core.names import LossName
from playground.tasks.base import Batch, Task, registry

if TYPE_CHECKING:
    from torch import Generator


@registry.register
class Adding(Task):
    """x_t = (value in U[0, 1], mark); two marks, one in each half; the answer at T is the sum of the marked values.

    Always answering 1 scores Var(a + b) = 2/12 = 1/6.
    Sources: Hochreiter & Schmidhuber 1997; in this form Arjovsky, Shah & Bengio 2016 and Bai, Kolter & Koltun 2018.
    """

    title: ClassVar[str] = "adding"
    summary: ClassVar[str] = "Add the two marked numbers, one in each half of the sequence."
    loss: ClassVar[LossName] = "mean squared error"
    kind: Literal["adding"] = "adding"

    @property
    def inputs(self) -> int:
        return 2

    @property
    def outputs(self) -> int:
        return 1

    @property
    def baseline_loss(self) -> float:
        return 1 / 6

    @property
    def baseline_metric(self) -> float:
        return 1 / 6

    def sample(self, count: int, generator: "Generator") -> Batch:
        half = self.length // 2
        values = torch.rand(self.length, count, generator=generator, dtype=torch.float64)
        first = torch.randint(half, (1, count), generator=generator)
        second = torch.randint(half, self.length, (1, count), generator=generator)
        marked = torch.cat([first, second])
        marks = torch.zeros_like(values).scatter_(0, marked, 1.0)
        return Batch(torch.stack([values, marks], dim=-1), values.gather(0, marked).sum(0)[:, None])
