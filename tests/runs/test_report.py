"""The report is one file that asks for nothing, says what came of the run, and runs nothing of a stranger's."""

import json
import re
from html import escape

from playground.figures.gallery import FIGURES
from playground.runs.export import export
from playground.runs.labels import Label
from playground.runs.worker import run_folder
from playground.training.presets import PRESETS

HOSTILE = "</script><img src=x onerror=alert(1)>"


def test_it_says_what_was_asked_and_what_came_of_it(catalog):
    exploded = catalog.create(PRESETS["P5"].config.patched({"pace": 0}))
    run_folder(exploded.path)
    exploded.write_label(Label(name=HOSTILE, note=f"Look:\n{HOSTILE}", tags=("exam",)))

    page = export(exploded, "report").decode()
    data = json.loads(re.search(r'id="report">(.*?)</script>', page)[1])

    text = page.partition('<script type="application/json"')[0]
    assert '<th scope="row">cell.activation.kind</th><td>identity</td>' in text
    assert text.index("What differs from the defaults") < text.index("All settings")
    for alarm in exploded.alarms():
        assert escape(alarm.sentence.removeprefix(f"Update {alarm.update}: ")) in text
    for figure in FIGURES:
        if figure.needs[0] in exploded.read() and figure.shown:
            assert escape(figure.rule) in text
            assert f"{figure.name}-0" in data["figures"]
    assert HOSTILE not in text
