"""Any runs over each other."""

import streamlit as st

from playground.ui import compare

st.markdown("#### Compare")
compare.show()
