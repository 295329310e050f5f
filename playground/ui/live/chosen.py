"""Which pictures a reader wants to see: named in a link, in a socket's address, or not at all."""

from collections.abc import Sequence
from typing import Any

from playground.core.errors import PlaygroundError, shorten
from playground.figures.figure import Figure
from playground.figures.gallery import FIGURES

Figures = tuple[Figure[Any], ...]

MOST = 12
"""Pictures that one reader sees at once: each costs the server and the browser its share."""
COLOURS = "gradient_now"
"""The picture that colours the network, which may be sent beside the most that are seen."""
LONGEST = 600
"""Letters of a choice."""

AT_FIRST: Figures = tuple(figure for figure in FIGURES if figure.shown)[:MOST]


def chosen(text: str | None) -> Figures:
    """The figures that "a,b,c" names, in the order of the gallery; without a text, those at first.

    Raises PlaygroundError for a stranger's text: an unknown name, or more than there may be.
    """
    if text is None:
        return AT_FIRST
    if len(text) > LONGEST:
        raise PlaygroundError(f"A choice of pictures has at most {LONGEST} letters; this one has {len(text):,}.")
    names = [name for name in text.split(",") if name]
    known = {figure.name for figure in FIGURES}
    for name in names:
        if name not in known:
            raise PlaygroundError(f"There is no picture {shorten(name)}. Reload the page.")
    counted = set(names) - {COLOURS}
    if len(counted) > MOST:
        raise PlaygroundError(f"{MOST} pictures are the most at once; here are {len(counted)}.")
    return tuple(figure for figure in FIGURES if figure.name in names)


def needs(figures: Sequence[Figure[Any]]) -> frozenset[str]:
    """The measurements that these look at."""
    return frozenset(name for figure in figures for name in figure.needs)
