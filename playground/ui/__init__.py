"""The screen: form, link, run bar, live pictures. The only room that imports streamlit; it never imports torch."""

from pathlib import Path

PAGES = Path(__file__).parents[2] / "pages"
