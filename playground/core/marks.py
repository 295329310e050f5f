"""Generated tables stand between marks in a text: <!-- name --> … <!-- /name -->."""

import re


def between(text: str, name: str, content: str) -> str:
    """The text with `content` between the marks of that name. Raises ValueError where there are none."""
    place = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.S)
    if not place.search(text):
        raise ValueError(f"There are no marks <!-- {name} --> and <!-- /{name} --> in this file. Write them first.")
    return place.sub(lambda _: content.rstrip("\n") + "\n", text)
