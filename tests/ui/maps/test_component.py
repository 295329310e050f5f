"""What a browser says is a stranger's word."""

import json

import pytest

from playground.ui.maps.component import Said, reported


def test_what_a_reader_did():
    assert reported(json.dumps({"do": "pick", "cells": [3, 5], "stamp": 2})) == Said("pick", (3, 5), 2)


@pytest.mark.parametrize(
    "text",
    [None, "", "{", "[]", "7", '{"do": "pick"}', '{"do": "pick", "cells": "x", "stamp": 1}',
     '{"do": "pick", "cells": [{}], "stamp": 1}', '{"do": "open", "cells": [1], "stamp": null}',
     '{"do": "open", "cells": [Infinity], "stamp": 1}', "[" * 100_000],
)  # fmt: skip
def test_what_is_no_message_is_nothing(text):
    assert reported(text) is None
