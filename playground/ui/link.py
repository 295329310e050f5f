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
            blamed = [p for p in fields if _concerns(wrong.path, p)]
            problems.append(FieldProblem(wrong.path or "link", wrong.sentence))
            for path in blamed or list(fields):
                del fields[path]


def _concerns(wrong: str, path: str) -> bool:
    """Whether a problem at `wrong` may come from the link's `path`."""
    if not wrong:  # a problem of the whole config: so much work that others would wait
        return path in ("batch", "hidden", "task.length")
    # That of a component, such as an empty clip range, comes from anything that the link says of it.
    return path == wrong or path.startswith(f"{wrong}.") or wrong.startswith(f"{path}.")


def write(config: RunConfig, run_id: str | None) -> dict[str, str]:
    """The query parameters of a config and a run."""
    fields = {path: str(value) for path, value in config.difference(RunConfig()).items()}
    return fields | ({RUN: run_id} if run_id else {})
