"""Two networks: one reads, the other writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal

from playground.nn import feedback
from playground.nn.architectures.base import registry
from playground.nn.architectures.forced import Forced
from playground.nn.cells.base import Weights
from playground.nn.initializers import Initializer, Shape
from playground.nn.network import Forward, Found, Network, Parts, States, Way, answer, answer_back
from playground.nn.stack import Stack

if TYPE_CHECKING:
    from torch import Tensor


@registry.register
class EncoderDecoder(Forced):
    """x_1 … x_T → s → y_1 … y_K: the encoder's last states are the decoder's first; each has weights of its own.

    The decoder reads 0, then the answer before: the true one while it is forced to, its own at evaluation. Its
    gradients go on into the encoder, so that both stand on one axis of T + K steps. Where the encoder reads both ways,
    the decoder starts from the sum of what both end with. Sources: Cho et al. 2014; Sutskever, Vinyals & Le 2014.
    """

    title: ClassVar[str] = "encoder–decoder"
    summary: ClassVar[str] = "Reads a sequence to its end, then writes another, of another length."
    truncates: ClassVar[bool] = False
    kind: Literal["encoder_decoder"] = "encoder_decoder"

    def network(self, parts: Parts) -> Network:
        return EncoderDecoderNetwork(parts)


@dataclass(frozen=True)
class EncoderDecoderNetwork(Network):
    @cached_property
    def encoder(self) -> Stack:
        p = self.parts
        return Stack(p.cell, p.inputs, p.hidden, p.layers, p.direction, "enc ")

    @cached_property
    def decoder(self) -> Stack:
        p = self.parts
        return Stack(p.cell, p.outputs, p.hidden, p.layers, "one_way", "dec ")

    @property
    def steps(self) -> int:
        return self.parts.length + self.parts.answers

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        p, ways = self.parts, self.encoder.ways
        read = [Way(label, i, 0, p.length, reversed=bool(i % ways)) for i, label in enumerate(self.encoder.labels())]
        # The decoder goes on in the row of the way that reads forward.
        written = [Way(read[layer * ways].label, layer * ways, p.length, p.answers) for layer in range(p.layers)]
        return (*read, *written)

    def tensors(self) -> dict[str, tuple[Shape, Initializer]]:
        return self.encoder.tensors() | self.decoder.tensors() | self.readout(self.parts.hidden)

    def forward(
        self,
        weights: "Mapping[str, Tensor]",
        x: "Tensor",
        targets: "Tensor | None" = None,
        forced: "Tensor | None" = None,
        initial: "States | None" = None,
    ) -> Forward:
        answers = self.parts.answers if targets is None else len(targets)
        read = self.encoder.forward(weights, x, initial)
        ends, ways = self.encoder.final(read), self.encoder.ways
        handed = [_sums(ends[i : i + ways]) for i in range(0, len(ends), ways)]
        first = x.new_zeros(*x.shape[1:-1], self.parts.outputs)
        said = feedback.inputs(self.decoder, weights, first, targets, forced, handed, answers, self.parts.loss)
        written = self.decoder.forward(weights, said, handed)
        top = self.decoder.top(written)
        return Forward((*read, *written), answer(weights, top), (top,))

    def backward(self, weights: "Mapping[str, Tensor]", forward: Forward, g_outputs: "Tensor") -> Found:
        (top,) = forward.extra
        read, written = forward.tapes[: -self.parts.layers], forward.tapes[-self.parts.layers :]
        g_h, readout = answer_back(weights, top, g_outputs)
        decoder = self.decoder.backward(weights, written, g_h)
        # A sum hands its gradient to each of its terms.
        final = [back.initial for back in decoder.passes for _ in range(self.encoder.ways)]
        nothing = g_h.new_zeros(1, *g_h.shape[1:-1], self.encoder.width)
        encoder = self.encoder.backward(weights, read, nothing, final)
        return Found((*encoder.passes, *decoder.passes), encoder.weights | decoder.weights | readout)

    def of_passes(self, weights: "Mapping[str, Tensor]") -> "list[Weights]":
        return self.encoder.of_pass(weights) + self.decoder.of_pass(weights)


def _sums(states: "list[tuple[Tensor, ...]]") -> "tuple[Tensor, ...]":
    """Of each state, the sum over the ways of one layer."""
    return states[0] if len(states) == 1 else tuple(one + other for one, other in zip(*states, strict=True))
