"""Copy memory."""

import math
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationInfo, field_validator

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, one_hot, registry
from playground.tasks.views import Tokens, View

if TYPE_CHECKING:
    from torch import Generator

BLANK, GO = "·", "▸"


@registry.register
class CopyMemory(Task):
    """K random symbols of S, then blanks, then a go signal, then K steps in which to repeat the symbols in order.

    Only the K recall steps count: guessing scores 1/S and ln S there. In print all T steps count, and "say blank" is
    right on all but the last K: hence the published K·ln S / T a step, which is this baseline spread over the
    sequence. Inputs: the S symbols, blank, go. Sources: Hochreiter & Schmidhuber 1997; in this form Arjovsky, Shah &
    Bengio 2016 (K = 10, S = 8).
    """

    title: ClassVar[str] = "copy memory"
    summary: ClassVar[str] = "Keep some symbols through a long silence, and repeat them at the signal."
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "accuracy"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("many_to_many",)
    kind: Literal["copy"] = "copy"
    length: Annotated[int, Field(ge=4, le=200, description="Time steps T of every sequence, recall included.")] = 12
    symbols: Annotated[int, Field(ge=2, le=10, description="Size S of the alphabet.")] = 4
    items: Annotated[int, Field(ge=1, le=10, description="Symbols K to keep; T must be 2K+1 or more.")] = 3

    @field_validator("items")
    @classmethod
    def _fits(cls, items: int, info: ValidationInfo) -> int:
        length = info.data.get("length", 2 * items + 1)
        if length < 2 * items + 1:
            raise ValueError(
                f"{items} symbols to keep, a signal and {items} steps of recall take {2 * items + 1} steps, and a "
                f"sequence has {length}. Write {(length - 1) // 2} or less, or make the sequences longer."
            )
        return items

    @property
    def inputs(self) -> int:
        return self.symbols + 2

    @property
    def outputs(self) -> int:
        return self.symbols

    @property
    def asked(self) -> range:
        return range(self.length - self.items, self.length)

    @property
    def baseline_loss(self) -> float:
        return math.log(self.symbols)

    @property
    def baseline_metric(self) -> float:
        return 1 / self.symbols

    def sample(self, count: int, generator: "Generator") -> Batch:
        kept = torch.randint(self.symbols, (self.items, count), generator=generator)
        shown = torch.full((self.length, count), self.symbols)
        shown[: self.items] = kept
        shown[-self.items - 1] = self.symbols + 1
        targets, counts = torch.zeros_like(shown), torch.zeros(self.length, count, dtype=torch.float64)
        targets[-self.items :] = kept
        counts[-self.items :] = 1
        return Batch(one_hot(shown, self.inputs), targets, counts)

    def view_input(self, x: NDArray[np.float64]) -> View:
        names = (*map(str, range(self.symbols)), BLANK, GO)
        items = tuple(names[symbol] for symbol in x.argmax(-1))
        return Tokens(items, tuple(item == BLANK for item in items))

    def view_output(self, y: NDArray[np.float64]) -> View:
        silent = len(y) - self.items
        items = (BLANK,) * silent + tuple(str(int(symbol)) for symbol in y[silent:])
        return Tokens(items, (True,) * silent + (False,) * self.items)
