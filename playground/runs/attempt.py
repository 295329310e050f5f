"""One worker's go at a run. `look`, `update`, `settle` are the parts of a turn; none of them waits."""

import errno
import secrets
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack, suppress

from playground.core.errors import InvalidConfig
from playground.core.measurement import Row
from playground.runs.folder import RunFolder
from playground.runs.pulse import Pulse
from playground.runs.recorder import Recorder, Superseded, survive
from playground.runs.records import Control, Ending
from playground.training.events import End, Event, Update
from playground.training.live_changes import in_force, intervention
from playground.training.loop import train
from playground.training.replay import FlightRecorder
from playground.training.state import TrainingState

ATTEMPTS = 3
"""Attempts in a row that may die without a new checkpoint."""
POLL = 0.02
"""Seconds between looks at the control file."""
CHECKPOINT = 1.0
"""Seconds between checkpoints: at most that much is computed again after a worker was killed."""
CHECKPOINT_SHARE = 0.02
"""Share of the time that checkpoints may take: those of a large network come less often."""
CATCH_UP = 0.1
"""Seconds that a paced run may fall behind and still make up for."""
PAUSED_FOR = 3600.0
"""Seconds for which a paused run that nobody steers keeps its worker's thread."""

FULL = (errno.ENOSPC, errno.EDQUOT)

PULSE = Pulse()


class Attempt:
    """From wherever the run stands to its end. `over` says that there is nothing left to do.

    Whatever goes wrong in one of its parts, `safely` turns into the run's end: it never harms a run beside it.
    """

    def __init__(self, folder: RunFolder, on_event: Callable[[Event], None] | None = None) -> None:
        self.over = False
        self._folder = folder
        self._on_event = on_event
        self._config = folder.config()
        self._checkpoint = folder.checkpoint()
        tokens = folder.attempts()
        author = self._checkpoint.attempt if self._checkpoint else None
        self._fruitless = len(tokens) - 1 - tokens.index(author) if author in tokens else len(tokens)
        token = secrets.token_hex(8)
        folder.write_attempts([*tokens, token])
        folder.parts.split_all()  # of one that is resumed, or was killed between its last two words
        self._recorder = Recorder(folder, token)
        self._recorder.beat()  # before the network is even drawn: a run that is begun has not gone silent
        self._flight = FlightRecorder()
        self._control = Control()
        self._heeded: dict[str, object] | None = None  # the changes that were asked for last
        self._trained = self._checkpoint.seconds if self._checkpoint else 0.0
        self._next_poll = 0.0
        self._steered = 0.0  # or the pause began, whichever came later
        self._saved = self._due = self._looked = time.monotonic()
        self._saved_at = -1
        self._save_every = CHECKPOINT
        self._open = ExitStack()

    @property
    def position(self) -> int:
        """The update that comes next."""
        return self._state.update

    @property
    def wait(self) -> float:
        """Seconds until the next update may be done; for a paused run, until the next look."""
        if self._paused:
            return POLL
        return max(0.0, self._due - time.monotonic()) if self._pace else 0.0

    def safely(self, action: Callable[[], None]) -> None:
        """Does it; an error is the end of the run, with a sentence and a report."""
        try:
            action()
        except Superseded:
            self.close()
        except Exception as error:
            report = traceback.format_exc()
            last = self._salvaged()
            survive("log", lambda: self._folder.log(report))
            self._end(Ending(outcome="failed", sentence=_sentence(error, last), update=last))

    def begin(self) -> None:
        if problem := self._hopeless():
            self._end(Ending(outcome="failed", sentence=problem, update=self._recorder.last))
            return
        self._open.enter_context(PULSE.calling(self._recorder.beat))
        self._control = self._folder.control()
        self._state = self._loaded()
        if self._control.go_on >= 0 and self._trained >= self._state.config.stop.seconds:
            self._trained = 0.0  # a limit that was reached before the run was resumed counts anew
        self._events = train(self._config, self._state)

    def _hopeless(self) -> str:
        """Why there is no use in going on; empty where there is."""
        if self._fruitless >= ATTEMPTS:
            return (
                f"The worker died {ATTEMPTS} times in a row after update {self._recorder.last}, most likely for want "
                "of memory. Make batch, length or hidden smaller."
            )
        if self._checkpoint is None and self._folder.origin():
            return "Its checkpoint is gone, and with it the weights that it goes on from. Go on from that run anew."
        return ""

    def look(self) -> None:
        """Obeys the control file, and stores what should not wait any longer."""
        self._poll()
        now, limit = time.monotonic(), self._state.config.stop.seconds
        self._trained += 0.0 if self._recorder.resting else now - self._looked
        self._looked = now
        if self._control.stop:
            self._stop("Stopped after update {}.")
        elif limit and self._trained >= limit:
            self._stop(f"{limit:,} seconds of training are over after update {{}}: stopped, as asked.")
        else:
            self._heed()
            self._rest()

    def _rest(self) -> None:
        """Stores what should not wait any longer where the run is paused, and ends a pause that was forgotten."""
        now = time.monotonic()
        if self._paused and not self._recorder.resting:
            self._steered = now
            self._save()
            self._recorder.resting = True
            self._recorder.beat()
        elif self._paused and now - self._steered >= PAUSED_FOR:
            self._stop("Paused for an hour: stopped, and can be resumed.")
        elif self._paused and now - self._saved >= CHECKPOINT:
            self._recorder.guard()
            self._saved = time.monotonic()
        elif self._recorder.resting and not self._paused:
            self._recorder.resting = False
            self._due = time.monotonic()

    def update(self) -> None:
        """One update, with what is found in it; after the last one, the end.

        The state may be saved afterwards: the last event was an Update, not a finding, after which the state already
        counts an update that the next event brings.
        """
        self._flight.see(self._state)
        for event in self._events:
            if isinstance(event, Update):
                new = self._recorder.add(Row(event.update, time.time(), event.values))
            elif isinstance(event, End):
                new = True
            else:
                new = self._recorder.find(event, self._flight.dumps)
            if new and self._on_event:
                self._on_event(event)
            if isinstance(event, End):
                self._save()
                self._end(Ending(outcome=event.outcome, sentence=event.sentence, update=event.update))
                return
            if isinstance(event, Update):
                if new:
                    now, pace = time.monotonic(), self._pace
                    self._due = max(self._due + 1 / pace, now - CATCH_UP) if pace else now
                return

    def settle(self) -> None:
        """Stores the state and what is gathered, where it is time for it."""
        if time.monotonic() - self._saved >= self._save_every and self.position != self._saved_at:
            self._save()
        elif self._recorder.is_due(self.wait, PULSE.running):
            self._recorder.flush()

    def interrupt(self) -> None:
        """Ends the run from the keyboard."""
        self._end(Ending(outcome="stopped", sentence="Stopped from the keyboard.", update=self._salvaged()))

    def close(self) -> None:
        """Lets go of the run, which says no more from now on."""
        self.over = True
        self._open.close()

    @property
    def _pace(self) -> int:
        return self._config.pace if self._control.pace is None else self._control.pace

    @property
    def _paused(self) -> bool:
        until = self._control.run_until
        return until is not None and self._recorder.newest >= until

    def _poll(self) -> None:
        now = time.monotonic()
        if now < self._next_poll:
            return
        before, pace = self._control, self._pace
        self._control = self._folder.control()
        if self._control != before:
            self._steered = now
        if self._pace != pace:
            self._due = now
        # Where a look is slow, as in an object store, it takes 5 % of the time at most.
        self._next_poll = now + max(POLL, 20 * (time.monotonic() - now))

    def _heed(self) -> None:
        """Plans what is asked of the run for the next update, if no attempt has stored that. Of a run that waits, what
        was asked last counts."""
        asked, state = self._control.changes, self._state
        if asked == self._heeded or not self._recorder.newest < state.update < self._config.updates:
            return
        self._heeded = dict(asked)
        made = state.plan[: state.obeyed]
        try:
            change = intervention(state.update, in_force(self._config, made), self._config.patched(asked))
        except InvalidConfig as error:
            # It comes from a file that others can write: no reason to end a run.
            problem = f"Not changed: {error}"
            survive("log", lambda: self._folder.log(problem))
            return
        plan = [*made, change] if change else made
        if plan != state.plan:
            self._recorder.intervene(plan)
            state.plan[:] = plan

    def _stop(self, sentence: str) -> None:
        self._save()
        last = self._recorder.last
        self._end(Ending(outcome="stopped", sentence=sentence.format(last), update=last))

    def _loaded(self) -> TrainingState:
        state = self._fresh()
        if self._checkpoint is None:
            return state
        try:
            state.load(self._checkpoint.state)
        except Exception as error:
            if self._folder.origin():
                raise
            # Computing it all again gives the same bits, only later.
            self._folder.log(f"The checkpoint cannot be loaded ({error}); training starts from update 0.")
            return self._fresh()
        return state

    def _fresh(self) -> TrainingState:
        state = TrainingState(self._config, self._folder.interventions())
        state.go_on = self._control.go_on
        return state

    def _save(self) -> None:
        began = time.monotonic()
        self._recorder.checkpoint(self.position, self._state.dump(), self._trained)
        self._saved, self._saved_at = time.monotonic(), self.position
        self._save_every = max(CHECKPOINT, (self._saved - began) / CHECKPOINT_SHARE)

    def _salvaged(self) -> int:
        """The newest update that is stored, with what is gathered if that is still possible."""
        with suppress(Superseded):
            survive("part", self._recorder.flush)
        return self._recorder.last

    def _end(self, ending: Ending) -> None:
        self.close()
        if not self._recorder.is_newest():
            return
        stopped = ending.outcome == "stopped"
        try:
            if stopped:
                # Once its end is there it may be resumed, and its parts are another attempt's: not later than that.
                survive("parts", self._folder.parts.merge_all)
        finally:
            self._tell(ending)
        if not stopped:
            survive("parts", self._folder.parts.merge_all)

    def _tell(self, ending: Ending) -> None:
        try:
            self._folder.write_end(ending)
        except OSError:
            # On a full disk the checkpoint, of no more use to a run that ended, makes room for the last word.
            survive("checkpoint", self._folder.delete_checkpoint)
            survive("end", lambda: self._folder.write_end(ending))
        survive("log", lambda: self._folder.log(f"{ending.outcome}: {ending.sentence}"))


def _sentence(error: Exception, update: int) -> str:
    if isinstance(error, OSError) and error.errno in FULL:
        return f"The disk is full. The run ended there; everything up to update {update} is kept."
    name = type(error).__name__
    return f"The run ended in an error after update {update}: {name}: {error}. log.txt has the whole report."
