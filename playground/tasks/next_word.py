"""Next-word prediction."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationInfo, field_validator

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks import texts
from playground.tasks.base import Batch, Task, one_hot, registry
from playground.tasks.views import Tokens, View

if TYPE_CHECKING:
    from torch import Generator

SPARE = 10
"""Windows that a text must offer at least: a net needs something to compare."""


@registry.register
class NextWord(Task):
    """Read T words of a text and say the next one. Words are one-hot; punctuation marks are words too.

    A window begins anywhere in the text, for training and held-out data alike: held-out windows come from the same
    text, so that the score tells how well the text was learnt, by heart or not. The baseline is the best guess from
    the last word alone, exact over all windows: the entropy of the next word given the last, and the share of the most
    common successor. Context beats it: in the story that ships, who is spoken of decides colours and places.
    """

    title: ClassVar[str] = "next word"
    summary: ClassVar[str] = "Read some words of a text and say which one comes next."
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "accuracy"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("many_to_one", "window_mlp")
    kind: Literal["next_word"] = "next_word"
    length: Annotated[int, Field(ge=2, le=200, description="Words T that are read before the answer.")] = 8
    words: Annotated[int, Field(ge=10, le=200, description="Most common words with a number of their own.")] = 120
    text: Annotated[
        str,
        Field(max_length=texts.LARGEST, description="Text to learn from; empty for the story that ships with the app."),
    ] = ""

    @field_validator("text")
    @classmethod
    def _long_enough(cls, text: str, info: ValidationInfo) -> str:
        found, length = texts.tokens(text), info.data.get("length", 2)
        if len(found) < length + SPARE:
            raise ValueError(
                f"The text has {len(found)} words, and {length + SPARE} or more are needed to read {length} at a time. "
                "Write a longer text, or leave it empty for the story that ships with the app."
            )
        if len(set(found)) < 2:
            raise ValueError(
                f"The text has no other word than {found[0]!r}. Write one with two different words or more."
            )
        return text

    @property
    def names(self) -> tuple[str, ...]:
        """The words that have a number, by number."""
        return texts.corpus(self.text, self.words).names

    @property
    def inputs(self) -> int:
        return len(self.names)

    @property
    def outputs(self) -> int:
        return len(self.names)

    @property
    def baseline_loss(self) -> float:
        return texts.from_the_last_word(self.text, self.words, self.length)[0]

    @property
    def baseline_metric(self) -> float:
        return texts.from_the_last_word(self.text, self.words, self.length)[1]

    def sample(self, count: int, generator: "Generator") -> Batch:
        numbers = torch.from_numpy(texts.corpus(self.text, self.words).numbers)
        starts = torch.randint(len(numbers) - self.length, (1, count), generator=generator)
        window = numbers[starts + torch.arange(self.length + 1)[:, None]]
        return Batch(one_hot(window[:-1], self.inputs), window[-1:])

    def view_input(self, x: NDArray[np.float64]) -> View:
        return Tokens(tuple(self.names[word] for word in x.argmax(-1)))

    def view_output(self, y: NDArray[np.float64]) -> View:
        return Tokens(tuple(self.names[int(word)] for word in y))
