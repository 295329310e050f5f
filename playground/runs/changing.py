"""Changes of runs while they train, as a screen asks for them; the worker makes them before its next update."""

from collections.abc import Iterable

from playground.core.errors import PlaygroundError
from playground.runs.folder import RunFolder
from playground.training.config import RunConfig
from playground.training.live_changes import RATE, WHOLE, in_force, is_live, live_changes

OWNERS = {RATE: "optimizer", **{f"{part}.": part for part in WHOLE}}
"""By how a path begins, the component that it belongs to; of U's gain, what draws U."""


def asked(folder: RunFolder) -> RunConfig:
    """What a run is to train with from its next update on, as far as anybody has asked."""
    return folder.config().patched(folder.control().changes)


def trained_with(folder: RunFolder) -> RunConfig:
    """What a run trains with now, or did at its end: its config with what was changed on the way."""
    return in_force(folder.config(), folder.interventions())


def change(folder: RunFolder, wanted: RunConfig, beside: Iterable[RunFolder] = ()) -> None:
    """Asks a run to train as `wanted` says, and those in lockstep with it to follow.

    These take over what they have in common with it: twins that differ in a component keep each its own, since that is
    what they are there to compare. Raises PlaygroundError, and InvalidConfig, where that needs a new run.
    """
    config = folder.config()
    changes = live_changes(config, wanted)
    if changes is None:
        raise PlaygroundError(
            "Not while it runs: learning rate, clip, activation, gain of U and what stops it can change. Train."
        )
    for other in beside:
        _follow(other, config, wanted)
    folder.steer(changes=changes)


def _follow(folder: RunFolder, leader: RunConfig, wanted: RunConfig) -> None:
    config, now = folder.config(), asked(folder)
    apart = {*config.difference(leader), *leader.difference(config)}
    changes = {p: v for p, v in wanted.difference(now).items() if is_live(p) and not _compared(p, apart)}
    whole = live_changes(config, now.patched(changes))
    if whole is not None:
        folder.steer(changes=whole)


def _compared(path: str, apart: Iterable[str]) -> bool:
    """Whether a field belongs to a component in which two configs differ."""
    owner = next((owner for begin, owner in OWNERS.items() if path.startswith(begin)), "cell.recurrent_init")
    cells = owner.startswith("cell.") and "cell.kind" in apart
    return cells or any(one.startswith(f"{owner}.") for one in apart)
