"""A lesson as a text: all steps under each other, with still pictures; nothing runs, and it prints."""

import streamlit as st

from playground.lessons import previews
from playground.lessons.lesson import Lesson
from playground.ui.glossary import table
from playground.ui.lessons import blocks
from playground.ui.words import plain


def show(lesson: Lesson) -> None:
    with st.container(key="lesson-paper"):
        st.markdown(f"### {plain(lesson.title)}")
        st.markdown(f"{plain(lesson.goal)}  \n:small[{lesson.minutes} minutes]")
        for number, step in enumerate(lesson.steps, start=1):
            st.markdown(f"#### {step.heading}")
            blocks.show(lesson, step.blocks, live=False, key=f"read-{number}")
        if lesson.claims:
            st.markdown("#### What was measured")
            st.markdown(
                "Each sentence is executed when the program is tested, with several seeds; the values are of one run "
                "of each state, with the seed that its link sets."
            )
            rows = [(claim.say, previews.measured(lesson, claim.say) or "not measured yet") for claim in lesson.claims]
            st.markdown(table(("claim", "measured"), rows))
        if lesson.sources:
            st.markdown("#### Sources")
            st.markdown("\n".join(f"- {plain(source)}" for source in lesson.sources))
