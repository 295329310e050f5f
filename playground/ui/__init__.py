"""The screen: form, link, run bar, live pictures. The only room that imports streamlit; it never imports torch."""
