"""Reads a map's sentence back, and counts every clause from the cells. Shares no code with what wrote it."""

import re
from collections import Counter
from itertools import pairwise

from playground.sweeps.outcome import Outcome

VERBS = "|".join(Outcome)
PLURALS = {outcome.plural: outcome for outcome in Outcome}
VALUE = r"(?:−?[\d.,]+(?:·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)"


class Reader:
    """A sentence about these cells. `check` raises AssertionError where a clause of it is not so, or is not known."""

    def __init__(self, spec, cells):
        self.spec = spec
        self.axes = {axis.title: axis for axis in spec.axes}
        self.settings = {number: spec.settings(number) for number in cells}
        self.outcomes = {number: cell.outcome for number, cell in cells.items()}
        self.shares = {number: cell.share for number, cell in cells.items()}
        self.everything = set(cells)
        self.titles = "|".join(map(re.escape, self.axes))
        self.said = set()  # cells of which a clause has spoken
        self.first = None  # the box of the first one

    # boxes

    def box(self, text):
        """The cells in "gain of U 0.8–1.4 and activation φ tanh or ReLU"."""
        found = set(self.everything)
        for part in re.split(rf"(?:, | and )(?=(?:any )?(?:{self.titles}))", text):
            found &= self.region(part)
        return found

    def region(self, text):
        if match := re.fullmatch(rf"any ({self.titles}) but (.+)", text):
            return self.where(match[1], lambda value: self.name(match[1], value) != match[2])
        if match := re.fullmatch(rf"any ({self.titles})", text):
            return set(self.everything)
        match = re.fullmatch(rf"({self.titles}) (.+)", text)
        assert match, f"no region: {text}"
        title, said = match.groups()
        axis = self.axes[title]
        if not axis.numeric:
            names = re.split(r", | or ", said)
            assert set(names) <= {axis.value_title(v) for v in axis.values}, said
            return self.where(title, lambda value: self.name(title, value) in names)
        low, high = self.range(axis, said)
        return self.where(title, lambda value: low <= value <= high)

    def range(self, axis, said):
        values = {axis.value_title(value): value for value in axis.values}
        if match := re.fullmatch(rf"up to ({VALUE})", said):
            return -float("inf"), values[match[1]]
        if match := re.fullmatch(rf"from ({VALUE})", said):
            return values[match[1]], float("inf")
        if match := re.fullmatch(rf"({VALUE})(?:–| to )({VALUE})", said):
            return values[match[1]], values[match[2]]
        return values[said], values[said]

    def name(self, title, value):
        return self.axes[title].value_title(value)

    def where(self, title, holds):
        path = self.axes[title].path
        return {number for number in self.everything if holds(self.settings[number][path])}

    # counting

    def doing(self, numbers, outcome):
        return {number for number in numbers if self.outcomes[number] is outcome}

    def claim(self, numbers, among, outcome, only, count):
        """All of them, or as many as is said; nobody else among `among` where it says only."""
        assert numbers, "a clause about no cell"
        doing = self.doing(numbers, outcome)
        if count:
            assert (len(doing), len(numbers)) == tuple(int(n.replace(",", "")) for n in re.findall(r"[\d,]+", count))
            assert doing, "a region where nobody does it"
        else:
            assert doing == numbers
        if only:
            assert not self.doing(among - numbers, outcome)

    # clauses

    def check(self, sentence):
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")
        text = sentence[0].lower() + sentence[1:-1]
        text = re.sub(r"^(so far|with), with ", r"\1 ", text)
        if match := re.match(r"(?:so far|with) ([\d,]+) of ([\d,]+) cells measured, ", text):
            assert int(match[1].replace(",", "")) == len(self.everything)
            text = text[match.end() :]
        text = text.removeprefix("so far ")
        if match := re.match(r"nothing (?:learns|solves the task)(?: yet| within [\d,]+ updates)?: ", text):
            assert not self.doing(self.everything, Outcome.LEARNS)
            text = text[match.end() :]
        for clause in text.split("; "):
            for handler in (self.every, self.one, self.some, self.decides, self.rows, self.main, self.split, self.more,
                            self.few, self.counted, self.tails, self.trend, self.doubts, self.better):  # fmt: skip
                if handler(clause):
                    break
            else:
                raise AssertionError(f"no such clause: {clause}")

    def better(self, clause):
        match = re.fullmatch(rf"([\d,]+) are better than guessing, (only )?for (.+?){self.COUNT}", clause)
        if match:
            better = {n for n, outcome in self.outcomes.items() if outcome in (Outcome.LEARNS, Outcome.LEARNING)}
            here = self.box(match[3])
            assert int(match[1]) == len(better)
            assert not (match[2] and better - here)
            told = match[4] or f" (in {len(here)} of {len(here)} cells)"
            assert told == f" (in {len(better & here)} of {len(here)} cells)"
        return match

    def doubts(self, clause):
        match = re.fullmatch(r"in (?:([\d,]+) of ([\d,]+) cells|the only cell) the seeds differ", clause)
        if match:
            differ = [number for number, share in self.shares.items() if share < 1]
            assert (int(match[1] or 1), int(match[2] or 1)) == (len(differ), len(self.everything))
        return match

    def every(self, clause):
        match = re.fullmatch(rf"every cell ({VERBS})(?:, after .*|, the soonest after .*)?", clause)
        if match:
            self.claim(self.everything, self.everything, Outcome(match[1]), False, "")
        return match

    def one(self, clause):
        match = re.fullmatch(rf"only one cell ({VERBS}) \((.+)\)", clause)
        if match:
            self.said = self.doing(self.everything, Outcome(match[1]))
            assert len(self.said) == 1
            (number,) = self.said
            here = [f"{a.title} {a.value_title(self.settings[number][a.path])}" for a in self.axes.values()]
            assert match[2] == ", ".join(here)
        return match

    def some(self, clause):
        match = re.fullmatch(
            rf"([\d,]+) of ([\d,]+) cells ({'|'.join(PLURALS)})(?:, all of them for (.+?))?(, in no one range of .+)?",
            clause,
        )
        if match:
            doing = self.doing(self.everything, PLURALS[match[3]])
            assert (int(match[1]), int(match[2])) == (len(doing), len(self.everything))
            assert not match[4] or doing <= self.box(match[4])
            self.target = PLURALS[match[3]]
            if match[5]:
                along = sorted(self.everything, key=lambda n: next(iter(self.settings[n].values())))
                pattern = "".join("x" if n in doing else " " for n in along).strip()
                assert " " in pattern
        return match

    def explained(self, title):
        """Adjusted R² of whether a cell does it, by a table of means."""
        path, n = self.axes[title].path, len(self.everything)
        good = {number: float(self.outcomes[number] is self.target) for number in self.everything}
        groups = {}
        for number in self.everything:
            groups.setdefault(self.settings[number][path], []).append(good[number])
        mean = sum(good.values()) / n
        within = sum((g - sum(group) / len(group)) ** 2 for group in groups.values() for g in group)
        total = sum((g - mean) ** 2 for g in good.values())
        return max(0.0, 1 - within / total * (n - 1) / (n - len(groups))) if n > len(groups) else 0.0

    def decides(self, clause):
        if clause == "no axis by itself decides which":
            assert all(self.explained(title) < 0.1 for title in self.axes)
            return True
        match = re.fullmatch(rf"the ({self.titles}) decides most, (\d+) % of the differences", clause)
        if match:
            found = {title: self.explained(title) for title in self.axes}
            assert found[match[1]] >= max(found.values()) - 1e-9
            assert abs(100 * found[match[1]] - int(match[2])) < 0.51
        return match

    COUNT = r"( \(in [\d,]+ of [\d,]+ cells\))?"
    WHATEVER = r"(, whatever .+)?"

    def main(self, clause):
        match = re.fullmatch(rf"the network ({VERBS}) (only )?for (.+?){self.COUNT}{self.WHATEVER}", clause)
        if match:
            self.target, self.first = Outcome(match[1]), self.box(match[3])
            self.said = set(self.first)
            self.claim(self.first, self.everything, self.target, match[2], match[4])
            if match[5]:
                assert not match[4]
                for title, axis in self.axes.items():
                    if f"the {title}" in match[5]:
                        tried = {self.settings[number][axis.path] for number in self.first}
                        assert tried == {self.settings[number][axis.path] for number in self.everything}
                        assert len(tried) > 1
                assert not any(f"{title} " in match[3] for title in self.axes if f"the {title}" in match[5])
            self.first_text = match[3]
        return match

    def split(self, clause):
        """for A the network learns only for B"""
        match = re.fullmatch(rf"for (.+?) the network ({VERBS}) (only )?for (.+?){self.COUNT}", clause)
        if match:
            self.first, self.target, self.first_text = self.box(match[1]), Outcome(match[2]), match[1]
            self.said = self.first & self.box(match[4])
            self.claim(self.said, self.first, self.target, match[3], match[5])
        return match

    def beyond(self, where):
        if where in ("elsewhere", "otherwise"):
            return self.everything - (self.said if where == "otherwise" or not self.first else self.first)
        title = next(title for title in self.axes if self.first_text.startswith(title))
        return self.side(title, self.first, where.startswith("above"))

    def side(self, title, numbers, above):
        path = self.axes[title].path
        mine = [self.settings[number][path] for number in numbers]
        return self.where(title, lambda v: v > max(mine) if above else v < min(mine))

    def more(self, clause):
        match = re.fullmatch(rf"(elsewhere|above that|below that) (only )?for (.+?){self.COUNT}", clause)
        if match:
            rest = self.beyond(match[1])
            assert rest == self.everything - self.first
            mine = rest & self.box(match[3])
            self.claim(mine, rest, self.target, match[2], match[4])
            self.said |= mine
        return match

    def few(self, clause):
        match = re.fullmatch(rf"elsewhere it ({VERBS}) in ([\d,]+) of ([\d,]+) cells", clause)
        if match:
            rest = self.everything - self.said
            assert match[1] == self.target
            assert (len(self.doing(rest, self.target)), len(rest)) == (int(match[2]), int(match[3]))
        return match

    def counted(self, clause):
        match = re.fullmatch(r"(?:elsewhere |otherwise )?(\d+) cells? (.+)", clause)
        if match:
            found = Counter(self.outcomes[number] for number in self.everything - self.said)
            parts = re.split(r", | and ", f"{match[1]} {match[2]}")
            told = {}
            for many, word in (part.split(" ", 1) for part in parts):
                told[Outcome(word) if int(many) == 1 else PLURALS[word]] = int(many)
            assert told == found
        return match

    def tails(self, clause):
        side = r"elsewhere|otherwise|where it does not,|(?:above|below) (?:that|the range)"
        side += rf"|at a (?:lower|higher) (?:{self.titles})"
        verb = rf"(mostly |(?=is mostly))?({VERBS}|is mostly learning)"
        one = rf"({side}) it {verb}(?: \(({VERBS}) in (\d+) of (\d+) cells\))?"
        if not re.fullmatch(rf"{one}(?:, {one})*", clause):
            return False
        for where, mostly, verb, other, many, of in re.findall(one, clause):
            if where in ("elsewhere", "otherwise"):
                numbers = self.everything - self.said
            elif where == "where it does not,":
                numbers = self.everything - self.doing(self.everything, self.target)
            elif match := re.match(r"(above|below) the range", where):
                numbers = self.beside(match[1] == "above")
            elif match := re.match(r"at a (lower|higher) (.+)", where):
                numbers = self.side(match[2], self.said, match[1] == "higher")
            else:
                numbers = self.beyond(where)
            mostly, verb = mostly or "is mostly" in verb, verb.replace("is mostly", "is")
            doing = self.doing(numbers, Outcome(verb))
            assert numbers
            assert 0.75 * len(numbers) <= len(doing)
            assert (len(doing) < len(numbers)) == bool(mostly)
            if other:
                assert (len(self.doing(numbers, Outcome(other))), len(numbers)) == (int(many), int(of))
        return True

    def rows(self, clause):
        range = r"(?:up to |from )?[^ ]+?(?: to [^ ]+?)?"
        one = rf"(?:(nowhere)|for (?:(any) (?:{self.titles})|((?:{self.titles}) {range}))) "
        by = rf"(?:at|with) ({self.titles}) "
        if not (match := re.match(rf"the network ({VERBS}) {one}{by}", clause)):
            return False
        self.target, title = Outcome(match[1]), match[5]
        rest = clause.removeprefix(f"the network {match[1]} ")
        rest = re.sub(rf" (?:at|with) {re.escape(title)} ", " @ ", rest)
        parts = re.split(r"(?:, | and )(?=nowhere|for )", rest)
        assert len(parts) >= 2
        for part in parts:
            region, value = part.split(" @ ")
            mine = self.where(title, lambda v, value=value: self.name(title, v) == value)
            assert mine
            held = set() if region == "nowhere" else mine & self.box(region.removeprefix("for "))
            assert self.doing(mine, self.target) == held
        self.by = title
        self.ranged = self.axes[re.search(rf"for (?:any )?({self.titles})", rest)[1]].path
        return True

    def beside(self, above):
        """Of each row that has a range, the cells on one side of it."""
        by, other = self.axes[self.by].path, self.ranged
        found = set()
        for value in {each[by] for each in self.settings.values()}:
            row = {number for number in self.everything if self.settings[number][by] == value}
            if mine := [self.settings[number][other] for number in self.doing(row, self.target)]:
                low, high = min(mine), max(mine)
                at = {number: self.settings[number][other] for number in row}
                found |= {number for number in row if (at[number] > high if above else at[number] < low)}
        return found

    def trend(self, clause):
        match = re.fullmatch(r"the range (narrows|widens) as the (.+) grows", clause)
        if match:
            assert match[2] == self.by
            path = self.axes[self.by].path
            rows = {}
            for number in self.everything:
                mine = rows.setdefault(self.settings[number][path], set())
                if self.outcomes[number] is self.target:
                    mine.add(self.settings[number][self.ranged])
            ranges = [rows[value] for value in sorted(rows)]
            if match[1] == "narrows":
                ranges.reverse()
            assert all(a <= b for a, b in pairwise(ranges))
            assert ranges[0] < ranges[-1]
        return match
