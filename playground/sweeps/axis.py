"""An axis of a map: one field of the config, and the values that it takes."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo

from playground.core.errors import FieldProblem, InvalidConfig, UnknownName, problems_of, shorten
from playground.sweeps.titles import title_of, titles_of
from playground.training.config import RunConfig
from playground.training.paths import chosen, declared, literals

Setting = bool | int | float | str
MOST_VALUES = 32
MOST_LETTERS = 40
LARGEST = 1e9
"""No field goes so far, and it is a float as it stands."""

NOT_AXES = ("format", "seed", "updates", "pace", "device", "stop", "alarms")
"""What decides nothing of a cell, or belongs to the map as a whole."""


def _scalar(given: object) -> object:
    """One sentence for what is no setting at all, where a union would give one for each of its types."""
    if isinstance(given, str) and len(given) > MOST_LETTERS:
        raise ValueError(f"{shorten(given)} is too long. Write {MOST_LETTERS} characters or less.")
    if not isinstance(given, bool | int | float | str):
        raise ValueError(f"{shorten(given)} is no setting. Write a number, true, false or a name.")
    if not isinstance(given, str) and not abs(given) < LARGEST:
        raise ValueError(f"{shorten(given)} is beyond all fields. Write a number such as 0.5.")
    return given


class Axis(BaseModel):
    """One field and its values, in the order in which they are drawn."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    path: Annotated[str, Field(max_length=80)]
    values: Annotated[tuple[Annotated[Setting, BeforeValidator(_scalar)], ...], Field(max_length=MOST_VALUES)]
    log: bool = False

    @field_validator("path")
    @classmethod
    def _is_field(cls, path: str) -> str:
        field = next(iter(declared(RunConfig, path)), None)
        if field is None:
            raise ValueError(f"{shorten(path)} is no field of a config. Write one such as 'cell.recurrent_init.gain'.")
        if not may_vary(path, field):
            raise ValueError(f"{shorten(path)} cannot be an axis. Write one such as 'cell.recurrent_init.gain'.")
        return path

    @field_validator("values")
    @classmethod
    def _fitting(cls, values: tuple[Setting, ...], others: ValidationInfo) -> tuple[Setting, ...]:
        """The values as the field has them: 1 and 1.0 are one axis."""
        if not values:
            raise ValueError("An axis without values has no cells. Write one value or more.")
        path = others.data.get("path")
        if path is None:
            return values
        settings = tuple(_setting(path, given) for given in values)
        if len(set(settings)) < len(settings):
            twice = next(s for s in settings if settings.count(s) > 1)
            raise ValueError(f"{titles_of(path, (twice,))[twice]} stands twice. Write each value once.")
        return settings

    @model_validator(mode="after")
    def _log(self) -> Self:
        if self.log and not self.numeric:
            raise ValueError(f"The values of {self.title} are no numbers. Write false for log.")
        if self.log and any(isinstance(v, str) or v <= 0 for v in self.values):
            raise ValueError("Only numbers above 0 have a logarithm. Write those, or false for log.")
        return self

    @property
    def numeric(self) -> bool:
        return not _known(self.path)

    @classmethod
    def spread(cls, path: str, low: float, high: float, count: int, log: bool = False) -> "Axis":
        """`count` values from `low` to `high` in equal steps, or with `log` in equal factors; of whole numbers those
        that are distinct. Raises InvalidConfig."""
        problem = _no_spread(low, high, count, log)
        if problem:
            raise InvalidConfig([FieldProblem("values", problem)])
        inner = (i / (count - 1) for i in range(1, count - 1))
        numbers = [low, *(low * (high / low) ** s if log else low + (high - low) * s for s in inner), high]
        field = next(iter(declared(RunConfig, path)), None)
        whole = field is not None and field.annotation is int
        # Four digits are read more easily than sixteen.
        short = [low, *(float(f"{n:.4g}") for n in numbers[1:-1]), high]
        settings = [round(n) for n in numbers] if whole else short if _rises(short) else numbers
        return cls.parse({"path": path, "values": tuple(dict.fromkeys(settings)), "log": log})

    @classmethod
    def parse(cls, data: object) -> "Axis":
        """An axis from a stranger's mapping; raises InvalidConfig with one sentence a field."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise InvalidConfig(problems_of(error)) from None

    @property
    def title(self) -> str:
        """The field in words: "gain of U"."""
        return title_of(self.path)

    def value_title(self, value: Setting) -> str:
        """One value in words: "tanh", "0.5"."""
        return titles_of(self.path, self.values if value in self.values else (value,))[value]


def _rises(numbers: Sequence[float]) -> bool:
    return all(one < other for one, other in pairwise(numbers))


def _no_spread(low: float, high: float, count: int, log: bool) -> str:
    """Why there are no such values; "" where there are."""
    if not (abs(low) < LARGEST and abs(high) < LARGEST and low < high):
        return f"From {low:g} to {high:g} there is no range. Write the smaller number first."
    if not 2 <= count <= MOST_VALUES:
        return f"{count} values were asked for. Write 2 to {MOST_VALUES}."
    return f"{low:g} has no logarithm. Write a number above 0." if log and low <= 0 else ""


def may_vary(path: str, field: FieldInfo) -> bool:
    """Whether a field may be an axis: a number, or one of a few values."""
    return path.split(".")[0] not in NOT_AXES and bool(
        field.annotation in (int, float) or literals(field) or path.endswith(".kind")
    )


def _known(path: str) -> tuple[Setting, ...]:
    """The values of a field that has a few, whichever components are chosen on the way; () for a number."""
    if path.endswith(".kind"):
        families = (chosen(field) for field in declared(RunConfig, path.removesuffix(".kind")))
        return tuple(dict.fromkeys(kind for family in families if family for kind in family.registry.kinds()))
    return tuple(dict.fromkeys(v for field in declared(RunConfig, path) for v in literals(field)))


def _setting(path: str, given: Setting) -> Setting:
    known = _known(path)
    if known:
        fitting = next((v for v in known if v == given and type(v) is type(given)), None)
        if fitting is None:
            raise UnknownName(title_of(path), given, map(str, known))
        return fitting
    whole = declared(RunConfig, path)[0].annotation is int
    if isinstance(given, bool | str) or (whole and given != round(given)):
        what = "whole number. Write one, such as 30" if whole else "number. Write one, such as 0.5"
        raise ValueError(f"{shorten(given)} is not a {what}.")
    return round(given) if whole else float(given)
