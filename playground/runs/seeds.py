"""The same network on a few seeds: how many of them solve the task, and when."""

from collections.abc import Sequence
from typing import NamedTuple

from playground.diagnosis.verdict import Outcome
from playground.runs.folder import RunFolder
from playground.runs.outcome import outcome_of
from playground.runs.status import RunStatus, describe
from playground.training.config import SEEDS, RunConfig


class Standing(NamedTuple):
    """How the run of one seed stands. `updates` is how many it has done, of those asked for, or to its end."""

    run_id: str
    seed: int
    status: RunStatus
    updates: int
    outcome: Outcome


def of_seeds(config: RunConfig, count: int) -> list[RunConfig]:
    """The same on so many seeds, its own first."""
    return [config.patched({"seed": (config.seed + i) % SEEDS}) for i in range(count)]


def standing(folder: RunFolder) -> Standing:
    """Raises BrokenRun."""
    summary = describe(folder)
    return Standing(folder.run_id, folder.config().seed, summary.status, max(0, summary.update), outcome_of(folder))


def together(runs: Sequence[Standing]) -> str:
    """Solved in 2 of 3 seeds: at 40, 60, not within 400."""
    solved = sum(run.outcome.solved is not None for run in runs)
    going = any(run.status.unfinished for run in runs)
    begin = f"So far solved in {solved}" if going else f"Solved in {solved}"
    each = list(map(_when, runs))
    alike = len(set(each)) == 1
    return f"{begin} of {len(runs)} seeds: {f'each {each[0]}' if alike else ', '.join(each)}."


def _when(run: Standing) -> str:
    if run.outcome.solved is not None:
        return f"at {run.outcome.solved:,}"
    if run.outcome.diverged is not None:
        return f"NaN at {run.outcome.diverged:,}"
    return "not yet" if run.status.unfinished else f"not within {run.updates:,}"


def line(run: Standing) -> str:
    """Seed 3: accuracy 97 % after 80 updates, solved at 60."""
    outcome = run.outcome
    if outcome.update < 0:
        return f"Seed {run.seed}: nothing measured yet ({run.status.value})."
    metric = outcome.said(outcome.metric)
    return f"Seed {run.seed}: {outcome.metric_title} {metric} at update {outcome.update:,}, {_stands(run)}."


def _stands(run: Standing) -> str:
    return _when(run) if run.outcome.solved is None else f"solved {_when(run)}"
