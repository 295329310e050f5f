"""The weights of a network in one flat buffer, seen by name.

One buffer makes the optimiser one kernel, a checkpoint one tensor, and a copy one call, however many tensors a
network has.
"""

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from playground.core.lazy import torch
from playground.nn.initializers import Initializer, Shape

if TYPE_CHECKING:
    from torch import Generator, Tensor


class Parameters:
    """`flat` (…, P), and `views[name]` (…, *shape) into it."""

    def __init__(self, flat: "Tensor", shapes: Mapping[str, Shape]) -> None:
        self.flat = flat
        self.shapes = dict(shapes)
        pieces = torch.split(flat, [math.prod(shape) for shape in shapes.values()], dim=-1)
        self.views = {
            name: piece.view(*piece.shape[:-1], *shapes[name]) for name, piece in zip(shapes, pieces, strict=True)
        }
        self.dims = {name: len(shape) for name, shape in shapes.items()}

    @classmethod
    def draw(
        cls,
        tensors: Mapping[str, tuple[Shape, Initializer]],
        generator: Callable[[str], "Generator"],
        dtype: "torch.dtype",
        device: "torch.device | None" = None,
    ) -> "Parameters":
        """Every tensor from a stream of its own, so that another initialiser for one leaves the others as they were."""
        drawn = [init.draw(shape, generator(name)).flatten() for name, (shape, init) in tensors.items()]
        return cls(torch.cat(drawn).to(device, dtype), {name: shape for name, (shape, _) in tensors.items()})

    @classmethod
    def stack(cls, members: "list[Parameters]") -> "Parameters":
        """An ensemble: one more leading axis."""
        return cls(torch.stack([m.flat for m in members]), members[0].shapes)

    def clone(self) -> "Parameters":
        return Parameters(self.flat.clone(), self.shapes)
