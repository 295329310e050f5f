"""Networks that read their own answers: what stands at each step's input.

Teacher forcing gives the true answer before, free running the network's own; scheduled sampling (Bengio et al. 2015)
draws one of the two for each answer. An own answer counts as given: no gradient goes through its choice.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from playground.core.lazy import torch
from playground.core.names import LossName
from playground.nn.network import States, answer
from playground.nn.stack import Stack

if TYPE_CHECKING:
    from torch import Tensor


def as_input(answers: "Tensor", width: int) -> "Tensor":
    """Answers as the next step reads them: class numbers (…) as one-hot (…, O); numbers (…, O) as they are."""
    if answers.is_floating_point():
        return answers
    hot: Tensor = torch.nn.functional.one_hot(answers, width)
    return hot


def inputs(
    stack: Stack,
    weights: "Mapping[str, Tensor]",
    first: "Tensor",
    targets: "Tensor | None",
    forced: "Tensor | None",
    initial: "States | None",
    answers: int,
    loss: LossName,
) -> "Tensor":
    """The inputs (K, …, N, I) of K steps: `first` (…, N, I), then the answer before in the last O places.

    Where `forced` (K, …, N) is true that is the one in `targets`, otherwise the network's own.
    """
    x = first.new_zeros(answers, *first.shape)
    x[0] = first
    width = weights["V"].shape[-2]
    true = None
    if targets is not None and forced is not None:
        true = as_input(targets, width).to(x.dtype)
        if forced[:-1].all():
            x[1:, ..., -width:] = true[:-1]
            return x
    states = initial or stack.zeros(x)
    for k in range(answers - 1):
        tapes = stack.forward(weights, x[k : k + 1], states)
        states = stack.final(tapes)
        y = answer(weights, stack.top(tapes))[0]
        said = as_input(y.argmax(-1), width).to(x.dtype) if loss == "cross-entropy" else y
        if true is not None and forced is not None:
            said = torch.where(forced[k][..., None], true[k], said)
        x[k + 1, ..., -width:] = said
    return x
