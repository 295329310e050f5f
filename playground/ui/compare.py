"""Runs over each other: what differs, what came of it, the verdict, the pictures. Calm while one of them goes on."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from playground.core.errors import BrokenRun
from playground.core.measurement import Measurements
from playground.diagnosis.verdict import Outcome, verdict
from playground.figures import compare as figure
from playground.figures.compare import Compared
from playground.figures.compare_pictures import PICTURES
from playground.runs.outcome import outcome_from
from playground.ui import compare_table, compared, markup, readings, state, twins
from playground.ui.compared import Side
from playground.ui.glossary import table
from playground.ui.settings import Settings, title
from playground.ui.still import Still, still
from playground.ui.words import plain

STYLE = Path(__file__).with_suffix(".css")
AS = ("each run", "difference to the first")
BESIDE = 3
"""Runs whose table has room beside the verdict."""


def show() -> None:
    st.html(STYLE)
    runs = compared.choose()
    if not runs:
        return
    those, broken = compared.sides(runs)
    for sentence in broken:
        st.warning(plain(sentence))
    if not those:
        return
    going = compared.going(those)
    st.fragment(_show, run_every=1.0 if going else None, key="compare.page")(runs, going)


def _show(runs: Sequence[str], going: bool) -> None:
    """Once a second while one of them goes on. The end of that is a matter of the whole page."""
    those, _ = compared.sides(runs)
    if going != compared.going(those):
        st.rerun()
    read = [(side, found) for side in those if (found := _read(side)) is not None]
    outcomes = [_outcome(side, measurements) for side, measurements in read]
    seen = [side for side, _ in read]
    if not seen:
        return
    # A table of many columns has the page's width to itself.
    left, right = st.columns(2) if len(seen) <= BESIDE else (st.container(), st.container())
    with left:
        _verdicts(seen, outcomes)
        shown = AS[0]
        if len(seen) > 1:
            shown = st.segmented_control("Pictures of", AS, default=AS[0], required=True, key="compare.as")
            _others(seen)
    with right:
        markup.show(compare_table.html(seen, outcomes))
    _pictures(read, shown == AS[1])


def _read(side: Side) -> Measurements | None:
    try:
        return readings.of(side.folder)
    except BrokenRun as error:
        st.warning(plain(f"{side.letter}: {error}"))
        return None


def _outcome(side: Side, measurements: Measurements) -> Outcome:
    given = [measurements[name] for name in ("test_metric", "far_ratio") if name in measurements]
    return outcome_from(side.folder, *given)


def _verdicts(those: Sequence[Side], outcomes: Sequence[Outcome]) -> None:
    """Each run against the first one."""
    if len(those) < 2:
        st.info("One run alone. Choose another one, and both are drawn over each other.")
        return
    first, one = those[0], outcomes[0]
    lines = []
    for side, other in zip(those[1:], outcomes[1:], strict=True):
        if (other.metric_title, other.guessing) != (one.metric_title, one.guessing):
            text = "Another task: the scores cannot be compared."
        elif set(side.config.difference(first.config)) <= {"seed"}:
            text = "The same from another seed: no change, and so no verdict."
        else:
            change = twins.difference(first.config, side.config)
            text = verdict(one, other, change, not compared.going((first, side)))
        lines.append(f"- **{side.letter} against {first.letter}.** {plain(text)}")
    place = st.expander("The verdict") if state.view().ask else st.container(key="compare.verdict")
    place.markdown("\n".join(lines))


def _pictures(read: Sequence[tuple[Side, Measurements]], to_first: bool) -> None:
    runs = [Compared(side.letter, side.title, side.place, measurements) for side, measurements in read]
    drawn = []
    for picture in PICTURES:
        data = figure.prepare(picture, runs, to_first)
        rule = picture.differs if to_first else picture.rule
        drawn.append(Still(picture.name, picture.title, rule, figure.words(data), figure.draw(data), picture.over))
    still(drawn, key="compare.pictures")


def _others(those: Sequence[Side]) -> None:
    settings, letters = Settings([side.config for side in those]), "".join(side.letter for side in those)
    with st.expander(f"The same in all that have it: {len(settings.others)} settings"):
        said = [(title(path), settings.said_once(path, letters)) for path in settings.others]
        st.markdown(table(("setting", "value"), said))
