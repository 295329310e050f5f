"""The numbered links of a lesson's text, and the part of the page that one of them has lit up."""

import json

import streamlit as st

from playground.figures.gallery import FIGURES
from playground.ui import form
from playground.ui.lessons import place
from playground.ui.lessons.place import Lit
from playground.ui.live.component import address
from playground.ui.view import CONTROLS

KEY = "lesson.links"
_BAR = {
    "again": ".st-key-bar-again, .st-key-bar-new",
    "alarms": ".st-key-group-alarms",
    "pages": '[data-testid="stTopNavLinkContainer"]',
} | {name: f".st-key-bar-{name}" for name in ("seeds", "twin", "slow", "pace")}
_PLACES = {
    "runbar": (".st-key-runbar", "The run bar"),
    "network": (".pg-network", "The network"),
    "verdict": (".pg-head, .st-key-lesson-verdict", "The verdict"),
}

_STUB = (
    f"const module = await import(location.origin + '{address()}/lessons/links.js');\nexport default module.default;\n"
)

_component = st.components.v2.component("playground_lesson_links", js=_STUB, isolate_styles=False)


def show(heading: str) -> None:
    """Listens for clicks on links, marks the one in force, and lights up its part. `heading` is the step's, said aloud
    when it is another one."""
    lit = place.lit()
    found = part(lit)
    shown = {
        "heading": heading,
        "number": lit.number,
        "stamp": lit.stamp,
        "selector": found[0] if found else "",
        "words": f"{found[1]} is lit up." if found else "",
    }
    # As text: Streamlit loads pandas, 40 MB, to see whether a list or a mapping is a table.
    _component(key=KEY, data={"shown": json.dumps(shown)}, on_see_change=_clicked)


def part(lit: Lit) -> tuple[str, str] | None:
    """Where on the page it is, as CSS finds it, and what it is called."""
    name = lit.part
    if name is None:
        return None
    if name in _PLACES:
        return _PLACES[name]
    for figure in FIGURES:
        if figure.name == name:
            return f'.pg-card[data-figure="{name}"]', figure.title
    if name in {group.name for group in form.GROUPS}:
        return f".st-key-group-{name}", f"The control “{CONTROLS[name]}”"
    return (_BAR[name], f"“{CONTROLS[name].capitalize()}”") if name in _BAR else None


def _clicked() -> None:
    """A browser may say anything: what is no number of a link of this lesson does nothing."""
    said = st.session_state[KEY].see
    if isinstance(said, int):
        place.follow(said)
