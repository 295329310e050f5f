"""The lessons on the screen: text on the left, the live playground on the right."""
