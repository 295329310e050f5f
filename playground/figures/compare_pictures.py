"""The pictures of a comparison, in the order in which they stand. To add one: what it picks of a run, and its words."""

from collections.abc import Callable

import numpy as np

from playground.core.measurement import Measurements, MeasurementSpec, Series
from playground.core.reach import out_of_reach
from playground.core.words import number, share
from playground.figures import over_time
from playground.figures.compare import Comparison, Numbers, Picked, picked

TOTAL = "gradient norm"


def _over_updates(
    name: str,
    unit: Callable[[MeasurementSpec], str],
    values: Callable[[Series], Numbers] = lambda series: series.values,
) -> Callable[[Measurements], Picked | None]:
    """What picks `values` of a measurement, where anything was measured."""

    def pick(measurements: Measurements) -> Picked | None:
        if name not in measurements or not len(measurements[name]):
            return None
        series = measurements[name]
        spec, y, is_share = series.spec, values(series), series.spec.unit == "share"
        said = (share if is_share else number)(float(y[-1]))
        x = series.updates.astype(np.float64)
        return picked(x, y, unit(spec), said, is_share=is_share, reference=spec.reference)

    return pick


def _unit_of_loss(spec: MeasurementSpec) -> str:
    return f"loss, {spec.unit}" if spec.unit != "1" else "loss"


def _uppermost(series: Series) -> Numbers:
    top: Numbers = series.values[:, next(iter(over_time.top_first(series.spec.labels).values()))]
    return top


def _together(series: Series) -> Numbers:
    """Norms of tensors add up like the sides of a box; hypot neither overflows nor vanishes where a square would."""
    whole: Numbers = np.hypot.reduce(series.values, axis=1)
    return whole


def _gradient(measurements: Measurements) -> Picked | None:
    """The headline of the uppermost row; of a run that broke the last finite one, under the marks of the newest."""
    found = over_time.headline(measurements)
    if found is None or not len(found.series):
        return None
    row, place = next(iter(found.rows.items()))
    steps = over_time.own_steps(row, found.series)
    last = over_time.last_finite(found.series)
    now: Numbers = found.series.values[-1][place, :steps]
    shown = now if last is None else last[place, :steps]
    said = f"{number(float(now[0]))} at step 1, {number(float(now[-1]))} at step {steps}"
    whole = picked(np.arange(1.0, steps + 1), now, TOTAL, said)
    beyond = out_of_reach(row, found.rows, now)  # no signal that vanished: none ever went there
    return whole._replace(y=shown, zero=whole.x[(now == 0) & ~beyond])


PICTURES: tuple[Comparison, ...] = (
    Comparison(
        name="loss",
        title="Loss",
        rule="Down is learning. The dotted line is what guessing scores.",
        differs="Loss over the first run's, update by update. Under 1: better.",
        over="updates",
        needs=("loss",),
        pick=_over_updates("loss", _unit_of_loss),
    ),
    Comparison(
        name="metric",
        title="Test metric",
        rule="On sequences held out. The dotted line is what guessing scores.",
        differs="What each has more, or less, than the first run at the same update.",
        over="updates",
        needs=("test_metric",),
        pick=_over_updates("test_metric", lambda spec: spec.title),
    ),
    Comparison(
        name="gradient",
        title="Gradient at every time step",
        rule="How much the loss would change if the state at step t moved. Falling to the left: forgetting.",
        differs="Gradient over the first run's, step by step. Over 1: more of the signal is left.",
        over="steps",
        needs=("total_gradient", "flow_gradient"),
        pick=_gradient,
    ),
    Comparison(
        name="ratio",
        title="What reaches the beginning",
        rule="Gradient at the far end over that where the signal enters. At 1 nothing is lost; lower is forgotten.",
        differs="That share over the first run's. Over 1: more arrives.",
        over="updates",
        needs=("far_ratio",),
        pick=_over_updates("far_ratio", lambda _: "share at the far end", _uppermost),
    ),
    Comparison(
        name="weights",
        title="Weight norm",
        rule="All weights together. Rising without end: they run away.",
        differs="Weight norm over the first run's. At 1: equally large.",
        over="updates",
        needs=("weight_norm",),
        pick=_over_updates("weight_norm", lambda _: "weight norm", _together),
    ),
)

NEEDS = tuple(dict.fromkeys(name for picture in PICTURES for name in picture.needs))
