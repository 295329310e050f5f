"""What the network answers to a few held-out sequences, beside what it should say."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.core.measurement import Measurements
from playground.core.words import number
from playground.figures import over_time, style
from playground.figures.drawn import Drawn, scatter
from playground.figures.figure import Choice, Figure, Live, LiveTrace
from playground.figures.over_time import named
from playground.figures.profile import marked

ONE_EACH = "example"
NUMBERS = 3  # of an answer that is several numbers, as many are drawn
TRACES = ("true", "answer", "not finite")

Values = NDArray[np.float64]


class Told(NamedTuple):
    """True answers and the network's, of those that count; NaN for one that does not. `asked` are those that count."""

    true: Values
    answer: Values
    asked: NDArray[np.bool_]


class PredictionsData(NamedTuple):
    """By sequence, and by number where an answer has several. With one answer a sequence, sequences stand side by side.

    `classes` where an answer is the number of a class; `along` is what is counted from 1 to `size` on the x axis.
    """

    examples: Mapping[str, Told]
    classes: bool
    along: str
    size: int


def prepare(measurements: Measurements) -> PredictionsData:
    if "example_prediction" not in measurements or "example_target" not in measurements:
        return PredictionsData({}, True, "answer", 0)
    said, true, counted = (measurements[name] for name in FIGURE.needs[:3])
    classes = said.spec.axes[-1] != "feature"
    shape = said.spec.shape if not classes else (*said.spec.shape, 1)  # examples, answers, numbers

    def of(values: Values) -> Values:
        return values[-1].reshape(-1, shape[1], shape[2]) if len(values) else np.full(shape, np.nan)

    answers, targets = of(said.values), of(true.values)
    counts = counted.values[-1] > 0 if len(counted) else np.zeros(shape[:2], dtype=np.bool_)
    along, size = "answer k", shape[1]
    if size == 1:
        along, size = ONE_EACH, shape[0]
        answers, targets, counts = answers.swapaxes(0, 1), targets.swapaxes(0, 1), counts.swapaxes(0, 1)
    examples = {}
    for i, (each, meant, asked) in enumerate(zip(answers, targets, counts, strict=True)):
        for j in range(min(NUMBERS, shape[2])):
            label = "examples" if along == ONE_EACH else f"example {i + 1}"
            label += f", number {j + 1}" if shape[2] > 1 else ""
            examples[label] = Told(np.where(asked, meant[:, j], np.nan), np.where(asked, each[:, j], np.nan), asked)
    return PredictionsData(examples, classes, along, size)


def draw(data: PredictionsData) -> Drawn:
    live = live_of(data)
    hover = f"{data.along} %{{x}}: %{{y:.3~g}}<extra>%{{meta}}</extra>"
    mode = "markers" if data.along == ONE_EACH else "lines+markers"
    traces = [
        over_time.of_row(trace, label, data.examples, live.traces)
        for label in data.examples
        for trace in (
            scatter(
                name="true",
                meta="true",
                mode=mode,
                line={"color": style.GHOST, "width": 1.5, "dash": "dot"},
                marker={"symbol": "circle", "size": 8, "color": style.GHOST},
                hovertemplate=hover,
            ),
            scatter(
                name="answer",
                meta="the network's",
                mode=mode,
                line={"color": style.RUN, "width": 1.5},
                marker={"symbol": "circle", "size": 5, "color": style.RUN},
                hovertemplate=hover,
            ),
            style.mark("not finite", "y2", cliponaxis=False),
        )
    ]
    figure = Drawn(traces, style.base_layout(right=64, lowest=True))
    figure.update_layout(
        xaxis={
            "range": [0.5, max(data.size, 1) + 0.5],
            # Few enough to be given one by one: 1.5 is no example.
            **({"tickvals": list(range(1, data.size + 1))} if data.along == ONE_EACH else {"nticks": 8}),
            "tickformat": "d",
            "showticklabels": data.size > 0,
            "title": {"text": data.along},
        },
        yaxis={
            "range": live.extents["yaxis"],
            "nticks": min(5, round(live.extents["yaxis"][1]) + 1) if data.classes else 5,
            **({"tickformat": "d"} if data.classes else {}),
            "title": {"text": "class" if data.classes else "value"},
        },
        yaxis2=style.marks_axis(),
    )
    return figure


def choices(data: PredictionsData) -> Mapping[str, Choice]:
    return over_time.choices_of(data.examples, TRACES)


def twin(data: PredictionsData) -> list[str]:
    return [named(label, "answer", data.examples) for label in data.examples]


def live_of(data: PredictionsData) -> Live:
    traces: dict[str, LiveTrace] = {}
    for label, (true, answer, asked) in data.examples.items():
        steps = np.arange(1.0, len(true) + 1)
        found = {
            "true": LiveTrace({"x": steps, "y": true}),
            "answer": LiveTrace({"x": steps, "y": np.where(np.isfinite(answer), answer, np.nan)}),
            "not finite": marked(~np.isfinite(answer) & asked, 0.94),
        }
        traces |= {named(label, what, data.examples): trace for what, trace in found.items()}
    parts = [values for told in data.examples.values() for values in told[:2]]
    everything = np.concatenate([[0.0, 1.0], *parts])
    finite = everything[np.isfinite(everything)]
    room = 0.06 * float(finite.max() - finite.min())
    return Live(traces, {"yaxis": (float(finite.min()) - room, float(finite.max()) + room)})


def words(data: PredictionsData) -> str | Mapping[str, str]:
    said = {label: sentence(told, data.classes) for label, told in data.examples.items()}
    return said or over_time.NOTHING_YET


def sentence(told: Told, classes: bool) -> str:
    """How many classes are right, or how far numbers are off."""
    true, answer, asked = told
    if not asked.any():
        return over_time.NOTHING_YET
    bad = int(np.count_nonzero(~np.isfinite(answer[asked])))
    if bad:
        return f"{bad} of {np.count_nonzero(asked)} answers are not finite."
    if classes:
        return f"{np.count_nonzero(true[asked] == answer[asked])} of {np.count_nonzero(asked)} right."
    return f"On the mean {number(float(np.abs(true - answer)[asked].mean()))} off."


FIGURE = Figure(
    name="predictions",
    title="Answers",
    rule="What the network says to held-out sequences, on what it should say (dotted).",
    side="time",
    height=192,
    needs=("example_prediction", "example_target", "example_counts"),
    prepare=prepare,
    draw=draw,
    live=live_of,
    words=words,
    choices=choices,
    twin=twin,
    shown=False,
    shares_axis=False,
)
