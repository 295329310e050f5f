"""The flight recorder: the last updates of a run again, at full resolution, or going on from there with a change.

A run is the same to the bit from any of its training states. So a few of these are kept, not the arrays of 64 updates:
all else follows from them.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.core.errors import PlaygroundError
from playground.core.measurement import Row
from playground.diagnosis.alarm import Alarm, Cleared
from playground.nn.losses import LOSSES
from playground.nn.parameters import Parameters
from playground.training import watch
from playground.training.config import RunConfig
from playground.training.events import Update
from playground.training.frame import Frame
from playground.training.live_changes import Intervention
from playground.training.loop import one_update, train
from playground.training.probes import Step
from playground.training.state import TrainingState, packed

SPAN = 64
"""Updates that can be replayed, at least, once a run has done so many."""
BUDGET = 16 * 2**20
"""Bytes that the snapshots of a run may take, where two of them take no more."""
RHYTHMS = (8, 16, 32, 64)
"""Updates between snapshots: the fewer fit, the longer a replay computes."""
MOST = 32 * 2**20
"""Bytes of a frame besides the weights; of a larger one it holds as many samples as fit."""
AS_OBJECT = 72
"""Bytes of a number in plain data, with its share of the list, about."""

Turn = Callable[[], AbstractContextManager[None]]
"""What is entered for each update, so that a long replay does not hold up the runs beside it."""


class Snapshot(NamedTuple):
    update: int
    state: Mapping[str, Any]
    size: int


class FlightRecorder:
    """Snapshots of the training state, from which each of the last `SPAN` updates can be computed again.

    They take `BUDGET` bytes at most, or twice the size of one where that is more.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._kept: deque[Snapshot] = deque()
        self._every = RHYTHMS[0]

    @property
    def memory(self) -> int:
        """The bytes that are held."""
        return sum(snapshot.size for snapshot in self._kept)

    def see(self, state: TrainingState) -> None:
        """To be called before each update."""
        update, kept = state.update, self._kept
        if kept and (update % self._every or update == kept[-1].update):
            return
        while len(kept) > 1 and kept[1].update <= update - SPAN:
            kept.popleft()
        snapshot = state.snapshot()
        size = _size(snapshot)
        kept.append(Snapshot(update, snapshot, size))
        # An optimiser's moments come with its first step: the size is known for good only then.
        fitting = (every for every in RHYTHMS if (SPAN // every + 1) * size <= self._budget)
        every = max(self._every, next(fitting, SPAN))
        if every != self._every:
            self._every = every
            self._kept = deque(s for i, s in enumerate(kept) if i == 0 or s.update % every == 0)

    def dumps(self) -> Iterator[tuple[int, bytes]]:
        """The snapshots that the last `SPAN` updates follow from, oldest first: the update that comes next, and what
        `TrainingState.load` reads."""
        for snapshot in self._kept:
            yield snapshot.update, packed(dict(snapshot.state))


def _numbers(value: Any) -> int:
    """How many numbers plain data hold, about: of a list by its last entry, since to walk all takes too long."""
    if isinstance(value, Mapping):
        return sum(map(_numbers, value.values()))
    return len(value) * _numbers(value[-1]) if isinstance(value, list | tuple) and value else 1


def _size(value: Any) -> int:
    """The bytes of a snapshot in memory."""
    if isinstance(value, Tensor):
        return value.numel() * value.element_size()
    if isinstance(value, Mapping):
        return AS_OBJECT * _numbers(value.get("diagnosis")) + sum(
            _size(part) for name, part in value.items() if name != "diagnosis"
        )
    return sum(map(_size, value)) if isinstance(value, list | tuple) else 0


# Once more, at full resolution


def frame(
    config: RunConfig,
    dump: bytes,
    update: int,
    most: int = MOST,
    turn: Turn = nullcontext,
    interventions: Sequence[Intervention] = (),
) -> Frame:
    """What update number `update` did, to the bit, computed from an earlier training state of the same run.

    `config` is what the run began with; `interventions` are all of it, oldest first.
    """
    state = _loaded(config, dump, update, interventions)
    while state.update < update:
        with turn():
            state.obey()
            one_update(state)
        state.update += 1
    state.obey()
    before = state.weights.clone()
    with turn():
        step = one_update(state)
        return _frame(state, before, step, most)


def _frame(state: TrainingState, before: Parameters, step: Step, most: int) -> Frame:
    passed, cell, ways = step.passed, state.network.parts.cell, state.network.ways
    of_samples: dict[str, tuple[int, Tensor]] = {}  # the axis of the samples, and numbers
    for i, (tape, back) in enumerate(zip(passed.forward.tapes, passed.passes, strict=True)):
        of_samples |= {f"{i}/x": (1, tape.x), f"{i}/a": (1, tape.a)}
        for letter, states, total in zip(cell.states, tape.states, back.total, strict=True):
            of_samples |= {
                f"{i}/{letter}": (1, states[1:]),
                f"{i}/{letter}_start": (0, states[0]),
                f"{i}/d_{letter}": (1, total),
            }
        if cell.gates:
            of_samples[f"{i}/gates"] = (1, cell.gate_values(tape))
    each, _ = LOSSES[state.network.parts.loss](passed.forward.outputs, step.batch.targets)
    answers = {"outputs": passed.forward.outputs, "d_outputs": passed.g_outputs, "targets": step.batch.targets}
    if step.batch.counts is not None:
        answers["counts"] = step.batch.counts
    of_samples |= {name: (1, numbers) for name, numbers in {**answers, "answer_loss": each}.items()}
    arrays = {name: (axis, _array(numbers)) for name, (axis, numbers) in of_samples.items()}
    batch = step.batch.x.shape[1]
    samples = max(1, min(batch, most * batch // sum(array.nbytes for _, array in arrays.values())))
    found: Frame = {name: array[(slice(None),) * axis + (slice(samples),)] for name, (axis, array) in arrays.items()}
    weights = {"before": before.views, "after": state.weights.views}
    gradients = {"raw": passed.gradients, "clipped": state.gradient.views}
    for what, tensors in {**weights, **gradients}.items():
        found |= {f"{what}/{name}": _array(tensors[name]) for name in state.weights.views}
    facts = {
        "update": state.update,
        "samples": samples,
        "batch": batch,
        "finite": watch.is_finite(step),
        "learning_rate": step.learning_rate,
        "labels": [way.label for way in ways],
        "states": list(cell.states),
        "gates": list(cell.gates),
        "tensors": list(state.weights.views),
    }
    found |= {name: np.array(fact, dtype=np.str_ if isinstance(fact, list) else None) for name, fact in facts.items()}
    found["loss"] = _array(passed.loss)
    for name, norms in (("norms_before", step.norms_before), ("norms_after", step.norms_after)):
        found[name] = np.array([norms[tensor].item() for tensor in state.weights.views])
    return found


def _array(tensor: Tensor) -> NDArray[Any]:
    short = tensor.dtype in (torch.float16, torch.bfloat16)  # numpy knows but one of them; float32 holds both
    found: NDArray[Any] = (tensor.float() if short else tensor).detach().cpu().numpy()
    return found


# Going on from there


def state_at(
    config: RunConfig,
    dump: bytes,
    update: int,
    turn: Turn = nullcontext,
    interventions: Sequence[Intervention] = (),
) -> TrainingState:
    """The state before `update` with all that a run knows by then, computed from an earlier one of the same run."""
    state = _loaded(config, dump, update, interventions)
    state.go_on = update  # the run went past what might have stopped it
    events = train(config, state)
    while state.update < update and not state.diverged:
        with turn():
            while not isinstance(next(events), Update):
                pass
    if state.diverged:
        raise PlaygroundError(f"Before update {update} weights are not finite any more. Choose an earlier update.")
    return state


def changed(
    old: TrainingState, config: RunConfig, rows: Iterable[Row], same_specs: bool
) -> tuple[TrainingState, list[Alarm | Cleared] | None]:
    """A state of `config` that goes on from `old` with its weights, its generators, its place in the data.

    What does not fit starts afresh: moments of another optimiser, generators of another seed, a stream of another task
    or batch. Where alarms or measurements differ, the new diagnosis is shown `rows`, and what it finds is given too.
    Raises PlaygroundError for a network of other tensors, and for a run that would be over by then.
    """
    new, source = TrainingState(config), old.config
    _same_tensors(old.weights, new.weights)
    if config.updates <= old.update:
        raise PlaygroundError(
            f"The run has {config.updates:,} updates and would go on from update {old.update:,}. "
            f"Write more than {old.update:,} updates."
        )
    saved, fresh = old.snapshot(), new.snapshot()
    moments = saved if type(config.optimizer) is type(source.optimizer) else fresh
    saved["optimizer"] = {**fresh["optimizer"], "state": moments["optimizer"]["state"]}
    if config.seed != source.seed:
        saved["streams"] = fresh["streams"]
    if config.arrival != source.arrival or config.task != source.task or config.batch != source.batch:
        saved |= {"memory": None, "carried": None}
    findings = None
    if not same_specs or config.alarms != source.alarms:
        findings = [finding for row in rows for finding in new.diagnosis.see(row.update, row.values)]
        saved["diagnosis"] = new.diagnosis.dump()
    # Its own config says all: what of it the other run had changed on the way is its beginning.
    new.restore(saved | {"changes": {}, "obeyed": 0, "stop": ""})
    new.diagnosis.forget_raised()
    return new, findings


def _same_tensors(old: Parameters, new: Parameters) -> None:
    for name in {**old.shapes, **new.shapes}:
        shapes = old.shapes.get(name), new.shapes.get(name)
        if shapes[0] != shapes[1]:
            had, has = (" × ".join(map(str, shape)) if shape else "not there" for shape in shapes)
            raise PlaygroundError(
                f"The weights do not fit: {name} is {had} in the run that is gone on from, and {has} here. Keep its "
                "cell, hidden, layers, direction, architecture and widths of the task; change any other field."
            )


def _loaded(config: RunConfig, dump: bytes, update: int, interventions: Sequence[Intervention]) -> TrainingState:
    state = TrainingState(config, interventions)
    state.load(dump)
    if update < state.update:
        raise PlaygroundError(f"Update {update:,} is not recorded: what is kept begins at update {state.update:,}.")
    return state
