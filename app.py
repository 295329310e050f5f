"""The playground: `streamlit run app.py`."""

from pathlib import Path

import streamlit as st

from playground.ui import server

# `streamlit run` looks for exactly this assignment in this file.
app = st.App(
    Path(__file__).parent / "playground" / "ui" / "main.py",
    lifespan=server.lifespan,
    routes=server.routes(),
    middleware=server.middleware(),
)
