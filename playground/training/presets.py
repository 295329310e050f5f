"""Presets: demonstrations that work, each one or two changes away from the first.

They build RunConfigs and nothing else. What each promises is held over seeds by tests/training/test_presets.py, and
measured by `python -m playground presets`. Recall with random distractors, T = 30, H = 64, Adam: the learning rate is
2·10⁻³ because at 3·10⁻³ the orthogonal cure was knocked off by ρ shooting past 2 in 3 of 24 seeds, at 2·10⁻³ in 1 of
24.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from playground.training.config import RunConfig


class Preset(NamedTuple):
    """A name, what the card promises, where to look, and the fields that differ from the defaults."""

    key: str
    title: str
    promise: str
    changes: Mapping[str, Any]

    @property
    def config(self) -> RunConfig:
        return RunConfig().patched(self.changes)


_U = "cell.recurrent_init.kind"
_PHI = "cell.activation.kind"
_RUNAWAY = {_PHI: "identity", _U: "orthogonal", "optimizer.kind": "sgd", "clip.kind": "none", "updates": 60}

_CLOSED_FORM = {
    _PHI: "identity",
    _U: "orthogonal",
    "cell.recurrent_init.gain": 0.8,
    "optimizer.kind": "sgd",
    "optimizer.learning_rate": 0.0,
    "optimizer.momentum": 0.0,
    "updates": 60,
}
_BY_VALUE = {"clip.kind": "value", "clip.lo": -0.03, "clip.hi": 0.03, "updates": 300}
_BY_NORM = {"clip.kind": "norm", "clip.threshold": 0.3, "updates": 300}
_TO_DEATH = {"clip.kind": "norm", "clip.threshold": 1e-3, "updates": 300}

_ALL = (
    Preset("P1", "See a network forget", "tanh with torch's own weights: the beginning never reaches the end.", {}),
    Preset(
        "P2b", "Cure it with one change", "U orthogonal, all else equal: it reads back 30 steps.", {_U: "orthogonal"}
    ),
    Preset(
        "P5", "Blow it up in 20 updates", "It learns to remember, and that drives it to NaN.", _RUNAWAY | {"pace": 3}
    ),
    Preset("P2a", "Cured: Xavier", "U Xavier uniform: ρ goes from 0.58 to 1.", {_U: "xavier_uniform"}),
    Preset("P2c", "Cured: ReLU, identity", "ReLU with U = 1: flat at the start.", {_PHI: "relu", _U: "identity"}),
    Preset("P2x", "ReLU alone does not cure", "Slope 1, but U still shrinks every signal.", {_PHI: "relu"}),
    Preset("P1s", "Sigmoid: the worst", "The slope is at most 1/4 at each step.", {_PHI: "sigmoid"}),
    Preset("P4", "A straight line", "Linear, U = 0.8·Q, no learning: ‖∂L/∂h_t‖ = 0.8^(T−t).", _CLOSED_FORM),
    Preset("P5a", "Cured: clip by value", "Each element of the gradient kept in ±0.03.", _RUNAWAY | _BY_VALUE),
    Preset("P5b", "Cured: clip by norm", "The gradient's norm kept at 0.3.", _RUNAWAY | _BY_NORM),
    Preset("P6", "Clipped to death", "Norm 0.001: all updates clipped, nothing learned.", _RUNAWAY | _TO_DEATH),
)

PRESETS: Mapping[str, Preset] = MappingProxyType({preset.key: preset for preset in _ALL})
CARDS = ("P1", "P2b", "P5")
"""What a first visit offers."""
