"""What is marked in pictures: where an alarm was raised, and where something was changed."""

from typing import Any

from playground.diagnosis.alarm import Alarm
from playground.figures import style
from playground.figures.figure import Figure
from playground.ui.live.standing import Standing

CHANGED = "◆"


def told(alarm: Alarm, standing: Standing) -> dict[str, Any]:
    """An alarm for the line over the pictures."""
    return {
        "kind": alarm.kind,
        "update": alarm.update,
        "severity": alarm.severity,
        "sentence": alarm.sentence,
        "cleared": not standing.stands(alarm),
        "colour": style.alarm_colour(alarm.kind, alarm.severity),
        "glyph": style.GLYPHS.get(alarm.severity, ""),
    }


def marks(figure: Figure[Any], standing: Standing) -> list[dict[str, Any]]:
    """plotly's shapes for one figure: over updates all changes and alarms, over time steps the alarms that name one."""
    if axis := figure.updates_axis:
        alarms = style.alarm_marks([_mark(alarm.update, alarm, standing) for alarm in standing.alarms], axis)
        return [_changed(update, axis) for update in sorted({change.update for change in standing.changes})] + alarms
    if figure.side == "time" and figure.shares_axis:
        at_a_step = [_mark(a.time_step, a, standing) for a in standing.alarms if a.time_step is not None]
        return style.alarm_marks(at_a_step, "xaxis")
    return []


def _mark(at: int, alarm: Alarm, standing: Standing) -> style.AlarmMark:
    colour = style.alarm_colour(alarm.kind, alarm.severity)
    return style.AlarmMark(at, alarm.severity, colour, not standing.stands(alarm))


def _changed(update: int, axis: style.Axis) -> dict[str, Any]:
    """In ink, at the far end of its line: an alarm has its own at the near one."""
    along, across = ("x", "y") if axis == "xaxis" else ("y", "x")
    return {
        "type": "line",
        f"{along}0": update,
        f"{along}1": update,
        f"{across}0": 0,
        f"{across}1": 1,
        f"{across}ref": "paper",
        "line": {"width": 1, "dash": "4px,3px"},
        "label": {"text": CHANGED, "textposition": "end", "textangle": 0, "yanchor": "top", "font": {"size": 12}},
    }
