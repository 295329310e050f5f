"""What `train` yields, besides alarms."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from playground.core.measurement import Value
from playground.diagnosis.alarm import Alarm, Cleared


class Update(NamedTuple):
    """Update k: measured on the weights after k updates, then the weights moved.

    The last one, k = `config.updates`, moves nothing and carries only measurements of the final weights.
    """

    update: int
    values: Mapping[str, Value]


class End(NamedTuple):
    """The last event: how it ended, after which update, in one sentence."""

    outcome: Literal["finished", "diverged", "stopped"]
    update: int
    sentence: str


Event = Update | Alarm | Cleared | End
