"""What an architecture is: a name, a sentence, and the network it makes of the parts."""

from typing import Annotated, ClassVar

from pydantic import SerializeAsAny

from playground.core.component import Chosen, Component, Registry
from playground.nn.network import Network, Parts
from playground.nn.stack import Direction


class Architecture(Component):
    """How inputs, states and answers are connected.

    `directions` are those that make sense and `why_not` says why the others do not. `truncates` says whether a way
    back can be cut to a window of steps.
    """

    summary: ClassVar[str]
    directions: ClassVar[tuple[Direction, ...]] = ("one_way", "two_passes", "concatenated")
    why_not: ClassVar[str] = ""
    truncates: ClassVar[bool] = True
    recurrent: ClassVar[bool] = True

    @property
    def last_only(self) -> bool:
        """Whether of several answers the loss looks at the last alone."""
        return False

    def network(self, parts: Parts) -> Network:
        raise NotImplementedError

    def forcing(self, progress: float) -> float | None:
        """The share of true answers that the network reads at this part, 0 … 1, of the run; None if it reads none."""
        del progress
        return None


registry: Registry[Architecture] = Registry("architecture", "playground.nn.architectures")

AnyArchitecture = Annotated[SerializeAsAny[Architecture], Chosen(registry)]
