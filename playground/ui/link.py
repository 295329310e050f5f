"""A link is a page's whole state: what of the config differs from the defaults, or in a lesson from what that begins
with, by dotted path; the run that is watched; how it is shown; and the version of this way of writing.

Everything in a link comes from a stranger. A wrong field gets a sentence and the default; the others still count.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from playground.core.errors import FieldProblem, InvalidConfig, shorten
from playground.sweeps import links as maps
from playground.training.config import RunConfig
from playground.ui import view
from playground.ui.view import View

RUN, MAP, VERSION = "run", "map", "v"
OF_MAPS = (MAP, *(name for name in maps.PARAMETERS if name not in RunConfig.model_fields))
"""What a map's page reads by itself. Where there is a map, its `updates` are its own too."""
NEWEST = 1
"""Links without a version are older than versions are, and read like those of version 1."""
MOST_FIELDS = 128
LONGEST_VALUE = 64
WORK = ("batch", "hidden", "layers", "direction")
"""Fields beside the task's own that make a pass larger."""


class Link(NamedTuple):
    """What a link says: a config, the run to watch, one sentence for each part that was wrong, and how to show it."""

    config: RunConfig
    run_id: str | None
    problems: tuple[FieldProblem, ...]
    view: View = view.PLAIN


DEFAULT = RunConfig()


def read(parameters: Mapping[str, str], base: RunConfig = DEFAULT) -> Link:
    """Never raises: what is wrong becomes a sentence. The fields are changes of `base`."""
    ours = (RUN, VERSION, *OF_MAPS, *view.PARAMETERS, *(maps.PARAMETERS if "x" in parameters else ()))
    fields = {path: value for path, value in parameters.items() if path not in ours}
    shown, problems = view.read(parameters)
    version = parameters.get(VERSION, str(NEWEST))
    if version != str(NEWEST):
        problems.append(
            FieldProblem(
                VERSION, f"Version {shorten(version)} is not known here, {NEWEST} is. The rest was read as that."
            )
        )
    if len(fields) > MOST_FIELDS:
        problems.append(FieldProblem("", f"The link has {len(fields)} fields and {MOST_FIELDS} are allowed."))
        fields = {}
    for path, value in list(fields.items()):
        if len(value) > LONGEST_VALUE:
            problems.append(
                FieldProblem(path, f"{shorten(value)} is too long. Write {LONGEST_VALUE} characters or less.")
            )
            del fields[path]
    while True:
        try:
            return Link(base.patched(fields), parameters.get(RUN), tuple(problems), shown)
        except InvalidConfig as error:
            wrong = error.problems[0]
            problems.append(FieldProblem(wrong.path or "link", wrong.sentence))
            for path in _blamed(wrong.path, fields):
                del fields[path]


def _blamed(wrong: str, paths: Collection[str]) -> list[str]:
    """Which of the link's fields a problem at `wrong` comes from; at worst, from all of them."""
    if not wrong:  # a problem of the whole config: so much work that others would wait
        work = [p for p in paths if p in WORK or (p.startswith("task.") and p != "task.kind")]
        return work or list(paths)
    # That of a component, such as an empty clip range, comes from anything that the link says of it.
    near = [p for p in paths if p == wrong or p.startswith(f"{wrong}.") or wrong.startswith(f"{p}.")]
    # That of a field which the link does not name comes from its siblings: a long sequence, and too short a text.
    parent = wrong.rpartition(".")[0]
    siblings = [p for p in paths if parent and p.startswith(f"{parent}.")]
    return near or [p for p in siblings if not p.endswith(".kind")] or siblings or list(paths)


def carried(config: RunConfig, base: RunConfig = DEFAULT) -> RunConfig:
    """What of a config fits into a link: all but long texts, columns of numbers, and what makes no sense without."""
    fields = config.difference(base)
    short = {path: value for path, value in fields.items() if _fits(value)}
    if len(short) == len(fields):
        return config
    return read({path: str(value) for path, value in short.items()}, base).config


def _fits(value: object) -> bool:
    return isinstance(value, bool | int | float | str) and len(str(value)) <= LONGEST_VALUE


def write(config: RunConfig, run_id: str | None, shown: View = view.PLAIN, base: RunConfig = DEFAULT) -> dict[str, str]:
    """The query parameters of a config, or of what fits of it, of a run, and of how they are shown."""
    fields = {path: str(value) for path, value in carried(config, base).difference(base).items()}
    said = fields | view.write(shown) | ({RUN: run_id} if run_id else {})
    return said | ({VERSION: str(NEWEST)} if said else {})
