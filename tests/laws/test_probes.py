"""Laws of every probe, for every task and kind of network: what it declares it measures, in health and in NaN."""

import functools

import numpy as np
import pytest

from playground.core.measurement import AXES
from playground.tasks import registry as tasks
from playground.training import probes
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.loop import train
from playground.training.state import TrainingState

SMALL = {"hidden": 5, "batch": 4, "updates": 3}
NETWORKS = {
    "lstm two passes": {"task": "majority", "cell": "lstm", "layers": 2, "direction": "two_passes"},
    "gru, last answer": {
        "task": "parity", "cell": "gru", "architecture": {"kind": "many_to_many", "loss_at": "last step"},
    },
    "encoder–decoder lstm": {"task": "reversal", "cell": "lstm", "layers": 2, "direction": "two_passes"},
    "window MLP": {"architecture": "window_mlp"},
    "each step": {"task": "parity", "architecture": "many_to_many", "learning": "each_step"},
    "update each step": {"task": "parity", "architecture": "many_to_many", "learning": "update_each_step"},
    "truncated": {"task": "parity", "architecture": "many_to_many", "learning": "truncated"},
    "stream": {"task": "echo", "arrival": "stream"},
    "other length": {"test_length": 12},
    "shuffled": {"shuffle_time": True},
    "cosine": {"schedule": "cosine"},
    "bfloat16": {"precision": "bfloat16"},
    "float16": {"precision": "float16"},
}  # fmt: skip
CASES = {cls().kind: {"task": cls().kind} for cls in tasks} | NETWORKS


@pytest.fixture(params=CASES)
def case(request):
    return request.param


@pytest.fixture(params=probes.registry, ids=lambda cls: cls().kind)
def probe(request):
    return request.param()


def config_of(case):
    return RunConfig.parse(SMALL | CASES[case])


@functools.cache
def run(case, spoil=None):
    config = config_of(case)
    state = TrainingState(config)
    if spoil is not None:
        name = next(name for name in state.weights.views if "U" in name or name == "A")
        state.weights.views[name][0, 0] = spoil
    return {event.update: event.values for event in train(config, state) if isinstance(event, Update)}


def test_declarations_are_complete(probe, case):
    config = config_of(case)
    for spec in probe.specs(config):
        assert spec.title
        assert spec.description
        assert spec.unit
        assert spec.every >= 0
        assert len(spec.axes) == len(spec.shape)
        assert set(spec.axes) <= set(AXES)
        for axis, size in zip(spec.axes, spec.shape, strict=True):
            assert size == {"tensor": len(config.network.tensors()), "layer": len(config.network.rows)}.get(axis, size)
        assert len(spec.labels) in (0, *spec.shape[:1])
        if "tensor" in spec.axes:
            assert spec.labels == tuple(config.network.tensors())


def test_names_are_nobody_elses(case):
    names = [spec.name for spec in probes.specs(config_of(case))]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("spoil", [None, float("nan"), float("inf")], ids=["healthy", "nan", "inf"])
def test_values_have_the_declared_shape(probe, case, spoil):
    rows = run(case, spoil)
    for spec in probe.specs(config_of(case)):
        value = np.asarray(rows[0][spec.name])
        assert value.shape == spec.shape
        assert value.dtype == np.float64
        if spoil is None and spec.name != "update_ratio":  # a bias that leaves 0 moves infinitely far
            assert np.isfinite(value).all()


def test_nothing_undeclared_is_measured(case):
    declared = {spec.name for spec in probes.specs(config_of(case))}
    for values in run(case).values():
        assert set(values) <= declared
