"""Answers shorter than others: they end with a sign, class 0. It counts, and what comes after it does not."""

import numpy as np
from numpy.typing import NDArray

from playground.tasks.views import Tokens

END = "·"


def asked(answers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the answers (…, K) count: those up to the first end sign, itself included."""
    ends = answers == 0
    return np.asarray(ends.cumsum(-1) - ends == 0)


def said(y: NDArray[np.float64], names: tuple[str, ...], separator: str = " ") -> Tokens:
    """Answers (K,) up to the end sign as a reader sees them, where names[0] is END."""
    silent = ((y == 0).cumsum() > 0).tolist()
    words = (END if quiet else names[int(word)] for word, quiet in zip(y, silent, strict=True))
    return Tokens(tuple(words), tuple(silent), separator)
