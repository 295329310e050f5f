"""What people say of a run: a name, a note, tags. It changes nothing about the run."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from playground.core.errors import InvalidConfig, problems_of

NAME, NOTE, TAG = 60, 500, 24
"""Characters."""
TAGS = 8


def _on_a_line(given: object) -> object:
    """Without what cannot be seen: a line end in a name, or a sign that turns the direction of reading."""
    if not isinstance(given, str):
        return given
    return " ".join("".join(c for c in given if c.isprintable() or c.isspace()).split())


def _on_lines(given: object) -> object:
    return "\n".join(str(_on_a_line(line)) for line in given.splitlines()).strip() if isinstance(given, str) else given


def _once(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tags))


Tag = Annotated[str, BeforeValidator(_on_a_line), Field(min_length=1, max_length=TAG, pattern="^[^,]*$")]


class Label(BaseModel):
    """Empty where nothing was said. Tags have no comma, and each is there once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, BeforeValidator(_on_a_line), Field(max_length=NAME)] = ""
    note: Annotated[str, BeforeValidator(_on_lines), Field(max_length=NOTE)] = ""
    tags: Annotated[tuple[Tag, ...], Field(max_length=TAGS), AfterValidator(_once)] = ()

    @classmethod
    def of(cls, name: str, note: str, tags: Iterable[str]) -> "Label":
        """From a stranger's form; empty tags do not count. Raises InvalidConfig with a sentence a field."""
        try:
            return cls(name=name, note=note, tags=tuple(tag for tag in tags if tag.strip()))
        except ValidationError as error:
            raise InvalidConfig(problems_of(error)) from None
