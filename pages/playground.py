"""One network, live."""

import streamlit as st

from playground.ui import (
    alarms,
    cards,
    diagram,
    ending,
    examples,
    exports,
    form,
    lecture,
    live,
    markup,
    network,
    preflight,
    replay,
    runbar,
    seeds,
    slow,
    state,
    steering,
    tour,
    twins,
    words,
)

with form.sidebar():
    places = form.show()
if "architecture" in places:
    with places["architecture"]:
        markup.show(diagram.draw(state.config()))

words.link_problems()
lecture.show()
runbar.show()
tour.show()
cards.show()
told = lecture.verdict_is_shown()
if told:
    seeds.show()
    alarms.compare()
run, view = state.watched(), state.view()
chosen = live.live(
    run,
    key="live",
    look=state.looked_at(),
    pictures=view.pictures,
    lecture=view.lecture,
    network=network.unrolled(state.config()),
    slow=slow.arguments(run) if run and steering.slow_is_on() else None,
    **twins.live_arguments(),
)
state.choose_pictures(chosen)
if told:
    ending.show()
    alarms.show()
    replay.show()
if run:
    exports.behind_a_button(run)
examples_place = st.container()

# Last, because they wait for a worker: the pictures need not.
if "init" in places:
    with places["init"]:
        preflight.show()
if "clip" in places:
    with places["clip"]:
        preflight.clip_note()
with examples_place:
    examples.show(live.looked_back("live"))
