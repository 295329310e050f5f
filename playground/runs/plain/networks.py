"""Architectures: what is connected to what. Each gives answers y (K, N, O), and the states that it ends with."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from playground.runs.plain.cells import State
from playground.runs.plain.data import Asked
from playground.runs.plain.feedback import what_it_reads
from playground.runs.plain.layers import OneWay
from playground.runs.plain.settings import LAYERS, OUTPUTS, PASSES, WRITING_PASSES, phi
from playground.runs.plain.weights import weight

Answers = tuple[Tensor, Sequence[State] | None]


class ManyToOne(nn.Module):
    """y = V h_T + c, from the last state."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = LAYERS(PASSES)
        self.V, self.c = weight("V"), weight("c")

    def forward(self, batch: Asked, states: Sequence[State] | None = None) -> Answers:
        return self.step(self.inputs(batch, states), states)

    def inputs(self, batch: Asked, states: Sequence[State] | None) -> Tensor:
        del states
        return batch.x

    def step(self, x: Tensor, states: Sequence[State] | None) -> Answers:
        _, ends = self.layers(x, states)
        return (self.layers.last(ends) @ self.V.T + self.c)[None], ends


class ManyToMany(nn.Module):
    """y_t = V h_t + c, at every step."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = LAYERS(PASSES)
        self.V, self.c = weight("V"), weight("c")

    def forward(self, batch: Asked, states: Sequence[State] | None = None) -> Answers:
        return self.step(self.inputs(batch, states), states)

    def inputs(self, batch: Asked, states: Sequence[State] | None) -> Tensor:
        del states
        return batch.x

    def step(self, x: Tensor, states: Sequence[State] | None) -> Answers:
        h, ends = self.layers(x, states)
        return h @ self.V.T + self.c, ends


class OneToMany(ManyToMany):
    """Reads [x ; 0], then [0 ; the answer before]."""

    def inputs(self, batch: Asked, states: Sequence[State] | None) -> Tensor:
        first = torch.cat([batch.x[0], batch.x.new_zeros(batch.x.shape[1], OUTPUTS)], -1)
        return what_it_reads(self.step, first, batch, states)


class OneToManyOnZeros(ManyToMany):
    """Reads x, then zeros."""

    def inputs(self, batch: Asked, states: Sequence[State] | None) -> Tensor:
        del states
        return torch.cat([batch.x, batch.x.new_zeros(len(batch.targets) - 1, *batch.x.shape[1:])])


class EncoderDecoder(nn.Module):
    """The encoder's last states are the decoder's first, which reads 0, then the answer before."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = LAYERS(PASSES), OneWay(WRITING_PASSES)
        self.V, self.c = weight("V"), weight("c")

    def forward(self, batch: Asked, states: Sequence[State] | None = None) -> Answers:
        _, ends = self.encoder(batch.x, states)
        ways = len(PASSES) // len(WRITING_PASSES)
        # Where it reads both ways, the decoder starts from the sum of what both end with.
        layers = [zip(*ends[i : i + ways], strict=True) for i in range(0, len(ends), ways)]
        handed = [tuple(torch.stack(parts).sum(0) for parts in layer) for layer in layers]
        first = batch.x.new_zeros(batch.x.shape[1], OUTPUTS)
        y, _ = self.step(what_it_reads(self.step, first, batch, handed), handed)
        return y, None

    def step(self, x: Tensor, states: Sequence[State] | None) -> Answers:
        h, ends = self.decoder(x, states)
        return h @ self.V.T + self.c, ends


class WindowMlp(nn.Module):
    """y = V φ(A [x_1 ; … ; x_T] + a) + c: no recurrence."""

    def __init__(self) -> None:
        super().__init__()
        self.A, self.a, self.V, self.c = (weight(letter) for letter in "AaVc")

    def forward(self, batch: Asked, states: None = None) -> Answers:
        window = batch.x.movedim(0, -2).flatten(-2)  # N TI
        return (phi(window @ self.A.T + self.a) @ self.V.T + self.c)[None], states
