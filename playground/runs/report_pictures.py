"""The gallery's pictures of a whole run, as plotly's JSON: still, and of no more points than a screen shows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from playground.core.measurement import Measurements
from playground.diagnosis.alarm import Alarm, Cleared, over
from playground.figures import style
from playground.figures.drawn import merged
from playground.figures.figure import HEAT_ROWS, Choice, Figure, grid, kept
from playground.figures.gallery import FIGURES


class Picture(NamedTuple):
    """`shown` says that the run's page has it at first. `drawn` is plotly's data and layout, without a template; None
    where there is only something to say.
    """

    name: str
    title: str
    rule: str
    words: str
    height: int
    shown: bool
    drawn: dict[str, Any] | None


def pictures(measurements: Measurements, updates: int, findings: Sequence[Alarm | Cleared]) -> Iterator[Picture]:
    """One for each figure that this run has, or for each choice within it. `updates` is how many were asked for."""
    for figure in FIGURES:
        there = figure.needs[0] in measurements and len(measurements[figure.needs[0]])
        if not there and figure.optional:
            continue
        data = figure.prepare(measurements)
        words = figure.words(data)
        if not there:
            yield Picture(figure.name, figure.title, figure.rule, _text(words, ""), figure.height, figure.shown, None)
            continue
        choices: Mapping[str, Choice | None] = figure.choices(data) or {"": None}
        for label, choice in choices.items():
            title = f"{figure.title} · {label}" if len(choices) > 1 else figure.title
            drawn = _drawn(figure, data, choice, updates, findings)
            name = f"{figure.name}-{list(choices).index(label)}"
            yield Picture(name, title, figure.rule, _text(words, label), figure.height, figure.shown, drawn)


def _text(words: str | Mapping[str, str], label: str) -> str:
    return words if isinstance(words, str) else words.get(label, "")


def _drawn(
    figure: Figure[Any], data: Any, choice: Choice | None, asked: int, findings: Sequence[Alarm | Cleared]
) -> dict[str, Any]:
    picture, live = figure.draw(data), figure.live(data).traces
    newest = 0
    for at, drawn in enumerate(picture.data):
        if choice:
            drawn["visible"] = drawn["name"] in choice.traces
        if drawn["name"] not in live:
            continue
        trace = live[drawn["name"]]
        arrays = dict(trace.arrays)
        if trace.along and len(arrays[trace.along]):
            updates = arrays[trace.along]
            newest = max(newest, int(updates.max()))
            shown = kept(updates, grid(int(updates.max()), trace.every, trace.rows))
            arrays = {attribute: values[shown] for attribute, values in arrays.items()}
        picture.data[at] = merged(drawn, arrays)
    if choice and choice.yrange:
        picture.update_layout(yaxis={"range": choice.yrange})
    if figure.updates_axis:
        row = grid(newest, 1, HEAT_ROWS) if figure.falling else None
        shapes = picture.layout.get("shapes", [])
        picture.update_layout(
            **{figure.updates_axis: style.updates_axis(newest, asked, row)},
            shapes=[*shapes, *style.alarm_marks(_marks(findings), figure.updates_axis)],
        )
    return picture.plain()


def _marks(findings: Sequence[Alarm | Cleared]) -> Iterator[style.AlarmMark]:
    gone = over(findings)
    for alarm in findings:
        if isinstance(alarm, Alarm):
            colour = style.alarm_colour(alarm.kind, alarm.severity)
            yield style.AlarmMark(alarm.update, alarm.severity, colour, (alarm.kind, alarm.update) in gone)
