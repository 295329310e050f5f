"""The About page, generated: what the figures, measurements, tasks, architectures and components say of themselves."""

from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any, get_args

import streamlit as st

from playground import __version__
from playground.core.component import Component, Registry
from playground.diagnosis import symptom
from playground.figures.gallery import FIGURES
from playground.nn import activations, architectures, cells, clipping, gate_biases, initializers
from playground.nn.stack import Direction
from playground.sweeps.measures import MEASURES
from playground.sweeps.outcome import RULES
from playground.tasks import Task
from playground.tasks import registry as tasks
from playground.training import learning, optimizers, schedules
from playground.training.config import RunConfig
from playground.training.probes import specs
from playground.ui import diagram, markup
from playground.ui.labels import value_name
from playground.ui.sources import SOURCES
from playground.ui.words import plain

INTRODUCTION = """
Every number here is measured by back-propagation through time on a network that really trains: the derivatives are
written by hand, and held against autograd, `torch.nn` and closed forms in the tests. Nothing is simulated,
smoothed or left out: what is not finite is drawn as a mark.
"""

FAMILIES: tuple[tuple[str, Registry[Any]], ...] = (
    ("Activations", activations.registry),
    ("Initialisers", initializers.registry),
    ("Biases of the gates that keep", gate_biases.registry),
    ("Loss modes", learning.registry),
    ("Clip rules", clipping.registry),
    ("Optimisers", optimizers.registry),
    ("Learning-rate schedules", schedules.registry),
)


VERSIONS = ("streamlit", "torch", "plotly", "pyarrow", "distributed")

EVERYTHING = {"task": "majority", "cell": "lstm", "learning": "each_step"}


def show() -> None:
    st.markdown("#### What you see here")
    st.markdown(INTRODUCTION)
    st.markdown("#### How to read the pictures")
    st.markdown("\n".join(f"- **{figure.title}.** {figure.rule}" for figure in FIGURES))
    st.markdown("#### What is measured")
    # A network with gates, a cell state and answers at every step has what the first preset lacks.
    named = {s.name: s for config in (RunConfig(), RunConfig.parse(EVERYTHING)) for s in specs(config)}
    measured = [(s.title, s.description, s.unit) for s in named.values()]
    st.markdown(table(("measurement", "what it is", "unit"), measured))
    st.markdown("#### Alarms")
    st.markdown(
        table(
            ("alarm", "severity", "raised when"),
            [(cls.title, cls.severity, cls.summary()) for cls in symptom.registry],
        )
    )
    st.markdown("#### What becomes of a network of a map")
    st.markdown(table(("outcome", "when"), RULES.items()))
    st.markdown(table(("colour", "what it is"), [(measure.title, measure.rule) for measure in MEASURES.values()]))
    st.markdown("#### Tasks")
    st.markdown(
        table(
            # What guessing scores stands beside each run: to work it out for all takes 17 MB that stay.
            ("task", "what is asked", "architectures"),
            [(task.title, task.summary, _titles(task)) for task in tasks],
        )
    )
    st.markdown("#### Architectures")
    for architecture in architectures.registry:
        _architecture(architecture.model_fields["kind"].default)
    st.markdown("#### Equations")
    for cell in cells.registry:
        st.markdown(f"- **{cell.title}**: {plain('; '.join(cell.equations))}")
    for heading, family in FAMILIES:
        st.markdown(f"**{heading}**")
        st.markdown(table(("name", "formula"), [(c.title, _formula(c)) for c in family]))
    st.markdown("#### Sources")
    st.markdown(table(("by", "title", "what here goes back to it"), SOURCES))
    st.markdown("#### Version")
    others = ", ".join(f"{name} {version(name)}" for name in VERSIONS)
    st.markdown(f"RNN playground **{__version__}**, with {plain(others)}.")


def _architecture(kind: str) -> None:
    """What it is, and a drawing for each direction in which it reads."""
    base = RunConfig()
    task = next(task for task in tasks if kind in task.architectures)
    config = base.patched({"task.kind": task.model_fields["kind"].default, "architecture.kind": kind})
    one = config.architecture
    st.markdown(f"**{one.title}.** {plain(one.summary)} {plain(one.why_not)}")
    drawings = [
        f"<figure><figcaption>{markup.words_of(value_name(config, 'direction', direction))}</figcaption>"
        f"{diagram.draw(config.patched({'direction': direction}))}</figure>"
        for direction in get_args(Direction)
        if direction in one.directions
    ]
    markup.show(f'<div class="ex-diagrams">{"".join(drawings)}</div>')


def _titles(task: type[Task]) -> str:
    return ", ".join(architectures.registry[kind].title for kind in task.architectures)


def _formula(component: type[Component]) -> str:
    said = getattr(component, "formula", ""), getattr(component, "summary", "")
    return ". ".join(filter(None, said))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A markdown table. `st.table` would load pandas, 45 MB, into the server."""
    lines = [heads, ["---"] * len(heads), *([plain(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
