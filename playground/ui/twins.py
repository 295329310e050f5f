"""Two runs with the same seed and one thing changed, watched side by side."""

from typing import Any

from playground.core.errors import BrokenRun
from playground.core.words import cut
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
    folder, catalog = state.folder(), engine().catalog
    other = catalog.twin(folder.run_id) if folder else None
    return folder, catalog.get(other) if other and catalog.may_watch(other, state.owner()) else None


def lockstep() -> list[RunFolder]:
    """The watched run and all that are trained in step with it, as far as this browser may see them."""
    folder, catalog, owner = state.folder(), engine().catalog, state.owner()
    names = catalog.together(folder.run_id) if folder else ()
    return [catalog.get(name) for name in names if catalog.may_watch(name, owner)]


def going(*folders: RunFolder | None) -> bool:
    """Whether any of them still has something to do."""
    return any(one is not None and describe(one).status.unfinished for one in folders)


def names(folder: RunFolder, twin: RunFolder) -> tuple[str, str]:
    """What each has that the other has not."""
    one, other = folder.config(), twin.config()
    return difference(other, one), difference(one, other)


def difference(one: RunConfig, other: RunConfig) -> str:
    """What `other` has differently, in words; "the same again" where nothing differs."""
    changes = other.difference(one)
    # The fields of a component that is new say nothing that its name does not, but its own numbers.
    said = [called(path, value_name(other, path, value)) for path, value in changes.items()]
    return cut(", ".join(said) or "the same again", LONGEST)


def called(path: str, value: str) -> str:
    """A field and its value in the fewest words: of a component, whose it is and its title."""
    owner, field = ["", *path.split(".")][-2:]
    return f"{OWNERS.get(owner, '')} {value}".strip() if field in ("kind", "value") else f"{label(path)} {value}"


def live_arguments() -> dict[str, Any]:
    """What the live pictures need to draw both."""
    folder, twin = watched()
    if folder is None or twin is None:
        return {}
    try:
        return {"twin": twin.run_id, "names": names(folder, twin)}
    except BrokenRun:
        return {}
