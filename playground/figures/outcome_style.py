"""What a cell of a map looks like: each outcome its colour and its sign, paler where seeds disagree or still train.

Blue forgets and orange blows up, as everywhere; green learns, yellow is on its way there, grey stands still. The five
are told apart with every common colour blindness, on both grounds (a test measures it), and by their signs.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Ground = Literal["light", "dark"]
GROUNDS: tuple[Ground, ...] = ("light", "dark")


class Look(NamedTuple):
    """Sign, colour, and the ink that is read on the colour, on both grounds."""

    sign: str
    colours: Mapping[Ground, str]
    ink: str = "#16181d"


OUTCOMES: Mapping[str, Look] = {
    "learns": Look("●", {"light": "#0c9a60", "dark": "#30b576"}),
    "is learning": Look("◐", {"light": "#f5e348", "dark": "#ffd75e"}),
    "stalls": Look("○", {"light": "#a9bdc5", "dark": "#646771"}),
    "forgets": Look("▽", {"light": "#1257d2", "dark": "#3a63e6"}, "#ffffff"),
    "blows up": Look("▲", {"light": "#d86a08", "dark": "#ea551b"}),
}
"""By its word, from the best to the worst."""

PAPER: Mapping[Ground, str] = {"light": "#ffffff", "dark": "#111417"}
EMPTY: Mapping[Ground, str] = {"light": "#f3f4f7", "dark": "#1b2027"}
NEVER: Mapping[Ground, str] = {"light": "#c9ced6", "dark": "#3d4550"}

STRENGTHS = (0.38, 0.6, 0.78, 1.0)
"""How much of its colour a cell has: while it trains, with the seeds divided, with most of them, with all."""

SPECIAL = ("empty", "impossible", "never", "zero", "not finite")
"""What is no outcome, and no number that a scale can place."""
SIGNS = {"empty": "", "impossible": "–", "never": "∞", "zero": "▽", "not finite": "✕"}

CODES = len(SPECIAL) + len(OUTCOMES) * len(STRENGTHS)
_OUTCOMES = list(OUTCOMES)


def special(name: str) -> int:
    """The number by which a heat map knows it."""
    return SPECIAL.index(name)


def code(outcome: str, share: float, over: bool) -> int:
    """The number by which a heat map knows an outcome that `share` of the seeds measured have."""
    strength = 0 if not over else 3 if share >= 1 else 2 if share > 0.5 else 1
    return len(SPECIAL) + _OUTCOMES.index(outcome) * len(STRENGTHS) + strength


def colours(ground: Ground, zero: str, not_finite: str) -> list[str]:
    """By number."""
    found = [EMPTY[ground], EMPTY[ground], NEVER[ground], zero, not_finite]
    for look in OUTCOMES.values():
        found += [mixed(look.colours[ground], PAPER[ground], strength) for strength in STRENGTHS]
    return found


def mixed(colour: str, paper: str, share: float) -> str:
    both = zip(bytes.fromhex(colour[1:]), bytes.fromhex(paper[1:]), strict=True)
    return "#" + "".join(f"{round(share * ink + (1 - share) * ground):02x}" for ink, ground in both)


def bands(each: list[str]) -> list[tuple[float, str]]:
    """A colour scale that has one colour for each whole number from 0, on an axis from −½ to `CODES` − ½."""
    edges = [i / len(each) for i in range(len(each) + 1)]
    return [(edge, colour) for i, colour in enumerate(each) for edge in edges[i : i + 2]]


AXIS = {"cmin": -0.5, "cmax": CODES - 0.5, "showscale": False}
