"""What a symptom is: one file each under `symptoms`. Its thresholds are its fields, so that a user can change them.

A symptom measures how far a run is past its threshold, as one number, the *level*: 1 is the threshold. It is raised
after `patience` looks in a row at 1 or above, and cleared once it has been below `CALM` for `QUIET` updates, so that it
does not flap.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

from pydantic import Field

from playground.core.component import Component, Registry
from playground.diagnosis.alarm import Severity
from playground.diagnosis.past import Past

if TYPE_CHECKING:
    from playground.training.config import RunConfig

CALM = 0.5
"""The level below which a symptom counts as gone; between it and 1 nothing changes."""
QUIET = 25
"""Updates that it has to stay there before it is cleared."""


Patience = Annotated[int, Field(ge=1, le=1000, description="Looks in a row before it is raised.")]


class Story(NamedTuple):
    """What an alarm says: one sentence, the numbers behind it, the likely causes in the order of likelihood.

    `remedies` name what can help, in the same order. `where` are fields of the alarm: tensor, layer, time_step.
    """

    sentence: str
    evidence: tuple[str, ...]
    causes: tuple[str, ...]
    remedies: tuple[str, ...] = ()
    where: Mapping[str, Any] = {}
    severity: Severity | None = None


class Symptom(Component):
    """One way in which training goes wrong. `figure` is the picture that shows it."""

    severity: ClassVar[Severity]
    figure: ClassVar[str]
    needs: ClassVar[Mapping[str, int]]
    """The measurements that it looks at, and how many looks back. It looks when there is a new one of the first."""
    every: ClassVar[int] = 1
    """Updates between looks, at least."""
    well_again: ClassVar[str]
    """The note with which it clears."""

    watch: Annotated[bool, Field(description="Whether this alarm is raised at all.")] = True
    patience: Patience = 3

    @classmethod
    def summary(cls) -> str:
        """What it is, in its docstring's first paragraph."""
        return " ".join(str(cls.__doc__).split("\n\n")[0].split())

    @property
    def name(self) -> str:
        """Its kind."""
        return str(type(self).model_fields["kind"].default)

    def looks(self, config: "RunConfig") -> int:
        """How many looks in a row it takes."""
        del config
        return self.patience

    def level(self, config: "RunConfig", past: Past) -> float:
        """How far past the threshold: 1 is at it. NaN where nothing can be said."""
        raise NotImplementedError

    def story(self, config: "RunConfig", past: Past) -> Story:
        """In words, when it is raised."""
        raise NotImplementedError


registry: Registry[Symptom] = Registry("alarm", "playground.diagnosis.symptoms")
