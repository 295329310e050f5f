"""Translation."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, one_hot, registry
from playground.tasks.endings import said
from playground.tasks.phrasebook import LONGEST, LONGEST_ANSWER, Language, best_guess, book
from playground.tasks.views import Tokens, View

if TYPE_CHECKING:
    from torch import Generator


@registry.register
class Translation(Task):
    """Read a sentence word by word and write it in another language.

    numbers: 0 … 9999 in words, "four thousand and seven" → 4 0 0 7; as many of one digit as of two, three or four.
    phrases: a small grammar of English into an invented language, "the dog sees a red cat" → kelo mira osti ep dakar:
    the verb comes last, an adjective follows its noun, "a" stands behind both, and "the" is not said.
    Sentences are padded at the front, so that the last step is a word. An answer shorter than the longest ends with an
    end sign, which counts; after it nothing does. The baseline is the best guess from the answer's place alone, over
    all sentences; as a whole, the likeliest one.
    """

    title: ClassVar[str] = "translation"
    summary: ClassVar[str] = "Read a sentence, then say it in another language."
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "exact match"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("encoder_decoder",)
    kind: Literal["translation"] = "translation"
    length: Annotated[int, Field(ge=LONGEST, le=50, description="Words T that are read, padding included.")] = LONGEST
    language: Annotated[
        Language, Field(description="Number words into digits, or English phrases into an invented language.")
    ] = "numbers"

    @property
    def inputs(self) -> int:
        return len(book(self.language).words)

    @property
    def outputs(self) -> int:
        return len(book(self.language).answers)

    @property
    def answers(self) -> int:
        # Known without the book, whose 8 MB the screen's process would keep for asking.
        return LONGEST_ANSWER[self.language]

    @property
    def baseline_loss(self) -> float:
        return best_guess(self.language).loss

    @property
    def baseline_metric(self) -> float:
        return best_guess(self.language).exact

    def sample(self, count: int, generator: "Generator") -> Batch:
        read, written, counts, starts, sizes = map(torch.from_numpy, book(self.language)[2:])
        group = torch.randint(len(sizes), (count,), generator=generator)
        place = torch.rand(count, generator=generator, dtype=torch.float64) * sizes[group]
        rows = starts[group] + place.long()
        shown = torch.nn.functional.pad(read[rows].T, (0, 0, self.length - LONGEST, 0))
        return Batch(one_hot(shown, self.inputs), written[rows].T.contiguous(), counts[rows].T.double())

    def view_input(self, x: NDArray[np.float64]) -> View:
        words = x.argmax(-1)
        return Tokens(tuple(book(self.language).words[word] for word in words), tuple((words == 0).tolist()))

    def view_output(self, y: NDArray[np.float64]) -> View:
        return said(y, book(self.language).answers)
