"""Text beside a live network: predict, then see."""

from playground.ui.lessons import page

page.show()
