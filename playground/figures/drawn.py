"""What a figure draws: plotly's traces and layout, as plain mappings.

plotly's own classes check every attribute at each drawing, by rules that cost the screen's process 20 MB. Here the
tests check, by those same classes, whatever any figure draws.
"""

import base64
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Trace = dict[str, Any]

PACKED = {"float64": "f8", "float32": "f4", "int32": "i4", "int16": "i2", "int8": "i1", "uint8": "u1"}
"""What plotly.js unpacks, by numpy's names."""


def scatter(**attributes: Any) -> Trace:
    return {"type": "scatter", **attributes}


def heatmap(**attributes: Any) -> Trace:
    return {"type": "heatmap", **attributes}


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of both, of which `new` counts; one in both that is a mapping itself is merged likewise. A name
    with dots is a path."""
    found = dict(old)
    for path, value in new.items():
        name, _, rest = path.partition(".")
        value = {rest: value} if rest else value
        found[name] = merged(found.get(name, {}), value) if isinstance(value, Mapping) else value
    return found


class Drawn:
    """One picture: its traces in the order in which they are drawn, and its layout without a template, which whoever
    shows it has for both grounds."""

    def __init__(self, data: Iterable[Trace], layout: Mapping[str, Any]) -> None:
        self.data = list(data)
        self.layout = dict(layout)

    def update_layout(self, **changes: Any) -> None:
        self.layout = merged(self.layout, changes)

    def plain(self) -> dict[str, Any]:
        """As plotly's JSON has it: arrays packed, and null for what is not finite outside of these."""
        return {"data": [_plain(trace) for trace in self.data], "layout": _plain(self.layout)}


def _plain(value: Any) -> Any:
    match value:
        case Mapping():
            return {name: _plain(each) for name, each in value.items()}
        case np.ndarray():
            return _packed(value) if value.dtype.name in PACKED else _plain(value.tolist())
        case list() | tuple():
            return [_plain(each) for each in value]
        case np.generic():
            return _plain(value.item())
        case float() if not math.isfinite(value):
            return None
    return value


def _packed(array: NDArray[Any]) -> dict[str, str]:
    shape = {"shape": ", ".join(map(str, array.shape))} if array.ndim > 1 else {}
    return {"dtype": PACKED[array.dtype.name], "bdata": base64.b64encode(array.tobytes()).decode()} | shape
