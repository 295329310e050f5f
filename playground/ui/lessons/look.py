"""The style of everything in the lessons that stands on a page beside what Streamlit draws."""

from pathlib import Path

import streamlit as st

CSS = Path(__file__).with_name("lessons.css").read_text()


def dress() -> None:
    st.html(f"<style>{CSS}</style>")
