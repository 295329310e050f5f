"""What a frame says: the figures' arrays since an update, the axes, the words, and how the run stands."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from playground.core.measurement import Measurements
from playground.diagnosis.alarm import Alarm
from playground.figures import loss, style
from playground.figures.figure import HEAT_ROWS, Figure, LiveTrace, grid, kept
from playground.figures.gallery import FIGURES
from playground.ui.live.frames import Payload
from playground.ui.live.history import History

NEEDS = tuple(name for figure in FIGURES for name in figure.needs)


class Standing(NamedTuple):
    """How a run stands, for the line over the pictures. `updates` is how many were asked for, `pace` 0 for flat out.

    `cleared` are those of the alarms, by kind and update, that do not stand any more.
    """

    status: str = "queued"
    sentence: str = ""
    updates: int = 0
    pace: int = 0
    alarms: tuple[Alarm, ...] = ()
    cleared: frozenset[tuple[str, int]] = frozenset()

    def stands(self, alarm: Alarm) -> bool:
        return (alarm.kind, alarm.update) not in self.cleared


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


def words(history: History) -> Words:
    overview = history.overview()
    losses = loss.prepare(overview)
    return Words(
        loss.metric_words(losses),
        loss.metric_value(losses),
        loss.remarks(losses),
        {figure.name: figure.words(figure.prepare(overview)) for figure in FIGURES},
    )


def skeletons(measurements: Measurements) -> dict[str, Any]:
    """Each figure's first picture as plotly's JSON, without the template, which the browser has for both grounds.

    `absent` where a run does not measure what the picture is of.
    """
    return {figure.name: _skeleton(figure, measurements) for figure in FIGURES}


def _skeleton(figure: Figure[Any], measurements: Measurements) -> dict[str, Any]:
    data = figure.prepare(measurements)
    drawn: dict[str, Any] = json.loads(figure.draw(data).to_json())
    drawn["layout"].pop("template")
    drawn["choices"] = {label: choice._asdict() for label, choice in figure.choices(data).items()}
    drawn["twin"] = list(figure.twin(data)) if figure.twin else []
    drawn["absent"] = figure.needs[0] not in measurements
    return drawn


def page() -> dict[str, Any]:
    """What the browser needs before any run: titles, rules, heights, empty pictures, both grounds."""
    empty = skeletons(Measurements({}))
    return {
        "figures": [
            {
                "name": f.name,
                "title": f.title,
                "rule": f.rule,
                "side": f.side,
                "height": f.height,
                "optional": f.optional,
                "updates_axis": f.updates_axis,
                "twin": "over" if f.twin else "below",
                "drawn": empty[f.name],
            }
            for f in FIGURES
        ],
        "twin": style.twin_look(),
        "colours": {"run": style.RUN, "twin": style.TWIN, **{name: at for name, at in style.MEANT.items() if at}},
        "templates": {ground: style.template(ground).to_plotly_json() for ground in style.GROUNDS},
    }


def frame(
    history: History, after: int, standing: Standing, speed: Speed, said: Words, first: dict[str, Any] | None
) -> bytes:
    """One frame for a viewer who has seen all up to update `after`. `first` are the skeletons, for a newcomer."""
    payload = Payload()
    news = history.since(after)
    header = {
        "after": after,
        "update": history.newest,
        "wall": speed.wall,
        "status": standing.status,
        "sentence": standing.sentence,
        "updates": standing.updates,
        "pace": standing.pace,
        "alarms": [_told(alarm, standing) for alarm in standing.alarms],
        "rate": round(speed.rate, 2),
        "seconds_left": seconds_left(history.newest, standing, speed),
        "metric_words": said.metric,
        "metric_value": said.value,
        "remarks": said.remarks,
        "words": said.figures,
        "figures": {figure.name: _changes(figure, news, after, history, standing, payload) for figure in FIGURES},
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
    changes: dict[str, Any] = {"traces": traces, "extents": live.extents}
    if figure.updates_axis:
        newest = max(history.newest, 0)
        row = grid(newest, 1, HEAT_ROWS) if figure.falling else None
        changes["axis"] = [figure.updates_axis, style.updates_axis(newest, standing.updates, row)]
        marks = [_mark(alarm.update, alarm, standing) for alarm in standing.alarms]
        changes["marks"] = style.alarm_marks(marks, figure.updates_axis)
    elif figure.side == "time":
        marks = [_mark(a.time_step, a, standing) for a in standing.alarms if a.time_step is not None]
        changes["marks"] = style.alarm_marks(marks, "xaxis")
    return changes


def _told(alarm: Alarm, standing: Standing) -> dict[str, Any]:
    return {
        "kind": alarm.kind,
        "update": alarm.update,
        "severity": alarm.severity,
        "sentence": alarm.sentence,
        "cleared": not standing.stands(alarm),
        "colour": style.alarm_colour(alarm.kind, alarm.severity),
        "glyph": style.GLYPHS.get(alarm.severity, ""),
    }


def _mark(at: int, alarm: Alarm, standing: Standing) -> style.AlarmMark:
    colour = style.alarm_colour(alarm.kind, alarm.severity)
    return style.AlarmMark(at, alarm.severity, colour, not standing.stands(alarm))


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
