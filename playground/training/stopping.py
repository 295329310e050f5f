"""When a run ends before its last update, because that was asked for.

What it meets while it trains is looked at in the loop, so that a replay ends where the run did; time is the worker's.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from playground.core.measurement import Value
from playground.diagnosis.alarm import Alarm, Cleared
from playground.diagnosis.verdict import solves

if TYPE_CHECKING:
    from playground.training.config import RunConfig


class Stop(BaseModel):
    """What ends a run; nothing, by default, but its last update, or weights that are not finite."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    solved: Annotated[bool, Field(description="Stop at the first test that counts as solved.")] = False
    not_finite: Annotated[bool, Field(description="Stop at the first number that is NaN or infinite.")] = False
    alarm: Annotated[
        Literal["never", "failure", "warning"],
        Field(description="Stop at an alarm that is a failure, or at a warning too."),
    ] = "never"
    seconds: Annotated[
        int, Field(ge=0, le=86_400, description="Stop after so many seconds of training, pauses not counted; 0: never.")
    ] = 0

    def met(self, update: int, newly_solved: bool, lost: bool, findings: Iterable[Alarm | Cleared]) -> str:
        """The sentence with which a run ends after an update; empty where it goes on.

        `lost` says that a number was not finite for the first time, `findings` are what the update has raised.
        """
        severities = {"never": (), "failure": ("failure",), "warning": ("failure", "warning")}[self.alarm]
        alarm = next((f for f in findings if isinstance(f, Alarm) and f.severity in severities), None)
        if self.not_finite and lost:
            return f"Update {update:,} brought a number that is not finite: stopped, as asked."
        if alarm is not None:
            return f"Alarm at update {update:,}: stopped, as asked. {alarm.sentence}"
        return f"Solved at update {update:,}: stopped, as asked." if self.solved and newly_solved else ""


def solved_by(config: "RunConfig", values: Mapping[str, Value]) -> bool | None:
    """Whether a test counts as solved; None for an update without a test."""
    metric = values.get("test_metric")
    task = config.task
    return None if metric is None else solves(float(metric), task.is_share, task.baseline_metric)
