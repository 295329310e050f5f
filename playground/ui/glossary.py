"""The About page, generated: reading rules from the figures, terms from the measurements, equations from the cells."""

from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from playground.core.component import Registry
from playground.figures.gallery import FIGURES
from playground.nn import activations, cells, clipping, initializers
from playground.training import optimizers
from playground.training.config import RunConfig
from playground.training.probes import specs
from playground.ui.words import plain

INTRODUCTION = """
Every number here is measured by back-propagation through time on a network that really trains: the derivatives are
written by hand, and held against autograd, `torch.nn.RNN` and closed forms in the tests. Nothing is simulated,
smoothed or left out: what is not finite is drawn as a mark.
"""


def show() -> None:
    st.markdown("#### What you see here")
    st.markdown(INTRODUCTION)
    st.markdown("#### How to read the pictures")
    st.markdown("\n".join(f"- **{figure.title}.** {figure.rule}" for figure in FIGURES))
    st.markdown("#### What is measured")
    measured = [(s.title, s.description, s.unit) for s in specs(RunConfig())]
    st.markdown(table(("measurement", "what it is", "unit"), measured))
    st.markdown("#### Equations")
    st.markdown("\n".join(f"- **{cell.title}**: {'; '.join(cell.equations)}" for cell in cells.registry))
    families: tuple[tuple[str, Registry[Any]], ...] = (
        ("Activations", activations.registry),
        ("Initialisers", initializers.registry),
        ("Clip rules", clipping.registry),
        ("Optimisers", optimizers.registry),
    )
    for heading, family in families:
        st.markdown(f"**{heading}**")
        st.markdown(table(("name", "formula"), [(c.title, c.formula) for c in family]))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A markdown table. `st.table` would load pandas, 45 MB, into the server."""
    lines = [heads, ["---"] * len(heads), *([plain(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
