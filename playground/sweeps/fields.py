"""Which fields of a config may be axes of a map, and a sensible axis for each."""

from collections.abc import Mapping

from pydantic.fields import FieldInfo

from playground.core.errors import InvalidConfig
from playground.sweeps.axis import MOST_VALUES, Axis, Setting, may_vary
from playground.training.config import RunConfig
from playground.training.paths import info, leaves, options, value_at

COUNT = 8
"""Values of a suggested axis of numbers."""

RANGES: Mapping[str, tuple[float, float, bool]] = {
    "gain": (0.5, 2.5, False),
    "std": (0.01, 1.0, True),
    "radius": (0.5, 1.5, False),
    "learning_rate": (1e-4, 1e-1, True),
    "threshold": (0.01, 100.0, True),
    "ratio": (1e-3, 1.0, True),
    "floor": (1e-4, 1e-1, True),
    "lo": (-1.0, -1e-3, False),
    "hi": (1e-3, 1.0, True),
    "weight_decay": (1e-4, 1.0, True),
    "momentum": (0.0, 0.99, False),
    "forget_bias.value": (-1.0, 6.0, False),
    "keep_bias.value": (-1.0, 6.0, False),
    "value": (-1.0, 1.0, False),
    "longest": (5, 200, True),
    "length": (5, 100, True),
    "test_length": (10, 100, False),
    "hidden": (4, 128, True),
    "batch": (4, 128, True),
    "k1": (1, 50, True),
    "k2": (2, 100, True),
    "every": (10, 200, True),
    "over": (5, 200, True),
    "turn": (0, 90, False),
}
"""Where something happens, and whether it spans decades: by a path's last names."""


def paths(config: RunConfig) -> tuple[str, ...]:
    """Every field of this config that may be an axis, in the order of the config."""
    return tuple(path for path in leaves(config) if may_vary(path, info(config, path)))


def suggested(config: RunConfig, path: str) -> Axis:
    """A sensible axis: all kinds, or numbers across the range in which things happen, as far as they fit the rest of
    the config."""
    found = options(config, path)
    axis = Axis(path=path, values=found[:MOST_VALUES]) if found else _across(path, info(config, path))
    fitting = tuple(setting for setting in axis.values if _accepts(config, path, setting))
    if fitting == axis.values:
        return axis
    return Axis(path=path, values=fitting or (value_at(config, path),), log=axis.log and bool(fitting))


def _across(path: str, field: FieldInfo) -> Axis:
    """Within the bounds of this field; without a range of its own, all that is allowed."""
    least, most = _bounds(field)
    known = next((RANGES[end] for end in RANGES if f".{path}".endswith(f".{end}")), None)
    low, high, log = known or (least, most, False)
    return Axis.spread(path, max(low, least), min(high, most), COUNT, log)


def _bounds(field: FieldInfo) -> tuple[float, float]:
    """Of a number; every number of a config has both. An open end is left out by a thousandth."""
    ends = {name: getattr(m, name) for m in field.metadata for name in ("ge", "gt", "le", "lt") if hasattr(m, name)}
    least = ends["ge"] if "ge" in ends else ends["gt"] + 1e-3
    most = ends["le"] if "le" in ends else ends["lt"] - 1e-3
    return float(least), float(most)


def _accepts(config: RunConfig, path: str, setting: Setting) -> bool:
    try:
        config.patched({path: setting})
    except InvalidConfig:
        return False
    return True
