"""An answer at every step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from playground.nn.architectures.base import Architecture, registry
from playground.nn.architectures.sequence import EveryStepNetwork
from playground.nn.network import Forward, Network, Parts, States

if TYPE_CHECKING:
    from torch import Tensor


@registry.register
class ManyToMany(Architecture):
    """x_t → h_t → y_t:  y_t = V h_t + c at every t; with two passes h_t = [h→_t ; h←_t].

    Every step has a loss of its own, so the total gradient has a direct term everywhere and looks healthy where nothing
    flows: look at the flow of one loss term. Source: Elman 1990; two passes: Schuster & Paliwal 1997.
    """

    title: ClassVar[str] = "many to many"
    summary: ClassVar[str] = "Reads and answers step by step."
    kind: Literal["many_to_many"] = "many_to_many"
    loss_at: Annotated[
        Literal["every step", "last step"],
        Field(description="Which answers the loss looks at: all of them, or the last alone."),
    ] = "every step"

    def network(self, parts: Parts) -> Network:
        return ManyToManyNetwork(parts)

    @property
    def last_only(self) -> bool:
        return self.loss_at == "last step"


@dataclass(frozen=True)
class ManyToManyNetwork(EveryStepNetwork):
    def forward(
        self,
        weights: "Mapping[str, Tensor]",
        x: "Tensor",
        targets: "Tensor | None" = None,  # noqa: ARG002
        forced: "Tensor | None" = None,  # noqa: ARG002
        initial: "States | None" = None,
    ) -> Forward:
        return self.answers_of(weights, x, initial)
