"""A link is a config: it carries what differs from the defaults, by dotted path, and the run that is watched.

Everything in a link comes from a stranger. A wrong field gets a sentence and the default; the others still count.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from playground.core.errors import FieldProblem, InvalidConfig, shorten
from playground.training.config import RunConfig

RUN = "run"
MOST_FIELDS = 64
LONGEST_VALUE = 64
WORK = ("batch", "hidden", "layers", "direction")
"""Fields beside the task's own that make a pass larger."""


class Link(NamedTuple):
    """What a link says: a config, the run to watch, and one sentence for each part that was wrong."""

    config: RunConfig
    run_id: str | None
    problems: tuple[FieldProblem, ...]


def read(parameters: Mapping[str, str]) -> Link:
    """Never raises: what is wrong becomes a sentence."""
    fields = {path: value for path, value in parameters.items() if path != RUN}
    problems: list[FieldProblem] = []
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
            return Link(RunConfig().patched(fields), parameters.get(RUN), tuple(problems))
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


def carried(config: RunConfig) -> RunConfig:
    """What of a config fits into a link: all but long texts, columns of numbers, and what makes no sense without."""
    fields = config.difference(RunConfig())
    short = {path: value for path, value in fields.items() if _fits(value)}
    return config if len(short) == len(fields) else read({path: str(value) for path, value in short.items()}).config


def _fits(value: object) -> bool:
    return isinstance(value, bool | int | float | str) and len(str(value)) <= LONGEST_VALUE


def write(config: RunConfig, run_id: str | None) -> dict[str, str]:
    """The query parameters of a config, or of what fits of it, and a run."""
    fields = {path: str(value) for path, value in carried(config).difference(RunConfig()).items()}
    return fields | ({RUN: run_id} if run_id else {})
