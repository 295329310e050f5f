"""Learning-rate schedules: a factor on the optimiser's learning rate, update by update."""

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field, SerializeAsAny

from playground.core.component import Chosen, Component, Registry


class Schedule(Component):
    """u counts updates from 0, of U in all."""

    formula: ClassVar[str]

    def factor(self, update: int, updates: int) -> float:
        raise NotImplementedError


registry: Registry[Schedule] = Registry("learning-rate schedule", __name__)


@registry.register
class ConstantRate(Schedule):
    title: ClassVar[str] = "constant"
    formula: ClassVar[str] = "η"
    kind: Literal["constant"] = "constant"

    def factor(self, update: int, updates: int) -> float:
        del update, updates
        return 1.0


@registry.register
class Cosine(Schedule):
    """Loshchilov & Hutter 2017, without restarts."""

    title: ClassVar[str] = "cosine"
    formula: ClassVar[str] = "η·(e + (1 − e)·(1 + cos(π·u/U)) / 2)"
    kind: Literal["cosine"] = "cosine"
    end: Annotated[float, Field(ge=0, le=1, description="Share e of the learning rate that is left at the end.")] = 0.0

    def factor(self, update: int, updates: int) -> float:
        return self.end + (1 - self.end) * (1 + math.cos(math.pi * update / updates)) / 2


@registry.register
class Steps(Schedule):
    title: ClassVar[str] = "step"
    formula: ClassVar[str] = "η·d^⌊u/n⌋"
    kind: Literal["step"] = "step"
    every: Annotated[int, Field(ge=1, le=20_000, description="Updates n between steps.")] = 100
    drop: Annotated[float, Field(gt=0, le=1, description="Factor d of each step.")] = 0.5

    def factor(self, update: int, updates: int) -> float:
        del updates
        factor: float = self.drop ** (update // self.every)
        return factor


@registry.register
class WarmUp(Schedule):
    title: ClassVar[str] = "warm-up"
    formula: ClassVar[str] = "η·min(1, (u + 1)/n)"
    kind: Literal["warm_up"] = "warm_up"
    over: Annotated[int, Field(ge=1, le=20_000, description="Updates n until the full learning rate.")] = 50

    def factor(self, update: int, updates: int) -> float:
        del updates
        return min(1.0, (update + 1) / self.over)


AnySchedule = Annotated[SerializeAsAny[Schedule], Chosen(registry)]
