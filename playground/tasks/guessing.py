"""What guessing scores where all answers can be listed: the best fixed guess for each place of the answer."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Guess(NamedTuple):
    """Per answer that counts, the loss and the accuracy; and the share of sequences that are right as a whole."""

    loss: float
    accuracy: float
    exact: float


def best_fixed_guess(
    answers: NDArray[np.int64], weights: NDArray[np.float64], counts: NDArray[np.bool_] | None = None
) -> Guess:
    """The best guess from the place k = 1 … K alone, over all M sequences: answers (M, K), their weights (M,).

    With p_k(c) the weight of the sequences whose answer k counts and is c, and p_k its sum over c, the loss is the mean
    entropy Σ_k Σ_c p_k(c) ln(p_k / p_k(c)) / Σ_k p_k. As a whole, the likeliest sequence is said: the best one, as long
    as sequences that differ do so at an answer that counts in both.
    """
    there = np.ones(answers.shape, np.bool_) if counts is None else counts
    found = np.stack(
        [
            np.bincount(column, weights * asked, minlength=answers.max() + 1)
            for column, asked in zip(answers.T, there.T, strict=True)
        ]
    )
    share = found / found.sum()
    total = np.broadcast_to(share.sum(1, keepdims=True), share.shape)
    comes = share > 0
    _, kinds = np.unique(np.where(there, answers, -1), axis=0, return_inverse=True)
    whole = np.bincount(kinds.reshape(-1), weights)
    return Guess(
        float((share[comes] * np.log(total[comes] / share[comes])).sum()),
        float(share.max(1).sum()),
        float(whole.max() / weights.sum()),
    )
