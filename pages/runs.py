"""History of this browser, and of the command line on this machine."""

import streamlit as st

from playground.ui import history

st.markdown("#### Runs")
history.show()
