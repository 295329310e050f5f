"""What is shown without a run is of the lesson as it stands, small, and nothing else."""

import json

import pytest

from playground.lessons import previewing, previews
from playground.lessons.scoring import Score
from playground.lessons.shelf import SETTING, shelf
from tests.lessons.sample import FILE, TEXT, sample


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A teacher's folder with the sample in it."""
    (tmp_path / FILE).write_text(TEXT)
    monkeypatch.setenv(SETTING, str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What is written for the sample."""
    theirs = tmp_path_factory.mktemp("lessons")
    (theirs / FILE).write_text(TEXT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SETTING, str(theirs))
        path = previewing.write_previews(sample())
    assert path == theirs / "previews" / "sample.json"
    return path.read_text()


@pytest.fixture
def written(folder, made):
    path = folder / "previews" / "sample.json"
    path.parent.mkdir()
    path.write_text(made)
    return path


@pytest.mark.parametrize("lesson", shelf().lessons, ids=lambda lesson: lesson.name)
def test_every_lesson_has_its_previews(lesson):
    assert not previews.stale(lesson), f"Write them: python -m playground lessons {lesson.name} --previews"


@pytest.mark.parametrize("path", sorted(previews.OURS.glob("*.json")), ids=lambda path: path.stem)
def test_they_are_small_and_belong_to_a_lesson(path):
    assert path.stat().st_size <= previewing.MOST_BYTES
    assert path.stem in {lesson.name for lesson in shelf().lessons}


def test_without_a_file_there_is_nothing(folder):
    lesson = sample()
    assert previews.preview(lesson, "start", "gradient_now") is None
    assert previews.measured(lesson, "It fades.") == ""
    assert previews.answer(lesson, "outcome") is None
    assert len(previews.stale(lesson)) == 3 + 3 + 3
    assert list(folder.iterdir()) == [folder / FILE]


def test_a_folder_of_nobodys_has_none(monkeypatch):
    monkeypatch.setenv(SETTING, "~nobody-of-that-name/gone")
    assert previews.place(sample()) == previews.OURS / "sample.json"
    assert previews.answer(sample(), "outcome") is None


@pytest.mark.usefixtures("folder")
def test_an_answer_that_is_not_finite_is_named(monkeypatch):
    monkeypatch.setattr(previewing.scoring, "score", lambda *_: Score(0.0, float("inf"), "It is ∞."))
    with pytest.raises(ValueError, match=r"^'outcome' of the lesson 'sample' is inf"):
        previewing.write_previews(sample())


def test_pictures(written):
    assert written.is_file()
    found = previews.preview(sample(), "start", "gradient_now")
    assert (found.title, found.over, found.update, found.seed) == ("Gradient at every time step", "steps", 40, 0)
    assert "receives" in found.words
    start = next(trace for trace in found.figure["data"] if trace["name"] == "start")
    assert len(start["y"]) == 8
    assert "template" not in found.figure["layout"]
    assert previews.preview(sample(), "start", "loss").over == "updates"
    assert previews.preview(sample(), "start", "clipping") is None  # is not in the text


def test_measured_values_and_answers(written):
    assert written.is_file()
    lesson = sample()
    assert previews.measured(lesson, "It fades.").startswith("gradient ratio at lag 7 at the start: 0.00")
    assert previews.measured(lesson, "U moves.")
    assert previews.measured(lesson, "Nothing moves.") == ""
    assert previews.answer(lesson, "outcome").truth == 0
    assert len(previews.answer(lesson, "curve").truth) == 8
    assert previews.stale(lesson) == []


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ("It fades.", "It goes out.", 1),  # the words of an option are part of the question
        ('say: "Sigmoid fades more."', 'say: "Sigmoid is worse."', 0),
        ("pace: 0", "pace: 60", 0),
        ("at update 10 > 1e-6", "at update 10 > 1e-7", 1),
        ("batch: 8", "batch: 9", 9),
        ("sigmoid}", "relu}", 2),
        ("cell.kind: lstm", "cell.kind: gru", 1),
        ("ask: What does it do?", "ask: What happens?", 0),
        ('because: "It does."', 'because: "It does so."', 0),
        ("near: 0.1", "near: 0.2", 0),
    ],
)
def test_what_has_changed_is_stale(written, old, new, count):
    assert written.is_file()
    assert len(previews.stale(sample(old, new))) == count


@pytest.mark.parametrize("broken", ["", "[]", "3", '{"pictures": 3}', "{"])
def test_a_file_of_somebody_elses_is_no_preview(written, broken):
    written.write_text(broken)
    assert len(previews.stale(sample())) == 9


def test_numbers_are_cut_and_nothing_is_not_finite(written):
    def numbers(value):
        if isinstance(value, dict | list):
            for each in value.values() if isinstance(value, dict) else value:
                yield from numbers(each)
        elif isinstance(value, float):
            yield value

    text = written.read_text()
    figures = [picture["figure"] for picture in json.loads(text)["pictures"].values()]
    assert all(value == float(f"{value:.4g}") for value in numbers(figures))
    assert "bdata" not in text
    assert previewing.short([float("nan"), float("inf"), 1.23456, 2.0, 3, "x"]) == [None, None, 1.235, 2, 3, "x"]


def test_a_run_of_any_length_is_thinned():
    lesson = sample("updates: 40", "updates: 400")
    found = previewing.run(lesson, "start", 0, 400).measurements
    few = previewing.thinned(found)
    assert len(found["loss"]) == 400
    assert 60 < len(few["loss"]) <= previewing.CURVE_ROWS + 2
    assert 20 < len(few["total_gradient"]) <= previewing.ROWS + 2
    for name in found.names():
        assert few[name].updates[0] == found[name].updates[0]
        assert few[name].updates[-1] == found[name].updates[-1]


def test_a_picture_without_anything_to_see_is_an_error(folder):
    assert folder
    with pytest.raises(ValueError, match="nothing to see in the picture 'gates'"):
        previewing.write_previews(sample("picture:lstm/gates", "picture:sigmoid/gates"))
