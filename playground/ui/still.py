"""Figures that are drawn once, by the same scripts and with the same looks as the live ones.

`st.plotly_chart` would do for a page that never changes: 5 MB of the server's memory. But it takes a figure that has
changed for another element and mounts it anew, which flickers at each look at a run that goes on, and brings a plotly
of its own to the browser.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

from playground.figures.drawn import Drawn
from playground.ui.live.component import address


class Still(NamedTuple):
    """One picture: its name, what stands around it, the figure (or it, plain), and what its x axis counts, such as
    "updates": pictures over the same are zoomed together."""

    name: str
    title: str
    rule: str
    words: str
    figure: Drawn | Mapping[str, Any]
    over: str


_STUB = f"const module = await import(location.origin + '{address()}/still.js');\nexport default module.default;\n"

_component = st.components.v2.component("playground_still", js=_STUB, isolate_styles=False)


def still(pictures: Sequence[Still], *, key: str) -> None:
    """Pictures beside each other. The same names with other figures are drawn anew in place: a reader's zoom stays."""
    shown = [{**picture._asdict(), "figure": _plain(picture.figure)} for picture in pictures]
    # As text: Streamlit loads pandas, 40 MB, to see whether a list or a mapping is a table.
    _component(key=key, data={"pictures": json.dumps(shown)})


def _plain(figure: Drawn | Mapping[str, Any]) -> Mapping[str, Any]:
    return figure.plain() if isinstance(figure, Drawn) else figure
