"""Any config that there can be, from what its fields declare."""

from typing import get_args, get_origin

import annotated_types
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, ValidationError

from playground.core.component import Chosen
from playground.core.errors import InvalidConfig
from playground.nn.initializers import rectangular
from playground.training.config import RunConfig


def numbers(field, kind):
    low = next(m for m in field.metadata if isinstance(m, annotated_types.Ge | annotated_types.Gt))
    high = next(m for m in field.metadata if isinstance(m, annotated_types.Le | annotated_types.Lt))
    open_low, open_high = isinstance(low, annotated_types.Gt), isinstance(high, annotated_types.Lt)
    least, most = (low.gt if open_low else low.ge), (high.lt if open_high else high.le)
    if kind is int:
        return st.integers(least + open_low, most - open_high)
    return st.floats(least, most, exclude_min=open_low, exclude_max=open_high)


def values(field):
    """Any value that a field takes, from what it declares: a new component is drawn by existing."""
    for marker in field.metadata:
        if isinstance(marker, Chosen):
            classes = list(marker.registry)
            if any(isinstance(m, AfterValidator) and m.func is rectangular for m in field.metadata):
                classes = [cls for cls in classes if not cls.square_only]
            return st.one_of([components(cls) for cls in classes])
    if field.annotation in (int, float):
        return numbers(field, field.annotation)
    if field.annotation is bool:
        return st.booleans()
    if field.annotation is str:
        return st.just("")
    if get_origin(field.annotation) is tuple:
        return st.just(())
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
        return components(field.annotation)
    return st.sampled_from(get_args(field.annotation))


def components(cls):
    def build(fields):
        try:
            return cls(**fields)
        except ValidationError:  # an empty clip range, or too much work: fields that do not go together
            return None

    each = {name: values(field) for name, field in cls.model_fields.items()}
    return st.fixed_dictionaries(each).map(build).filter(lambda component: component is not None)


def reconciled(fields):
    """A config of any fields: what does not go together is changed to what the refusal proposes."""
    for _ in range(8):
        try:
            return RunConfig.parse(fields)
        except InvalidConfig as error:
            path, sentence, instead = error.problems[0]
            if not path:  # so much work that others would wait
                assert "is allowed" in sentence
                fields = fields | {"batch": 1, "hidden": min(fields["hidden"], 16)}
            else:
                assert instead is not None, sentence
                fields = fields | {path.removesuffix(".kind"): instead}
    raise AssertionError("each refusal leads to another")


configs = st.fixed_dictionaries({name: values(field) for name, field in RunConfig.model_fields.items()}).map(reconciled)
