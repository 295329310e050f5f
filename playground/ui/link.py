"""A link is a config: it carries what differs from the defaults, by dotted path, and the run that is watched.

Everything in a link comes from a stranger. A wrong field gets a sentence and the default; the others still count.
"""

from collections.abc import Mapping
from typing import NamedTuple

from playground.core.errors import FieldProblem, InvalidConfig, shorten
from playground.training.config import RunConfig

RUN = "run"
MOST_FIELDS = 64
LONGEST_VALUE = 64


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
            # A problem of a whole component, such as an empty clip range, is a problem of all that the link says of it.
            blamed = [p for p in fields if p == wrong.path or wrong.path in ("", p.removesuffix(".kind"))]
            blamed = blamed or [p for p in fields if p.startswith(f"{wrong.path}.") or wrong.path.startswith(f"{p}.")]
            problems.append(FieldProblem(wrong.path or "link", wrong.sentence))
            for path in blamed or list(fields):
                del fields[path]


def write(config: RunConfig, run_id: str | None) -> dict[str, str]:
    """The query parameters of a config and a run."""
    fields = {path: str(value) for path, value in config.difference(RunConfig()).items()}
    return fields | ({RUN: run_id} if run_id else {})
