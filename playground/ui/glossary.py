"""The About page, generated: reading rules from the figures, terms from the measurements, equations from the cells."""

from typing import Any

import streamlit as st

from playground.core.component import Registry
from playground.figures.gallery import FIGURES
from playground.nn import activations, cells, clipping, initializers
from playground.training import optimizers
from playground.training.config import RunConfig
from playground.training.probes import specs

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
    st.table(
        {
            "measurement": [spec.title for spec in specs(RunConfig())],
            "what it is": [spec.description for spec in specs(RunConfig())],
            "unit": [spec.unit for spec in specs(RunConfig())],
        }
    )
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
        st.table({"name": [c.title for c in family], "formula": [c.formula for c in family]})
