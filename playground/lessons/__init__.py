"""Lessons: text files that a teacher can copy and change, read, held against real runs, and scored."""
