"""For the teacher: the order of lessons, what to ask, links for the class, files to change, sheets to print."""

from playground.ui.lessons import teacher

teacher.show()
