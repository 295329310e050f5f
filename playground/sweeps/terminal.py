"""A map in the terminal: filled by an engine of its own, with how far it is, and what came of it as a table."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from playground.core.words import share
from playground.runs.catalog import Catalog
from playground.runs.engine import SCHEDULER_SETTING, Engine
from playground.sweeps.cells import Cell, cells
from playground.sweeps.feed import MapFeed
from playground.sweeps.folder import MapFolder
from playground.sweeps.maps import Maps, MapSummary
from playground.sweeps.measures import updates_said
from playground.sweeps.outcome import Outcome
from playground.sweeps.spec import MapSpec

LOOK = 0.2
"""Seconds between looks at how far it is."""
STYLES = {
    Outcome.LEARNS: "bold green",
    Outcome.LEARNING: "green",
    Outcome.STALLS: "yellow",
    Outcome.FORGETS: "blue",
    Outcome.BLOWS_UP: "bold magenta",
}
LARGEST = 8
"""Columns up to which an outcome is written out."""


def fill(spec: MapSpec, root: Path | None, screen: Console) -> MapFolder:
    """Makes a map, fills it, and says what came of it. Ctrl-C stops it; what is there is kept."""
    catalog = Catalog(root)
    maps = Maps(catalog.store)
    engine = Engine(catalog, os.environ.get(SCHEDULER_SETTING) or None)
    feed = MapFeed(maps, engine.wake)
    engine.attach(feed)
    folder = maps.create(spec)
    with closing(engine):
        engine.start()
        feed.wake(folder.map_id)
        try:
            _watch(maps, folder, engine, screen)
        except KeyboardInterrupt:
            folder.steer(stopped=True)
            feed.wake(folder.map_id)
            _watch(maps, folder, engine, screen)
    told(spec, maps.summary(folder), folder, screen)
    return folder


def _watch(maps: Maps, folder: MapFolder, engine: Engine, screen: Console) -> None:
    """Until the map's end is there."""
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Progress(*columns, console=screen) as progress:
        task = progress.add_task("starting", total=None)
        while folder.end() is None:
            now = maps.summary(folder)
            words = f"{now.done:,} of {now.of:,} updates" if engine.ready else f"starting {engine.trouble}".strip()
            progress.update(task, completed=now.done, total=now.of, description=words)
            time.sleep(LOOK)
        now = maps.summary(folder)
        progress.update(task, completed=now.done, total=now.of, description=f"{now.done:,} of {now.of:,} updates")


def told(spec: MapSpec, summary: MapSummary, folder: MapFolder, screen: Console) -> None:
    """A table for each panel, what could not be trained, and the map in one sentence."""
    seen = folder.seen()
    found = cells(spec, seen.members.values())
    for table in _tables(spec, found):
        screen.print(table)
    if len(spec.x.values) > LARGEST:
        screen.print(", ".join(f"{outcome[0].upper()} {outcome}" for outcome in Outcome))
    for reason, numbers in _reasons(seen.failures).items():
        screen.print(Text(f"{len(numbers)} cells: {reason}", style="red"))
    screen.print(f"{summary.state.capitalize()}. {summary.sentence}".strip())


def _tables(spec: MapSpec, found: Mapping[int, Cell]) -> Iterator[Table]:
    panels, rows, columns = spec.shape
    for panel in range(panels):
        title = f"{spec.panels.title}: {spec.panels.value_title(spec.panels.values[panel])}" if spec.panels else None
        table = Table(title=title)
        table.add_column(f"{spec.y.title} ╲ {spec.x.title}" if spec.y else spec.x.title)
        for value in spec.x.values:
            table.add_column(spec.x.value_title(value))
        for row in range(rows):
            first = (panel * rows + row) * columns
            head = spec.y.value_title(spec.y.values[row]) if spec.y else ""
            table.add_row(head, *(_word(found.get(first + column), columns) for column in range(columns)))
        yield table


def _word(cell: Cell | None, columns: int) -> Text:
    if cell is None:
        return Text("–")
    if columns > LARGEST:
        return Text(cell.outcome[0].upper(), style=STYLES[cell.outcome])
    when = "" if cell.when is None else f" at {updates_said(cell.when)}"
    of = f" ({share(cell.share)})" if cell.share < 1 else ""
    return Text(f"{cell.outcome}{when}{of}", style=STYLES[cell.outcome])


def _reasons(failures: Mapping[int, str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for cell, reason in failures.items():
        found.setdefault(reason, []).append(cell)
    return found
