"""Sentences on the page that carry a stranger's words."""

import re
from datetime import UTC, datetime

import streamlit as st

from playground.ui import state

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&])")


def plain(text: str) -> str:
    """Text that markdown leaves as it is: a link's value must not become a picture from elsewhere."""
    return _MARKDOWN.sub(r"\\\1", text)


def link_problems() -> None:
    """What was wrong in the link, until it is read."""
    problems = state.link_problems()
    if not problems:
        return
    lines = "\n".join(
        f"- **{plain(path)}**: {plain(sentence)}" if path else f"- {plain(sentence)}" for path, sentence, _ in problems
    )
    st.warning(
        f"Parts of this link could not be used; their defaults stand instead.\n{lines}", icon=":material/link_off:"
    )
    st.button("Understood", on_click=state.forget_link_problems, key="link.understood")


def ago(started: datetime) -> str:
    """How long ago: no clock of the visitor's is needed for that."""
    seconds = (datetime.now(UTC) - started).total_seconds()
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "just now"
