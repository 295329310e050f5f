"""The page of the lessons: opened from the list or a link, stepped through, gated until its questions are answered."""

import pytest
from streamlit.testing.v1 import AppTest

from playground.lessons.shelf import find
from playground.runs.store import Store
from playground.training.config import RunConfig
from tests.pages.acts import checked, keys, press, said
from tests.pages.conftest import MAIN, ME
from tests.pages.states import done
from tests.pages.trial import TRIAL, answer

__all__ = ["TRIAL"]  # what the fixture `folder` puts there
pytestmark = pytest.mark.usefixtures("folder", "me")


@pytest.fixture
def begin():
    """Opens the page by this link, as the first of its session."""

    def open_page(**link):
        app = AppTest.from_file(str(MAIN), default_timeout=30)
        for field, value in link.items():
            app.query_params[field] = value
        return checked(app.switch_page("../../pages/lessons.py").run())

    return open_page


def texts(app):
    return [element.value for element in (*app.markdown, *app.info, *app.caption, *app.warning)]


def says(app, words):
    return any(words in text for text in texts(app))


def test_without_a_lesson_in_the_link_there_is_the_list(begin):
    assert says(begin(), "A trial")


@pytest.mark.parametrize("name", ["no-such", "x" * 60])
def test_an_unknown_lesson_costs_a_sentence_and_the_list_is_there(begin, name):
    app = begin(lesson=name)

    assert says(app, "There is no lesson")
    assert says(app, "A trial")


def test_rubbish_for_a_lesson_costs_a_sentence_too(begin):
    app = begin(lesson="../../etc/passwd", step="1e9")

    assert says(app, "is no lesson's name") or says(app, "no lesson\\'s name")
    assert says(app, "A trial")


def test_a_lesson_is_opened_from_the_list_and_closed_again(begin):
    app = press(begin(), "lessons.open.trial")
    assert app.query_params["lesson"] == "trial"
    assert says(app, "Look around")
    assert "hidden" not in app.query_params, "the link says what differs from the lesson's beginning"

    app = press(app, "lesson.close")
    assert "lesson" not in app.query_params
    assert not says(app, "Look around")


def test_steps_go_on_and_back_and_end_with_the_summary(begin):
    app = begin(lesson="trial")
    assert app.button(key="lesson.back").disabled

    app = press(app, "lesson.next")
    assert app.query_params["step"] == "2"
    assert says(app, "Predict")
    app = press(press(app, "lesson.next"), "lesson.next")
    assert app.button(key="lesson.next").disabled

    app = press(app, "lesson.back")
    assert says(app, "Controls")


@pytest.mark.parametrize("step", ["99", "4"])
def test_a_step_beyond_the_last_is_the_summary(begin, step):
    app = begin(lesson="trial", step=step)

    assert app.button(key="lesson.next").disabled


def test_a_question_keeps_its_run_from_being_trained_and_seen(begin, book, catalog):
    run = done(catalog, find("trial").config(), ME).run_id
    app = begin(lesson="trial", run=run)

    assert app.button(key="bar.train").disabled
    assert app.button(key="bar.again").disabled
    assert says(app, "Predict first:")
    assert run not in str([each.proto for each in app.get("bidi_component")])
    assert not says(app, "What was found")

    app = press(app, "lesson.ask")
    assert app.query_params["step"] == "2"
    assert "lesson.ask" not in [button.key for button in app.button], "it is there"

    answer(book)
    app = checked(app.run())
    assert not app.button(key="bar.train").disabled
    assert not says(app, "Predict first:")
    assert run in str([each.proto for each in app.get("bidi_component")])


def test_read_only_is_the_whole_text_without_any_run(begin):
    app = begin(lesson="trial", read="1")

    assert all(says(app, heading) for heading in ("Look around", "Predict", "Controls"))
    assert says(app, "of one run of each state, with the seed that its link sets")
    assert "bar.train" not in [button.key for button in app.button]
    app = press(app, "lesson.live")
    assert app.button(key="bar.train")
    assert "read" not in app.query_params


def test_what_a_teacher_hides_is_hidden_here_too(begin):
    app = begin(lesson="trial", hide="pace,seeds,pages", lecture="1", ask="1")

    keys = [button.key for button in app.button] + [group.key for group in app.segmented_control]
    assert not {"bar.pace", "bar.seeds", "lesson.take"} & set(keys)
    assert not any(str(key).startswith("lecture.P") for key in keys), "presets would replace the lesson"


def test_the_link_of_a_changed_control_opens_it_changed_and_offers_the_way_back(begin, book):
    answer(book)
    app = begin(lesson="trial", hidden="7")

    assert app.query_params["hidden"] == "7"
    assert says(app, "Changed from the lesson")
    app = press(app, "lesson.undo.hidden")
    assert "hidden" not in app.query_params
    assert not says(app, "Changed from the lesson")


def test_a_lesson_leaves_the_playground_as_it_was(begin):
    app = begin(lesson="trial", **{"cell.activation.kind": "sigmoid"})

    app.switch_page("../../pages/playground.py")
    app = checked(app.run())
    assert app.query_params == {}
    assert app.number_input(key="form.hidden").value == RunConfig().hidden
    app.number_input(key="form.hidden").set_value(9)
    app = checked(app.run())

    app = checked(app.switch_page("../../pages/lessons.py").run())
    assert app.query_params["lesson"] == "trial"
    assert app.query_params["cell.activation.kind"] == "sigmoid"
    app = checked(app.switch_page("../../pages/playground.py").run())
    assert app.query_params["hidden"] == "9"


def test_a_broken_file_is_named_and_the_others_open(begin, folder):
    (folder / "51-torn.md").write_text("---\ntitle: [\n---\n## Nothing\n")

    app = begin()
    assert any("torn" in text for text in texts(app))
    assert says(press(app, "lessons.open.trial"), "Look around")


def test_how_many_seeds_solve_it_is_not_told_before_the_answer(begin, book, catalog):
    config = find("trial").config()
    runs = catalog.create_group([config.patched({"seed": seed}) for seed in range(3)], ME)
    app = begin(lesson="trial", run=runs[0].run_id)
    assert not [key for key in keys(app) if key.startswith("seeds.")]

    answer(book)
    app = checked(app.run())
    assert f"seeds.{runs[0].run_id}" in keys(app)


def test_the_notebook_is_read_once_a_script_run(begin, book, monkeypatch):
    def read(self, path, before=Store.read):
        paths.append(path)
        return before(self, path)

    paths = []
    answer(book)
    monkeypatch.setattr(Store, "read", read)
    app = begin(lesson="trial", step="2")
    assert sum(path.startswith("answers/") for path in paths) == 1
    paths.clear()
    press(app, "lesson.reset")
    assert sum(path.startswith("answers/") for path in paths) == 2, "by the click, and by the page that follows"


def test_what_another_tab_has_answered_is_known_at_the_next_look(begin, book):
    app = begin(lesson="trial")
    assert "lesson.ask" in keys(app)
    answer(book)
    assert "lesson.ask" not in keys(checked(app.run()))


def test_a_notebook_that_cannot_be_read_costs_a_sentence_and_answers_nothing(begin, book, tmp_path):
    answer(book)
    path = tmp_path / "answers" / f"{ME}.json"
    path.unlink()
    path.mkdir()

    for link in ({}, {"lesson": "trial", "step": "2"}, {"lesson": "trial", "step": "9"}):
        app = begin(**link)
        assert "Your answers cannot be kept now: " in said(app)
        assert str(tmp_path) not in said(app)
        assert "predict-trial-outcome-commit" not in keys(app)
    assert app.button(key="bar.train").disabled


def test_an_answer_that_cannot_be_written_is_none(begin, book, monkeypatch):
    def denied(*_):
        raise PermissionError(13, "a path")

    app = begin(lesson="trial", step="2")
    app.radio(key="predict-trial-outcome-0").set_value(0).run()
    monkeypatch.setattr(Store, "write", denied)
    app = press(app, "predict-trial-outcome-commit")

    assert "Your answers cannot be kept now: Permission denied. Ask who runs this server." in said(app)
    assert "predict-trial-outcome-commit" in keys(app)
    assert book.entries() == ()


def test_a_link_that_names_no_run_shows_the_one_that_its_state_has(begin, book, catalog):
    run = done(catalog, find("trial").config(), ME).run_id
    answer(book, run=run)

    assert begin(lesson="trial").session_state["run.watched"] == run
    assert begin(lesson="trial", hidden="4").session_state["run.watched"] is None  # of another network
