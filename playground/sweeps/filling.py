"""One map while it is filled: which block comes next, which are out, and what became of them."""

import secrets
import time
from collections import Counter
from collections.abc import Iterable

from playground.core.errors import BrokenRun
from playground.runs.feeding import Work
from playground.sweeps.blocks import FIRST, MOST, Block, next_block
from playground.sweeps.cells import cells
from playground.sweeps.folder import Control, End, MapFolder, Record, merge, passes
from playground.sweeps.maps import done, wanted
from playground.sweeps.order import order
from playground.sweeps.outcome import Outcome
from playground.sweeps.reading import summary

TRIES = 12
"""Times that a network's blocks may come to nothing; one that has not measured anything counts `FRUITLESS` times, for
it is more likely itself at fault."""
FRUITLESS = 4
POLL, SHARE = 0.25, 20
"""Seconds between looks at the control file at least, and how many times what the last one took."""


class Filling:
    """Every method raises BrokenRun where the map's files cannot be read, and OSError as it comes.

    `out` are the blocks at work, by key; `served` says when the map had its last turn.
    """

    def __init__(self, folder: MapFolder) -> None:
        self.folder = folder
        self.owner = folder.owner()
        self.served = 0
        self.out: dict[str, Block] = {}
        self._spec = folder.spec()
        self._control = Control()
        self._next_look = 0.0
        seen = folder.seen()
        self._members, self._failures = dict(seen.members), dict(seen.failures)
        self._taken = {place for place, member in self._members.items() if member.over}  # over, or out
        self._tries = Counter[tuple[int, int]]()
        self._known: dict[int, Outcome] = {}
        self._learn(cell for cell, _ in self._taken)
        self._empty = False

    @property
    def goes_on(self) -> bool:
        """Whether there may be a block to hand out."""
        return not (self._control.stopped or self._control.paused or self._empty)

    @property
    def resting(self) -> bool:
        """Whether its blocks wait, and take nobody's time."""
        return self._control.paused

    @property
    def over(self) -> bool:
        """Whether all is there, or it was asked to stop and has."""
        return (self._empty or self._control.stopped) and not self.out

    def look(self, at_once: bool = False) -> None:
        """Reads what is asked, if it is time for that."""
        began = time.monotonic()
        if at_once or began >= self._next_look:
            try:
                self._control = self.folder.control()
            except BrokenRun as error:
                if not passes(error):
                    raise
                # What was asked last counts until the storage answers: its blocks train on.
            now = time.monotonic()
            self._next_look = now + max(POLL, SHARE * (now - began))

    def next(self) -> Work | None:
        """The next block; None where all that is left is out."""
        block = next_block(self._spec, self._order, self._taken, self._most)
        self._empty = block is None
        if block is None:
            return None
        name = secrets.token_hex(6)
        key = f"map-{self.folder.map_id}-{name}"
        self.out[key] = block
        self._taken.update(block.members)
        return Work(key, "playground.sweeps.job", "train_block", (self.folder.path, block.members, name))

    def ended(self, key: str, trouble: str | None) -> None:
        """Takes in what a block has measured. What of it is not over is handed out again, `TRIES` times at most; not
        counting those that were lost without any trouble of their own, or on request."""
        block = self.out.pop(key)
        self._taken.difference_update(block.members)
        self._empty = False
        self.look(at_once=True)
        record = self.folder.record(key.rpartition("-")[2])
        if record:
            merge(self._members, record.members)
            self._failures |= record.failures
        over = {place for place in block.members if place in self._members and self._members[place].over}
        self._taken |= over
        left = [place for place in block.members if place not in over and place[0] not in self._failures]
        if left and trouble != "" and not (self._control.paused or self._control.stopped):
            count = 1 if record and any(member.updates for member in record.members) else FRUITLESS
            self._tries.update(dict.fromkeys(left, count))
            self._fail({cell for cell, seed in left if self._tries[cell, seed] >= TRIES}, trouble)
        if over or any(cell in self._failures for cell, _ in block.members):
            self._learn(cell for cell, _ in over)
        if self._control.paused and not self.out:
            self._empty = next_block(self._spec, self._order, self._taken) is None  # there was nothing left to wait for

    def _most(self, head: tuple[int, int]) -> int:
        """Members of the next block: few where nothing is known yet, and where some were lost together, until the one
        that is at fault is alone."""
        if self._tries[head]:
            return (FIRST, 1)[self._tries[head] >= 2 * FRUITLESS]
        return MOST if self._known else FIRST

    def give_up(self, reason: str) -> None:
        """The end of a map that an error of ours has broken."""
        self.folder.write_end(
            End(time=time.time(), done=done(self._spec, self.folder.seen()), of=wanted(self._spec), sentence=reason)
        )

    def finish(self) -> None:
        """Puts together what is there, and says that it is all."""
        seen = self.folder.seen()
        self.folder.put_together(seen)
        found = cells(self._spec, seen.members.values())
        sentence = summary(self._spec, found, over=True)
        self.folder.write_end(
            End(time=time.time(), done=done(self._spec, seen), of=wanted(self._spec), sentence=sentence)
        )
        if not self._empty and not self.folder.control().stopped:
            self.folder.delete_end()  # it was resumed meanwhile

    def _fail(self, failed: set[int], trouble: str | None) -> None:
        reason = f"It was begun several times and came to nothing: {trouble or 'nothing was stored'}."
        for cell in failed:
            self._failures[cell] = reason
            self.folder.write_record(f"failed-{cell}", Record(failures={cell: reason}))

    def _learn(self, changed: Iterable[int]) -> None:
        """What became of these cells, and the order that follows from it."""
        seeds = range(self._spec.seeds)
        mine = [self._members[cell, seed] for cell in set(changed) for seed in seeds if (cell, seed) in self._taken
                and (cell, seed) in self._members]  # fmt: skip
        self._known |= {number: cell.outcome for number, cell in cells(self._spec, mine).items()}
        self._order = [cell for cell in order(self._spec, self._known) if cell not in self._failures]
