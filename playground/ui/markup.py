"""HTML and SVG that our own code has made. A stranger's words go into it through `words_of`, and nowhere else.

`st.html` would throw drawings away; `st.markdown` keeps them, and leaves a block without line ends as it is.
"""

from collections.abc import Iterable
from html import escape

import streamlit as st

_SIGNS = str.maketrans({"\n": "↵", "\t": "⇥", "\r": "↵"})


def show(html: str) -> None:
    st.markdown(f"<div>{html}</div>", unsafe_allow_html=True)


def words_of(text: str) -> str:
    """Text as text, on one line."""
    return escape(text.translate(_SIGNS))


def svg(width: float, height: float, said: str, shapes: Iterable[str]) -> str:
    """A drawing in the colour of the text around it, in numbers of pixels; `said` is for those who cannot see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-label="{escape(said)}" class="ex-drawing">{"".join(shapes)}</svg>'
    )
