"""How a signal shrinks or grows on its way back: as measured, and as U alone lets expect.

    ‖∂s_T/∂s_{T−k}‖₂ ≤ (γ·σ_max(U))^k,    in the long run about (γ·ρ(U))^k where units are not saturated

γ = max|φ′|. Both sides count k from the end of one pass: encoder, decoder and each direction by itself. Source:
Pascanu, Mikolov & Bengio 2013, §2.1.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import Measurements
from playground.core.reach import BACKWARDS
from playground.core.words import number
from playground.figures import over_time, style
from playground.figures.drawn import Drawn, Trace, scatter
from playground.figures.figure import Choice, Figure, Live, LiveTrace
from playground.figures.over_time import named
from playground.figures.profile import line

DECODER = ", decoder"  # ends the name of a recurrent matrix that is a decoder's
SPAN = 3.0  # decades
TRACES = ("bound", "predicted", "jacobian", "gradient", "exactly 0", "not finite")

Factors = NDArray[np.float64]


class Decay(NamedTuple):
    """Factors after k = 0, 1, … steps back; empty where nothing was measured. `newest` are the Jacobian's, with what is
    not finite; `jacobian` and `gradient` are the last in which anything is finite. `rho` = γ·ρ(U) and `sigma` =
    γ·σ_max(U) are NaN for a cell whose gates let no such bound hold.

    The gradient is compared in an uppermost layer alone: a lower one is told something new at every step.
    """

    newest: Factors
    jacobian: Factors
    gradient: Factors
    rho: float
    sigma: float


class DecayData(NamedTuple):
    length: int
    passes: Mapping[str, Decay]
    otherwise: str


def prepare(measurements: Measurements) -> DecayData:
    if "jacobian_norm" not in measurements or "spectral_radius" not in measurements:
        return DecayData(0, {}, over_time.nothing(measurements))
    series = measurements["jacobian_norm"]
    labels, rows = measurements["spectral_radius"].spec.labels, list(series.spec.labels)
    shown, newest = over_time.last_finite(series), series.values[-1] if len(series) else None
    head = over_time.headline(measurements)
    gradients = None if head is None else over_time.last_finite(head.series)
    top = list(over_time.top_first(rows))[: 2 if any(row.endswith(BACKWARDS) for row in rows) else 1]
    passes = {}
    for place, label in reversed(list(enumerate(labels))):
        row = label.removesuffix(DECODER)
        handover = series.spec.handover
        steps = slice(handover, None) if label.endswith(DECODER) else slice(None, handover or None)

        def back(sizes: NDArray[np.float64] | None, row: str = row, steps: slice = steps) -> Factors:
            if sizes is None:
                return np.empty(0)
            mine: Factors = sizes[rows.index(row), steps][:: 1 if row.endswith(BACKWARDS) else -1]
            return mine

        rho, sigma = _factors(measurements, rows.index(row), place, [each.removesuffix(DECODER) for each in labels])
        gradient = relative(back(gradients)) if row in top else np.empty(0)
        passes[label] = Decay(back(newest), back(shown), gradient, rho, sigma)
    return DecayData(series.spec.shape[-1], passes, "")


def _factors(measurements: Measurements, row: int, place: int, rows: list[str]) -> tuple[float, float]:
    """γ·ρ(U) and γ·σ_max(U) of one matrix, at the newest look; γ is the bound of its row over the row's largest σ."""
    needed = ("jacobian_bound", "singular_values", "spectral_radius")
    if not all(name in measurements and len(measurements[name]) for name in needed):
        return float("nan"), float("nan")
    bound, sigma, rho = (measurements[name].values[-1] for name in needed)
    largest = max(sigma[i, 0] for i, each in enumerate(rows) if each == rows[place])
    gamma = bound[row] / largest if largest else float("nan")
    return float(gamma * rho[place]), float(gamma * sigma[place, 0])


def relative(sizes: Factors) -> Factors:
    """Sizes, from the end back, over that at the step where the signal enters."""
    told = np.flatnonzero(sizes)
    if not len(told) or not np.isfinite(sizes[told[0]]):
        return np.empty(0)
    compared: Factors = sizes[told[0] :] / sizes[told[0]]
    return compared


def draw(data: DecayData) -> Drawn:
    looks: dict[str, dict[str, object]] = {
        "bound": {"color": style.GHOST, "width": 1.5, "dash": "dot"},
        "predicted": {"color": style.GHOST, "width": 1.5, "dash": "dash"},
        "jacobian": {"width": 1.5},  # ink, which the ground decides
        "gradient": {"color": style.RUN, "width": 2.5},
    }
    titles = {
        "bound": "bound (γσ_max)ᵏ",
        "predicted": "(γρ)ᵏ",
        "jacobian": "‖∂s_T/∂s_t‖",
        "gradient": "gradient, relative",
    }
    live = live_of(data)

    def lines() -> list[Trace]:
        return [
            scatter(
                name=name,
                meta=titles[name],
                mode="lines",
                line=look,
                hovertemplate="%{x} steps: %{y:.2~e}<extra>%{meta}</extra>",
            )
            for name, look in looks.items()
        ]

    traces = [
        over_time.of_row(trace, label, data.passes, live.traces)
        for label in data.passes
        for trace in (
            *lines(),
            style.mark("zero", "y2", cliponaxis=False),
            style.mark("not finite", "y2", cliponaxis=False),
        )
    ]
    figure = Drawn(traces, style.base_layout(right=64, lowest=True))
    figure.update_layout(
        # The last step stands on the right, as in every picture over time steps.
        xaxis={
            "range": [0.5 - max(data.length, 1), 0.5],
            "nticks": 8,
            "tickformat": "d",
            "showticklabels": data.length > 0,
            "title": {"text": "steps from where the signal enters"},
        },
        yaxis={**style.log_axis(live.extents.get("yaxis", (-SPAN, 0.0)), 4), "title": {"text": "factor"}},
        yaxis2=style.marks_axis(),
    )
    return figure


def choices(data: DecayData) -> Mapping[str, Choice]:
    return over_time.choices_of(data.passes, TRACES)


def twin(data: DecayData) -> list[str]:
    return [named(label, what, data.passes) for label in data.passes for what in ("jacobian", "gradient")]


def live_of(data: DecayData) -> Live:
    traces: dict[str, LiveTrace] = {}
    limits = []
    for label, decay in data.passes.items():
        # Without a bound no line: NaN to the power of 0 is 1.
        steps = np.arange(0.0 if np.isnan(decay.rho) else len(decay.jacobian))
        with np.errstate(over="ignore", under="ignore"):
            bound, predicted = np.power(decay.sigma, steps), np.power(decay.rho, steps)
        lines = {"bound": bound, "predicted": predicted, "jacobian": decay.jacobian, "gradient": decay.gradient}
        found = {name: _line(factors) for name, factors in lines.items()}
        found["exactly 0"] = _marked(decay.newest == 0, 0.04)
        found["not finite"] = _marked(~np.isfinite(decay.newest), 0.94)
        traces |= {named(label, name, data.passes): trace for name, trace in found.items()}
        # What U lets expect may leave the picture, far above all that is measured.
        limits += [decay.jacobian, decay.gradient]
    extent = style.decades(np.concatenate([np.empty(0), *limits]), SPAN)
    return Live(traces, {"yaxis": extent} if extent else {})


def _marked(where: NDArray[np.bool_], height: float) -> LiveTrace:
    steps = np.flatnonzero(where)
    return LiveTrace({"x": -steps.astype(np.float64), "y": np.full(len(steps), height)})


def _line(factors: Factors) -> LiveTrace:
    return LiveTrace({"x": -np.arange(len(factors), dtype=np.float64), **line(factors).arrays})


def words(data: DecayData) -> str | Mapping[str, str]:
    return {label: sentence(decay) for label, decay in data.passes.items()} or data.otherwise


def sentence(decay: Decay) -> str:
    """The measured factor per step back, and what U lets expect."""
    if not len(decay.newest):
        return over_time.NOTHING_YET
    if not np.isfinite(decay.newest).all():
        return f"Not finite at {np.count_nonzero(~np.isfinite(decay.newest))} of {len(decay.newest)} steps."
    measured, what = (decay.gradient, "Gradient") if len(decay.gradient) > 1 else (decay.jacobian, "Jacobian")
    if len(measured) < 2:
        return "One step: nothing goes back."
    said = f"{what} ×{number(float(measured[-1] ** (1 / (len(measured) - 1))), 3)} a step back"
    if measured[-1] == 0:
        said = f"{what} exactly 0 at {np.flatnonzero(measured == 0)[0]} or more steps back"
    if np.isnan(decay.rho):
        return f"{said}. With gates U gives no bound."
    return f"{said}; γ·ρ(U) {number(decay.rho, 3)}, γ·σ_max {number(decay.sigma, 3)}."


FIGURE = Figure(
    name="decay",
    title="Decay, predicted and measured",
    rule="What is left after so many steps back. Dotted: all that U allows. Dashed: what ρ(U) alone lets expect.",
    side="time",
    height=216,
    needs=(
        "jacobian_norm",
        "spectral_radius",
        "singular_values",
        "jacobian_bound",
        "total_gradient",
        "flow_gradient",
    ),
    prepare=prepare,
    draw=draw,
    live=live_of,
    words=words,
    choices=choices,
    optional=True,
    twin=twin,
    shown=False,
    shares_axis=False,
)
