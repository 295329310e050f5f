"""What a step of a lesson is made of, one block under another: live, or all of it on paper."""

import re
from collections.abc import Sequence

import streamlit as st

from playground.lessons import drawings, previews
from playground.lessons.lesson import (
    Ask,
    Block,
    ChallengeHere,
    Drawing,
    Lesson,
    LooseSaid,
    Network,
    Picture,
    Words,
)
from playground.lessons.readings import condition
from playground.ui import diagram, markup
from playground.ui.lessons import challenge_card, place, predict, printed
from playground.ui.still import Still, still
from playground.ui.words import plain

_LINK = re.compile(r"\[(?:[①-⑮]|\(\d+\)) ((?:[^\]\\]|\\.)*)\]\(#see-\d+\)")
"""A numbered link, which sets a state of the live playground."""


def show(lesson: Lesson, blocks: Sequence[Block], live: bool, key: str) -> None:
    """`live`: beside the playground. Otherwise links are words, pictures are previews, questions have their answers."""
    for number, block in enumerate(blocks):
        _show(lesson, block, live, f"lesson-{key}-{number}")


def _show(lesson: Lesson, block: Block, live: bool, key: str) -> None:
    match block:
        case Words(text):
            st.markdown(text if live else _LINK.sub(r"\1", text))
        case Ask(name) if live:
            predict.show(lesson, lesson.prediction(name))
        case Ask(name):
            printed.show(lesson, lesson.prediction(name), f"{key}-asked")
        case Network():
            _network(lesson, block)
        case Picture() if not live:
            _preview(lesson, block, key)
        case Drawing(name, said):
            _drawing(name, said, key)
        case LooseSaid(name):
            _loose(lesson, name, live, key)
        case ChallengeHere() if live:
            challenge_card.show(lesson)
        case ChallengeHere():
            _challenge(lesson, key)


def _network(lesson: Lesson, network: Network) -> None:
    drawn = diagram.draw(lesson.config(network.state), back=network.back)
    markup.show(
        f'<figure class="ex-figure ls-network">{drawn}<figcaption>{markup.words_of(network.said)}</figcaption></figure>'
    )


def _preview(lesson: Lesson, picture: Picture, key: str) -> None:
    found = previews.preview(lesson, picture.state, picture.figure)
    with st.container(key=key):
        if found is None:
            st.caption(
                f"{plain(picture.said.rstrip('.'))}. There is no preview of this picture: `python -m playground "
                f"lessons {lesson.name} --previews` executes the lesson's claims and makes it."
            )
            return
        still(
            [Still(picture.figure, found.title, found.rule, found.words, found.figure, found.over)], key=f"{key}-still"
        )
        st.caption(
            f"{plain(picture.said.rstrip('.'))}. Measured when this lesson's claims were executed: seed {found.seed}, "
            f"update {found.update:,}."
        )


def _drawing(name: str, said: str, key: str) -> None:
    """Its own words stand below it; the lesson's are for those who cannot see it."""
    drawing = drawings.drawing(name)
    with st.container(key=key, gap=None):
        still([Still(name, drawing.title, drawing.rule, drawing.words, drawing.figure, "steps")], key=f"{key}-still")
        markup.show(f'<p class="ls-said">{markup.words_of(said)}</p>')


def _loose(lesson: Lesson, name: str, live: bool, key: str) -> None:
    """Beside the playground not before its runs may be seen: it may say what is asked of them."""
    loose = next(each for each in lesson.loose if each.name == name)
    if live and any(map(place.unanswered, {loose.state, *condition(loose.check).states})):
        return
    measured = previews.measured(lesson, loose.better)
    with st.container(border=True, key=f"{key}-loose", gap="xsmall"):
        st.markdown(f"Often said: “{plain(loose.said)}”  \n**Better:** {plain(loose.better)}")
        if measured:
            st.caption(f"Measured: {plain(measured)}")


def _challenge(lesson: Lesson, key: str) -> None:
    challenge = lesson.challenge
    assert challenge is not None, "the lesson's reader has seen to that"
    with st.container(border=True, key=f"{key}-challenge"):
        st.markdown(f"**Mend it.** {plain(challenge.ask)}")
        st.markdown(
            f"Goal: **{plain(challenge.goal)}**, within {challenge.budget:,} updates of all attempts together. "
            "It is done beside the live playground."
        )
