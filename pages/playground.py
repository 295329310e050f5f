"""One network, live."""

from playground.ui import cards, form, live, preflight, runbar, state, words

with form.sidebar():
    places = form.show()

words.link_problems()
runbar.show()
cards.show()
live.live(state.watched(), key="live")

# Last, because they wait for a worker: the pictures need not.
with places["Initialiser of U"]:
    preflight.show()
with places["Clip the gradient"]:
    preflight.clip_note()
