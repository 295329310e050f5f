"""Two runs with the same seed and one thing changed, watched side by side."""

from playground.core.errors import BrokenRun
from playground.runs.engine import engine
from playground.runs.folder import RunFolder
from playground.runs.status import describe
from playground.training.config import RunConfig
from playground.ui import state
from playground.ui.labels import label, value_name

LONGEST = 60
"""Letters of what differs, in a legend."""

OWNERS = {
    "recurrent_init": "U",
    "input_init": "W",
    "bias_init": "b",
    "readout_init": "V",
    "forget_bias": "forget bias",
    "keep_bias": "keep bias",
    "clip": "clip",
}
"""Of components whose titles do not say what they belong to: "orthogonal", "by norm"; and of their single values."""


def watched() -> tuple[RunFolder | None, RunFolder | None]:
    """The watched run and its twin, as far as this browser may see them."""
    run_id, catalog, owner = state.watched(), engine().catalog, state.owner()
    if run_id is None or not catalog.may_watch(run_id, owner):
        return None, None
    other = catalog.twin(run_id)
    return catalog.get(run_id), catalog.get(other) if other and catalog.may_watch(other, owner) else None


def going(folder: RunFolder | None, twin: RunFolder | None) -> bool:
    """Whether either of them still has something to do."""
    return any(one is not None and describe(one).status.unfinished for one in (folder, twin))


def names(folder: RunFolder, twin: RunFolder) -> tuple[str, str]:
    """What each has that the other has not."""
    one, other = folder.config(), twin.config()
    return difference(other, one), difference(one, other)


def difference(one: RunConfig, other: RunConfig) -> str:
    """What `other` has differently, in words; "the same again" where nothing differs."""
    changes = other.difference(one)
    # The fields of a component that is new say nothing that its name does not, but its own numbers.
    said = [_said(other, path, value) for path, value in changes.items()]
    text = ", ".join(said) or "the same again"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _said(config: RunConfig, path: str, value: object) -> str:
    name = value_name(config, path, value)
    owner, field = ["", *path.split(".")][-2:]
    if field in ("kind", "value"):
        return f"{OWNERS.get(owner, '')} {name}".strip()
    return f"{label(path)} {name}"


def live_arguments() -> dict[str, object]:
    """What the live pictures need to draw both."""
    folder, twin = watched()
    if folder is None or twin is None:
        return {}
    try:
        return {"twin": twin.run_id, "names": names(folder, twin)}
    except BrokenRun:
        return {}
