"""Executes what a lesson says: each of its runs is trained, in this process, no further than anything looks.

For tests and the command line: the screen has `evidence` of stored runs, and never loads torch.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping

from playground.core.measurement import Measurements, Row
from playground.diagnosis.alarm import Alarm
from playground.lessons import scoring
from playground.lessons.evidence import Evidence
from playground.lessons.lesson import Choice, Lesson, Prediction
from playground.lessons.previews import checks
from playground.lessons.readings import condition, reading
from playground.training import probes
from playground.training.config import RunConfig
from playground.training.events import End, Event, Update
from playground.training.loop import train

RUNS_KEPT = 48
"""In memory: the states of a lesson over a few seeds."""


class Course:
    """A run that is trained as far as somebody asks, and goes on from there when somebody asks for more."""

    def __init__(self, config: RunConfig) -> None:
        self._config = config
        self._specs = probes.specs(config)
        self._events: Iterator[Event] = train(config)
        self._rows: list[Row] = []
        self._alarms: list[Alarm] = []
        self._ended = False

    def until(self, update: int) -> Evidence:
        """All that is known once this update is measured, or the run has ended before."""
        while not self._ended and (update >= self._config.updates or self._newest < update):
            event = next(self._events)
            if isinstance(event, Update):
                self._rows.append(Row(event.update, 0.0, event.values))
            elif isinstance(event, Alarm):
                self._alarms.append(event)
            self._ended = isinstance(event, End)
        measured = Measurements.of(self._specs, self._rows)
        return Evidence(self._config, measured, tuple(self._alarms), self._newest, self._ended)

    @property
    def _newest(self) -> int:
        return self._rows[-1].update if self._rows else -1


@functools.lru_cache(RUNS_KEPT)
def course(config: RunConfig) -> Course:
    """The one run of a config, seed included, in this process."""
    return Course(config)


def run(lesson: Lesson, state: str, seed: int, updates: int) -> Evidence:
    """A lesson's state, trained until this update is measured."""
    return course(lesson.config(state).patched({"seed": seed})).until(updates)


class Runs(Mapping[str, Evidence]):
    """A lesson's states as evidence, each trained when it is asked for, as far as anything in the lesson looks.

    Without a seed each state has its own.
    """

    def __init__(self, lesson: Lesson, seed: int | None = None) -> None:
        self._lesson, self._seed = lesson, seed
        self._found: dict[str, Evidence] = {}

    def __getitem__(self, state: str) -> Evidence:
        if state not in self._found:
            seed = self._lesson.config(state).seed if self._seed is None else self._seed
            self._found[state] = run(self._lesson, state, seed, due(self._lesson, state))
        return self._found[state]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lesson.states)

    def __len__(self) -> int:
        return len(self._lesson.states)


def due(lesson: Lesson, state: str) -> int:
    """The last update of a state's run that anything in the lesson looks at; −1 if nothing does."""
    config = lesson.config(state)
    found = [condition(check).due(config, state) for _, _, check in checks(lesson)]
    found += [condition(check).due(config) for _, where, check in checks(lesson) if where == state]
    found += [scoring.due(lesson, prediction) for prediction in lesson.asked_of(state)]
    if lesson.challenge and lesson.challenge.state == state:
        found.append(condition(lesson.challenge.goal).due(config))
    return max(found, default=-1)


def problems(lesson: Lesson, seeds: Iterable[int]) -> list[str]:
    """What does not hold in the runs of these seeds: a sentence each, none for a lesson that is right."""
    seeds = list(seeds)
    found = [
        f"{said} (seed {seed})" for seed in seeds for state in lesson.states for said in wrong(lesson, state, seed)
    ]
    return found + [said for prediction in lesson.predictions for said in undecided(lesson, prediction, seeds)]


def wrong(lesson: Lesson, state: str, seed: int) -> list[str]:
    """What the lesson says of a state's run that does not hold with this seed."""
    runs = Runs(lesson, seed)
    found = []
    for said, where, check in checks(lesson):
        if where == state and not condition(check).holds(runs, state):
            found.append(f"{said!r} does not hold in {state!r}: {condition(check).measured(runs, state)}.")
    for prediction in lesson.asked_of(state):
        found += _unanswerable(prediction, runs, state)
    challenge = lesson.challenge
    if challenge and challenge.state == state and condition(challenge.goal).holds(runs, state):
        measured = condition(challenge.goal).measured(runs, state)
        found.append(f"The challenge is met before anything is mended: {measured}.")
    return found


def undecided(lesson: Lesson, prediction: Prediction, seeds: Iterable[int]) -> list[str]:
    """Why a choice has not the same right answer with each of these seeds."""
    if not isinstance(prediction, Choice):
        return []
    right = {seed: scoring.right(prediction, Runs(lesson, seed)[prediction.state]) for seed in seeds}
    if len({tuple(options) for options in right.values()}) <= 1:
        return []
    return [f"{prediction.name!r} is decided by the seed: {right}."]


def _unanswerable(prediction: Prediction, runs: Mapping[str, Evidence], state: str) -> Iterator[str]:
    name = prediction.name
    if isinstance(prediction, Choice):
        right = scoring.right(prediction, runs[state])
        if len(right) != 1:
            measured = "; ".join(condition(option.when).measured(runs, state) for option in prediction.options)
            yield f"{name!r} has {len(right)} right options in {state!r}, not one: {measured}."
        return
    if prediction.kind == "number":
        value = reading(prediction.value).value(runs, state)
        if not prediction.low <= value <= prediction.high:
            yield f"{name!r} is {value:g}, which nobody can say between {prediction.low:g} and {prediction.high:g}."
        return
    curve = reading(prediction.value).curve(runs, state)
    steps = runs[state].config.network.steps
    if len(curve) != steps:
        yield f"{name!r} has {len(curve)} points, and the sequence {steps} steps."
