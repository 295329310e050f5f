"""A map in one sentence. Each of its clauses is counted from the cells: what they contradict is not said.

Three rules, in this order. Find the axis, and the range or the set of its values, that tells best where the network
learns (`regions.best`); see what a second axis decides there, and elsewhere; or where the range moves from row to row,
say the first row and the last. A clause without a number holds for all its cells, "mostly" for `board.MOSTLY` of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from playground.core.words import share
from playground.sweeps.board import Board
from playground.sweeps.cells import Cell
from playground.sweeps.measures import updates_said
from playground.sweeps.outcome import Outcome
from playground.sweeps.phrases import listed, phrase
from playground.sweeps.regions import PRICE, Good, Region, Rule, best, explained, wrong
from playground.sweeps.rows import Rows, moving
from playground.sweeps.spec import MapSpec

LITTLE = 0.1
"""Of the differences: an axis that explains less decides nothing."""
ENOUGH = 8
"""Cells of a larger map from which on something is said of its axes."""
ROWS = 3
"""Regions that a range which moves from row to row costs: as many as are said of it."""
TAILS = 2
"""Sides of a region of which is said what happens there."""


def summary(spec: MapSpec, cells: Mapping[int, Cell], over: bool = False) -> str:
    """One sentence. `over`: nothing more will come, whatever is missing."""
    possible = len(spec.cells()) - len(spec.impossible())
    done = len(cells) == possible and all(cell.over for cell in cells.values())
    if not cells:
        return "No cell is measured." if over else "No cell is measured yet."
    ending = f" within {spec.updates:,} updates" if done else "" if over else " yet"
    said = _Reading(Board(spec, cells)).said(possible, ending)
    measured = f"{len(cells):,} of {possible:,} cells measured"
    if done or (over and len(cells) == possible):
        begin = ""
    elif over:
        begin = f"With {measured}, "
    else:
        begin = "So far " if len(cells) == possible else f"So far, with {measured}, "
    text = f"{begin}{said}."
    return text[0].upper() + text[1:]


class _Reading:
    def __init__(self, board: Board) -> None:
        self.board = board

    def said(self, possible: int, ending: str) -> str:
        begin = ""
        if not self.board.good.any():
            counts = Counter(cell.outcome for cell in self.board.cells)
            self.board.target = Outcome.LEARNING if counts[Outcome.LEARNING] else counts.most_common(1)[0][0]
            begin = "nothing solves the task" if counts[Outcome.LEARNING] else "nothing learns"
            begin += f"{ending}: "
        few = len(self.board.cells) < min(ENOUGH, possible) and len(set(self.board.outcomes.tolist())) > 1
        if few:
            return self.board.counted(np.ones_like(self.board.good))
        return begin + "; ".join([*self._clauses(), *self._doubts()])

    def _doubts(self) -> list[str]:
        """One seed lies: in how many cells they do not all say the same."""
        differ = sum(cell.share < 1 for cell in self.board.cells)
        where = (
            "in the only cell" if len(self.board.cells) == 1 else f"in {differ:,} of {len(self.board.cells):,} cells"
        )
        return [f"{where} the seeds differ"] if differ else []

    def _clauses(self) -> list[str]:
        if self.board.good.all():
            return [f"every cell {self.board.target}{self._how_soon()}"]
        rule = best(self.board.places, self.board.good, self.board.orders)
        cost = wrong(self.board.places, self.board.good, rule) + PRICE * (rule.regions if rule else 0)
        rows = moving(self.board.places, self.board.good, self.board.orders, cost - PRICE * ROWS)
        if rows:
            return self._rows(rows)
        if rule is None:
            return self._scattered()
        return self._rule(rule)

    def _how_soon(self) -> str:
        """Of cells that all learn."""
        timed = sorted((cell.when, cell.number) for cell in self.board.cells if cell.when is not None)
        if self.board.target is not Outcome.LEARNS or not timed:
            return ""
        (first, cell), (last, _) = timed[0], timed[-1]
        if first == last:
            return f", after {updates_said(first)} updates"
        soonest = f"the soonest after {updates_said(first)} updates ({self.board.where(cell)})"
        return f", {soonest}, the last after {updates_said(last)}"

    def _scattered(self) -> list[str]:
        """No region says more than a number."""
        good, n = int(self.board.good.sum()), len(self.board.good)
        if good == 1:
            how = self.board.mostly(~self.board.good)
            where = self.board.where(self.board.cells[int(self.board.good.argmax())].number)
            return [f"only one cell {self.board.target} ({where})", *([f"elsewhere it {how}"] if how else [])]
        many = f"{good:,} of {n:,} cells {self.board.target.plural}{self._all_of_them()}"
        weights = explained(self.board.places, self.board.good)
        if len(weights) == 1:
            return [f"{many}, in no one range of {self.board.axes[0].title}"] if self.board.axes[0].numeric else [many]
        most = int(np.argmax(weights))
        decides = f"the {self.board.axes[most].title} decides most, {share(weights[most])} of the differences"
        return [
            many,
            "no axis by itself decides which" if weights[most] < LITTLE else decides,
            *self._beyond_guessing(),
        ]

    def _beyond_guessing(self) -> list[str]:
        """Where it at least begins to learn."""
        better = self.board.outcomes <= Outcome.LEARNING.bad
        rule = best(self.board.places, better, self.board.orders) if self.board.target is Outcome.LEARNS else None
        if rule is None:
            return []
        rule = rule._replace(outer=None)  # a third region is more than a clause can hold
        held, inside = rule.holds(self.board.places), rule.region.holds(self.board.places)
        inner = f" and {self.board.phrase(rule.inner, inside)}" if rule.inner else ""
        only = "" if better[~held].any() else "only "
        count = "" if better[held].all() else f" (in {better[held].sum():,} of {held.sum():,} cells)"
        return [f"{better.sum():,} are better than guessing, {only}for {self.board.phrase(rule.region)}{inner}{count}"]

    def _all_of_them(self) -> str:
        """The smallest box that holds all good cells."""
        found = []
        for place, axis in enumerate(self.board.axes):
            there, mine = (
                set(self.board.places[where, place].tolist())
                for where in (np.ones_like(self.board.good), self.board.good)
            )
            if axis.numeric:
                low, high = (f(axis.values[i] for i in mine) for f in (min, max))
                mine = {i for i in there if low <= axis.values[i] <= high}
            if mine < there:
                found.append(phrase(axis, mine, there))
        return f", all of them for {listed(found)}" if found else ""

    def _rule(self, rule: Rule) -> list[str]:
        inside, held = rule.region.holds(self.board.places), rule.holds(self.board.places)
        first = self.board.phrase(rule.region)
        everywhere = np.ones_like(inside)
        rest = self._rest(rule, ~held)
        if rule.outer is None:
            both = first + (f" and {self.board.phrase(rule.inner, inside)}" if rule.inner else "")
            used = {rule.region.axis, *([rule.inner.axis] if rule.inner else [])}
            main = f"{self._for(both, held, everywhere)}{self._whatever(used, held)}"
            return [f"the network {self.board.target} {main}", *rest]
        outer = self._for(self.board.phrase(rule.outer, ~inside), held & ~inside, ~inside)
        if rule.inner is None:
            whole = self._whatever({rule.region.axis}, inside)
            main = f"the network {self.board.target} for {first}{self.board.count(inside)}{whole}"
        else:
            inner = self._for(self.board.phrase(rule.inner, inside), held & inside, inside)
            main = f"for {first} the network {self.board.target} {inner}"
        return [main, f"{self._beyond(rule.region)} {outer}", *rest]

    def _for(self, said: str, where: Good, among: Good) -> str:
        """ "only", where among the cells it is nowhere else; how many, where it is not all."""
        only = "" if self.board.good[among & ~where].any() else "only "
        return f"{only}for {said}{self.board.count(where)}"

    def _whatever(self, used: Iterable[int], where: Good) -> str:
        """The other axes, where these cells have every value of them that is measured, and all are good."""
        others = [place for place in range(len(self.board.axes)) if place not in used]
        tried = [
            (len(set(self.board.places[where, each].tolist())), len(set(self.board.places[:, each].tolist())))
            for each in others
        ]
        if not others or not self.board.good[where].all() or any(mine < most or most == 1 for mine, most in tried):
            return ""
        return f", whatever {listed([f'the {self.board.axes[each].title}' for each in others])}"

    def _rest(self, rule: Rule, rest: Good) -> list[str]:
        """What happens elsewhere."""
        if self.board.good[rest].any():
            how = self.board.mostly(rest)
            few = f"{self.board.target} in {self.board.good[rest].sum():,} of {rest.sum():,} cells"
            return [f"elsewhere it {how} ({few})" if how else f"elsewhere it {few}"]
        elsewhere, how = "otherwise" if rule.outer else "elsewhere", self.board.mostly(rest)
        if how and len(set(self.board.outcomes[rest].tolist())) == 1:
            return [f"{elsewhere} it {how}"]
        single = rule.regions == 1
        sides = [] if rule.outer else [s for r in (rule.region, rule.inner) if r for s in self.board.sides(r, single)]
        tails = [(f"{where} it {does}", size) for where, mask, size in sides if (does := self.board.mostly(mask))]
        if single and len(tails) == len(sides) > 0:
            return [", ".join(text for text, _ in tails)]
        if tails and not single:
            return [", ".join(text for text, _ in sorted(tails, key=lambda tail: -tail[1])[:TAILS])]
        return [f"{elsewhere} it {how}" if how else f"{elsewhere} {self.board.counted(rest)}"]

    def _beyond(self, region: Region) -> str:
        sides = [name for name, _, _ in self.board.sides(region, single=True)]
        return "elsewhere" if len(sides) != 1 else sides[0]

    def _rows(self, rows: Rows) -> list[str]:
        axis, by = self.board.axes[rows.axis], self.board.axes[rows.by]
        said: list[str] = []
        for value in rows.said:
            mine = self.board.places[:, rows.by] == value
            found = frozenset(self.board.places[self.board.good & mine, rows.axis].tolist())
            text = f"for {self.board.phrase(Region(rows.axis, found), mine)}" if found else "nowhere"
            if self.board.good[mine].all():
                text = f"for any {axis.title}"
            name = by.value_title(by.values[value])
            said.append(f"{text} {'at' if by.numeric else 'with'} {by.title} {name}")
        trend = [] if rows.trend is None else [f"the range {rows.trend} as the {by.title} grows"]
        main = f"the network {self.board.target} {listed(said)}"
        return [main, *trend, *self._beside(rows)]

    def _beside(self, rows: Rows) -> list[str]:
        """What happens below the range and above it, in the rows that have one."""
        order = self.board.orders[rows.axis]
        assert order is not None
        how = self.board.mostly(~self.board.good)
        if how and "mostly" not in how:
            return [f"where it does not, it {how}"]
        rank, along = np.argsort(order)[self.board.places[:, rows.axis]], self.board.places[:, rows.by]
        below, above = np.zeros_like(self.board.good), np.zeros_like(self.board.good)
        for value in set(along[self.board.good].tolist()):
            mine = rank[self.board.good & (along == value)]
            below |= (along == value) & (rank < mine.min())
            above |= (along == value) & (rank > mine.max())
        sides = (("below the range", below), ("above the range", above))
        tails = [f"{name} it {does}" for name, mask in sides if mask.any() and (does := self.board.mostly(mask))]
        if tails:
            return [", ".join(tails)]
        return [f"where it does not, it {how}"] if how else []
