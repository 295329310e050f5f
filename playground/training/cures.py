"""What backs a remedy: how often it helped, measured on the presets that fail."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from playground.core.measurement import Measurements, Row
from playground.diagnosis.alarm import Alarm, Cleared
from playground.diagnosis.remedies import REMEDIES, applicable, fingerprint
from playground.diagnosis.verdict import Outcome, helped, outcome
from playground.training import probes
from playground.training.config import RunConfig
from playground.training.events import End, Event, Update
from playground.training.loop import train
from playground.training.presets import FAILURES, PRESETS

SEEDS = (0, 1, 2)


class Run(NamedTuple):
    """A whole run: how it ended up, and what was raised and cleared on the way."""

    outcome: Outcome
    findings: tuple[Alarm | Cleared, ...]

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        return tuple(finding for finding in self.findings if isinstance(finding, Alarm))


@cache
def trained(config: RunConfig) -> Run:
    """A run from start to end."""
    return run_of(config, train(config))


def run_of(config: RunConfig, events: Iterable[Event]) -> Run:
    rows: list[Row] = []
    findings: list[Alarm | Cleared] = []
    diverged = None
    for event in events:
        if isinstance(event, Update):
            rows.append(Row(event.update, 0.0, event.values))
        elif isinstance(event, End):
            diverged = event.update if event.outcome == "diverged" else None
        else:
            findings.append(event)
    measured = Measurements.of(probes.specs(config), rows)
    far = measured["far_ratio"].values[0].min() if "far_ratio" in measured else float("nan")
    return Run(outcome(config, measured["test_metric"], float(far), diverged, findings), tuple(findings))


def backing(key: str, seeds: Sequence[int] = SEEDS) -> dict[str, Any]:
    """Of a preset: by remedy, in how many seeds it helped, of how many."""
    config = PRESETS[key].config.patched({"pace": 0})
    runs = [config.patched({"seed": seed}) for seed in seeds]
    found: dict[str, list[int]] = {}
    if all(trained(run).outcome.solved is not None for run in runs):
        return {"preset": key, "fingerprint": fingerprint(config), "remedies": found}  # there is nothing to cure
    for remedy in applicable(config, REMEDIES):
        pairs = [(run, run.patched(remedy.changes)) for run in runs]
        found[remedy.kind] = [sum(helped(trained(a).outcome, trained(b).outcome) for a, b in pairs), len(seeds)]
    return {"preset": key, "fingerprint": fingerprint(config), "remedies": found}


def measured() -> Iterator[str]:
    """The lines of `diagnosis/backing.json`, one preset at a time."""
    for place, key in enumerate(FAILURES):
        yield ("[\n " if place == 0 else ",\n ") + json.dumps(backing(key))
    yield "\n]\n"
