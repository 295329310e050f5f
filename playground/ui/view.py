"""How a page is shown, apart from what is trained on it: pictures, lecture mode, what a teacher has hidden. It travels
in the link, and everything in a link comes from a stranger.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from playground.core.errors import FieldProblem, shorten
from playground.figures.gallery import FIGURES
from playground.runs.names import started_of
from playground.training.presets import PRESETS
from playground.ui.live import chosen

CONTROLS: Mapping[str, str] = {
    "preset": "presets",
    "task": "task",
    "architecture": "architecture",
    "cell": "cell and activation",
    "init": "initialiser of U",
    "clip": "clip range",
    "training": "training",
    "advanced": "advanced",
    "alarms": "thresholds of alarms",
    "stop": "when the run ends",
    "again": "same seed, new seed",
    "seeds": "more than one seed",
    "twin": "change one thing",
    "slow": "slow motion",
    "pace": "pace",
    "pages": "other pages",
}
"""What a link may hide, and what it is called."""

PICTURES = tuple(figure.name for figure in FIGURES)
LONGEST = 100
"""Names in one list that are looked at."""
MOST_PICTURES = chosen.MOST
MOST_TAUGHT = 9  # keys 1 to 9
MOST_COMPARED = 6
MOST_STEPS = 99


class View(NamedTuple):
    """`pictures`: the names of those to show, None for this browser's own choice. `ask`: alarms and verdicts are out of
    sight until they are asked for. `hidden`: names in CONTROLS. `teach`: presets, for the keys 1 to 9. `runs`: those
    that are compared; whether this browser may see them is another question. `lesson`: the one that is open, "" for
    none, whether there is one of that name or not; `step`, counted from 1, what is shown of it; `read`: its whole text.
    """

    pictures: tuple[str, ...] | None = None
    lecture: bool = False
    ask: bool = False
    hidden: tuple[str, ...] = ()
    teach: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    lesson: str = ""
    step: int = 1
    read: bool = False


PLAIN = View()
PARAMETERS = ("pictures", "lecture", "ask", "hide", "teach", "runs", "lesson", "step", "read")
"""As a link calls them."""
_SLUG = re.compile(r"[A-Za-z0-9-]{1,60}")


def read(given: Mapping[str, str]) -> tuple[View, list[FieldProblem]]:
    """Never raises: what is wrong is left out, with a sentence."""
    problems: list[FieldProblem] = []

    def listed(parameter: str, most: int, allowed: Callable[[str], object], what: str) -> tuple[str, ...]:
        names = dict.fromkeys(name for name in given.get(parameter, "").split(",")[:LONGEST] if name)
        wrong = [name for name in names if not allowed(name)]
        problems.extend(FieldProblem(parameter, f"{shorten(name)} is {what}. Leave it out.") for name in wrong[:1])
        found = tuple(name for name in names if name not in wrong)
        if len(found) > most:
            problems.append(FieldProblem(parameter, f"{len(found)} are given, and {most} are allowed."))
        return found[:most]

    def flag(parameter: str) -> bool:
        value = given.get(parameter, "0")
        if value not in ("0", "1"):
            problems.append(FieldProblem(parameter, f"{shorten(value)} is neither 0 nor 1. Write 1 to switch it on."))
        return value == "1"

    def lesson() -> str:
        name = given.get("lesson", "")
        if name and not _SLUG.fullmatch(name):
            problems.append(
                FieldProblem("lesson", f"{shorten(name)} is no lesson's name. Write letters, digits and hyphens.")
            )
            return ""
        return name

    def step() -> int:
        text = given.get("step", "1")
        if not (text.isascii() and text.isdecimal() and len(text) < 3 and 1 <= int(text) <= MOST_STEPS):
            problems.append(FieldProblem("step", f"{shorten(text)} is no step. Write a number from 1 to {MOST_STEPS}."))
            return 1
        return int(text)

    view = View(
        listed("pictures", MOST_PICTURES, PICTURES.__contains__, "no picture") or None,
        flag("lecture"),
        flag("ask"),
        listed("hide", len(CONTROLS), CONTROLS.__contains__, "nothing that can be hidden"),
        listed("teach", MOST_TAUGHT, PRESETS.__contains__, "no preset"),
        listed("runs", MOST_COMPARED, started_of, "no run's name"),
        lesson(),
        step(),
        flag("read"),
    )
    return view, problems


def write(view: View) -> dict[str, str]:
    """The parameters of a link that differ from what a page shows without them."""
    said = {
        "pictures": ",".join(view.pictures or ()),
        "lecture": "1" if view.lecture else "",
        "ask": "1" if view.ask else "",
        "hide": ",".join(view.hidden),
        "teach": ",".join(view.teach),
        "runs": ",".join(view.runs),
        "lesson": view.lesson,
        "step": str(view.step) if view.step != 1 else "",
        "read": "1" if view.read else "",
    }
    return {parameter: value for parameter, value in said.items() if value}
