"""The numbers of the chosen cells beside each other, and the way from a cell to its run."""

from collections.abc import Iterator, Mapping, Sequence

import streamlit as st

from playground.sweeps.cells import Cell, facts
from playground.sweeps.folder import Seen
from playground.sweeps.measures import MEASURES, said, updates_said
from playground.sweeps.spec import MapSpec
from playground.ui.maps import opening, picks
from playground.ui.markup import show as show_html
from playground.ui.markup import words_of
from playground.ui.words import plain

_SEED = "map.seed"


def show(spec: MapSpec, seen: Seen, cells: Mapping[int, Cell]) -> None:
    chosen = picks.on(spec.cells())
    if not chosen:
        st.markdown("**No cell is chosen**")
        return
    show_html(table(spec, cells, chosen))
    why = spec.impossible() | dict(seen.failures)
    for cell in chosen:
        if cell in why:
            st.warning(plain(f"{_letter(chosen, cell)} cannot be trained. {why[cell]}"))
    _buttons(spec, [cell for cell in chosen if cell not in spec.impossible()], chosen)


def seed() -> int:
    """Which of a cell's networks is to be opened, counted from the first."""
    return st.session_state.get(_SEED) or 0


def _letter(chosen: Sequence[int], cell: int) -> str:
    return f"Cell {picks.LETTERS[chosen.index(cell)]}" if len(chosen) > 1 else "This cell"


def _buttons(spec: MapSpec, possible: Sequence[int], chosen: Sequence[int]) -> None:
    offset = 0
    if spec.seeds > 1 and possible:
        offset = st.segmented_control(
            "Seed", range(spec.seeds), default=0, required=True, key=_SEED,
            format_func=lambda place: str(spec.base.seed + place),
            help="Which of the networks in the cell is trained again, to be watched.",
        ) or 0  # fmt: skip
    with st.container(horizontal=True, gap="small", key="map-card-buttons"):
        for cell in possible:
            one = len(chosen) == 1
            label = "Open in the playground" if one else f"Open {picks.LETTERS[chosen.index(cell)]}"
            if st.button(label, key=f"map.open.{chosen.index(cell)}", type="primary" if one else "secondary",
                         icon=":material/open_in_new:",
                         help="Trains this network again, with the same seed, slowly enough to watch."):  # fmt: skip
                opening.one(spec, cell, offset)
        if len(possible) == picks.MOST and st.button(
            "Compare both", key="map.compare", type="primary", icon=":material/stacked_line_chart:",
            help="Trains both again, in lockstep, and draws them over each other.",
        ):  # fmt: skip
            opening.both(spec, (possible[0], possible[1]), offset)
        st.button("Clear", key="map.clear", type="tertiary", on_click=picks.clear)


def table(spec: MapSpec, cells: Mapping[int, Cell], chosen: Sequence[int]) -> str:
    """HTML: a column for each of the chosen cells."""
    heads = "".join(f'<th scope="col">{_letter(chosen, cell)}</th>' for cell in chosen)
    settings = "".join(
        _row(axis.title, [axis.value_title(spec.settings(cell)[axis.path]) for cell in chosen]) for axis in spec.axes
    )
    found = [list(_numbers(spec, cells.get(cell), cell)) for cell in chosen]
    numbers = "".join(_row(names[0][0], [value for _, value in names]) for names in zip(*found, strict=True))
    return (
        f'<table class="map-table"><thead><tr><td></td>{heads}</tr></thead>'
        f"<tbody>{settings}</tbody><tbody>{numbers}</tbody></table>"
    )


def _row(name: str, values: Sequence[str]) -> str:
    return f'<tr><th scope="row">{words_of(name)}</th>{"".join(f"<td>{words_of(v)}</td>" for v in values)}</tr>'


def _numbers(spec: MapSpec, cell: Cell | None, number: int) -> Iterator[tuple[str, str]]:
    """Name and value; "–" for what is not measured."""
    known = facts(spec)[number]
    yield "outcome", _outcome(cell) if cell else "not trained yet"
    yield "seeds", f"{cell.measured} of {spec.seeds}" if cell else f"0 of {spec.seeds}"
    yield "updates", f"{cell.updates:,} of {spec.updates:,}" if cell else f"0 of {spec.updates:,}"
    for name, measure in MEASURES.items():
        if measure.value:
            yield measure.title, said(name, cell.values[name], known) if cell and known else "–"


def _outcome(cell: Cell) -> str:
    """learns at update 60, 2 of 3 seeds."""
    when = f" at update {updates_said(cell.when)}" if cell.when is not None else ""
    most = cell.counts[cell.outcome]
    return f"{cell.outcome}{when}" + (f", {most} of {cell.measured} seeds" if cell.measured > 1 else "")
