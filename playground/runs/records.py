"""The small records of a run folder: what is asked of a run, how it stands, how it ended."""

from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field


class Control(BaseModel):
    """What the screen asks of the worker. It is a wish, not an event: writing the same twice changes nothing.

    `run_until` is the last update to do before pausing (None: go on; 0: pause now), `pace` replaces the config's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    run_until: Annotated[int, Field(ge=0)] | None = None
    stop: bool = False
    pace: Annotated[int, Field(ge=0, le=1000)] | None = None


class Heartbeat(BaseModel):
    """Written each second by the worker: which attempt lives, the clock in seconds since 1970, the newest update."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attempt: str
    time: float
    update: int


class Ending(BaseModel):
    """How a run ended, after which update (−1: before the first), in one sentence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: Literal["finished", "stopped", "diverged", "failed"]
    sentence: str
    update: int


class Flight(BaseModel):
    """A recording: each update from `first` up to `update`, at which `alarm` was raised, can be computed again.

    `starts` are the updates before which the training state is kept; `bytes` is what these files take together.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    alarm: str
    update: int
    starts: Annotated[tuple[int, ...], Field(min_length=1)]
    bytes: int

    @property
    def first(self) -> int:
        return self.starts[0]


class Origin(BaseModel):
    """Where a run goes on from: another run, before `update`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run_id: str
    update: Annotated[int, Field(ge=0)]


class Checkpoint(NamedTuple):
    """The training state before `update`, and the attempt that saved it."""

    attempt: str
    update: int
    state: bytes
