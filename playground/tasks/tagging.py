"""Parts of speech, in a small grammar whose words are ambiguous."""

from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from itertools import product
from math import log
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from playground.core.lazy import torch
from playground.core.names import ArchitectureName, LossName, MetricName
from playground.tasks.base import Batch, Task, one_hot, registry
from playground.tasks.views import Tokens, View

if TYPE_CHECKING:
    from torch import Generator

TAGS = ("determiner", "adjective", "noun", "verb", "auxiliary", "pronoun")
BLANK = "·"

CLASSES = {
    "the": "the our",
    "they": "they we",
    "can": "can",
    "boat": "boat river fire",
    "fell": "fell came sang",  # a past form agrees with every subject
    "old": "old cold light sweet",  # nouns as well: the old, the cold, a light, a sweet
    "fish": "fish watch dance play water",  # verbs as well
}
"""Word classes by their first member; every member can stand where it can."""

GRAMMAR = (
    "the/determiner old/noun fell/verb",
    "the/determiner old/adjective boat/noun fell/verb",
    "the/determiner old/adjective fish/noun fell/verb",
    "the/determiner old/noun fish/verb the/determiner boat/noun",
    "the/determiner fish/noun fell/verb",
    "the/determiner can/noun fell/verb",
    "they/pronoun fish/verb the/determiner boat/noun",
    "they/pronoun can/auxiliary fish/verb",
    "they/pronoun can/auxiliary fish/verb the/determiner old/adjective boat/noun",
    "they/pronoun can/verb the/determiner fish/noun",
    "they/pronoun can/verb old/adjective fish/noun",
    "fish/noun fell/verb",
    "fish/noun can/auxiliary fish/verb",
    "fish/verb the/determiner boat/noun",
    "fish/verb the/determiner old/noun",
    "old/adjective fish/noun fell/verb",
)
"""Sentence patterns, equally likely; so are the words of a class. "The old watch …" takes two more words to settle."""

VOCABULARY = (BLANK, *(word for words in CLASSES.values() for word in words.split()))
LONGEST = max(len(pattern.split()) for pattern in GRAMMAR)


class Sentence(NamedTuple):
    words: tuple[str, ...]
    tags: tuple[str, ...]
    probability: float


class Sheet(NamedTuple):
    """All sentences, padded with word 0 and tag −1; where each pattern's begin, and how many they are."""

    words: NDArray[np.int64]
    tags: NDArray[np.int64]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]


def of_pattern(pattern: str) -> list[Sentence]:
    classes, tags = zip(*(part.split("/") for part in pattern.split()), strict=True)
    choices = list(product(*(CLASSES[name].split() for name in classes)))
    return [Sentence(words, tags, 1 / len(GRAMMAR) / len(choices)) for words in choices]


@lru_cache(maxsize=1)
def sentences() -> tuple[Sentence, ...]:
    """Every sentence of the grammar, pattern by pattern."""
    return tuple(sentence for pattern in GRAMMAR for sentence in of_pattern(pattern))


@lru_cache(maxsize=1)
def sheet() -> Sheet:
    words = np.zeros((len(sentences()), LONGEST), np.int64)
    tags = np.full_like(words, -1)
    for row, sentence in enumerate(sentences()):
        words[row, : len(sentence.words)] = [VOCABULARY.index(word) for word in sentence.words]
        tags[row, : len(sentence.tags)] = [TAGS.index(tag) for tag in sentence.tags]
    sizes = np.array([len(of_pattern(pattern)) for pattern in GRAMMAR])
    return Sheet(words, tags, sizes.cumsum() - sizes, sizes)


def best_guess(sees: Callable[[tuple[str, ...], int], object]) -> tuple[float, float]:
    """Loss and accuracy per word of the best guess from sees(words of the sentence, place), over all sentences."""
    joint: defaultdict[tuple[object, str], float] = defaultdict(float)
    marginal: defaultdict[object, float] = defaultdict(float)
    best: defaultdict[object, float] = defaultdict(float)
    for words, tags, probability in sentences():
        for place, tag in enumerate(tags):
            joint[sees(words, place), tag] += probability
    for (seen, _), p in joint.items():
        marginal[seen] += p
        best[seen] = max(best[seen], p)
    words_per_sentence = sum(marginal.values())
    loss = -sum(p * log(p / marginal[seen]) for (seen, _), p in joint.items())
    return loss / words_per_sentence, sum(best.values()) / words_per_sentence


@lru_cache(maxsize=1)
def from_the_word() -> tuple[float, float]:
    return best_guess(lambda words, place: words[place])


@lru_cache(maxsize=1)
def from_the_words_so_far() -> tuple[float, float]:
    return best_guess(lambda words, place: words[: place + 1])


@registry.register
class Tagging(Task):
    """Say of every word of a sentence what part of speech it is; many words can be two, and neighbours decide.

    "Light": the light fell, the light boat fell. "Can": we can fish, we can the fish, the can fell. A sentence as a
    whole has one reading only, so that look-ahead reaches 100 %; its beginning often has two. Enumerating all
    sentences, each weighed by its probability, gives the best guess from the word alone (77.2 %, the baseline) and
    from the words up to it (87.7 %, `one_way_ceiling`). Shorter sentences are padded, and padding does not count.
    """

    title: ClassVar[str] = "parts of speech"
    summary: ClassVar[str] = "Noun, verb or adjective? Often only the next words tell."
    loss: ClassVar[LossName] = "cross-entropy"
    metric: ClassVar[MetricName] = "accuracy"
    architectures: ClassVar[tuple[ArchitectureName, ...]] = ("many_to_many",)
    kind: Literal["tagging"] = "tagging"
    length: Annotated[int, Field(ge=LONGEST, le=200, description="Time steps T, padding included.")] = LONGEST

    @property
    def inputs(self) -> int:
        return len(VOCABULARY)

    @property
    def outputs(self) -> int:
        return len(TAGS)

    @property
    def baseline_loss(self) -> float:
        return from_the_word()[0]

    @property
    def baseline_metric(self) -> float:
        return from_the_word()[1]

    @property
    def one_way_ceiling(self) -> float | None:
        return from_the_words_so_far()[1]

    def sample(self, count: int, generator: "Generator") -> Batch:
        words, tags, starts, sizes = map(torch.from_numpy, sheet())
        pattern = torch.randint(len(GRAMMAR), (count,), generator=generator)
        place = torch.rand(count, generator=generator, dtype=torch.float64) * sizes[pattern]
        rows = starts[pattern] + place.long()
        padding = (0, 0, 0, self.length - LONGEST)
        shown = torch.nn.functional.pad(words[rows].T, padding)
        answers = torch.nn.functional.pad(tags[rows].T, padding, value=-1)
        return Batch(one_hot(shown, self.inputs), answers.clamp(min=0), (answers >= 0).double())

    def view_input(self, x: NDArray[np.float64]) -> View:
        words = tuple(VOCABULARY[word] for word in x.argmax(-1))
        return Tokens(words, tuple(word == BLANK for word in words))

    def view_output(self, y: NDArray[np.float64]) -> View:
        return Tokens(tuple(TAGS[int(tag)] for tag in y))
