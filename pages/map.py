"""What trains: a map of networks over one setting or several, filled while one watches."""

import streamlit as st

from playground.ui import form, words
from playground.ui.maps import aids, bar, estimate, history, link, look, picture, setup, shown
from playground.ui.maps import form as map_form

look.dress()
link.begin()
setup.begin()
with form.sidebar():
    spec = map_form.show()
moves = shown.settle(spec)

with st.container(key="map-heading"):
    st.markdown("#### Map")
words.link_problems()
bar.show(spec, moves)
place = st.container(key="map-estimate")
picture.show(spec, moves)
aids.show(moves)
history.show()

# Last, because it waits for a worker: the picture need not.
if spec and not shown.name():
    with place:
        estimate.show(spec)
