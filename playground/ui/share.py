"""The page's whole state as a link, short enough to paste, and as a QR code for those who look at the wall."""

import segno
import streamlit as st

from playground.ui import address, markup, state
from playground.ui.view import View
from playground.ui.words import plain

KEYS = (
    "**Keys.** Space: train, pause, go on · → one update of a paused run · X: stop · S, N: again, same or new seed · "
    "T: change one thing · M: slow motion · ← → look back in a run that has ended, End: live again · "
    "in a lesson B, F: a step back, forward"
)
MOST_LETTERS = 1500
"""Of a link as a QR code: beyond, its squares are too small for a camera at the back of a room."""


def show() -> None:
    """Behind a button of the run bar."""
    with (
        st.container(key="share"),
        st.popover("Share", icon=":material/qr_code_2:", help="The link, a QR code of it, and lecture mode."),
    ):
        st.toggle(
            "Lecture mode", key=_kept("lecture"), on_change=_toggled, args=("lecture",),
            help="Large type, controls folded away, keys 1 to 9 for presets.",
        )  # fmt: skip
        st.toggle(
            "Hide the verdict until I ask", key=_kept("ask"), on_change=_toggled, args=("ask",),
            help="Alarms and verdicts stay out of sight until “Show the verdict” is pressed: predict first.",
        )  # fmt: skip
        code(state.view())
        st.caption("To hide controls or choose presets for a class: the page **Share**.")
        st.caption(KEYS)


def code(view: View, embedded: bool = False) -> None:
    """Link and QR code of the playground's page, or of the open lesson, with config and run, shown so."""
    at = address.here() if view.lesson else address.of_playground(address.here())
    written(at, state.parameters(view) | ({"embed": "true"} if embedded else {}))


def written(at: address.Address, parameters: dict[str, str]) -> None:
    """Link and QR code of a page, with these parameters."""
    whole = address.with_query(at.url, parameters)
    st.code(whole, language=None, wrap_lines=True)
    if len(whole) <= MOST_LETTERS:
        markup.show(f'<div class="ex-qr">{qr(whole)}</div>')
    else:
        st.caption("The link is too long for a QR code that can be read from afar.")
    if at.sentence:
        st.caption(plain(at.sentence))


def qr(text: str) -> str:
    """As an SVG, dark on white whatever the theme: many cameras read nothing else."""
    drawn: str = segno.make(text, micro=False, error="l").svg_inline(
        scale=4, border=4, light="#fff", svgclass="ex-qr-code", title="QR code of the link above"
    )
    return drawn.replace("\n", "")


def _kept(name: str) -> str:
    key = f"share.{name}"
    st.session_state[key] = getattr(state.view(), name)
    return key


def _toggled(name: str) -> None:
    state.show_as(**{name: st.session_state[f"share.{name}"]})
