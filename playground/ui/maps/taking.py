"""What a map can be taken away as: files, and a link that sets it up elsewhere."""

from functools import partial

import streamlit as st

from playground.runs.engine import engine
from playground.sweeps import table
from playground.sweeps.feed import maps
from playground.sweeps.spec import MapSpec
from playground.ui import address, share, state
from playground.ui.maps import link as links
from playground.ui.maps.shown import Shown

KINDS = {"csv": ("CSV", "text/csv"), "parquet": ("Parquet", "application/vnd.apache.parquet")}


def files(found: Shown | None) -> None:
    """Behind a button. The picture is the browser's own: its button stands at the picture."""
    box = st.popover(
        "Export", icon=":material/download:", key="map.export", on_change="rerun",
        disabled=found is None or not found.seen.members,
    )  # fmt: skip
    if found is None or not box.open:
        return
    with box:
        st.markdown("Every network a row: its settings, what became of it, and its numbers.")
        with st.container(horizontal=True):
            for kind, (title, mime) in KINDS.items():
                st.download_button(
                    title,
                    data=partial(_made, found.folder.map_id, kind, state.owner()),
                    file_name=f"map-{found.folder.map_id}.{kind}",
                    mime=mime,
                    key=f"map.export.{kind}",
                    on_click="ignore",
                )
        st.caption("The picture: the button PNG over it.")


def _made(map_id: str, kind: str, owner: str | None) -> bytes:
    """Made when the button is pressed, in a thread that knows no cookies: whose page it was is settled before."""
    folder = maps().open(map_id, owner)
    if kind == "csv":
        return table.csv(folder.spec(), folder.members()).encode()
    data: bytes = engine().ask("playground.sweeps.table", "parquet_at", folder.path)
    return data


def link(spec: MapSpec | None) -> None:
    box = st.popover("Link", icon=":material/link:", key="map.link", on_change="rerun", disabled=spec is None)
    if spec is not None and box.open:
        with box:
            st.markdown("Opens this page with the same map set up, not started.")
            share.written(address.here(), links.parameters(spec))
