"""What a network reads that reads its own answers."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from playground.runs.plain.cells import State
from playground.runs.plain.data import Asked
from playground.runs.plain.settings import DTYPE, OUTPUTS


def as_input(answer: Tensor) -> Tensor:
    """As the next step reads it: class numbers one-hot; numbers as they are."""
    return answer if answer.is_floating_point() else F.one_hot(answer, OUTPUTS).to(DTYPE)


@torch.no_grad()
def what_it_reads(step: Callable[..., Any], first: Tensor, batch: Asked, states: Sequence[State] | None) -> Tensor:
    """`first`, then in its last O places the answer before: the true one where that is forced, otherwise its own.

    An own answer counts as given: no gradient goes through its choice.
    """
    assert batch.forced is not None
    x = [first]
    for target, forced in zip(batch.targets[:-1], batch.forced[:-1], strict=True):
        y, states = step(x[-1][None], states)
        own = y[0] if target.is_floating_point() else y[0].argmax(-1)
        said = torch.where(forced[:, None], as_input(target), as_input(own))
        x.append(F.pad(said, (first.shape[-1] - said.shape[-1], 0)))
    return torch.stack(x)
