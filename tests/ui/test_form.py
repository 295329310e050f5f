"""The form: every field of a config has its place, and every place a field."""

import pytest
from pydantic import BaseModel

from playground.training.config import RunConfig
from playground.ui import form


def _leaves(model: BaseModel, prefix: str = "") -> list[str]:
    paths = []
    for name in type(model).model_fields:
        value = getattr(model, name)
        paths += _leaves(value, f"{prefix}{name}.") if isinstance(value, BaseModel) else [f"{prefix}{name}"]
    return paths


def test_every_field_stands_in_exactly_one_group() -> None:
    placed = [path for group in form.GROUPS for path in group.paths]
    for leaf in _leaves(RunConfig()):
        if leaf == "format":
            continue
        homes = [path for path in placed if leaf == path or leaf.startswith(f"{path}.")]
        assert len(homes) == 1, leaf


@pytest.mark.parametrize(
    ("default", "step"), [(0.002, 0.001), (1.0, 0.1), (0.1, 0.01), (0.9, 0.1), (0.0, 0.1), (-1.0, 0.1)]
)
def test_a_step_fits_its_default(default: float, step: float) -> None:
    assert form._step(default) == pytest.approx(step)
