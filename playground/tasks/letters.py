"""A text from its first letter."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationInfo, field_validator

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, one_hot, registry
from playground.tasks.endings import END, asked, said
from playground.tasks.guessing import Guess, best_fixed_guess
from playground.tasks.texts import LARGEST
from playground.tasks.views import Tokens, View

if TYPE_CHECKING:
    from torch import Generator

LONGEST = 200
CHARACTERS = 60
"""Different ones that are told apart."""


class Line(NamedTuple):
    number: int
    text: str


class Collection(NamedTuple):
    """The texts by first letter; what follows it as numbers of characters (M, K), and what of it counts."""

    letters: tuple[str, ...]
    characters: tuple[str, ...]
    rest: NDArray[np.int64]
    counts: NDArray[np.bool_]


@lru_cache(maxsize=1)
def sayings() -> str:
    """The texts that ship with the project, written for it: one for each letter."""
    return (Path(__file__).parent / "data" / "sayings.txt").read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def lines(text: str) -> tuple[Line, ...]:
    """The first line for each letter, in small letters, of a text or for an empty one of the sayings."""
    found: dict[str, Line] = {}
    for number, line in enumerate((text or sayings()).lower().splitlines(), start=1):
        words = " ".join(line.split())
        if len(words) > 1 and words[0].isalpha():
            found.setdefault(words[0], Line(number, words))
    return tuple(found[letter] for letter in sorted(found))


@lru_cache(maxsize=16)
def collection(text: str, length: int) -> Collection:
    texts = [line.text for line in lines(text)]
    characters = (END, *sorted({character for words in texts for character in words[1:]}))
    number = {character: place for place, character in enumerate(characters)}
    rest = np.zeros((len(texts), length), np.int64)
    for row, words in zip(rest, texts, strict=True):
        row[: len(words) - 1] = [number[character] for character in words[1:]]
    return Collection(tuple(words[0] for words in texts), characters, rest, asked(rest))


@lru_cache(maxsize=16)
def best_guess(text: str, length: int) -> Guess:
    found = collection(text, length)
    return best_fixed_guess(found.rest, np.ones(len(found.rest)), found.counts)


@registry.register
class Letters(Task):
    """Get the first letter of a text and write the K that follow, out of a small collection learnt by heart.

    Each line of the collection is one text; of those that start with the same letter the first is taken, and the
    letters are equally likely. A text shorter than the longest ends with an end sign, which counts; after it nothing
    does. The baseline is the best guess from the place in the text alone, over all texts.
    """

    title: ClassVar[str] = "text from a letter"
    summary: ClassVar[str] = "Get the first letter of a saying and write the rest."
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "accuracy"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("one_to_many",)
    kind: Literal["letters"] = "letters"
    length: Annotated[int, Field(ge=2, le=LONGEST, description="Characters K that follow the first at most.")] = 30
    text: Annotated[
        str, Field(max_length=LARGEST, description="Texts, one a line; empty for the sayings that ship with the app.")
    ] = ""

    @field_validator("text")
    @classmethod
    def _usable(cls, text: str, info: ValidationInfo) -> str:
        found, length, seen = lines(text), info.data.get("length", LONGEST), set[str]()
        if len(found) < 2:
            raise ValueError(
                f"The text has {len(found)} lines that start with a letter of their own and go on after it, and 2 or "
                "more are needed. Write each text on a line of its own, with different first letters."
            )
        of_the_sayings = "" if text else " of the sayings"
        for number, words in sorted(found):
            rest = len(words) - 1
            if rest > length:
                longer = f", or make the sequences {rest} long" if rest <= LONGEST else ""
                raise ValueError(
                    f"Line {number}{of_the_sayings} goes on for {rest} characters after its first letter, and {length} "
                    f"are written. Shorten the line to {length + 1}{longer}."
                )
            for character in words:
                seen.add(character)
                if len(seen) > CHARACTERS:
                    raise ValueError(
                        f"Line {number} holds {character!r}, one more than the {CHARACTERS} different characters that "
                        "are told apart. Write it without rare characters."
                    )
        return text

    @property
    def inputs(self) -> int:
        return len(collection(self.text, self.length).letters)

    @property
    def outputs(self) -> int:
        return len(collection(self.text, self.length).characters)

    @property
    def baseline_loss(self) -> float:
        return best_guess(self.text, self.length).loss

    @property
    def baseline_metric(self) -> float:
        return best_guess(self.text, self.length).accuracy

    def sample(self, count: int, generator: "Generator") -> Batch:
        found = collection(self.text, self.length)
        rows = torch.randint(self.inputs, (count,), generator=generator)
        rest, counts = torch.from_numpy(found.rest)[rows], torch.from_numpy(found.counts)[rows]
        return Batch(one_hot(rows[None], self.inputs), rest.T.contiguous(), counts.T.double())

    def view_input(self, x: NDArray[np.float64]) -> View:
        return Tokens((collection(self.text, self.length).letters[x[0].argmax()],))

    def view_output(self, y: NDArray[np.float64]) -> View:
        return said(y, collection(self.text, self.length).characters, separator="")
