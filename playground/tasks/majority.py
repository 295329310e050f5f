"""Majority of the neighbours on both sides: what only a reader that looks ahead can say."""

from math import comb, log
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, one_hot, registry

if TYPE_CHECKING:
    from torch import Generator


@registry.register
class Majority(Task):
    """Tag step t with the majority of the bits x_{t−r} … x_{t+r}; all are random. Where the window is cut, none counts.

    A reader that has seen m of the w = 2r+1 bits, k of them ones, is right with probability max(p, 1 − p), where
    p = P(k + Binomial(w − m, ½) > r). From the current bit alone (m = 1, r = 2) that is 11/16; one way, with
    x_{t−r} … x_t (m = r+1), it is 13/16 = 81.25 % on average; two ways 100 %.
    """

    title: ClassVar[str] = "majority of neighbours"
    summary: ClassVar[str] = "Tag every step with the majority of the bits around it, before and after."
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "accuracy"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("many_to_many",)
    kind: Literal["majority"] = "majority"
    length: Annotated[int, Field(ge=10, le=200, description="Time steps T of every sequence.")] = 20
    reach: Annotated[int, Field(ge=1, le=4, description="Neighbours r that vote, on each side.")] = 2

    @property
    def inputs(self) -> int:
        return 2

    @property
    def outputs(self) -> int:
        return 2

    @property
    def asked(self) -> range:
        return range(self.reach, self.length - self.reach)

    @property
    def baseline_loss(self) -> float:
        p = self.best_guess(seen=1)
        return -p * log(p) - (1 - p) * log(1 - p)

    @property
    def baseline_metric(self) -> float:
        return self.best_guess(seen=1)

    @property
    def one_way_ceiling(self) -> float | None:
        return self.best_guess(seen=self.reach + 1)

    def best_guess(self, seen: int) -> float:
        """The accuracy of the best guess from `seen` of the 2r+1 bits."""
        unseen = 2 * self.reach + 1 - seen
        right = 0
        for ones in range(seen + 1):
            wins = sum(comb(unseen, more) for more in range(unseen + 1) if ones + more > self.reach)
            right += comb(seen, ones) * max(wins, 2**unseen - wins)
        return float(right / 2 ** (seen + unseen))

    def sample(self, count: int, generator: "Generator") -> Batch:
        bits = torch.randint(2, (self.length, count), generator=generator)
        votes = bits.unfold(0, 2 * self.reach + 1, 1).sum(-1)
        inner = slice(self.reach, self.length - self.reach)
        targets, counts = torch.zeros_like(bits), torch.zeros(self.length, count, dtype=torch.float64)
        targets[inner] = (votes > self.reach).long()
        counts[inner] = 1
        return Batch(one_hot(bits, 2), targets, counts)
