"""plotly's own classes as the judge of what we draw without them."""

import base64
import json
from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go


def checked(drawn):
    """As plotly's figure. It refuses every attribute and value that it does not know, and its JSON says the same as
    ours."""
    figure = go.Figure(drawn.data, drawn.layout)
    theirs = json.loads(figure.to_json())
    theirs["layout"].pop("template")
    ours = json.loads(json.dumps(drawn.plain(), allow_nan=False))
    for name in ("shapes", "annotations"):  # plotly leaves out a list of none
        theirs["layout"].setdefault(name, [])
        ours["layout"].setdefault(name, [])
    assert unpacked(ours) == unpacked(theirs)
    return figure


def unpacked(value):
    """Arrays as lists; NaN, which equals nothing, as a word."""
    if isinstance(value, Mapping) and "bdata" in value:
        numbers = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
        shape = [int(size) for size in value["shape"].split(",")] if "shape" in value else -1
        return unpacked([None if x != x else x for x in numbers.reshape(shape).ravel().tolist()])
    if isinstance(value, Mapping):
        return {name: unpacked(each) for name, each in value.items()}
    return [unpacked(each) for each in value] if isinstance(value, list) else value
