"""Every claim, every loose sentence, every prediction and the challenge of every lesson, executed."""

import pytest
from typer.testing import CliRunner

from playground.__main__ import app
from playground.lessons import check
from playground.lessons.lesson import Challenge
from playground.lessons.shelf import SETTING, shelf
from tests.lessons.sample import FILE, TEXT, sample

SEEDS = 0, 1
"""`python -m playground lessons --seeds` takes more."""

MOST_UPDATES = 7_000
"""Of all lessons with one seed: an update costs 5 ms, and the whole suite is run often."""

STATES = [(lesson, state) for lesson in shelf().lessons for state in lesson.states]
CASES = [(*each, seed) for each in STATES for seed in SEEDS]
"""In this order, what a lesson has trained is still there when the next of its states is compared with it."""


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    import torch

    torch.set_num_threads(1)


@pytest.mark.parametrize(
    ("lesson", "state", "seed"), CASES, ids=[f"{lesson.name}-{state}-{seed}" for lesson, state, seed in CASES]
)
def test_what_a_lesson_says_of_a_state_holds(lesson, state, seed):
    assert check.wrong(lesson, state, seed) == []
    if seed == SEEDS[-1]:
        assert [said for asked in lesson.asked_of(state) for said in check.undecided(lesson, asked, SEEDS)] == []


def test_they_are_soon_executed():
    assert sum(max(0, check.due(lesson, state)) for lesson, state in STATES) <= MOST_UPDATES


# ── what would be found ───────────────────────────────────────────────────────


def test_nothing_is_wrong_with_a_lesson_that_is_right():
    assert check.problems(sample(), SEEDS) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("at lag 7 at the start < 0.9}", "at lag 7 at the start > 0.9}", "'It fades.' does not hold in 'start'"),
        ("gradient ratio at lag 7 in start", "0 * gradient ratio at lag 7 in start", "'Sigmoid fades more.' does not"),
        ("at update 10 > 1e-6", "at update 10 < 1e-6", "'U moves.' does not hold"),
        ("step at the start >= 0.9", "step at the start >= 0", "'outcome' has 2 right options"),
        ("step at the start < 0.9", "step at the start < 0", "'outcome' has 0 right options"),
        ("high: 2", "high: 0.1", "'radius' is 0."),
    ],
)
def test_what_does_not_hold_is_said(old, new, said):
    found = check.problems(sample(old, new), [0])
    assert len(found) == 1
    assert found[0].startswith(said)


def test_a_choice_that_the_seed_decides_is_found():
    losses = [check.Runs(sample(), seed)["start"].measurements["loss"].values[0] for seed in SEEDS]
    between = f"loss at the start < {sum(losses) / 2}"
    text = "gradient ratio at the first step at the start"
    other = sample(f"{text} < 0.9", between, f"{text} >= 0.9", between.replace("<", ">="))
    assert check.wrong(other, "start", 0) == check.wrong(other, "start", 1) == []
    assert "decided by the seed" in check.problems(other, SEEDS)[0]


def test_a_challenge_that_is_met_from_the_start_is_found():
    challenge = Challenge(ask="Mend it.", state="sigmoid", budget=90, par=20, goal="parameters > 1")
    lesson = sample().model_copy(update={"challenge": challenge})
    assert "met before anything is mended" in check.wrong(lesson, "sigmoid", 0)[0]


def test_no_further_than_anything_looks():
    lesson = sample()
    assert {state: check.due(lesson, state) for state in lesson.states} == {"start": 10, "sigmoid": 0, "lstm": -1}
    assert check.Runs(lesson, 3)["start"].update == 10
    assert check.run(lesson, "start", 3, 12).update == 12  # and on from there
    assert check.run(lesson, "start", 3, 40).ended


def test_the_command_line_says_what_does_not_hold(tmp_path, monkeypatch):
    (tmp_path / FILE).write_text(TEXT.replace("at update 10 > 1e-6", "at update 10 < 1e-6"))
    monkeypatch.setenv(SETTING, str(tmp_path))
    found = CliRunner().invoke(app, ["lessons", "sample", "--seeds", "1", "--previews"])
    assert found.exit_code == 1
    assert "sample: 'U moves.' does not hold in 'start': update ratio of U at update 10: " in found.stdout
    assert (tmp_path / "previews" / "sample.json").is_file()

    (tmp_path / FILE).write_text(TEXT)
    assert CliRunner().invoke(app, ["lessons", "sample", "--seeds", "1"]).exit_code == 0
