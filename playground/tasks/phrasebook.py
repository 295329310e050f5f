"""Sentences in two languages: number words and digits; English and a language invented for this project."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.tasks.endings import END, asked
from playground.tasks.guessing import Guess, best_fixed_guess

Language = Literal["numbers", "phrases"]
LONGEST_ANSWER: Mapping[Language, int] = MappingProxyType({"numbers": 4, "phrases": 7})
"""Places K of an answer: the digits of 9999, the words of the longest phrase."""

Pair = tuple[tuple[str, ...], tuple[str, ...]]
"""What is read, what is written."""

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"

NOUNS = {"dog": "kelo", "cat": "mira", "bird": "tivi", "child": "sanu", "fox": "rupa", "horse": "bado"}
ADJECTIVES = {"red": "osti", "small": "pinu", "big": "gron", "quick": "zael", "white": "nels"}
SEEING = {"sees": "dakar", "follows": "fulir", "finds": "henor", "likes": "jemur"}
SLEEPING = {"sleeps": "woser", "sings": "cantor", "waits": "yalir"}
SOME = "ep"
"""Stands behind what in English has an "a" in front; "the" is not said."""

LONGEST = 7
"""Words of "nine thousand nine hundred and ninety nine", and of "the red dog sees a small bird"."""


class Book(NamedTuple):
    """All M sentences as numbers of words.

    read (M, LONGEST) is padded at the front and written (M, K) at the end, where counts says what is asked. The
    sentences come in groups, all as likely, and so are the sentences of one group.
    """

    words: tuple[str, ...]
    answers: tuple[str, ...]
    read: NDArray[np.int64]
    written: NDArray[np.int64]
    counts: NDArray[np.bool_]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]


def number_words(number: int) -> tuple[str, ...]:
    if number < 20:
        return (ONES.split()[number],)
    if number < 100:
        return (TENS.split()[number // 10 - 2], *(number_words(number % 10) if number % 10 else ()))
    size, name, joint = (1000, "thousand", ()) if number >= 1000 else (100, "hundred", ("and",))
    rest = number % size
    if size == 1000 and 0 < rest < 100:
        joint = ("and",)
    return (*number_words(number // size), name, *((*joint, *number_words(rest)) if rest else ()))


def numbers() -> list[list[Pair]]:
    """0 … 9999, grouped by the number of digits."""
    ranges = (range(10), range(10, 100), range(100, 1000), range(1000, 10_000))
    return [[(number_words(number), tuple(str(number))) for number in group] for group in ranges]


def noun_phrases(described: bool) -> list[Pair]:
    """ "a red dog": kelo osti ep."""
    return [
        ((article, *adjective, noun), (NOUNS[noun], *(ADJECTIVES[a] for a in adjective), *[SOME] * (article == "a")))
        for article, noun in product(("the", "a"), NOUNS)
        for adjective in (((a,) for a in ADJECTIVES) if described else ((),))
    ]


def phrases() -> list[list[Pair]]:
    """ "the dog sees a red cat": kelo mira osti ep dakar. The verb comes last, an adjective after its noun."""
    groups = []
    for described in (False, True):
        subjects = noun_phrases(described)
        groups.append(
            [
                ((*subject, verb), (*subject_there, SLEEPING[verb]))
                for (subject, subject_there), verb in product(subjects, SLEEPING)
            ]
        )
        for object_described in (False, True):
            groups.append(
                [
                    ((*subject, verb, *thing), (*subject_there, *thing_there, SEEING[verb]))
                    for (subject, subject_there), verb, (thing, thing_there) in product(
                        subjects, SEEING, noun_phrases(object_described)
                    )
                ]
            )
    return groups


@lru_cache(maxsize=2)
def book(language: Language) -> Book:
    groups = numbers() if language == "numbers" else phrases()
    pairs = [pair for group in groups for pair in group]
    words = (END, *dict.fromkeys(word for read, _ in pairs for word in read))
    answers = (END, *dict.fromkeys(word for _, written in pairs for word in written))
    number = {word: place for place, word in enumerate(words)}
    answer = {word: place for place, word in enumerate(answers)}
    longest = max(len(written) for _, written in pairs)
    read = np.array([[0] * (LONGEST - len(r)) + [number[word] for word in r] for r, _ in pairs])
    written = np.array([[answer[word] for word in w] + [0] * (longest - len(w)) for _, w in pairs])
    sizes = np.array([len(group) for group in groups])
    return Book(words, answers, read, written, asked(written), sizes.cumsum() - sizes, sizes)


@lru_cache(maxsize=2)
def best_guess(language: Language) -> Guess:
    found = book(language)
    return best_fixed_guess(found.written, np.repeat(1 / found.sizes, found.sizes), found.counts)
