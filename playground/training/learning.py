"""Loss modes: what is summed over the answers, how far back it goes, and when the weights move.

Each mode yields one `Pass` for every step that the optimiser is to take. The weights may have moved when it is asked
for the next one, so a mode that yields several computes everything anew: no stale weights.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, SerializeAsAny, model_validator

from playground.core.component import Chosen, Component, Registry
from playground.core.lazy import torch
from playground.nn.losses import Reduction, loss
from playground.nn.network import Forward, Found, Network, Pass, States
from playground.nn.norms import norm
from playground.nn.stack import Back
from playground.tasks import Batch

if TYPE_CHECKING:
    from torch import Tensor

    Views = Mapping[str, Tensor]

OverTime = Annotated[
    Reduction,
    Field(
        description="Over the answers of a sequence: their mean, or their sum, for which a clip is T times stricter."
    ),
]


class Learning(Component):
    """One way from a batch to steps of the optimiser."""

    summary: ClassVar[str]
    formula: ClassVar[str]
    windowed: ClassVar[bool] = False
    """Whether the way back is cut, or the sequence taken in pieces: then it must be read one way."""

    def passes(
        self,
        network: Network,
        weights: "Views",
        batch: Batch,
        forced: "Tensor | None" = None,
        initial: "States | None" = None,
    ) -> Iterator[Pass]:
        """The passes of one batch; `forced` says where a network that reads its answers is given the true ones."""
        raise NotImplementedError

    def sweeps(self, steps: int) -> int:
        """How many times about an update goes over the whole sequence."""
        del steps
        return 1


registry: Registry[Learning] = Registry("loss mode", __name__)


@registry.register
class Cumulative(Learning):
    """L = (1/K) Σ_k L_k or Σ_k L_k, one backward pass after the sequence, one update."""

    title: ClassVar[str] = "cumulative loss"
    summary: ClassVar[str] = "All answers' losses together, one backward pass after the sequence, one update."
    formula: ClassVar[str] = "∂/∂w Σ_k L_k"
    kind: Literal["cumulative"] = "cumulative"
    over_time: OverTime = "mean"

    def passes(
        self,
        network: Network,
        weights: "Views",
        batch: Batch,
        forced: "Tensor | None" = None,
        initial: "States | None" = None,
    ) -> Iterator[Pass]:
        forward, value, g_y = answered(network, weights, batch, forced, initial, self.over_time)
        found = network.backward(weights, forward, g_y)
        yield Pass(forward, value, found.passes, found.gradients, g_y)


@registry.register
class EachStepBackward(Learning):
    """Σ_k ∂L_k/∂w: one backward pass for each answer, no update between. The same gradient as the cumulative loss's.

    Both are computed and compared. Source of the confusion: `loss.backward()` at each step adds to `.grad`.
    """

    title: ClassVar[str] = "backward at each step, one update"
    summary: ClassVar[str] = "A backward pass for each answer, gradients added, one update: the same as cumulative."
    formula: ClassVar[str] = "Σ_k ∂L_k/∂w"
    kind: Literal["each_step"] = "each_step"
    over_time: OverTime = "mean"

    def sweeps(self, steps: int) -> int:
        return steps

    def passes(
        self,
        network: Network,
        weights: "Views",
        batch: Batch,
        forced: "Tensor | None" = None,
        initial: "States | None" = None,
    ) -> Iterator[Pass]:
        forward, value, g_y = answered(network, weights, batch, forced, initial, self.over_time)
        parts = [network.backward(weights, forward, only(g_y, k)) for k in range(len(g_y))]
        found, at_once = added(parts), network.backward(weights, forward, g_y)
        yield Pass(forward, value, found.passes, found.gradients, g_y, difference(found.gradients, at_once.gradients))


@registry.register
class UpdateEachStep(Learning):
    """After each answer k: forward over steps 1 … k with the weights of now, ∂L_k/∂w, one update.

    Another algorithm, not another way of adding: K updates for each batch, each with a gradient of weights that the
    last one has just moved. What is measured is the last one, which has seen the whole sequence; the loss is the mean
    of all. Source: on-line learning as in Williams & Zipser 1989.
    """

    title: ClassVar[str] = "an update at each time step"
    summary: ClassVar[str] = (
        "After each answer the weights move, and the sequence so far is run anew: another algorithm."
    )
    formula: ClassVar[str] = "w ← w − η·∂L_k/∂w for k = 1 … K"
    windowed: ClassVar[bool] = True
    kind: Literal["update_each_step"] = "update_each_step"

    def sweeps(self, steps: int) -> int:
        return steps

    def passes(
        self,
        network: Network,
        weights: "Views",
        batch: Batch,
        forced: "Tensor | None" = None,
        initial: "States | None" = None,
    ) -> Iterator[Pass]:
        answers = len(batch.targets)
        values = []
        for k in range(1, answers + 1):
            x = batch.x[:k] if len(batch.x) == answers else batch.x
            targets, reads = batch.targets[:k], None if forced is None else forced[:k]
            forward = network.forward(weights, x, targets, reads, initial)
            counts = None if batch.counts is None else batch.counts[k - 1 : k]
            value, g_last = loss(network.parts.loss, forward.outputs[-1:], targets[-1:], counts)
            g_y = torch.zeros_like(forward.outputs)
            g_y[-1:] = g_last
            found = network.backward(weights, forward, g_y)
            values.append(value)
            yield Pass(forward, torch.stack(values).mean(0), found.passes, found.gradients, g_y)


@registry.register
class Truncated(Learning):
    """Truncated BPTT(k₁, k₂): after every k₁ steps, the losses of these steps go back at most k₂ steps; one update.

    k₂ ≥ T is full back-propagation; k₂ = 1 leaves the direct terms alone. The state before a window is taken as given.
    Sources: Williams & Peng 1990; Sutskever 2013 §2.8.6.
    """

    title: ClassVar[str] = "truncated BPTT"
    summary: ClassVar[str] = "Every k₁ steps the losses go back at most k₂ steps. Nothing earlier can be learned from."
    formula: ClassVar[str] = "Σ_k ∂L_k/∂w, with h_{e−k₂} held fixed, e the end of k's block of k₁ steps"
    windowed: ClassVar[bool] = True
    kind: Literal["truncated"] = "truncated"
    k1: Annotated[int, Field(ge=1, le=200, description="Steps k₁ between backward passes.")] = 5
    k2: Annotated[int, Field(ge=1, le=200, description="Steps k₂ that each goes back, at least k₁.")] = 10
    over_time: OverTime = "mean"

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.k2 < self.k1:
            raise ValueError(
                f"k₂ = {self.k2} is less than k₁ = {self.k1}: some losses would never go back. Write k₂ of "
                f"{self.k1} or more."
            )
        return self

    def sweeps(self, steps: int) -> int:
        return min(steps, -(-self.k2 // self.k1))

    def passes(
        self,
        network: Network,
        weights: "Views",
        batch: Batch,
        forced: "Tensor | None" = None,
        initial: "States | None" = None,
    ) -> Iterator[Pass]:
        forward, value, g_y = answered(network, weights, batch, forced, initial, self.over_time)
        steps, answers = len(forward.tapes[0].x), len(g_y)
        whole = network.backward(weights, forward, torch.zeros_like(g_y))  # 0 everywhere, in the right shapes
        ends = [*range(self.k1, steps, self.k1), steps]
        for before, end in zip([0, *ends], ends, strict=False):
            # Answers belong to the last steps: answer k to step `steps − answers + k`.
            first, last = (max(0, step - (steps - answers)) for step in (before, end))
            if first == last:
                continue
            start = max(0, end - self.k2)
            block = torch.zeros_like(g_y)
            block[first:last] = g_y[first:last]
            found = network.backward_window(weights, forward, block, start, end)
            whole = added([whole, _placed(found, whole, start, end)])
        yield Pass(forward, value, whole.passes, whole.gradients, g_y)


AnyLearning = Annotated[SerializeAsAny[Learning], Chosen(registry)]


def answered(
    network: Network,
    weights: "Views",
    batch: Batch,
    forced: "Tensor | None",
    initial: "States | None",
    over_time: Reduction,
) -> "tuple[Forward, Tensor, Tensor]":
    """One way forward, its loss, and ∂L/∂y."""
    forward = network.forward(weights, batch.x, batch.targets, forced, initial)
    return forward, *loss(network.parts.loss, forward.outputs, batch.targets, batch.counts, over_time)


def only(g_outputs: "Tensor", k: int) -> "Tensor":
    """∂L_k/∂y: the part of ∂L/∂y that belongs to answer k."""
    part = torch.zeros_like(g_outputs)
    part[k] = g_outputs[k]
    return part


def added(parts: "list[Found]") -> Found:
    """Gradients of several ways back over the same steps, added up."""
    passes = tuple(
        Back(
            tuple(torch.stack(states).sum(0) for states in zip(*(back.total for back in backs), strict=True)),
            torch.stack([back.direct for back in backs]).sum(0),
            tuple(torch.stack(states).sum(0) for states in zip(*(back.initial for back in backs), strict=True)),
        )
        for backs in zip(*(part.passes for part in parts), strict=True)
    )
    names = parts[0].gradients
    return Found(passes, {name: torch.stack([part.gradients[name] for part in parts]).sum(0) for name in names})


def _placed(found: Found, whole: Found, start: int, end: int) -> Found:
    """A window's gradients with zeros around it, as long as those of the whole sequence."""

    def around(part: "Tensor", like: "Tensor") -> "Tensor":
        if len(part) == len(like):
            return part
        out = torch.zeros_like(like)
        out[start:end] = part
        return out

    passes = tuple(
        Back(
            tuple(around(part, like) for part, like in zip(back.total, full.total, strict=True)),
            around(back.direct, full.direct),
            back.initial if start == 0 else tuple(torch.zeros_like(state) for state in full.initial),
        )
        for back, full in zip(found.passes, whole.passes, strict=True)
    )
    return Found(passes, found.gradients)


def difference(one: "Views", other: "Views") -> float:
    """‖one − other‖ / ‖other‖ over all tensors together."""
    apart = torch.cat([(one[name] - other[name]).flatten() for name in other])
    size = norm(torch.cat([g.flatten() for g in other.values()]), 1).item()
    return norm(apart, 1).item() / size if size else 0.0
