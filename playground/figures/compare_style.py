"""What tells up to six runs apart in one picture: a colour and a dash each.

Two with the same dash differ in colour for every common colour blindness, on both grounds (a test measures it). None
has a colour that means something: no blue, no orange, no magenta.
"""

from typing import Any

from playground.figures import style

OCHRE = "#a16207"


def _look(colour: str | None, dash: str) -> dict[str, Any]:
    tint = {"color": colour} if colour else {}  # without one: ink, which the ground decides
    return {"line": {"width": 2, "dash": dash, **tint}, "marker": {"size": 4, **tint}}


LOOKS: tuple[dict[str, Any], ...] = (
    _look(style.RUN, "solid"),
    _look(style.TWIN, "dash"),
    _look(OCHRE, "dot"),
    _look(None, "solid"),
    _look(OCHRE, "dash"),
    _look(style.RUN, "dot"),
)
"""In the order in which runs were chosen."""

MOST = len(LOOKS)
"""Runs in one picture."""
