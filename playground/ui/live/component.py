"""The live pictures as one Streamlit component, registered here, once, and not at every rerun."""

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit import config

from playground.ui.live.assets import assets

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

# Not in a shadow root: plotly keeps its style sheet in the document's head.
_component = st.components.v2.component("playground_live", js=_STUB, isolate_styles=False)


def live(
    run_id: str | None,
    *,
    key: str,
    twin: str | None = None,
    names: tuple[str, str] = ("this run", "twin"),
    look: Mapping[str, Any] | None = None,
) -> None:
    """The live pictures of a run, or empty ones that say what to press. They move without any script run.

    A `twin` is drawn into the same pictures; `names` say which is which. `look`, {"figure", "update", "stamp"}, shows
    that update in that figure, once for each stamp; the figure "head" is the line over all of them.

    A rerun with the same key keeps the same element: no flash, and the reader's zoom survives.
    """
    shown = {"run": run_id, "base": base(), "twin": twin, "names": list(names), "look": dict(look) if look else None}
    # As text: Streamlit loads pandas, 40 MB, to see whether a list or a mapping is a table.
    _component(key=key, data={"shown": json.dumps(shown)})
