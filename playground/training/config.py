"""RunConfig: everything that decides a run. The form, the link, the JSON file and the presets are this, and nothing
else."""

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from playground.core.errors import FieldProblem, InvalidConfig, problems_of
from playground.nn.cells import AnyCell
from playground.nn.cells.vanilla import Vanilla
from playground.nn.clipping import AnyClipRule, ByNorm
from playground.nn.initializers import AnyInitializer, TorchUniform, rectangular
from playground.nn.network import ManyToOne
from playground.tasks import AnyTask
from playground.tasks.recall import RecallFirst
from playground.training.optimizers import Adam, AnyOptimizer

MAX_WORK = 4_000_000
"""Largest batch · length · hidden: one pass then keeps 16 MB a tensor in float32, which forty people can share."""


class RunConfig(BaseModel):
    """One run, seed included: the same RunConfig gives the same numbers, bit by bit, on the same machine."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    format: Literal[1] = 1
    task: Annotated[AnyTask, Field(description="What the network is asked.")] = RecallFirst()
    cell: Annotated[AnyCell, Field(description="The recurrent step.")] = Vanilla()
    hidden: Annotated[int, Field(ge=1, le=256, description="Hidden units H.")] = 64
    readout_init: Annotated[
        AnyInitializer,
        AfterValidator(rectangular),
        Field(description="How V, from the last state to the answer, is drawn."),
    ] = TorchUniform()
    clip: Annotated[AnyClipRule, Field(description="What is done to the gradients before the optimiser gets them.")] = (
        ByNorm()
    )
    optimizer: Annotated[AnyOptimizer, Field(description="How gradients become a step.")] = Adam()
    batch: Annotated[int, Field(ge=1, le=512, description="Sequences N in one update.")] = 32
    updates: Annotated[int, Field(ge=1, le=20_000, description="Updates of the weights until the run ends.")] = 400
    pace: Annotated[int, Field(ge=0, le=1000, description="Updates a second; 0 is flat out.")] = 20
    seed: Annotated[int, Field(ge=0, lt=2**31, description="The same seed gives the same run.")] = 0
    precision: Annotated[
        Literal["float32", "float64"], Field(description="Numbers of the network. Norms are float64 in any case.")
    ] = "float32"

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        work = self.batch * self.task.length * self.hidden
        if work > MAX_WORK:
            raise ValueError(
                f"batch · length · hidden is {work:,}, and {MAX_WORK:,} is allowed. Make one of them smaller."
            )
        return self

    @property
    def network(self) -> ManyToOne:
        """The network that this config describes."""
        return ManyToOne(self.cell, self.task.inputs, self.hidden, self.task.outputs, self.task.loss, self.readout_init)

    @classmethod
    def parse(cls, data: object) -> "RunConfig":
        """A config from a stranger's mapping; raises InvalidConfig with one sentence a field."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise InvalidConfig(problems_of(error)) from None

    @classmethod
    def from_json(cls, text: str | bytes) -> "RunConfig":
        """A config from a stranger's JSON; raises InvalidConfig."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InvalidConfig(
                [FieldProblem("", f"This is not JSON ({error}). Write an object such as {{}}.")]
            ) from None
        return cls.parse(data)

    def canonical_json(self) -> str:
        """Every field, in one order: equal configs give equal text."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))

    def patched(self, changes: Mapping[str, Any]) -> "RunConfig":
        """This config with some fields changed, by dotted path: {"cell.recurrent_init.kind": "orthogonal"}.

        A changed `kind` starts that component afresh: fields of the old kind do not leak into the new one.
        Raises InvalidConfig.
        """
        data = self.model_dump(mode="json")
        # Parents before children, and a kind before the fields that belong to it.
        for path in sorted(changes, key=lambda p: (p.count("."), not p.endswith("kind"), p)):
            *parents, last = path.split(".")
            place: Any = data
            for parent in parents:
                place = place.get(parent) if isinstance(place, dict) else None
            if not isinstance(place, dict):
                raise InvalidConfig([FieldProblem(path, "There is no such field. Leave it out.")])
            if last == "kind" and place.get("kind") != changes[path]:
                place.clear()
            place[last] = changes[path]
        return RunConfig.parse(data)

    def difference(self, base: "RunConfig") -> dict[str, Any]:
        """The fields, by dotted path, that `base.patched` needs to become this config: what links and chips show."""
        return dict(_differences(self, base))


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
