"""What the page of maps looks like beyond its widgets."""

from pathlib import Path

import streamlit as st

CSS = Path(__file__).with_name("map.css").read_text()


def dress() -> None:
    st.html(f"<style>{CSS}</style>")
