"""How to read each picture, what is measured, and the equations."""

from playground.ui import glossary

glossary.show()
