"""The task that a worker runs: train what a run's folder asks for, store what is found, obey the folder's control file.

It keeps nothing that matters in memory: killed at any moment, the next attempt goes on from the checkpoint and gives
the same bits.
"""

import errno
import logging
import secrets
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import torch

from playground.core.errors import BrokenRun, PlaygroundError
from playground.core.measurement import Row
from playground.diagnosis.alarm import Alarm
from playground.runs.folder import RunFolder
from playground.runs.pulse import Pulse
from playground.runs.recorder import Recorder, Superseded
from playground.runs.records import Control, Ending
from playground.runs.turns import Turns
from playground.training.config import RunConfig
from playground.training.events import End, Update
from playground.training.inspection import inspect_config
from playground.training.loop import TrainingState, train

Event = Update | Alarm | End

ATTEMPTS = 3
"""Attempts in a row that may die without a new checkpoint."""
TURN = 0.02
"""Seconds that a run keeps its turn, one update at least."""
POLL = 0.02
"""Seconds between looks at the control file."""
CHECKPOINT = 1.0
"""Seconds between checkpoints: at most that much is computed again after a worker was killed."""
CHECKPOINT_SHARE = 0.02
"""Share of the time that checkpoints may take: those of a large network come less often."""
CATCH_UP = 0.1
"""Seconds that a paced run may fall behind and still make up for."""

FULL = (errno.ENOSPC, errno.EDQUOT)

TURNS = Turns()
PULSE = Pulse()

_log = logging.getLogger(__name__)


def run_folder(path: str, on_event: Callable[[Event], None] | None = None) -> None:
    """Trains the run at `path` from wherever it stands to its end, in this thread.

    `on_event` is called with each event that is new to the folder. Whatever goes wrong is written as the run's end;
    nothing is raised for it, so that Dask never counts a run as erred. A keyboard interrupt stops the run.
    """
    # Runs beside each other share the cores by processes; inside a process more threads only get in each other's way.
    torch.set_num_threads(1)
    folder = RunFolder.at(path)
    try:
        if folder.end():
            return
        attempt = _Attempt(folder, on_event)
    except (BrokenRun, OSError) as error:
        # A run without its first files cannot even say how it ended; the catalog shows it as broken or lost, and why.
        _log.warning("Run %s was not begun: %s", folder.run_id, error)
        return
    try:
        ending = attempt.run()
    except Superseded:
        return
    except KeyboardInterrupt:
        attempt.salvage()
        ending = Ending(outcome="stopped", sentence="Stopped from the keyboard.", update=attempt.last)
    except Exception as error:
        report = traceback.format_exc()
        attempt.salvage()
        ending = Ending(outcome="failed", sentence=_sentence(error, attempt.last), update=attempt.last)
        _try("log", lambda: folder.log(report))
    if attempt.newest_attempt:
        _finish(folder, ending)


def inspect(config: dict[str, Any]) -> dict[str, Any]:
    """`inspect_config` with plain data on both sides. Raises PlaygroundError."""
    torch.set_num_threads(1)
    try:
        # Fighting the runs for the interpreter instead takes it two to three times as long where a network is large.
        with TURNS.ahead():
            return inspect_config(RunConfig.parse(config)).model_dump()
    except PlaygroundError as error:
        # Its subclasses do not survive being pickled on the way to the screen.
        raise PlaygroundError(str(error)) from None


def warm_up() -> None:
    """Does once what is slow the first time in a process: an update, and an inspection."""
    torch.set_num_threads(1)
    config = RunConfig(updates=1)
    list(train(config))
    inspect_config(config)


class _Attempt:
    """One worker's go at a run."""

    def __init__(self, folder: RunFolder, on_event: Callable[[Event], None] | None) -> None:
        self._folder = folder
        self._on_event = on_event
        self._config = folder.config()
        self._checkpoint = folder.checkpoint()
        tokens = folder.attempts()
        author = self._checkpoint.attempt if self._checkpoint else None
        self._fruitless = len(tokens) - 1 - tokens.index(author) if author in tokens else len(tokens)
        token = secrets.token_hex(8)
        folder.write_attempts([*tokens, token])
        self._recorder = Recorder(folder, token)
        self._control = Control()
        self._next_poll = 0.0
        self._saved = time.monotonic()
        self._save_every = CHECKPOINT
        self._due = time.monotonic()

    @property
    def last(self) -> int:
        """The newest update that is stored."""
        return self._recorder.last

    @property
    def newest_attempt(self) -> bool:
        return self._recorder.is_newest()

    def run(self) -> Ending:
        if self._fruitless >= ATTEMPTS:
            sentence = (
                f"The worker died {ATTEMPTS} times in a row after update {self.last}, most likely for want of memory. "
                "Make batch, length or hidden smaller."
            )
            return Ending(outcome="failed", sentence=sentence, update=self.last)
        with PULSE.calling(self._recorder.beat):
            return self._train()

    def salvage(self) -> None:
        """Stores what is gathered, if that is still possible."""
        with suppress(Superseded):
            _try("part", self._recorder.flush)

    def _train(self) -> Ending:
        state = self._begin()
        events = train(self._config, state)
        while True:
            self._poll()
            if self._paused:
                self._save(state)
                self._wait_while_paused()
            if self._control.stop:
                self._save(state)
                return Ending(outcome="stopped", sentence=f"Stopped after update {self.last}.", update=self.last)
            end = self._turn(events)
            if end:
                self._save(state)
                return Ending(outcome=end.outcome, sentence=end.sentence, update=end.update)
            if time.monotonic() - self._saved >= self._save_every:
                self._save(state)
            self._keep_pace()

    def _begin(self) -> TrainingState:
        state = TrainingState(self._config)
        if self._checkpoint is None:
            return state
        try:
            state.load(self._checkpoint.state)
        except Exception as error:
            # Computing it all again gives the same bits, only later.
            self._folder.log(f"The checkpoint cannot be loaded ({error}); training starts from update 0.")
            return TrainingState(self._config)
        return state

    def _turn(self, events: Iterator[Event]) -> End | None:
        """Updates until the turn is over; the end of the run, if it came.

        Between turns the state may be saved: the last event was an Update, not an Alarm, after which the state already
        counts an update that the next event brings.
        """
        with TURNS:
            until = time.monotonic() + TURN
            while True:
                event = next(events)
                new = True
                if isinstance(event, Update):
                    new = self._recorder.add(Row(event.update, time.time(), event.values))
                elif isinstance(event, Alarm):
                    new = self._recorder.alarm(event)
                if new and self._on_event:
                    self._on_event(event)
                if isinstance(event, End):
                    return event
                if isinstance(event, Update) and (self._paused or (new and self._pace) or time.monotonic() >= until):
                    return None

    @property
    def _pace(self) -> int:
        return self._config.pace if self._control.pace is None else self._control.pace

    @property
    def _paused(self) -> bool:
        until = self._control.run_until
        return until is not None and self._recorder.newest >= until

    def _poll(self) -> None:
        now = time.monotonic()
        if now >= self._next_poll:
            self._control = self._folder.control()
            # Where a look is slow, as in an object store, it takes 5 % of the time at most.
            self._next_poll = now + max(POLL, 20 * (time.monotonic() - now))

    def _save(self, state: TrainingState) -> None:
        began = time.monotonic()
        self._recorder.checkpoint(state.update, state.dump())
        self._saved = time.monotonic()
        self._save_every = max(CHECKPOINT, (self._saved - began) / CHECKPOINT_SHARE)

    def _wait_while_paused(self) -> None:
        self._recorder.beat()
        while self._paused and not self._control.stop:
            time.sleep(POLL)
            self._poll()
            if time.monotonic() - self._saved >= CHECKPOINT:
                self._recorder.guard()
                self._saved = time.monotonic()
        self._due = time.monotonic()

    def _keep_pace(self) -> None:
        """Waits until the next update is due, with everything stored if that takes a while; flat out, only stores."""
        pace, now = self._pace, time.monotonic()
        self._due = max(self._due + 1 / pace, now - CATCH_UP) if pace else now
        if self._recorder.is_due(self._due - now, PULSE.running):
            self._recorder.flush()
        while not (self._paused or self._control.stop or self._pace != pace):
            rest = self._due - time.monotonic()
            if rest <= 0:
                return
            time.sleep(min(rest, POLL))
            self._poll()


def _sentence(error: Exception, update: int) -> str:
    if isinstance(error, OSError) and error.errno in FULL:
        return f"The disk is full. The run ended there; everything up to update {update} is kept."
    name = type(error).__name__
    return f"The run ended in an error after update {update}: {name}: {error}. log.txt has the whole report."


def _finish(folder: RunFolder, ending: Ending) -> None:
    try:
        folder.write_end(ending)
    except OSError:
        # On a full disk the checkpoint, of no more use to a run that ended, makes room for the last word.
        _try("checkpoint", folder.delete_checkpoint)
        _try("end", lambda: folder.write_end(ending))
    _try("log", lambda: folder.log(f"{ending.outcome}: {ending.sentence}"))
    _try("parts", folder.parts.merge_all)


def _try(what: str, action: Callable[[], None]) -> None:
    try:
        action()
    except (OSError, BrokenRun) as error:
        _log.error("The %s of a run could not be written: %s", what, error)
