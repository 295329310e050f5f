"""From measurements to alarms: the same code while a run goes on, after it was resumed, and on one from last year."""

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from playground.core.measurement import MeasurementSpec, Row, Value
from playground.diagnosis.alarm import Alarm, Cleared
from playground.diagnosis.past import Past
from playground.diagnosis.remedies import offered
from playground.diagnosis.symptom import CALM, QUIET, Symptom

if TYPE_CHECKING:
    from playground.training.config import RunConfig


ALWAYS = {"loss": 50, "global_norm_before": 50}
"""What is remembered in any case: the NaN alarm tells what led there."""


class _Watch:
    """How one symptom stands: looks in a row past its threshold; since when it is calm; the update it was raised at."""

    def __init__(self, symptom: Symptom) -> None:
        self.symptom = symptom
        self.past_it = 0
        self.calm_since: int | None = None
        self.raised: int | None = None

    def look(self, config: "RunConfig", update: int, past: Past) -> Alarm | Cleared | None:
        level = self.symptom.level(config, past)
        self.past_it = self.past_it + 1 if level >= 1 else 0
        if not level < CALM:
            self.calm_since = None
        elif self.calm_since is None:
            self.calm_since = update
        if self.raised is None and self.past_it and self.past_it >= self.symptom.looks(config):
            self.raised = update
            return self._alarm(config, update, past)
        if self.raised is not None and self.calm_since is not None and update - self.calm_since >= QUIET:
            cleared = Cleared(
                kind=self.symptom.name, raised=self.raised, update=update, sentence=self.symptom.well_again
            )
            self.raised = None
            return cleared
        return None

    def _alarm(self, config: "RunConfig", update: int, past: Past) -> Alarm:
        symptom = self.symptom
        story = symptom.story(config, past)
        return Alarm(
            kind=self.symptom.name,
            update=update,
            sentence=story.sentence,
            severity=story.severity or symptom.severity,
            evidence=story.evidence,
            figure=symptom.figure,
            causes=story.causes,
            remedies=offered(config, story.remedies),
            **story.where,
        )


class Diagnosis:
    """Watches one run. `see` takes each update's measurements, in order, and gives what is new."""

    def __init__(self, config: "RunConfig", specs: Iterable[MeasurementSpec]) -> None:
        self._config = config
        by_name = {spec.name: spec for spec in specs}
        watched = [s for s in config.alarms.symptoms() if s.watch and all(name in by_name for name in s.needs)]
        lengths = dict(ALWAYS)
        for symptom in watched:
            for name, looks in symptom.needs.items():
                lengths[name] = max(looks, lengths.get(name, 0))
        self.past = Past(by_name, lengths)
        self._whole = True  # of each that is watched, something has been measured
        self._watches = [_Watch(symptom) for symptom in watched]
        self._rhythms = [(symptom.every, next(iter(symptom.needs))) for symptom in watched]

    def see(self, update: int, values: Mapping[str, Value]) -> list[Alarm | Cleared]:
        """The alarms that these measurements raise, and those that they clear; nothing for what it has seen before."""
        if update <= self.past.update:
            return []
        if not math.isfinite(values.get("loss", 0.0)):
            return []  # what follows is all NaN, and told by the NaN alarm; nothing gets well by it
        self.past.add(update, values)
        self._whole = self._whole or all(map(self._measured, self._watches))
        found = []
        for watch, (every, first) in zip(self._watches, self._rhythms, strict=True):
            if update % every == 0 and first in values and (self._whole or self._measured(watch)):
                finding = watch.look(self._config, update, self.past)
                if finding is not None:
                    found.append(finding)
        return found

    def change(self, update: int, config: "RunConfig", sentence: str, scaled: bool) -> list[Cleared]:
        """The run trains with another config from this update on, for which what was measured before is no evidence.

        Nothing stands any more; what still is so is raised again. `scaled` says that weights were multiplied: sizes
        are compared with those after that.
        """
        self._config = config
        self.past.forget(first=scaled)
        self._whole = False
        said = f"The run was changed here: {sentence}."
        over = [
            Cleared(kind=watch.symptom.name, raised=watch.raised, update=update, sentence=said)
            for watch in self._watches
            if watch.raised is not None
        ]
        self.forget_raised()
        return over

    def _measured(self, watch: _Watch) -> bool:
        return all(map(self.past.has, watch.symptom.needs))

    def forget_raised(self) -> None:
        """Nothing stands any more: what goes on is another run's, and may raise it again."""
        for watch in self._watches:
            watch.raised, watch.past_it, watch.calm_since = None, 0, None

    def dump(self) -> dict[str, Any]:
        """Everything that the next update depends on, as plain numbers."""
        return {
            "past": self.past.dump(),
            "watches": {watch.symptom.name: [watch.past_it, watch.calm_since, watch.raised] for watch in self._watches},
        }

    def load(self, saved: Mapping[str, Any], config: "RunConfig") -> None:
        """Goes back to what was dumped; `config` is what was in force then."""
        self._config, self._whole = config, False
        self.past.load(saved["past"])
        for watch in self._watches:
            watch.past_it, watch.calm_since, watch.raised = saved["watches"][watch.symptom.name]


class Change(NamedTuple):
    """What `Diagnosis.change` is told."""

    update: int
    config: "RunConfig"
    sentence: str
    scaled: bool


def diagnose(
    config: "RunConfig", specs: Sequence[MeasurementSpec], rows: Iterable[Row], changes: Sequence[Change] = ()
) -> Iterator[Alarm | Cleared]:
    """All alarms and clearances of a run that is stored, with the thresholds of `config`.

    `changes` are those that were made of it while it trained, oldest first. Where a number first ceased to be finite
    can be seen only while it trains: that alarm is not among them.
    """
    diagnosis, to_come = Diagnosis(config, specs), deque(changes)
    for row in rows:
        while to_come and to_come[0].update <= row.update:
            yield from diagnosis.change(*to_come.popleft())
        yield from diagnosis.see(row.update, row.values)
