"""The flight recorder: the last updates before an alarm, update by update and time step by time step."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.core.errors import BrokenRun, PlaygroundError
from playground.core.words import number
from playground.figures import flight
from playground.figures.flight import FlightData, Way
from playground.runs.engine import engine
from playground.runs.folder import RunFolder
from playground.runs.records import Flight, Origin
from playground.training.frame import decode
from playground.ui import markup, state, steering, told, twins
from playground.ui.glossary import table
from playground.ui.words import plain

Sense = Literal["forward", "backward"]
KEPT = 4
"""Updates whose summary is remembered: readers go to and fro between neighbours."""
WIDTH, HEIGHT = 640.0, 72.0
LOWEST = -12.0
"""log10 of a norm under which all is drawn at the bottom."""


def show() -> None:
    """Where something was recorded."""
    folder, _ = twins.watched()
    if folder is None:
        return
    try:
        flights = folder.flights()
    except BrokenRun:
        return
    if flights and st.toggle("Replay what led to the alarm", key="replay.open", help="The flight recorder."):
        st.fragment(_show, key="replay")(folder, flights)


def _show(folder: RunFolder, flights: Sequence[Flight]) -> None:
    with st.container(border=True, key="replay"):
        try:
            _replay(folder, flights)
        except PlaygroundError as error:  # a broken run's among them
            st.warning(plain(str(error)))


def _replay(folder: RunFolder, flights: Sequence[Flight]) -> None:
    recording = flights[-1]
    if len(flights) > 1:
        titles = {symptom.name: symptom.title for symptom in folder.config().alarms.symptoms()}
        named = {f"{titles.get(one.alarm, 'not finite')} at update {one.update:,}": one for one in flights}
        recording = named[st.selectbox("Recording", list(named), index=len(named) - 1, key="replay.which")]
    key = f"{folder.run_id}.{recording.update}"
    update = _update(recording, key)
    data = _summary(folder.run_id, update, state.owner())
    _steps(data, key, _place(folder, recording))
    _restart(folder, update)
    st.caption(
        f"Kept: the training state every few updates, {recording.bytes / 1e6:.2g} MB. What you see was computed "
        f"again from it, bit by bit the same" + _some(data) + "."
    )


def _place(folder: RunFolder, recording: Flight) -> int | None:
    """The time step at which the recording's alarm was raised, if it was at one."""
    raised = (alarm for alarm in folder.alarms() if (alarm.kind, alarm.update) == (recording.alarm, recording.update))
    return next((alarm.time_step for alarm in raised), None)


def _some(data: FlightData) -> str:
    return "" if data.samples == data.batch else f"; {data.samples} of {data.batch} sequences are shown"


def _update(recording: Flight, name: str) -> int:
    if recording.first == recording.update:
        return recording.update
    key = f"replay.update.{name}"
    st.session_state[key] = max(recording.first, st.session_state.get(key, recording.update))
    return _stepped("update", key, recording.first, recording.update)


def _steps(data: FlightData, name: str, begin: int | None) -> None:
    """One pass of the update, at one time step: at first at `begin`, or the last one."""
    labels = [way.label for way in data.ways]
    if not labels:
        st.caption("This network has no recurrent state: there are no time steps to go through.")
        return
    place = labels.index(st.selectbox("Pass", labels, key="replay.pass")) if len(labels) > 1 else 0
    way, length = data.ways[place], len(data.ways[place].state)
    sense: Sense = st.segmented_control(
        "Way", get_args(Sense), default="forward", required=True, key="replay.sense", label_visibility="collapsed"
    )
    key = f"replay.step.{name}"
    st.session_state[key] = min(length, st.session_state.get(key, begin or length))
    step = _stepped("time step", key, 1, length) if length > 1 else 1
    first, second = ("state ‖h_t‖", way.state), ("gradient ‖∂L/∂h_t‖", way.gradient)
    drawings, tables = st.columns([3, 2])
    with drawings:
        markup.show(
            "".join(_curve(*one, step, sense) for one in ((first, second) if sense == "forward" else (second, first)))
            + _units(way, step, sense)
            + _not_finite(flight.words(data, place, step))
        )
    with tables:
        st.markdown(table((f"at step {step}", "value"), _numbers(way, step)))
        st.markdown(f"Update {data.update:,}: the loss is {plain(number(data.loss))}.")
        st.markdown(
            table(
                ("tensor", "‖w‖", "‖Δw‖", "‖g‖ raw", "‖g‖ clipped"),
                [(t.name, *map(number, t[1:])) for t in data.tensors],
            )
        )


def _not_finite(said: str) -> str:
    return f'<p class="ex-lost">✕ {markup.words_of(said)}</p>' if said else ""


def _numbers(way: Way, step: int) -> list[tuple[str, str]]:
    t = step - 1
    rows = [
        ("‖h_t‖, mean over sequences", number(float(way.state[t]))),
        ("largest |a_t|", number(float(way.largest[t]))),
        ("‖∂L/∂h_t‖", number(float(way.gradient[t]))),
    ]
    return [*rows, *((f"gate {name}, mean", number(float(values[t]))) for name, values in way.gates.items())]


def _stepped(label: str, key: str, low: int, high: int) -> int:
    """A slider with a button on each side of its name."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, by, where in (("◀", -1, "back"), ("▶", 1, "on")):
            st.button(
                name, key=f"{key}.{where}", on_click=_move, args=(key, by, low, high), help=f"One {label} {where}."
            )
        return int(st.slider(label, low, high, key=key))


def _move(key: str, by: int, low: int, high: int) -> None:
    st.session_state[key] = min(high, max(low, st.session_state[key] + by))


def _logged(norms: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(norms)
    return np.where(norms == 0, LOWEST, np.where(np.isfinite(logs), np.maximum(logs, LOWEST), np.nan))


def _curve(title: str, norms: NDArray[np.float64], step: int, sense: Sense) -> str:
    """Logarithms over time steps, dim where the replay has not come yet; ✕ where a norm is not finite."""
    values = _logged(norms)
    there = np.isfinite(values)
    low, high = (float(values[there].min()), float(values[there].max())) if there.any() else (0.0, 1.0)
    span = f"{number(norms[there].min())} … {number(norms[there].max())}, log" if there.any() else "nowhere finite"
    title = f"{title}: {span}"
    x = (np.arange(len(values)) + 0.5) * WIDTH / len(values)
    y = 6 + (high - np.where(there, values, high)) / ((high - low) or 1.0) * (HEIGHT - 12)
    done = np.arange(len(values)) < step if sense == "forward" else np.arange(len(values)) >= step - 1
    shapes = [
        f'<circle cx="{x[t]:.1f}" cy="{y[t]:.1f}" r="2.5" fill="currentColor" fill-opacity="{0.9 if done[t] else 0.2}" '
        f'class="ex-net"/>' if there[t] else
        f'<text x="{x[t]:.1f}" y="12" class="ex-lost" fill="currentColor" text-anchor="middle" font-size="12">✕</text>'
        for t in range(len(values))
    ]  # fmt: skip
    cursor = f'<path d="M {x[step - 1]:.1f} 0 V {HEIGHT:g}" stroke="currentColor" stroke-opacity="0.4"/>'
    drawn = markup.svg(WIDTH, HEIGHT, f"{title} over time steps, cursor at {step}", [cursor, *shapes])
    return _figure(title, drawn)


def _units(way: Way, step: int, sense: Sense) -> str:
    """Each hidden unit at this step: fuller is larger."""
    values = (way.units if sense == "forward" else way.told)[step - 1]
    there = np.isfinite(values)
    top = float(values[there].max()) if there.any() else 0.0
    wide = WIDTH / len(values)
    cells = [
        f'<rect x="{i * wide:.1f}" y="0" width="{max(1.0, wide - 1):.1f}" height="16" fill="currentColor" '
        + (f'class="ex-net" fill-opacity="{0.06 + 0.9 * value / (top or 1.0):.2f}"/>' if ok else 'class="ex-lost"/>')
        for i, (value, ok) in enumerate(zip(values, there, strict=True))
    ]
    what = "|h_t|" if sense == "forward" else "|∂L/∂h_t|"
    title = f"units, mean {what}" + (f", largest {number(top)}" if there.any() else ": none finite")
    return _figure(title, markup.svg(WIDTH, 16, title, cells))


def _figure(title: str, drawn: str) -> str:
    return f'<figure class="ex-figure"><figcaption>{markup.words_of(title)}</figcaption>{drawn}</figure>'


@lru_cache(KEPT)
def _summary(run_id: str, update: int, owner: str | None) -> FlightData:
    """Of a run that this browser may watch. Raises PlaygroundError."""
    engine().catalog.open(run_id, owner)
    return flight.prepare(decode(engine().flight(run_id, update)))


def _restart(folder: RunFolder, update: int) -> None:
    changes = twins.difference(folder.config(), state.config())
    if st.button(
        f"Go on from update {update:,} with the form's settings", key="replay.restart", icon=":material/restart_alt:",
        help=f"A new run: the same until update {update:,}, then with {changes}.", on_click=_go_on,
        args=(folder.run_id, update), disabled=bool(state.refused()),
    ):  # fmt: skip
        st.rerun()  # The whole page.


def _go_on(run_id: str, update: int) -> None:
    with told.told():
        steering.start_branch(Origin(run_id=run_id, update=update))
        state.look("head", 0)
