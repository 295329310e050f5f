"""Links for a class: what is hidden, which presets the keys 1 to 9 load, and how the page is shown."""

from playground.ui import builder

builder.show()
