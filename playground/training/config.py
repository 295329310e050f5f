"""RunConfig: everything that decides a run. The form, the link, the JSON file and the presets are this, and nothing
else."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from playground.core.component import Registry
from playground.core.document import Document
from playground.core.errors import FieldProblem, InvalidConfig
from playground.diagnosis.thresholds import Thresholds
from playground.nn.architectures import AnyArchitecture
from playground.nn.architectures.many_to_one import ManyToOne
from playground.nn.cells import AnyCell
from playground.nn.cells.vanilla import Vanilla
from playground.nn.clipping import AnyClipRule, ByNorm
from playground.nn.initializers import AnyInitializer, TorchUniform, rectangular
from playground.nn.network import Network, Parts
from playground.nn.stack import Direction
from playground.tasks import AnyTask, Task
from playground.tasks import registry as tasks
from playground.tasks.recall import RecallFirst
from playground.training.conflicts import conflicts
from playground.training.learning import AnyLearning, Cumulative
from playground.training.optimizers import Adam, AnyOptimizer
from playground.training.paths import chosen
from playground.training.schedules import AnySchedule, ConstantRate
from playground.training.stopping import Stop

MAX_WORK = 4_000_000
"""Largest batch · length · hidden: one pass then keeps 16 MB a tensor in float32, which forty people can share."""
SEEDS = 2**31
UPDATES = 20_000
HELD_OUT = 256
"""Held-out sequences; with a share of 1/4 right, one standard error is 2.7 %."""


class RunConfig(Document):
    """One run, seed included: the same RunConfig gives the same numbers, bit by bit, on the same machine."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    format: Literal[1] = 1
    task: Annotated[AnyTask, Field(description="What the network is asked.")] = RecallFirst()
    shuffle_time: Annotated[
        bool, Field(description="Shuffle the steps of every input: what falls then needed their order.")
    ] = False
    arrival: Annotated[
        Literal["offline", "online", "stream"],
        Field(
            description="Offline: the whole sequence is there. Online: step by step, no looking ahead. Stream: online, "
            "without end; each window goes on from the state in which the last one ended."
        ),
    ] = "offline"
    architecture: Annotated[AnyArchitecture, Field(description="What is connected to what.")] = ManyToOne()
    direction: Annotated[
        Direction,
        Field(
            description="One way; two passes, the second from the end, with weights of its own; or one pass over "
            "[x_t ; x_{T−t+1}]."
        ),
    ] = "one_way"
    layers: Annotated[int, Field(ge=1, le=4, description="Recurrent layers on top of each other.")] = 1
    cell: Annotated[AnyCell, Field(description="The recurrent step.")] = Vanilla()
    hidden: Annotated[int, Field(ge=1, le=256, description="Hidden units H.")] = 64
    readout_init: Annotated[
        AnyInitializer,
        AfterValidator(rectangular),
        Field(description="How V, from the last state to the answer, is drawn."),
    ] = TorchUniform()
    learning: Annotated[AnyLearning, Field(description="Which losses go back how far, and when weights move.")] = (
        Cumulative()
    )
    clip: Annotated[AnyClipRule, Field(description="What is done to the gradients before the optimiser gets them.")] = (
        ByNorm()
    )
    optimizer: Annotated[AnyOptimizer, Field(description="How gradients become a step.")] = Adam()
    schedule: Annotated[AnySchedule, Field(description="How the learning rate changes over the run.")] = ConstantRate()
    batch: Annotated[int, Field(ge=1, le=512, description="Sequences N in one update.")] = 32
    updates: Annotated[int, Field(ge=1, le=UPDATES, description="Updates of the weights until the run ends.")] = 400
    pace: Annotated[int, Field(ge=0, le=1000, description="Updates a second; 0 is flat out.")] = 20
    seed: Annotated[int, Field(ge=0, lt=SEEDS, description="The same seed gives the same run.")] = 0
    precision: Annotated[
        Literal["float32", "float64", "bfloat16", "float16"],
        Field(
            description="Numbers of the network: float16 ends at 65,504, bfloat16 has three digits. Norms are float64 "
            "in any case."
        ),
    ] = "float32"
    device: Annotated[
        Literal["cpu", "cuda"], Field(description="Where it trains: on the processor, or on a GPU that torch finds.")
    ] = "cpu"
    test_length: Annotated[
        int,
        Field(ge=0, le=200, description="Length T of the held-out sequences; 0 is the length that it trains on."),
    ] = 0

    stop: Annotated[Stop, Field(description="What ends a run before its last update.")] = Stop()
    alarms: Annotated[Thresholds, Field(description="When an alarm is raised.")] = Thresholds()

    @model_validator(mode="before")
    @classmethod
    def _natural(cls, data: Any) -> Any:
        """Where no architecture is named, the one that is natural for the task."""
        if not isinstance(data, dict) or "architecture" in data or "task" not in data:
            return data
        fitting = _fitting(data["task"])
        return {**data, "architecture": {"kind": fitting[0]}} if fitting else data

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for problem in conflicts(self):
            raise problem
        passes = self.layers * (2 if self.direction == "two_passes" else 1)
        work = self.batch * max(self.task.length, self.task.answers) * self.hidden * passes
        if work > MAX_WORK:
            times = "batch · length · hidden" + (" · layers · directions" if passes > 1 else "")
            raise ValueError(f"{times} is {work:,}, and {MAX_WORK:,} is allowed. Make one of them smaller.")
        return self

    @property
    def network(self) -> Network:
        """The network that this config describes."""
        task = self.task
        return self.architecture.network(
            Parts(
                self.cell, task.inputs, self.hidden, task.outputs, self.layers, self.direction, task.loss,
                self.readout_init, task.length, 1 if self.one_answer else task.answers,
            )
        )  # fmt: skip

    @property
    def one_answer(self) -> bool:
        """Whether the network answers once, whatever the task could ask."""
        return self.architecture.kind in ("many_to_one", "window_mlp")  # type: ignore[attr-defined]

    @property
    def test_task(self) -> Task:
        """The task at the length at which it is tested."""
        return type(self.task).model_validate(self.task.model_dump() | {"length": self.test_length or self.task.length})

    def patched(self, changes: Mapping[str, Any]) -> "RunConfig":
        """This config with some fields changed, by dotted path: {"cell.recurrent_init.kind": "orthogonal"}.

        A changed `kind` starts that component afresh: fields of the old kind do not leak into the new one. A new task
        brings the architecture that is natural for it, unless one is named. Raises InvalidConfig.
        """
        fitting = _fitting(changes.get("task.kind"))
        if fitting and self.architecture.kind not in fitting:  # type: ignore[attr-defined]  # every component has one
            changes = {"architecture.kind": fitting[0], **changes}
        # What no change touches is valid as it stands: that is most of a config, and a map makes a thousand of them.
        touched = {path.partition(".")[0] for path in changes}
        data: dict[str, Any] = {name: getattr(self, name) for name in RunConfig.model_fields}
        data |= self.model_dump(mode="json", include=touched)
        # Parents before children, and a kind before the fields that belong to it.
        for path in sorted(changes, key=lambda p: (p.count("."), not p.endswith("kind"), p)):
            *parents, last = path.split(".")
            place: Any = data
            holder: type[BaseModel] | None = RunConfig
            registry: Registry[Any] | None = None
            for parent in parents:
                place = place.get(parent) if isinstance(place, dict) else None
                registry = _registry(holder, parent)
                kind = place.get("kind") if isinstance(place, dict) else None
                holder = registry[kind] if registry and kind in registry.kinds() else None
            if not isinstance(place, dict):
                raise InvalidConfig([FieldProblem(path, "There is no such field. Leave it out.")])
            if last == "kind" and place.get("kind") != changes[path]:
                place.clear()
                if registry and changes[path] in registry.kinds():
                    place.update(registry[changes[path]]().model_dump(mode="json"))
            place[last] = changes[path]
        return RunConfig.parse(data)

    def difference(self, base: "RunConfig") -> dict[str, Any]:
        """The fields, by dotted path, that `base.patched` needs to become this config: what links and chips show."""
        return dict(_differences(self, base))


def _registry(holder: type[BaseModel] | None, field: str) -> "Registry[Any] | None":
    """The components among which a field chooses; None for a field that chooses none, or that there is not."""
    info = holder.model_fields.get(field) if holder else None
    family = chosen(info) if info else None
    return family.registry if family else None


def _fitting(task: Any) -> tuple[str, ...]:
    """The architectures of a task that is given in any way; () for one that there is not."""
    kind = task.get("kind") if isinstance(task, dict) else getattr(task, "kind", task)
    return tasks[kind].architectures if isinstance(kind, str) and kind in tasks.kinds() else ()


def _differences(mine: BaseModel, base: BaseModel) -> Iterator[tuple[str, Any]]:
    for name in type(mine).model_fields:
        value, other = getattr(mine, name), getattr(base, name)
        if not isinstance(value, BaseModel):
            if value != other:
                yield name, value
            continue
        if type(value) is not type(other):
            yield f"{name}.kind", value.kind  # type: ignore[attr-defined]  # every component has one
            other = type(value)()
        yield from ((f"{name}.{path}", v) for path, v in _differences(value, other))
