"""The small records of a run folder: what is asked of a run, how it stands, how it ended."""

from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from playground.training.live_changes import is_live


def _live(path: str) -> str:
    if not is_live(path):
        raise ValueError(f"{path} does not change while a run trains")
    return path


Path = Annotated[str, Field(max_length=60), AfterValidator(_live)]
Given = bool | int | float | Annotated[str, Field(max_length=40)]


class Control(BaseModel):
    """What the screen asks of the worker. It is a wish, not an event: writing the same twice changes nothing.

    `run_until` is the last update to do before pausing (None: go on; 0: pause now), `pace` replaces the config's,
    `changes` are the fields in which the run is to differ from its config from now on. What would stop the run at or
    before update `go_on` does not: whoever resumed it has seen that.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    run_until: Annotated[int, Field(ge=0)] | None = None
    stop: bool = False
    pace: Annotated[int, Field(ge=0, le=1000)] | None = None
    changes: Annotated[dict[Path, Given], Field(max_length=12)] = {}
    go_on: Annotated[int, Field(ge=-1)] = -1


class Heartbeat(BaseModel):
    """Written each second by the worker: which attempt lives, the clock in seconds since 1970, the newest update; and
    whether it rests, with all that was done stored, because it was asked to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    attempt: str
    time: float
    update: int
    resting: bool = False


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
    """The training state before `update`, the attempt that saved it, and the seconds that the run trained by then."""

    attempt: str
    update: int
    state: bytes
    seconds: float = 0.0
