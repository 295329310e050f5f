"""The live playground beside a lesson's text: run bar, controls, pictures, what was found."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.lessons.lesson import Prediction
from playground.ui import (
    alarms,
    ending,
    examples,
    form,
    lecture,
    live,
    network,
    preflight,
    runbar,
    seeds,
    slow,
    state,
    steering,
    twins,
    words,
)
from playground.ui.labels import label
from playground.ui.lessons import place
from playground.ui.words import plain

FIRST = "Answer the question first."


def show() -> None:
    """While a question about the state that is set is open, its run can neither be started nor seen."""
    waits = place.waits()
    words.link_problems()
    lecture.show(presets=False)
    runbar.show(FIRST if waits else None)
    places = _controls()
    told = lecture.verdict_is_shown() and not waits
    if told:
        seeds.show()
        alarms.compare()
    with st.container(key="lesson-asked"):
        if waits:
            _ask_first(waits[0])
    with st.container(key="lesson-pictures"):
        # There in any case, so that the first picture of a run need not wait for its frame.
        _pictures(None if waits else state.watched())
    with st.container(key="lesson-verdict"):
        if told:
            ending.show()
            alarms.show()
    # Last, because they wait for a worker: the pictures need not. What a question asks for may be among it.
    if "init" in places and not waits:
        with places["init"]:
            preflight.show()
    if "clip" in places:
        with places["clip"]:
            preflight.clip_note()
    if not waits:
        with st.container(key="lesson-examples"):
            examples.show(live.looked_back(_key()))


def _controls() -> dict[str, DeltaGenerator]:
    """The form, made only while it is unfolded; and what was changed in it, each with the way back."""
    box = st.expander("Controls", key=place.CONTROLS, on_change="rerun", icon=":material/tune:")
    places: dict[str, DeltaGenerator] = {}
    if box.open:
        with box, st.container(key="lesson-form"):
            places = form.show(presets=False, unfolded=place.lit().part)
    with st.container(horizontal=True, gap="xxsmall", key="chips"):
        changes = place.changed()
        if changes:
            st.caption("Changed from the lesson:", width="content")
        for path, back in list(changes.items())[: form.CHIPS]:
            st.button(f"{plain(label(path))} ↺", key=f"lesson.undo.{path}", type="tertiary", on_click=form.put_back,
                      args=(back,), help="Back to what the lesson says.")  # fmt: skip
        if len(changes) > 1:
            st.button("all ↺", key="lesson.undo", type="tertiary", on_click=place.set_state, args=(place.state(),),
                      help="Back to what the lesson says.")  # fmt: skip
    return places


def _ask_first(first: Prediction) -> None:
    """In place of the pictures."""
    st.html("<style>.st-key-lesson-pictures { display: none; }</style>")
    lesson = place.lesson()
    assert lesson is not None
    at = lesson.step_of(first.name)
    with st.container(border=True, key="lesson-hidden", horizontal_alignment="center"):
        st.markdown("**Predict first:** the curve is hidden until you have answered.", width="content")
        if place.step() != at:
            st.button("To the question", key="lesson.ask", type="primary", icon=":material/help:", on_click=place.go,
                      args=(at,))  # fmt: skip


def _pictures(run: str | None) -> None:
    place.take_pictures(
        live.live(
            run,
            key=_key(),
            look=state.looked_at(),
            pictures=place.pictures(),
            lecture=state.view().lecture,
            network=network.unrolled(state.config()),
            slow=slow.arguments(run) if run and steering.slow_is_on() else None,
            **(twins.live_arguments() if run else {}),
        )
    )


def _key() -> str:
    """Of the live pictures: a lesson has its own."""
    return f"live.{state.view().lesson}"
