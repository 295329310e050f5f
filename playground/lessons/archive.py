"""The lessons' own files, to copy and change."""

from collections.abc import Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from playground.lessons.lesson import Lesson


def archive(lessons: Sequence[Lesson]) -> bytes:
    """A zip of the files as they were read, each under its own name."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as files:
        for lesson in lessons:
            files.writestr(lesson.file, lesson.source)
    return packed.getvalue()
