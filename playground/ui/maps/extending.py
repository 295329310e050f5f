"""A map that goes further: more seeds, more updates, finer steps. What is measured already is taken over."""

import math
from collections.abc import Iterator

import streamlit as st

from playground.sweeps import limits
from playground.sweeps.axis import MOST_VALUES, Axis
from playground.sweeps.cells import SIDES, axes
from playground.sweeps.spec import MapSpec
from playground.training.config import RunConfig
from playground.training.paths import declared
from playground.ui.maps import setup, steering
from playground.ui.maps.shown import Shown
from playground.ui.told import told

MORE_SEEDS = 2
NAMES = {"x": "finer across", "y": "finer along the side", "panels": "more panels between"}


def show(found: Shown | None) -> None:
    offered = dict(extensions(found.spec)) if found else {}
    chosen = st.menu_button(
        "Extend", list(offered) or ["nothing yet"], key="map.extend", icon=":material/add:", disabled=not offered,
        help="More of the same map: networks that are the same are kept, and only what is new is trained. "
        "Other values: change them in the form, then fill.",
    )  # fmt: skip
    if found and chosen in offered:
        with told():
            spec = extended(found.spec, offered[chosen])
            setup.take(spec)
            steering.start(spec)
        st.rerun()


def extensions(spec: MapSpec) -> Iterator[tuple[str, dict[str, object]]]:
    """What can be made more of: its name, and the fields that it changes. Cheap, for it is asked at every look: only
    `extended` says whether the work is within the bounds too."""
    if spec.seeds < limits.SEEDS:
        more = min(MORE_SEEDS, limits.SEEDS - spec.seeds)
        if not limits.size_problem(spec.shape, spec.seeds + more):
            yield f"{more} more {'seeds' if more > 1 else 'seed'} a cell", {"seeds": spec.seeds + more}
    if spec.updates < limits.UPDATES:
        updates = min(2 * spec.updates, limits.UPDATES)
        yield f"{updates:,} updates instead of {spec.updates:,}", {"updates": updates}
    for side, axis in axes(spec).items():
        finer = between(axis)
        if finer and not limits.size_problem(_shape(spec, side, len(finer.values)), spec.seeds):
            yield f"{NAMES[side]}: {len(finer.values)} values", {side: finer.model_dump(mode="json")}


def extended(spec: MapSpec, changes: dict[str, object]) -> MapSpec:
    """Raises InvalidConfig where it would be too much."""
    return MapSpec.parse({**spec.model_dump(mode="json"), **changes})


def _shape(spec: MapSpec, side: str, count: int) -> tuple[int, int, int]:
    panels, rows, columns = (count if side == each else n for each, n in zip(SIDES[::-1], spec.shape, strict=True))
    return panels, rows, columns


def between(axis: Axis) -> Axis | None:
    """A value more between any two; None for kinds, or where there is no room for one."""
    if not axis.numeric or len(axis.values) < 2:
        return None
    whole = declared(RunConfig, axis.path)[0].annotation is int
    values: list[float] = []
    for one, other in zip(axis.values, axis.values[1:], strict=False):
        middle = math.sqrt(float(one) * float(other)) if axis.log else (float(one) + float(other)) / 2
        values += [float(one), round(middle) if whole else float(f"{middle:.4g}")]
    found = tuple(dict.fromkeys([*values, float(axis.values[-1])]))
    if len(found) > MOST_VALUES or len(found) == len(axis.values):
        return None
    return Axis(path=axis.path, values=tuple(map(round, found)) if whole else found, log=axis.log)
