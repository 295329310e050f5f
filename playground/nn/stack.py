"""Recurrent layers on top of each other, one way or both ways through time.

Every layer × direction is one *pass*: one cell's weights run over time once. Passes are kept in the order layer 1 →,
layer 1 ←, layer 2 →, …; what belongs to a pass is in its own running order, so that ← starts at the last time step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from playground.core.lazy import torch
from playground.nn import scan
from playground.nn.cells import Cell
from playground.nn.cells.base import Tape, Weights
from playground.nn.initializers import Initializer, Shape

if TYPE_CHECKING:
    from torch import Tensor

Direction = Literal["one_way", "two_passes", "concatenated"]
"""two_passes: a second network reads from the end. concatenated: one causal network, whose input at step t is
[x_t ; x_{T−t+1}]; at step t it has seen min(T, 2t) inputs, so it shortens paths and looks ahead only in part."""

_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Back(NamedTuple):
    """One pass on its way back, in its running order."""

    total: "tuple[Tensor, ...]"  # of each state (T, …, N, H): ∂L/∂state after each step
    direct: "Tensor"  # (K, …, N, H): what the last K states are told at once, with the next state held fixed
    initial: "tuple[Tensor, ...]"  # of each state (…, N, H): ∂L/∂ the one before the first step


class StackGradients(NamedTuple):
    passes: tuple[Back, ...]
    weights: "dict[str, Tensor]"


@dataclass(frozen=True)
class Stack:
    """h^l = cell(h^{l−1}), with h^0 = x; with two passes each layer sees [h→ ; h←] of the one below."""

    cell: Cell
    inputs: int
    hidden: int
    layers: int = 1
    direction: Direction = "one_way"
    prefix: str = ""

    @property
    def ways(self) -> int:
        return 2 if self.direction == "two_passes" else 1

    @property
    def width(self) -> int:
        """Of what the layers hand upwards."""
        return self.ways * self.hidden

    @cached_property
    def suffixes(self) -> tuple[str, ...]:
        """What a tensor's letter gets in each pass: "", or "₂", "₂←"."""
        numbers = [""] if self.layers == 1 else [str(n + 1).translate(_LOWERED) for n in range(self.layers)]
        return tuple(number + arrow for number in numbers for arrow in ("", "←")[: self.ways])

    def labels(self) -> tuple[str, ...]:
        """The passes as a reader meets them."""
        arrows = ("",) if self.ways == 1 else (" →", " ←")
        return tuple(f"layer {n + 1}{arrow}" for n in range(self.layers) for arrow in arrows)

    def tensors(self) -> dict[str, tuple[Shape, Initializer]]:
        """Parameter tensors of all passes, by letter, pass and prefix."""
        found = {}
        for i, suffix in enumerate(self.suffixes):
            inputs = (self._inputs if i < self.ways else self.width,)
            for letter, tensor in self.cell.tensors(*inputs, self.hidden).items():
                found[f"{self.prefix}{letter}{suffix}"] = tensor
        return found

    @property
    def _inputs(self) -> int:
        return 2 * self.inputs if self.direction == "concatenated" else self.inputs

    @cached_property
    def _names(self) -> tuple[dict[str, str], ...]:
        """Of each pass, the name of every tensor by the letter that the cell knows: asked for twice an update."""
        letters = tuple(self.cell.tensors(1, 1))
        return tuple({letter: f"{self.prefix}{letter}{suffix}" for letter in letters} for suffix in self.suffixes)

    def of_pass(self, weights: Mapping[str, "Tensor"]) -> list[Weights]:
        """The weights of each pass under the letters that the cell knows."""
        return [{letter: weights[name] for letter, name in names.items()} for names in self._names]

    def zeros(self, x: "Tensor") -> "list[tuple[Tensor, ...]]":
        return [scan.zeros(self.cell, x, self.hidden)] * (self.layers * self.ways)

    def forward(
        self, weights: Mapping[str, "Tensor"], x: "Tensor", initial: "Sequence[Sequence[Tensor]] | None" = None
    ) -> tuple[Tape, ...]:
        """The tapes of all passes over inputs (T, …, N, I), from the given states of each pass or from 0."""
        initial = initial or self.zeros(x)
        mine = self.of_pass(weights)
        if self.direction == "concatenated":
            x = torch.cat([x, x.flip(0)], -1)
        tapes: list[Tape] = []
        for i, (w, before) in enumerate(zip(mine, initial, strict=True)):
            if i and i % self.ways == 0:
                x = self.top(tapes)
            tapes.append(scan.forward(self.cell, w, x.flip(0) if i % self.ways else x, before))
        return tuple(tapes)

    def top(self, tapes: Sequence[Tape]) -> "Tensor":
        """What the uppermost layer hands on at every time step: (T, …, N, width)."""
        if self.ways == 1:
            return tapes[-1].h[1:]
        return torch.cat([tapes[-2].h[1:], tapes[-1].h[1:].flip(0)], -1)

    def last(self, tapes: Sequence[Tape]) -> "Tensor":
        """What each way of the uppermost layer ends with: (…, N, width)."""
        return tapes[-1].h[-1] if self.ways == 1 else torch.cat([tapes[-2].h[-1], tapes[-1].h[-1]], -1)

    def final(self, tapes: Sequence[Tape]) -> "list[tuple[Tensor, ...]]":
        """The states of each pass after its last step."""
        return [tuple(state[-1] for state in tape.states) for tape in tapes]

    def backward(
        self,
        weights: Mapping[str, "Tensor"],
        tapes: Sequence[Tape],
        top: "Tensor",
        final: "Sequence[Sequence[Tensor]] | None" = None,
    ) -> StackGradients:
        """All gradients, from ∂⁺L/∂ of what the uppermost layer hands on.

        `top` is (T, …, N, width) for every time step, or (1, …, N, width) for `last`. `final` is what else comes to
        the states of each pass after its last step.
        """
        mine = self.of_pass(weights)
        backs: list[Back] = []
        gradients: dict[str, Tensor] = {}  # from the last pass to the first
        steps = len(tapes[0].x)
        for layer in range(self.layers - 1, -1, -1):
            below: Tensor | None = None
            for way in range(self.ways - 1, -1, -1):
                i = layer * self.ways + way
                direct = top[..., way * self.hidden : (way + 1) * self.hidden] if self.ways > 1 else top
                if way and len(top) == steps:
                    direct = direct.flip(0)
                found = scan.backward(
                    self.cell, mine[i], tapes[i], direct, final[i] if final else (), wants_x=layer > 0
                )
                backs.append(Back(tuple(s[1:] for s in found.states), direct, tuple(s[0] for s in found.states)))
                gradients |= {self._names[i][letter]: g for letter, g in found.weights.items()}
                if found.x is not None:
                    g_x = found.x.flip(0) if way else found.x
                    below = g_x if below is None else below + g_x
            if below is not None:
                top = below
        return StackGradients(
            tuple(reversed(backs)), {name: gradients[name] for names in self._names for name in names.values()}
        )

    def recurrent(self, weights: Mapping[str, "Tensor"]) -> "list[Tensor]":
        """Of each pass, the matrix through which a state enters the next one."""
        return [self.cell.recurrent(w) for w in self.of_pass(weights)]


def cut(tapes: Sequence[Tape], start: int, stop: int) -> tuple[Tape, ...]:
    """The steps start … stop − 1 of each pass alone, as if the states before them had been given."""
    return tuple(scan.cut(tape, start, stop) for tape in tapes)
