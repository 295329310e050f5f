"""What is written as JSON, by us and by strangers: links, files, folders."""

import json
from typing import ClassVar, Self

from pydantic import BaseModel, ValidationError

from playground.core.errors import FieldProblem, InvalidConfig, problems_of


class Document(BaseModel):
    """A model that is read from a stranger's data, and written in one way only."""

    EXAMPLE: ClassVar[str] = "{}"
    """The shortest one that is right, for those who wrote another."""

    @classmethod
    def parse(cls, data: object) -> Self:
        """From a stranger's mapping; raises InvalidConfig with one sentence a field."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise InvalidConfig(problems_of(error)) from None

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """From a stranger's JSON; raises InvalidConfig."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InvalidConfig(
                [FieldProblem("", f"This is not JSON ({error}). Write an object such as {cls.EXAMPLE}.")]
            ) from None
        return cls.parse(data)

    def canonical_json(self) -> str:
        """Every field, in one order: what is equal gives equal text."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
