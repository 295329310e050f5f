"""A stored run says the same as one that was trained here, at little cost for whoever looks."""

import subprocess
import sys

import numpy as np

from playground.lessons.check import run
from playground.lessons.evidence import evidence
from playground.lessons.readings import reading
from playground.lessons.scoring import needs, score
from playground.runs.catalog import Catalog
from playground.runs.worker import run_folder
from tests.lessons.sample import sample

SERVER = """
import sys
from playground.lessons import challenge, drawings, notebook, previews, scoring, sheet, shelf
from playground.lessons.evidence import evidence
from playground.lessons.readings import condition
from playground.runs.folder import RunFolder
for lesson in shelf.shelf().lessons:
    for prediction in lesson.predictions:
        scoring.due(lesson, prediction)
        previews.answer(lesson, prediction.name)
    for claim in lesson.claims:
        assert condition(claim.check).problem(lesson.configs, claim.state) is None, claim
found = evidence(RunFolder.at(sys.argv[1]), ["loss", "total_gradient", "flow_gradient"])
print(found.update, found.ended, *found.measurements.names())
print(*{"torch", "pandas", "pyarrow.compute", "streamlit"} & set(sys.modules), file=sys.stderr)
"""


def test_a_stored_run_says_the_same(tmp_path):
    lesson = sample()
    folder = Catalog(tmp_path / "runs").create(lesson.config())
    assert evidence(folder, ["loss"])[3:] == (-1, False)

    run_folder(folder.path)

    trained = run(lesson, "start", 0, 40)
    for prediction in lesson.asked_of("start"):
        stored = evidence(folder, needs(prediction))
        assert stored[3:] == (40, True)
        assert set(stored.measurements.names()) <= needs(prediction)
        assert score(prediction, None, stored) == score(prediction, None, trained)
    gradient = reading("gradient ratio at update 10")
    both = [gradient.curve({"start": each}, "start") for each in (evidence(folder, gradient.needs), trained)]
    np.testing.assert_array_equal(*both)
    alarms = reading("alarms of vanishing")
    assert alarms.value({"start": evidence(folder, ())}, "start") == alarms.value({"start": trained}, "start")

    command = [sys.executable, "-c", SERVER, folder.path]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["40", "True", "loss", "total_gradient"]
    assert told.stderr.split() == []
