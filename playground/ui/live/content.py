"""What a frame says: the figures' arrays since an update, the axes, the words, and how the run stands."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from playground.core.measurement import Measurements, MeasurementSpec
from playground.figures import loss, style
from playground.figures.figure import HEAT_ROWS, Figure, LiveTrace, grid, kept
from playground.figures.gallery import FIGURES
from playground.ui.live.chosen import Figures, needs
from playground.ui.live.frames import Payload
from playground.ui.live.history import History
from playground.ui.live.marks import CHANGED, marks, told
from playground.ui.live.standing import Standing

_OVER_UPDATES = needs([figure for figure in FIGURES if figure.updates_axis])


class Speed(NamedTuple):
    """Updates a second lately, and the clock (seconds since 1970) at the newest row."""

    rate: float = 0.0
    wall: float = 0.0


class Words(NamedTuple):
    """Text that is the same for everybody who watches. `value` is what is left of `metric` beside another run's."""

    metric: str
    value: str
    remarks: Sequence[str]
    figures: Mapping[str, Any]


def empty_history(specs: Sequence[MeasurementSpec], figures: Figures = FIGURES) -> History:
    """What these pictures and the words over them need of a run, nothing in it yet."""
    everything = needs([*figures, loss.FIGURE])
    with_axes = {spec.name for spec in specs if spec.axes}
    return History(specs, everything, (everything - _OVER_UPDATES) & with_axes)


def words(history: History, figures: Figures) -> Words:
    overview = history.overview(needs([*figures, loss.FIGURE]))
    losses = loss.prepare(overview)
    return Words(
        loss.metric_words(losses),
        loss.metric_value(losses),
        loss.remarks(losses),
        {figure.name: figure.words(figure.prepare(overview)) for figure in figures},
    )


def frame(
    history: History,
    figures: Figures,
    after: int,
    standing: Standing,
    speed: Speed,
    said: Words,
    first: Mapping[str, Any] | None,
) -> bytes:
    """One frame for a viewer who has seen all of these figures up to update `after`. `first` are skeletons, for a
    newcomer."""
    payload = Payload()
    news = history.since(after, needs(figures))
    header = {
        "after": after,
        "update": history.newest,
        "wall": speed.wall,
        "status": standing.status,
        "sentence": standing.sentence,
        "updates": standing.updates,
        "pace": standing.pace,
        "alarms": [told(alarm, standing) for alarm in standing.alarms],
        "changes": [f"{CHANGED} {change.sentence} at update {change.update:,}" for change in standing.changes],
        "rate": round(speed.rate, 2),
        "seconds_left": seconds_left(history.newest, standing, speed),
        "metric_words": said.metric,
        "metric_value": said.value,
        "remarks": said.remarks,
        "words": said.figures,
        "figures": {figure.name: _changes(figure, news, after, history, standing, payload) for figure in figures},
    }
    if first is not None:
        header["first"] = first
    return payload.frame(header)


def seconds_left(newest: int, standing: Standing, speed: Speed) -> float | None:
    if standing.status != "running" or speed.rate <= 0:
        return None
    return round((standing.updates - newest) / speed.rate, 1)


def _changes(
    figure: Figure[Any], news: Measurements, after: int, history: History, standing: Standing, payload: Payload
) -> dict[str, Any]:
    live = figure.live(figure.prepare(news))
    traces = {}
    for name, trace in live.traces.items():
        packed = _packed(trace, after, history.newest, payload)
        if packed:
            traces[name] = packed
    changes = {"traces": traces, "extents": live.extents, "marks": marks(figure, standing)}
    if figure.updates_axis:
        newest = max(history.newest, 0)
        row = grid(newest, 1, HEAT_ROWS) if figure.falling else None
        changes["axis"] = [figure.updates_axis, style.updates_axis(newest, standing.updates, row)]
    return changes


def _packed(trace: LiveTrace, after: int, newest: int, payload: Payload) -> dict[str, Any] | None:
    if trace.along is None:
        return {"mode": "replace", "arrays": {name: payload.add(array) for name, array in trace.arrays.items()}}
    updates = trace.arrays[trace.along]
    spacing = grid(newest, trace.every, trace.rows)
    shown = kept(updates, spacing) & (updates > after)
    if not shown.any() and after >= 0:
        return None
    arrays = {name: payload.add(array[shown]) for name, array in trace.arrays.items()}
    return {"mode": "append", "along": trace.along, "grid": spacing, "arrays": arrays}
