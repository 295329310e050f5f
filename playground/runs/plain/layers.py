"""Recurrent layers on top of each other, one way or both ways through time."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from playground.runs.plain.cells import State
from playground.runs.plain.settings import CARRIED, CELL, HIDDEN


def run(cell: nn.Module, x: Tensor, state: State) -> tuple[Tensor, State]:
    """The states h of all steps, (T, N, H), and all that is carried on after the last."""
    seen = []
    for x_t in x:
        state = cell(x_t, state)
        seen.append(state[0])
    return torch.stack(seen), state


class OneWay(nn.Module):
    """Each layer reads the states of the one below."""

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__()
        self.cells = nn.ModuleList(CELL(place) for place in places)

    def forward(self, x: Tensor, states: Sequence[State] | None = None) -> tuple[Tensor, list[State]]:
        """The states h of the uppermost layer, and with what each layer ends."""
        zero = x.new_zeros(x.shape[1], HIDDEN)
        ends = []
        for i, cell in enumerate(self.cells):
            x, end = run(cell, x, states[i] if states else (zero,) * CARRIED)
            ends.append(end)
        return x, ends

    def last(self, ends: Sequence[State]) -> Tensor:
        return ends[-1][0]


class TwoPasses(nn.Module):
    """Each layer reads forward with one cell and from the end with another, over both of what is below."""

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__()
        self.cells = nn.ModuleList(CELL(place) for place in places)

    def forward(self, x: Tensor, states: Sequence[State] | None = None) -> tuple[Tensor, list[State]]:
        """The states h of the uppermost layer, and with what each pass ends."""
        del states  # the end of one window is no beginning for a reader that comes from the other side
        zero = x.new_zeros(x.shape[1], HIDDEN)
        ends = []
        for there, back in zip(self.cells[::2], self.cells[1::2], strict=True):
            h_there, end_there = run(there, x, (zero,) * CARRIED)
            h_back, end_back = run(back, x.flip(0), (zero,) * CARRIED)
            x = torch.cat([h_there, h_back.flip(0)], -1)
            ends += [end_there, end_back]
        return x, ends

    def last(self, ends: Sequence[State]) -> Tensor:
        return torch.cat([ends[-2][0], ends[-1][0]], -1)


class Concatenated(OneWay):
    """One causal network, whose input at step t is [x_t ; x_{T−t+1}]."""

    def forward(self, x: Tensor, states: Sequence[State] | None = None) -> tuple[Tensor, list[State]]:
        return super().forward(torch.cat([x, x.flip(0)], -1), states)
