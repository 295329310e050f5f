"""Choices of pictures, as links and sockets name them."""

import pytest

from playground.core.errors import PlaygroundError
from playground.figures.gallery import FIGURES
from playground.ui.live.chosen import COLOURS, MOST, chosen

OTHERS = [figure.name for figure in FIGURES if figure.name != COLOURS]


def test_the_picture_that_colours_the_network_comes_beside_the_most():
    assert len(chosen(",".join([*OTHERS[:MOST], COLOURS]))) == MOST + 1
    with pytest.raises(PlaygroundError, match=f"{MOST} pictures are the most"):
        chosen(",".join(OTHERS[: MOST + 1]))
