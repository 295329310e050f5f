"""The picture of a map as one Streamlit component, registered here, once, and not at every rerun."""

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import streamlit as st

from playground.ui.live.component import address

_STUB = f"const module = await import(location.origin + '{address()}/map.js');\nexport default module.default;\n"

_component = st.components.v2.component("playground_map", js=_STUB, isolate_styles=False)

LONGEST = 200
"""Letters of what a browser says."""


class Said(NamedTuple):
    """What a reader did: "pick" or "open", with these cells. `stamp` grows with each."""

    do: str
    cells: tuple[int, ...]
    stamp: int


def component(
    drawn: str, picked: Sequence[int], stamp: int, *, lecture: bool, key: str, on_change: Callable[[], None]
) -> None:
    """`drawn` is JSON: {id, title, rule, words, heights, shape, legend, panels: [{title, figure}]}. `picked` and
    `stamp` are what the page knows of the reader's choices; `lecture` is large type; `on_change` is called after each
    choice, with `cell` in the state of `key`."""
    # As text: Streamlit loads pandas, 40 MB, to see whether a list or a mapping is a table.
    marks = json.dumps({"picked": list(picked), "stamp": stamp, "lecture": lecture})
    _component(key=key, data={"map": drawn, "marks": marks}, on_cell_change=on_change)


def reported(text: Any) -> Said | None:
    """What a browser says, if it is anything at all."""
    if not isinstance(text, str) or len(text) > LONGEST:
        return None
    try:
        given = json.loads(text)
        return Said(str(given["do"]), tuple(int(cell) for cell in given["cells"]), int(given["stamp"]))
    except (TypeError, ValueError, KeyError, OverflowError):
        return None
