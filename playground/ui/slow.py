"""One update in slow motion: the numbers of the update that comes next of the watched run."""

import json
import math
from functools import lru_cache
from typing import Any

from playground.core.errors import PlaygroundError
from playground.runs.engine import engine
from playground.runs.status import RunStatus, describe
from playground.training.config import RunConfig
from playground.training.live_changes import in_force
from playground.ui import state

KEPT = 8
"""Updates that are remembered: every click on the page asks again."""
DIGITS = 6
"""Of a number that is drawn with two or three."""
STILL = (RunStatus.PAUSED, RunStatus.FINISHED, RunStatus.STOPPED, RunStatus.DIVERGED)


def arguments(run_id: str) -> dict[str, Any] | None:
    """For `live(slow=…)`: the run and the numbers of its next update, as `moment.moment_at` has them, NaN and ±Infinity
    by name.

    {"refused": sentence} where there is something to say instead. None for a run that this browser may not see, or
    whose network has no time steps.
    """
    catalog = engine().catalog
    if not catalog.may_watch(run_id, state.owner()):
        return None
    folder = catalog.get(run_id)
    try:
        summary = describe(folder)
        if summary.config is None or not summary.config.architecture.recurrent:
            return None
        if summary.status not in STILL:
            running = summary.status is RunStatus.RUNNING
            why = "Pause the run first" if running else f"This run is {summary.status}"
            return {"refused": f"{why}: slow motion shows the next update of a run that stands still."}
        changes = folder.interventions()
        found = json.loads(_moment(run_id, summary.update, summary.status, len(changes), str(changes[-1:])))
        return {"run": run_id, **_told(in_force(summary.config, changes)), **_named(found)}
    except PlaygroundError as error:
        return {"refused": str(error)}


@lru_cache(KEPT)
def _moment(run_id: str, *standing: object) -> bytes:
    """The same as long as the run stands where it stands."""
    del standing
    return engine().moment(run_id)


def _told(config: RunConfig) -> dict[str, Any]:
    """What the sentences of the phases name."""
    learning = config.learning
    return {
        "clip": "" if config.clip.kind == "none" else config.clip.title,  # type: ignore[attr-defined]
        "optimizer": config.optimizer.title,
        "through": "U and the gates" if config.cell.gates else "U",
        "carried": config.arrival == "stream",
        "note": "" if learning.kind == "cumulative" else learning.summary,  # type: ignore[attr-defined]
    }


def _named(value: Any) -> Any:
    """JSON that a browser reads: fewer digits, and what is no finite number by its name."""
    if isinstance(value, dict):
        return {key: _named(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_named(part) for part in value]
    if isinstance(value, float):
        if math.isfinite(value):
            return float(f"{value:.{DIGITS}g}")
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    return value
