"""The other side of the comparison: the same figures of the same run, by `st.plotly_chart` in a fragment."""

import os

import plotly.graph_objects as go
import streamlit as st

from playground.figures import style
from playground.figures.gallery import FIGURES
from playground.runs.folder import RunFolder

folder = RunFolder.at(os.environ["PLOTLY_SIDE_RUN"])
chosen = os.environ["PLOTLY_SIDE_PICTURES"].split(",")


@st.fragment(run_every=1 / float(os.environ["PLOTLY_SIDE_RATE"]))
def pictures() -> None:
    measurements = folder.read()
    loss = measurements["loss"]
    for column, start in zip(st.columns(2), range(2), strict=True):
        with column:
            for figure in [figure for figure in FIGURES if figure.name in chosen][start::2]:
                drawn = figure.draw(figure.prepare(measurements))
                drawn.update_layout(height=figure.height, template=style.template("light"))
                st.plotly_chart(go.Figure(drawn.data, drawn.layout), key=figure.name)
    st.text(f"update {loss.updates[-1] if len(loss.updates) else -1}", width="content")


st.set_page_config(layout="wide")
pictures()
