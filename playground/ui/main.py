"""The script that every session runs: the pages, and what all of them share."""

from pathlib import Path

import streamlit as st

from playground.ui import PAGES, echo, lecture, state
from playground.ui.maps import link as maps

HERE = Path(__file__).parent

state.begin()
st.set_page_config(
    page_title="RNN playground",
    page_icon=str(HERE / "icon.svg"),
    layout="wide",
    initial_sidebar_state="collapsed" if state.view().lecture else "auto",
)
st.html(HERE / "page.css")
lecture.dress()
page = st.navigation(
    [
        st.Page(PAGES / "playground.py", title="Playground", icon=":material/timeline:", default=True),
        st.Page(PAGES / "map.py", title="Map", icon=":material/grid_on:", url_path="map"),
        st.Page(PAGES / "compare.py", title="Compare", icon=":material/stacked_line_chart:", url_path="compare"),
        st.Page(PAGES / "runs.py", title="Runs", icon=":material/history:", url_path="runs"),
        st.Page(PAGES / "lessons.py", title="Lessons", icon=":material/school:", url_path="lessons"),
        st.Page(PAGES / "teach.py", title="Teach", icon=":material/co_present:", url_path="teach"),
        st.Page(PAGES / "share.py", title="Share", icon=":material/qr_code_2:", url_path="share"),
        st.Page(PAGES / "about.py", title="About", icon=":material/menu_book:", url_path="about"),
    ],
    position="top" if state.shows("pages") and not st.context.is_embedded else "hidden",
)
state.enter("lessons" if page.url_path == "lessons" else "playground")
page.run()
echo.drawn()
state.publish(maps.address() if page.url_path == "map" else None)
