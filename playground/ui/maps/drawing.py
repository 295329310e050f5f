"""What the browser draws of a map, as JSON."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from playground.figures import trainability
from playground.sweeps.boundary import Boundary, boundaries
from playground.sweeps.cells import Cell, cells
from playground.sweeps.folder import Seen
from playground.sweeps.picture import picture
from playground.sweeps.reading import summary
from playground.sweeps.spec import MapSpec
from playground.ui.maps.kept import Kept


class Drawn(NamedTuple):
    """`json` is for the component; `theory` are the sentences of the predicted lines, by name."""

    cells: Mapping[int, Cell]
    summary: str
    json: str
    theory: Mapping[str, str]


class Read(NamedTuple):
    """What all drawings of a map have in common, whatever its colours show."""

    cells: Mapping[int, Cell]
    summary: str
    lines: Sequence[Boundary]


kept: Kept[Drawn] = Kept(32)
"""Those of a class, 1.5 MB each at most."""
known: Kept[Read] = Kept(32)


def read(map_id: str, spec: MapSpec, seen: Seen, over: bool) -> Read:
    """`map_id` is "" for a map that has not begun."""

    def make() -> Read:
        members = list(seen.members.values())
        found = cells(spec, members)
        return Read(found, summary(spec, found, over), boundaries(spec, members))

    return known.get(map_id or spec, seen.versions, over, make)


def drawn(map_id: str, spec: MapSpec, seen: Seen, over: bool, measure: str, lines: bool) -> Drawn:
    """As one of the measures has it, with or without theory's `lines`."""
    key = (map_id or spec, measure, lines)
    return kept.get(key, seen.versions, over, partial(_draw, map_id, spec, seen, over, measure, lines))


def _draw(map_id: str, spec: MapSpec, seen: Seen, over: bool, measure: str, lines: bool) -> Drawn:
    found = read(map_id, spec, seen, over)
    data = picture(spec, found.cells, measure, found.lines if lines else (), seen.failures)
    shown = {
        "id": map_id,
        "title": data.title,
        "rule": data.rule,
        "words": trainability.words(data),
        "heights": [trainability.height(data, low=True), trainability.height(data)],
        "shape": spec.shape,
        "legend": [key._asdict() for key in data.legend],
        "panels": [
            {"title": panel.title, "figure": trainability.draw(data, at).plain()}
            for at, panel in enumerate(data.panels)
        ],
    }
    return Drawn(found.cells, found.summary, json.dumps(shown), data.theory)
