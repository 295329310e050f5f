"""The live pictures as one Streamlit component, registered here, once, and not at every rerun."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit import config

from playground.core.errors import PlaygroundError
from playground.ui.live.assets import assets
from playground.ui.live.chosen import chosen
from playground.ui.live.loading import loading

PREFIX = "live-assets"


def base() -> str:
    """What stands before every address of this server: "" or "/some/path"."""
    path = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def address() -> str:
    """Where this version of the scripts is."""
    return f"{base()}/{PREFIX}/{assets().version}"


# Streamlit sends this text again with every message that mounts the component, so it only says where the script is.
_STUB = f"const module = await import(location.origin + '{address()}/live.js');\nexport default module.default;\n"

# Not in a shadow root: a style sheet, and the page's own variables, reach it there too.
_component = st.components.v2.component("playground_live", html=loading(), js=_STUB, isolate_styles=False)


def live(
    run_id: str | None,
    *,
    key: str,
    twin: str | None = None,
    names: tuple[str, str] = ("this run", "twin"),
    look: Mapping[str, Any] | None = None,
    pictures: Sequence[str] | None = None,
    lecture: bool = False,
    slow: Mapping[str, Any] | None = None,
    network: Mapping[str, Any] | None = None,
) -> str | None:
    """The live pictures of a run, or empty ones that say what to press. They move without any script run.

    A `twin` is drawn into the same pictures; `names` say which is which. `look`, {"figure", "update", "stamp"}, shows
    that update in that figure, once for each stamp; the figure "head" is the line over all of them. `pictures` are the
    names of those to show, None for what this browser chose before, or else those at first; `lecture` is large type.
    `network` is the drawing of the unrolled network, `slow` the numbers of one update that go through it.

    Returns "a,b,c", the pictures that the reader has chosen since, None where nothing was changed.

    A rerun with the same key keeps the same element: no flash, and the reader's zoom survives.
    """
    shown = {
        "run": run_id,
        "base": base(),
        "twin": twin,
        "names": list(names),
        "look": dict(look) if look else None,
        "pictures": None if pictures is None else list(pictures),
        "lecture": lecture,
        "slow": dict(slow) if slow else None,
        "network": dict(network) if network else None,
    }
    # As text: Streamlit loads pandas, 40 MB, to see whether a list or a mapping is a table.
    found = _component(key=key, data={"shown": json.dumps(shown)}, on_pictures_change=_rerun, on_moment_change=_rerun)
    return reported(found.pictures)


def looked_back(key: str) -> int | None:
    """The update that the reader of these pictures looks back to; None where they are live."""
    said = st.session_state.get(key, {}).get("moment")
    return said if type(said) is int and said >= 0 else None


def _rerun() -> None:
    """A change runs the page's script again, which is all that there is to do."""


def reported(text: object) -> str | None:
    """What a browser says it has chosen, if it is a choice at all."""
    try:
        return ",".join(figure.name for figure in chosen(text)) if isinstance(text, str) else None
    except PlaygroundError:
        return None
