"""Sentences: what was given, what is allowed, what to write instead."""

import math
import pickle
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from playground.core.errors import (
    GIVEN_LENGTH,
    BrokenRun,
    Conflict,
    FieldProblem,
    InvalidConfig,
    UnknownName,
    problems_of,
    shorten,
)


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    count: int = Field(default=1, ge=1, le=9)
    rate: float = Field(default=0.5, gt=0, lt=1)
    on: bool = True
    unit: Literal["s", "ms"] = "s"


class Whole(BaseModel):
    form: Form


@pytest.mark.parametrize(
    ("given", "path", "sentence"),
    [
        ({"count": 0}, "count", "0 is too small. Write 1 or more."),
        ({"count": 10}, "count", "10 is too large. Write 9 or less."),
        ({"rate": 0}, "rate", "0 is too small. Write a number above 0.0."),
        ({"rate": 1}, "rate", "1 is too large. Write a number below 1.0."),
        ({"rate": math.nan}, "rate", "nan is not a finite number. Write one, such as 0.5."),
        ({"rate": math.inf}, "rate", "inf is not a finite number. Write one, such as 0.5."),
        ({"rate": "-Infinity"}, "rate", "'-Infinity' is not a finite number. Write one, such as 0.5."),
        ({"rate": "fast"}, "rate", "'fast' is not a number. Write one, such as 0.5."),
        ({"rate": None}, "rate", "None is not a number. Write one, such as 0.5."),
        ({"count": 1.5}, "count", "1.5 is not a whole number. Write one, such as 30."),
        ({"count": "many"}, "count", "'many' is not a whole number. Write one, such as 30."),
        ({"count": []}, "count", "[] is not a whole number. Write one, such as 30."),
        ({"on": "perhaps"}, "on", "'perhaps' is neither true nor false. Write one of them."),
        ({"unit": "h"}, "unit", "'h' is not among the choices. Write 's' or 'ms'."),
        ({"colour": "red"}, "colour", "There is no such field. Leave it out."),
    ],
)
def test_every_kind_of_wrong_value_has_its_sentence(given, path, sentence):
    with pytest.raises(ValidationError) as caught:
        Form.model_validate(given)
    assert [(p.path, p.sentence, p.instead) for p in problems_of(caught.value)] == [(path, sentence, None)]


def test_paths_are_dotted_and_missing_fields_are_named():
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate({"form": {"count": 0}})
    assert problems_of(caught.value)[0].path == "form.count"
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate({})
    assert problems_of(caught.value) == [FieldProblem("form", "This field is missing. Give it a value.")]


def test_all_problems_are_told_at_once():
    with pytest.raises(ValidationError) as caught:
        Form.model_validate({"count": 0, "rate": 5})
    text = str(InvalidConfig(problems_of(caught.value)))
    assert text.splitlines() == [
        "count: 0 is too small. Write 1 or more.",
        "rate: 5 is too large. Write a number below 1.0.",
    ]


def test_a_long_value_is_not_repeated_in_full():
    assert len(shorten("x" * 10_000)) == GIVEN_LENGTH
    assert shorten("short") == "'short'"


def test_a_conflict_brings_its_own_place_and_a_way_out():
    class Pair(BaseModel):
        one: int
        other: int

        @model_validator(mode="after")
        def _fits(self):
            if self.one > self.other:
                raise Conflict("other", "The other is smaller. Write more.", self.one)
            return self

    with pytest.raises(ValidationError) as caught:
        Pair.model_validate({"one": 3, "other": 2})
    assert problems_of(caught.value) == [FieldProblem("other", "The other is smaller. Write more.", 3)]


@pytest.mark.parametrize(
    "error",
    [
        UnknownName("cell", "lstn", ["gru", "lstm"]),
        InvalidConfig([FieldProblem("hidden", "0 is too small. Write 1 or more.", 1), FieldProblem("", "Too much.")]),
        BrokenRun("config.json cannot be read."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_comes_whole_from_another_process(error):
    come = pickle.loads(pickle.dumps(error))
    assert (type(come), str(come)) == (type(error), str(error))
    assert getattr(come, "problems", None) == getattr(error, "problems", None)
