"""Laws of every probe, for every task: what it declares is what it measures, in health and in NaN."""

import numpy as np
import pytest

from playground.core.measurement import AXES
from playground.tasks import registry as tasks
from playground.training import probes
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.loop import TrainingState, train


@pytest.fixture(params=tasks, ids=lambda cls: cls().kind)
def config(request):
    return RunConfig(task=request.param(length=10), hidden=5, batch=4, updates=3)


@pytest.fixture(params=probes.registry, ids=lambda cls: cls().kind)
def probe(request):
    return request.param()


def run(config, spoil=None):
    state = TrainingState(config)
    if spoil is not None:
        state.weights.views["U"][0, 0] = spoil
    return {event.update: event.values for event in train(config, state) if isinstance(event, Update)}


def test_declarations_are_complete(probe, config):
    for spec in probe.specs(config):
        assert spec.title
        assert spec.description
        assert spec.unit
        assert spec.every >= 0
        assert len(spec.axes) == len(spec.shape)
        assert set(spec.axes) <= set(AXES)
        for axis, size in zip(spec.axes, spec.shape, strict=True):
            assert size == {"tensor": len(config.network.tensors()), "time": config.task.length}.get(axis, size)
        assert spec.labels == (tuple(config.network.tensors()) if "tensor" in spec.axes else ())


def test_names_are_nobody_elses(config):
    names = [spec.name for spec in probes.specs(config)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("spoil", [None, float("nan"), float("inf")], ids=["healthy", "nan", "inf"])
def test_values_have_the_declared_shape(probe, config, spoil):
    rows = run(config, spoil)
    for spec in probe.specs(config):
        value = np.asarray(rows[0][spec.name])
        assert value.shape == spec.shape
        assert value.dtype == np.float64
        if spoil is None:
            assert np.isfinite(value[..., :2] if spec.name == "update_ratio" else value).all()


def test_nothing_undeclared_is_measured(config):
    declared = {spec.name for spec in probes.specs(config)}
    for values in run(config).values():
        assert set(values) <= declared
