"""A worker's tasks: train what a run's folder asks for, store what is found, obey the folder's control file.

It keeps nothing that matters in memory: killed at any moment, the next attempt goes on from the checkpoint and gives
the same bits.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

import torch

from playground.core.errors import BrokenRun, PlaygroundError
from playground.runs import branching
from playground.runs.attempt import POLL, Attempt
from playground.runs.folder import RunFolder
from playground.runs.recorder import survive
from playground.runs.records import Ending
from playground.runs.turns import Turns
from playground.training.config import RunConfig
from playground.training.events import Event
from playground.training.frame import encode
from playground.training.inspection import inspect_config
from playground.training.loop import train
from playground.training.replay import frame

TURN = 0.02
"""Seconds that a run keeps its turn, one update at least."""

TURNS = Turns()

_log = logging.getLogger(__name__)


def run_folder(path: str, on_event: Callable[[Event], None] | None = None) -> None:
    """Trains the run at `path` from wherever it stands to its end, in this thread.

    `on_event` is called with each event that is new to the folder. Whatever goes wrong is written as the run's end;
    nothing is raised for it, so that Dask never counts a run as erred. A keyboard interrupt stops the run.
    """
    _run([path], on_event)


def run_together(*paths: str) -> None:
    """Trains runs in lockstep, in this thread: none is more than an update ahead of another that has not ended.

    Apart from that each obeys its own control file. Where one waits, the others wait for it, and can be stopped.
    """
    _run(paths, None)


def _run(paths: Sequence[str], on_event: Callable[[Event], None] | None) -> None:
    # Runs beside each other share the cores by processes; inside a process more threads only get in each other's way.
    torch.set_num_threads(1)
    going = [attempt for attempt in (_begun(path, on_event) for path in paths) if attempt]
    with ExitStack() as stack:
        for attempt in going:
            stack.callback(attempt.close)
        try:
            for attempt in going:
                attempt.safely(attempt.begin)
            while going := [attempt for attempt in going if not attempt.over]:
                _turn(going)
        except KeyboardInterrupt:
            for attempt in going:
                if not attempt.over:
                    attempt.interrupt()


def _begun(path: str, on_event: Callable[[Event], None] | None) -> Attempt | None:
    folder = RunFolder.at(path)
    try:
        if folder.end():
            return None
        origin = folder.origin()
        if origin and not folder.attempts() and not folder.checkpoint():
            try:
                branching.branch(folder.beside(origin.run_id), origin.update, folder, TURNS.ahead)
            except BrokenRun as error:  # it is the other one that is broken: this one can say so
                raise PlaygroundError(str(error)) from None
        return Attempt(folder, on_event)
    except (BrokenRun, OSError) as error:
        # A run without its first files cannot even say how it ended; the catalog shows it as broken or lost, and why.
        _log.warning("Run %s was not begun: %s", folder.run_id, error)
    except PlaygroundError as error:
        ending = Ending(outcome="failed", sentence=str(error), update=-1)
        survive("end", lambda: folder.write_end(ending))
    return None


def _turn(going: Sequence[Attempt]) -> None:
    """Updates until the turn is over, always of those that are furthest behind; or a short wait, where none may go."""
    for attempt in going:
        attempt.safely(attempt.look)
    wait = min((attempt.wait for attempt in _behind(going)), default=0.0)
    if wait > 0:
        _settle(going)
        time.sleep(min(wait, POLL))
        return
    with TURNS:
        until = time.monotonic() + TURN
        while free := [attempt for attempt in _behind(going) if attempt.wait <= 0]:
            for attempt in free:
                attempt.safely(attempt.update)
            if time.monotonic() >= until:
                break
    _settle(going)


def _behind(going: Sequence[Attempt]) -> list[Attempt]:
    going = [attempt for attempt in going if not attempt.over]
    first = min((attempt.position for attempt in going), default=0)
    return [attempt for attempt in going if attempt.position == first]


def _settle(going: Sequence[Attempt]) -> None:
    for attempt in going:
        if not attempt.over:
            attempt.safely(attempt.settle)


# Questions, answered ahead of all runs


def inspect(config: dict[str, Any]) -> dict[str, Any]:
    """`inspect_config` with plain data on both sides. Raises PlaygroundError."""
    torch.set_num_threads(1)
    # Fighting the runs for the interpreter instead takes it two to three times as long where a network is large.
    with TURNS.ahead():
        return inspect_config(RunConfig.parse(config)).model_dump()


def flight_frame(path: str, update: int) -> bytes:
    """One update of a run again, as `frame.decode` reads it. Raises PlaygroundError for one that is not recorded."""
    torch.set_num_threads(1)
    folder = RunFolder.at(path)
    config, dump = folder.config(), folder.recordings.state_before(update)
    if update >= config.updates:
        raise PlaygroundError(f"The run has {config.updates:,} updates: the last one is {config.updates - 1:,}.")
    return encode(frame(config, dump, update, turn=TURNS.ahead, interventions=folder.interventions()))


def branch(source: str, update: int, target: str) -> None:
    """Makes the run folder `target`, with its own config, go on from what `source` has recorded before `update`.

    Raises PlaygroundError where that cannot be.
    """
    torch.set_num_threads(1)
    branching.branch(RunFolder.at(source), update, RunFolder.at(target), TURNS.ahead)


def warm_up() -> None:
    """Does once what is slow the first time in a process: an update, and an inspection."""
    torch.set_num_threads(1)
    config = RunConfig(updates=1)
    list(train(config))
    inspect_config(config)
