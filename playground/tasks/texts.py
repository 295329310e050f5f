"""Text that a user brings: read it, cut it into words, number the words."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LARGEST = 1_000_000
"""Bytes of an upload."""

OTHER = "<other>"
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[.,:;!?]")
"""A word, a number or a punctuation mark."""


class Corpus(NamedTuple):
    """A text as numbers (M,): names[numbers[i]] is its word i."""

    names: tuple[str, ...]
    numbers: NDArray[np.int64]


def decoded(data: bytes) -> str:
    """An upload as text, its line ends as \\n. ValueError with a sentence if it is too large or not plain UTF-8."""
    if len(data) > LARGEST:
        raise ValueError(f"The file has {len(data):,} bytes. At most {LARGEST:,} are read: upload a part of it.")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ValueError(
            f"Line {line} holds the byte 0x{error.object[error.start]:02x}, which is not UTF-8. Save the file as "
            "plain text in UTF-8 and upload it again."
        ) from None
    for number, line_text in enumerate(text.split("\n"), start=1):
        for character in line_text:
            if unicodedata.category(character) == "Cc" and character != "\t":
                raise ValueError(
                    f"Line {number} holds the control character U+{ord(character):04X}. Plain text has line ends "
                    "and tabs only: remove it."
                )
    return text


def read_text(data: bytes) -> str:
    """An upload as text with at least one word in it."""
    text = decoded(data)
    if not WORD.search(text):
        raise ValueError("The file has no words. Upload plain text, in UTF-8.")
    return text


@lru_cache(maxsize=1)
def story() -> str:
    """The text that ships with the project, written for it: who a sentence is about decides words far behind."""
    return (Path(__file__).parent / "data" / "story.txt").read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a text, in small letters; of the story for an empty one."""
    return tuple(WORD.findall((text or story()).lower()))


@lru_cache(maxsize=8)
def corpus(text: str, words: int) -> Corpus:
    """The most common `words` words by number, the most common first; all the rest are one more, `<other>`."""
    found = tokens(text)
    common = [word for word, _ in Counter(found).most_common(words)]
    number = {word: place for place, word in enumerate(common)}
    numbers = np.array([number.get(word, len(common)) for word in found], np.int64)
    rest = (OTHER,) if (numbers == len(common)).any() else ()
    return Corpus((*common, *rest), numbers)


@lru_cache(maxsize=32)
def from_the_last_word(text: str, words: int, length: int) -> tuple[float, float]:
    """Loss and accuracy of the best guess of the next word from the last of `length` alone, over all windows.

    That is the conditional entropy H(next | last), and the share of the most common next word of each last one.
    """
    names, numbers = corpus(text, words)
    last, following = numbers[length - 1 : -1], numbers[length:]
    pairs, joint = np.unique(last * len(names) + following, return_counts=True)
    marginal = np.bincount(last, minlength=len(names))
    best = np.zeros(len(names))
    np.maximum.at(best, pairs // len(names), joint)
    loss = (joint * np.log(marginal[pairs // len(names)] / joint)).sum() / len(last)
    return float(loss), float(best.sum() / len(last))
