"""To another page, from one that looks at something again and again. The one place with a private part of Streamlit."""

from pathlib import Path
from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx


def go(page: Path) -> NoReturn:
    """What a fragment of the old page asks for meanwhile is not answered any more: the answer would be taken for the
    old page's, and the browser, which draws the new one then, would show nothing at all.
    """
    context = get_script_run_ctx()
    if context is not None:
        context.fragment_storage.clear()
    st.switch_page(page)
