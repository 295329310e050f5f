"""The script that every session runs: the pages, and what all of them share."""

from pathlib import Path

import streamlit as st

from playground.ui import PAGES, state

HERE = Path(__file__).parent

st.set_page_config(page_title="RNN playground", page_icon=str(HERE / "icon.svg"), layout="wide")
st.html(HERE / "page.css")
state.begin()
page = st.navigation(
    [
        st.Page(PAGES / "playground.py", title="Playground", icon=":material/timeline:", default=True),
        st.Page(PAGES / "runs.py", title="Runs", icon=":material/history:", url_path="runs"),
        st.Page(PAGES / "about.py", title="About", icon=":material/menu_book:", url_path="about"),
    ],
    position="top",
)
page.run()
state.publish()
