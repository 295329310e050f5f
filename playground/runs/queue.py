"""Who is next: more runs than the machine trains at once wait in a queue that is fair to their owners."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from playground.core.errors import PlaygroundError
from playground.runs.catalog import Catalog
from playground.runs.status import RunStatus, RunSummary


class Task(NamedTuple):
    """What a worker takes in one piece: a run, or several in lockstep, by name.

    `begun`: its worker went silent. `ends`: it was told to stop before it began, and takes up no room.
    """

    runs: tuple[str, ...]
    owner: str | None
    started: datetime
    begun: bool = False
    ends: bool = False


def in_turn(waiting: Iterable[Task], at_work: Iterable[str | None]) -> list[Task]:
    """In the order in which they begin: what had begun, then always the oldest task of whoever has the fewest.

    `at_work` are the owners of the tasks that train already, one entry for each.
    """
    having, left, order = Counter(at_work), list(waiting), list[Task]()
    while left:
        task = min(left, key=lambda one: (not one.begun, having[one.owner], one.started, one.runs))
        left.remove(task)
        order.append(task)
        having[task.owner] += 1
    return order


def tasks(catalog: Catalog, summaries: Iterable[RunSummary]) -> list[Task]:
    """What these runs, which nobody is at, are to a worker; runs in lockstep are one task."""
    found: list[Task] = []
    seen: set[str] = set()
    for summary in summaries:
        if summary.run_id in seen:
            continue
        runs = tuple(sorted(catalog.together(summary.run_id)))
        seen.update(runs)
        try:
            folder = catalog.get(summary.run_id)
            ends = all(catalog.get(name).control().stop for name in runs)
            found.append(Task(runs, folder.owner(), summary.started, summary.status is RunStatus.LOST, ends))
        except PlaygroundError:
            continue  # unreadable, or deleted since it was listed
    return found


def place(order: Iterable[Task], run_id: str) -> int:
    """From 1; 0 for a run that does not wait."""
    return next((i for i, task in enumerate(order, start=1) if run_id in task.runs), 0)


def sentence(number: int, at_work: int) -> str:
    """Where a run stands, for whoever waits for it."""
    return (
        f"{ordinal(number)} in the queue: {at_work} runs train now, as many as this machine does at once. "
        "It begins as soon as there is room."
    )


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"
