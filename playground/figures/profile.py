"""What pictures of one size by time step share: a line of now, a ghost of the start, marks for what has no log."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import Measurements, Series
from playground.figures import over_time, style
from playground.figures.drawn import Drawn, scatter
from playground.figures.figure import Choice, Figure, Live, LiveTrace
from playground.figures.over_time import named, time_axis

MARKERS_UP_TO = 60  # time steps; beyond, dots run into each other
SPAN = 3.0  # decades that the axis shows at least, so that a flat line looks flat
OF_NOW = ("now", "exactly 0", "not finite")

Sizes = NDArray[np.float64]


class Profile(NamedTuple):
    """One size by time step, index 0 first; empty where nothing was measured.

    `newest` is what marks and words are about, `now` the last one in which anything is finite. Where `expected` is
    False there is nothing to be measured: no line and no mark stands there. `foretold` is what a formula says of the
    start, None where there is none.
    """

    newest: Sizes
    now: Sizes
    start: Sizes
    expected: NDArray[np.bool_]
    foretold: Sizes | None = None


class ProfileData(NamedTuple):
    """By what can be chosen. `otherwise` is what there is to say where there are no profiles."""

    length: int
    profiles: Mapping[str, Profile]
    otherwise: str = over_time.NOTHING_YET
    handover: int = 0


def of(series: Series, part: Callable[[Sizes], Sizes], expected: NDArray[np.bool_]) -> Profile:
    """From a series, of which `part` takes what one profile shows."""
    newest = series.values[-1] if len(series) else None
    now, start = over_time.last_finite(series), over_time.at_start(series)
    return Profile(sizes_of(newest, part), sizes_of(now, part), sizes_of(start, part), expected)


def sizes_of(values: Sizes | None, part: Callable[[Sizes], Sizes]) -> Sizes:
    """Empty where nothing was measured."""
    return np.empty(0) if values is None else part(values)


def draw(data: ProfileData, title: str) -> Drawn:
    """`title` is that of the value axis."""
    mode = "lines+markers" if data.length <= MARKERS_UP_TO else "lines"
    hover = "step %{x}: %{y:.2~e}<extra>%{meta}</extra>"
    shared = {"x0": 1, "dx": 1, "hovertemplate": hover}
    ghost = {"color": style.GHOST, "width": 2, "dash": "dot"}
    live = live_of(data)
    # The start does not change: it stands in the first picture, and no frame brings it again.
    starts = {named(name, "start", data.profiles): _line(p.start, p.expected) for name, p in data.profiles.items()}
    starts |= {named(name, "foretold", data.profiles): line(_foretold(p)) for name, p in data.profiles.items()}
    traces = [
        over_time.of_row(trace, name, data.profiles, {**starts, **live.traces})
        for name in data.profiles
        for trace in (
            scatter(name="start", meta="start", mode="lines", line=ghost, **shared),
            scatter(name="foretold", meta="expected", mode="lines", line={**ghost, "dash": "solid"}, **shared),
            scatter(
                name="now",
                meta="now",
                mode=mode,
                line={"color": style.RUN, "width": 2.5},
                marker={"size": 5, "color": style.RUN},
                **shared,
            ),
            style.mark("zero", "y2", cliponaxis=False),
            style.mark("not finite", "y2", cliponaxis=False),
        )
        if trace["name"] in _traces(data.profiles[name])
    ]
    figure = Drawn(traces, style.base_layout(right=64, lowest=True))
    figure.update_layout(
        xaxis={**time_axis(data.length), "title": {"text": "time step t"}},
        yaxis={**style.log_axis(live.extents.get("yaxis", (-SPAN, 0.0)), 4), "title": {"text": title}},
        yaxis2=style.marks_axis(),
        shapes=over_time.divider(data.handover),
    )
    return figure


def choices(data: ProfileData) -> Mapping[str, Choice]:
    each = data.profiles.items()
    return {
        name: Choice(tuple(named(name, what, data.profiles) for what in _traces(found)), None) for name, found in each
    }


def twin(data: ProfileData) -> list[str]:
    return [named(name, what, data.profiles) for name in data.profiles for what in OF_NOW]


def live_of(data: ProfileData) -> Live:
    traces: dict[str, LiveTrace] = {}
    for name, profile in data.profiles.items():
        newest, expected = profile.newest, profile.expected[: len(profile.newest)]
        found = {
            "now": _line(profile.now, profile.expected),
            "exactly 0": marked((newest == 0) & expected, 0.04),
            "not finite": marked(~np.isfinite(newest) & expected, 0.94),
        }
        traces |= {named(name, what, data.profiles): trace for what, trace in found.items()}
    everything = [sizes for found in data.profiles.values() for sizes in (found.now, found.start, _foretold(found))]
    extent = style.decades(np.concatenate([np.empty(0), *everything]), SPAN)
    return Live(traces, {"yaxis": extent} if extent else {})


def _traces(found: Profile) -> tuple[str, ...]:
    return ("start", *OF_NOW) if found.foretold is None else ("start", "foretold", *OF_NOW)


def _foretold(found: Profile) -> Sizes:
    return np.empty(0) if found.foretold is None else found.foretold


def _line(sizes: Sizes, expected: NDArray[np.bool_]) -> LiveTrace:
    return line(np.where(expected[: len(sizes)], sizes, np.nan))


def line(sizes: Sizes) -> LiveTrace:
    """Broken where a size cannot stand on a log axis."""
    return LiveTrace({"y": np.where(np.isfinite(sizes) & (sizes > 0), sizes, np.nan)})


def marked(where: NDArray[np.bool_], height: float) -> LiveTrace:
    """Marks at these steps, on the axis from 0 to 1."""
    steps = np.flatnonzero(where) + 1.0
    return LiveTrace({"x": steps, "y": np.full(len(steps), height)})


def figure(
    prepare: Callable[[Measurements], ProfileData],
    sentence: Callable[[Profile], str],
    axis: str,
    *,
    name: str,
    title: str,
    rule: str,
    needs: tuple[str, ...],
    optional: bool = False,
) -> Figure[ProfileData]:
    """A figure of profiles. `sentence` is about a measured one that is finite, `axis` the title of the value axis."""

    def words(data: ProfileData) -> str | Mapping[str, str]:
        return {part: _broken(found) or sentence(found) for part, found in data.profiles.items()} or data.otherwise

    return Figure(
        name=name,
        title=title,
        rule=rule,
        side="time",
        height=200,
        needs=needs,
        prepare=prepare,
        draw=lambda data: draw(data, axis),
        live=live_of,
        words=words,
        choices=choices,
        optional=optional,
        twin=twin,
        shown=False,
    )


def _broken(profile: Profile) -> str | None:
    """What there is to say before sizes can be compared; None where all that is expected is finite."""
    if not len(profile.newest):
        return over_time.NOTHING_YET
    expected = profile.newest[profile.expected]
    bad = int(np.count_nonzero(~np.isfinite(expected)))
    return f"Not finite at {bad} of {len(expected)} steps." if bad else None
