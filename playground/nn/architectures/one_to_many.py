"""One input, many answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.core.lazy import torch
from playground.nn import feedback
from playground.nn.architectures.base import registry
from playground.nn.architectures.forced import Forced
from playground.nn.architectures.sequence import EveryStepNetwork
from playground.nn.network import Forward, Network, Parts, States
from playground.nn.stack import Direction, Stack

if TYPE_CHECKING:
    from torch import Tensor

Feed = Literal["answers", "zeros"]


@registry.register
class OneToMany(Forced):
    """x → h_1 → y_1 → h_2 → y_2 …:  y_t = V h_t + c; input [x ; 0] at step 1, then [0 ; y_{t−1}] or zeros.

    What it reads of its answers is the true one (teacher forcing) or its own; at evaluation always its own. Sources:
    Williams & Zipser 1989 (teacher forcing); Bengio et al. 2015 (scheduled sampling).
    """

    title: ClassVar[str] = "one to many"
    summary: ClassVar[str] = "Gets one input and writes a sequence."
    directions: ClassVar[tuple[Direction, ...]] = ("one_way",)
    why_not: ClassVar[str] = "It writes as it goes: there is nothing ahead that a second reading could see."
    kind: Literal["one_to_many"] = "one_to_many"
    feed: Annotated[Feed, Field(description="What it reads after step 1: the answer before, or zeros.")] = "answers"

    def network(self, parts: Parts) -> Network:
        return OneToManyNetwork(parts, self.feed)

    def forcing(self, progress: float) -> float | None:
        return super().forcing(progress) if self.feed == "answers" else None


@dataclass(frozen=True)
class OneToManyNetwork(EveryStepNetwork):
    feed: Feed = "answers"

    @property
    def steps(self) -> int:
        return self.parts.answers

    @cached_property
    def stack(self) -> Stack:
        p = self.parts
        return Stack(p.cell, p.inputs + (p.outputs if self.feed == "answers" else 0), p.hidden, p.layers)

    def forward(
        self,
        weights: "Mapping[str, Tensor]",
        x: "Tensor",
        targets: "Tensor | None" = None,
        forced: "Tensor | None" = None,
        initial: "States | None" = None,
    ) -> Forward:
        answers = self.parts.answers if targets is None else len(targets)
        first = x[0]
        if self.feed == "answers":
            first = torch.cat([first, first.new_zeros(*first.shape[:-1], self.parts.outputs)], -1)
            read = feedback.inputs(self.stack, weights, first, targets, forced, initial, answers, self.parts.loss)
        else:
            read = first.new_zeros(answers, *first.shape)
            read[0] = first
        return self.answers_of(weights, read, initial)
