"""A run is a folder: what was asked, what was measured, how it stands. Workers write it, everybody else only reads."""
