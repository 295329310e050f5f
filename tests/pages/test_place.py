"""Where a reader stands in a lesson: states, runs, what is lit up, and which questions wait."""

import pytest

from playground.lessons.shelf import find
from playground.runs.engine import engine
from playground.ui import state, steering
from playground.ui.lessons import links, place
from playground.ui.lessons.place import Lit
from tests.pages.conftest import ME
from tests.pages.states import done
from tests.pages.trial import TRIAL, answer

__all__ = ["TRIAL"]  # what the fixture `folder` puts there
pytestmark = pytest.mark.usefixtures("folder", "me")


@pytest.fixture(autouse=True)
def session(monkeypatch, folder, me):  # noqa: ARG001 - before it
    class Parameters(dict):
        def to_dict(self):
            return dict(self)

    monkeypatch.setattr(state.st, "session_state", {})
    monkeypatch.setattr(state.st, "query_params", Parameters())
    state.begin()
    state.enter("lessons")
    place.open_lesson("trial")
    place.take_up()
    return state.st.session_state


def test_a_link_sets_its_state_and_lights_its_part():
    place.follow(3)

    assert place.state() == "ordinary"
    assert state.config() == find("trial").config("ordinary")
    assert place.lit()[:2] == ("weights", 3)
    assert place.pictures() == ("gradient_now", "loss", "weights"), "a picture that was not among those shown"


def test_a_link_to_a_control_unfolds_the_form(session):
    place.follow(4)

    assert (place.state(), session[place.CONTROLS]) == ("sigmoid", True)

    place.follow(3)
    assert session[place.CONTROLS] is False, "a picture is looked at without it"


def test_a_link_that_only_lights_up_leaves_the_state_alone():
    state.change("hidden", 9)
    place.follow(2)

    assert state.config().hidden == 9
    assert place.lit().part == "loss"


@pytest.mark.parametrize("number", [0, -1, 99, 10**30])
def test_a_number_that_no_link_has_does_nothing(number):
    place.follow(number)

    assert place.lit() == Lit()


def test_every_part_has_a_place_on_the_page():
    for part in ("loss", "clip", "advanced", "runbar", "network", "verdict", "again", "pace", "pages"):
        found = links.part(Lit(part, 1, 1))
        assert found is not None, part
        assert all(found), part
    assert links.part(Lit()) is None


def test_reset_is_the_first_state_with_the_lessons_own_pictures():
    place.follow(3)
    state.change("hidden", 9)
    place.reset()

    assert (place.state(), state.config()) == ("start", find("trial").config())
    assert place.lit().part is None
    assert place.pictures() == ("gradient_now", "loss")


def test_a_reader_chooses_pictures_and_a_link_adds_one():
    place.take_pictures("loss")
    place.light("weights")
    place.take_pictures("loss")  # the browser says it again at each rerun

    assert place.pictures() == ("loss", "weights")


def test_a_states_run_comes_back_with_the_state(catalog, book):
    answer(book)
    lesson = find("trial")
    other = lesson.config("ordinary").patched({"seed": 5, "pace": 3})
    mine, theirs = done(catalog, lesson.config(), ME), done(catalog, other, ME)
    state.watch(mine.run_id)
    place.notice()
    place.set_state("ordinary")
    assert state.watched() is None
    state.watch(theirs.run_id)
    place.notice()

    place.set_state("start")
    assert state.watched() == mine.run_id
    assert place.runs() == {"start": mine.run_id, "ordinary": theirs.run_id}


def test_a_changed_network_is_not_the_states_run(catalog, book):
    answer(book)
    state.watch(done(catalog, find("trial").config().patched({"hidden": 9}), ME).run_id)
    place.notice()

    assert place.runs() == {}


def test_the_run_of_an_answer_is_known_after_the_session_is_gone(catalog, book):
    run = done(catalog, find("trial").config(), ME).run_id
    answer(book, run=run)

    assert place.runs() == {"start": run}


def test_a_state_is_trained(monkeypatch):
    def train():
        trained.append(state.config())
        state.watch("20261123-120000-0123abcd")

    trained = []
    monkeypatch.setattr(steering, "train", train)

    assert place.start("ordinary") == "20261123-120000-0123abcd"
    assert trained == [find("trial").config("ordinary")]


def test_the_form_is_folded_for_a_run(monkeypatch, session):
    monkeypatch.setattr(steering, "train", lambda: None)
    session[place.CONTROLS] = True
    place.start("ordinary")

    assert session[place.CONTROLS] is False


def test_a_run_that_could_not_be_started_is_none(monkeypatch):
    monkeypatch.setattr(steering, "train", lambda: None)

    assert place.start("ordinary") is None


@pytest.mark.parametrize("gone", ["no-such-state", None])
def test_what_is_not_there_any_more_is_not_trained(monkeypatch, folder, gone):
    monkeypatch.setattr(steering, "train", lambda: pytest.fail("something else is trained"))
    if gone is None:
        (folder / "50-trial.md").unlink()

    assert place.start(gone or "ordinary") is None


@pytest.mark.parametrize("owner", [None, "ef" * 32])
def test_a_run_of_somebody_else_is_not_the_states_own(monkeypatch, catalog, owner):
    monkeypatch.setattr(engine().catalog, "_shared", True)  # all may look at all
    place.set_state("ordinary")
    state.watch(done(catalog, find("trial").config("ordinary"), owner).run_id)
    place.notice()

    assert place.runs() == {}


def test_a_question_waits_until_it_is_answered(book):
    assert [prediction.name for prediction in place.waits()] == ["outcome"]
    place.set_state("ordinary")
    assert place.waits() == ()
    place.set_state("start")
    answer(book)
    assert place.waits() == ()
