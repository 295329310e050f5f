"""One network, live."""

import streamlit as st

from playground.ui import (
    alarms,
    cards,
    diagram,
    examples,
    form,
    live,
    markup,
    preflight,
    replay,
    runbar,
    state,
    twins,
    words,
)

with form.sidebar():
    places = form.show()
with places["Architecture"]:
    markup.show(diagram.draw(state.config()))

words.link_problems()
runbar.show()
cards.show()
asked = st.container()
alarms.compare()
live.live(state.watched(), key="live", look=state.looked_at(), **twins.live_arguments())
alarms.show()
replay.show()

# Last, because they wait for a worker: the pictures need not.
with places["Initialiser of U"]:
    preflight.show()
with places["Clip the gradient"]:
    preflight.clip_note()
with asked:
    examples.show()
