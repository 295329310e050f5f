"""Questions of a lesson: asked without a word of the truth, committed to, scored by the run that was trained for it."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from playground.runs.records import Ending, Heartbeat
from playground.training.live_changes import Intervention
from playground.ui import state
from tests.pages.acts import checked, keys, press, said
from tests.pages.conftest import MAIN, ME
from tests.pages.states import done, measured

pytestmark = pytest.mark.usefixtures("folder", "me")
TRIAL = """---
title: A trial
minutes: 3
goal: You can answer.
config: {task.length: 5, hidden: 3, updates: 8}
configs:
  wide: {hidden: 4}
  wider: {hidden: 5}
prediction:
  - name: outcome
    kind: choice
    state: start
    ask: How often is it right?
    options:
      - {say: "Nearly always.", when: accuracy at the end > 0.9, because: "SECRET-ALWAYS"}
      - {say: "Half the time.", when: accuracy at the end <= 0.9, because: "SECRET-HALF"}
    explain: SECRET-OUTCOME
  - name: curve
    kind: draw
    state: start
    ask: Draw the gradient.
    value: gradient ratio at the start
    low: 1e-6
    high: 10
    near: 0.5
    far: 2.5
    explain: SECRET-CURVE
  - name: loss
    kind: number
    state: wide
    ask: What is the loss?
    value: loss at update 4
    unit: nats
    low: 0
    high: 2
    near: 0.1
    far: 0.9
    explain: SECRET-LOSS
  - name: small
    kind: number
    state: wider
    ask: How small is it?
    value: loss at the start
    low: 1e-6
    high: 10
    scale: log
    near: 0.5
    far: 4
    explain: SECRET-SMALL
claim:
  - {say: "The loss is a number.", state: start, check: loss at the start > 0}
loose:
  - {name: said, said: "It learns.", better: "SECRET-LOOSE", state: wide, check: loss in start > 0}
---
## Predict
![Predict](predict:outcome)

![Predict](predict:curve)

## Numbers
![Predict](predict:loss)

![Predict](predict:small)

![Often said](loose:said)

![A still](picture:start/loss)
"""
OUTCOME, CURVE, LOSS, SMALL = (f"predict-trial-{name}" for name in ("outcome", "curve", "loss", "small"))
LEVEL = (0.0,) * 5


@pytest.fixture
def begin():
    """Opens the lesson at a step, in a new session."""

    def open_page(step=1):
        app = AppTest.from_file(str(MAIN), default_timeout=30)
        app.query_params["lesson"] = "trial"
        app.query_params["step"] = str(step)
        return checked(app.switch_page("../../pages/lessons.py").run())

    return open_page


def sent(app):
    """All that the browser is given, components' data too."""
    return "\n".join(str(block.proto) for block in app.main) + said(app) + sketches(app)


def sketches(app):
    found = [each.proto.json for each in app.get("bidi_component") if "sketch" in each.proto.json]
    return "\n".join(found)


def sketch(app):
    (found,) = (each.proto.json for each in app.get("bidi_component") if "sketch" in each.proto.json)
    return json.loads(json.loads(found)["sketch"])


def draw(app, heights, turn=0):
    app.session_state["predict.drawn"] = {f"{CURVE}-{turn}": heights}


def waiting(catalog):
    """The run that no worker has been at."""
    (folder,) = (one for one in map(catalog.get, catalog.ids()) if one.end() is None)
    return folder


def train(catalog, value=0.4, count=9, outcome="finished"):
    """What a worker does with the run that waits for one."""
    folder = measured(waiting(catalog), [value] * count)
    folder.write_end(Ending(outcome=outcome, sentence="Done.", update=count - 1))
    return folder


def answered(app, outcome=1, heights=LEVEL):
    """Both questions of the first step, the run not begun by anybody."""
    app.radio(key=f"{OUTCOME}-0").set_value(outcome).run()
    press(app, f"{OUTCOME}-commit")
    draw(app, heights)
    return press(app, f"{CURVE}-commit")


@pytest.mark.parametrize("step", [1, 2])
def test_before_an_answer_nothing_of_the_truth_is_on_the_page(begin, step):
    app = begin(step)

    assert "SECRET" not in sent(app)
    assert "accuracy at the end" not in sent(app)
    assert all(radio.value is None for radio in app.radio if radio.key.startswith("predict"))
    assert app.button(key="bar.train").disabled


def test_without_a_cookie_there_is_the_question_and_a_sentence(begin, monkeypatch):
    monkeypatch.setattr(state, "owner", lambda: None)
    app = begin()

    assert "How often is it right?" in said(app)
    assert "keeps no cookie" in said(app)
    assert f"{OUTCOME}-commit" not in keys(app)
    assert "keeps no cookie" in said(begin(3))


def test_commit_without_an_answer_says_what_is_missing(begin, book):
    app = press(press(begin(), f"{OUTCOME}-commit"), f"{CURVE}-commit")

    assert "Choose one of them first" in said(app)
    assert "Click where the curve should pass first" in said(app)
    assert book.entries() == ()


def test_the_run_starts_with_the_last_answer_of_its_state(begin, book, catalog):
    app = begin()
    app.radio(key=f"{OUTCOME}-0").set_value(1).run()
    press(app, f"{OUTCOME}-commit")

    assert catalog.ids() == []
    assert "shown when the other questions about this run are answered" in said(app)
    assert "SECRET" not in sent(app)

    draw(app, (0.0, None, None, None, -2.0))
    press(app, f"{CURVE}-commit")

    (run,) = catalog.ids()
    assert {entry.question: entry.run for entry in book.entries("trial")} == {"outcome": run, "curve": run}
    assert book.entries("trial")[1].answer == (0.0, -0.5, -1.0, -1.5, -2.0)
    assert "scored at update 8" in said(app)
    # The curve is known before the first update.
    assert "shows this before the first update" in said(app)
    assert "SECRET" not in sent(app)


def test_a_right_choice_is_scored_with_its_reason_and_written_down(begin, book, catalog):
    app = answered(begin())
    train(catalog)
    app = checked(app.run())

    assert "Right. 1 of 1." in said(app)
    assert "✓ You said, and it is: **Half the time.** SECRET-HALF" in said(app)
    assert "SECRET-ALWAYS" not in said(app)
    assert "SECRET-OUTCOME" in said(app)
    assert book.entries("trial")[0].points == 1
    assert book.entries("trial")[0].truth == "Half the time."


def test_a_wrong_choice_gets_both_reasons(begin, book, catalog):
    app = answered(begin(), outcome=0)
    train(catalog)
    app = checked(app.run())

    assert "Not this time. 0 of 1." in said(app)
    assert "✗ You said: **Nearly always.** SECRET-ALWAYS" in said(app)
    assert "✓ It is: **Half the time.** SECRET-HALF" in said(app)
    assert book.entries("trial")[0].points == 0


def test_the_measured_curve_is_laid_over_the_drawn_one(begin, book, catalog):
    app = answered(begin(), heights=(-1.0,) * 5)
    assert sketch(app)["locked"]
    assert sketch(app)["measured"] == []
    train(catalog)
    app = checked(app.run())

    assert sketch(app)["measured"] == [0.0] * 5
    assert sketch(app)["drawn"] == [-1.0] * 5
    assert "Near: 0.75 of 1." in said(app)
    assert sketch(app)["words"].startswith("Measured: 1.0 at step 1")
    assert book.entries("trial")[1].points == 0.75


def test_who_does_not_know_is_shown_it_kindly(begin, book, catalog):
    app = press(press(begin(), f"{OUTCOME}-show"), f"{CURVE}-show")
    train(catalog)
    app = checked(app.run())

    assert "You asked to see it: 0 of 1." in said(app)
    assert "✓ It is: **Half the time.** SECRET-HALF" in said(app)
    assert [entry.points for entry in book.entries("trial")] == [0, 0]
    assert book.entries("trial")[0].answered == "I do not know."


def test_a_number_is_near_or_not(begin, catalog):
    app = begin(2)
    assert "From 0 to 2 nats." in said(app)
    app.number_input(key=f"{LOSS}-0").set_value(0.9).run()
    press(app, f"{LOSS}-commit")
    train(catalog, value=0.4, count=5)
    app = checked(app.run())

    assert "Near: 0.5 of 1." in said(app)
    assert "0.900 nats" in said(app)
    assert "SECRET-LOSS" in said(app)
    assert "SECRET-SMALL" not in sent(app)


def test_a_number_on_a_log_scale_is_written_as_people_write_it(begin, book, catalog):
    app = begin(2)
    app.text_input(key=f"{SMALL}-0").set_value("very").run()
    press(app, f"{SMALL}-commit")
    assert "'very' is not a number" in said(app)
    app.text_input(key=f"{SMALL}-0").set_value("10^3").run()
    press(app, f"{SMALL}-commit")
    assert "is too large" in said(app)
    assert book.entries() == ()

    app.text_input(key=f"{SMALL}-0").set_value("4·10⁻²").run()
    press(app, f"{SMALL}-commit")
    assert "is too large" not in said(app)
    train(catalog)
    assert "Near: 0.86 of 1." in said(checked(app.run()))


def test_what_is_often_said_comes_when_its_runs_may_be_seen(begin):
    app = press(begin(2), f"{LOSS}-show")
    assert "SECRET-LOOSE" not in sent(app), "it reads another run too, which is still out of sight"
    answered(begin())
    assert "SECRET-LOOSE" in said(begin(2))


@pytest.mark.parametrize("outcome", ["stopped", "failed"])
def test_a_run_that_ended_too_early_may_be_trained_again(begin, book, catalog, outcome):
    app = answered(begin())
    first = train(catalog, count=3, outcome=outcome).run_id
    app = checked(app.run())

    assert f"Its run {'was stopped' if outcome == 'stopped' else 'failed'} before update 8." in said(app)
    assert book.entries("trial")[0].points is None
    press(app, f"{OUTCOME}-train")
    assert waiting(catalog).run_id != first
    train(catalog)
    assert "Right. 1 of 1." in said(checked(app.run()))


def test_a_run_that_diverged_is_scored_where_it_ended(begin, catalog):
    app = answered(begin())
    train(catalog, count=3, outcome="diverged")

    assert "Right. 1 of 1." in said(checked(app.run()))


def test_a_deleted_run_is_said_to_be_gone(begin, catalog):
    app = answered(begin())
    train(catalog, count=2)
    catalog.delete(catalog.ids()[0])
    app = checked(app.run())

    assert "Its run is not there any more." in said(app)
    assert f"{OUTCOME}-train" in keys(app)


def test_a_run_of_something_else_does_not_count(begin, book, catalog):
    answered(begin())
    mine = train(catalog)
    other = done(catalog, mine.config().patched({"hidden": 7}), ME)
    entries = book.entries("trial")
    book.forget("trial")
    for entry in entries:
        book.put(entry.model_copy(update={"run": other.run_id}))
    app = begin()

    assert "trained with something else changed (hidden)" in said(app)
    press(app, f"{OUTCOME}-train")
    train(catalog)
    assert "Right. 1 of 1." in said(checked(app.run()))


def test_a_run_that_was_changed_on_its_way_does_not_count(begin, catalog):
    app = answered(begin())
    run = waiting(catalog)
    run.write_interventions([Intervention(update=2, changes={"optimizer.learning_rate": 0.5}, sentence="Faster.")])
    train(catalog)

    assert "Something was changed while that run trained" in said(checked(app.run()))


@pytest.mark.parametrize(
    ("changes", "counts"),
    [({"pace": 3}, True), ({"seed": 1}, False), ({"stop.solved": True}, False), ({"alarms.clip_idle.ratio": 7}, False)],
)
def test_of_the_config_only_the_pace_may_be_otherwise(begin, book, catalog, changes, counts):
    answered(begin())
    mine = train(catalog)
    other = measured(catalog.create(mine.config().patched(changes), ME), [0.4] * 9)
    other.write_end(Ending(outcome="finished", sentence="Done.", update=8))
    catalog.delete(mine.run_id)
    entries = book.entries("trial")
    book.forget("trial")
    for entry in entries:
        book.put(entry.model_copy(update={"run": other.run_id}))
    text = said(begin())

    assert ("Right. 1 of 1." in text) is counts
    assert ("trained with something else changed" in text) is not counts


def test_while_it_trains_its_progress_is_shown_and_what_is_known_already_is_scored(begin, catalog):
    app = answered(begin())
    assert "Waiting for a worker." in said(app)
    run = measured(waiting(catalog), [0.4] * 3)
    run.write_attempts(["one"])
    run.write_heartbeat(Heartbeat(attempt="one", time=4e9, update=2))
    app = checked(app.run())

    assert "Update 2 of 8" in said(app)
    assert "SECRET-HALF" not in sent(app)
    assert "SECRET-CURVE" in said(app)
    run.write_heartbeat(Heartbeat(attempt="one", time=4e9, update=2, resting=True))
    run.steer(run_until=0)
    assert "Paused at update 2. Press Resume to go on." in said(checked(app.run()))
    run.write_heartbeat(Heartbeat(attempt="one", time=1e9, update=2))
    app = checked(app.run())
    assert "Its worker went silent." in said(app)
    assert f"{OUTCOME}-train" in keys(app)


def test_an_earlier_visit_is_shown_with_its_score_and_trained_again_on_request(begin, catalog):
    app = answered(begin())
    train(catalog)
    checked(app.run())

    app = begin()
    assert "Right. 1 of 1." in said(app)
    catalog.delete(catalog.ids()[0])
    app = begin()
    assert "Right. 1 of 1." in said(app)
    assert "You said: Half the time." in said(app)
    assert "Measured: Half the time." in said(app)
    press(app, f"{OUTCOME}-train")
    assert len(catalog.ids()) == 1


def test_answering_again_is_practice_and_the_first_answer_goes_on_counting(begin, book, catalog):
    app = answered(begin(), outcome=0)
    train(catalog)
    app = press(checked(app.run()), f"{OUTCOME}-again")

    assert app.radio(key=f"{OUTCOME}-1").value is None
    assert "SECRET-ALWAYS" not in sent(app)
    app.radio(key=f"{OUTCOME}-1").set_value(1).run()
    app = press(app, f"{OUTCOME}-commit")
    assert "Right. 1 of 1." in said(app)
    assert "Your first answer goes on counting: 0 of 1." in said(app)
    assert book.entries("trial")[0].points == 0
    assert len(catalog.ids()) == 1


def test_a_question_that_was_edited_since_is_said_to_be_another_one(begin, folder):
    answered(begin(), outcome=1)
    two = next(line for line in TRIAL.splitlines() if "SECRET-HALF" in line)
    one = next(line for line in TRIAL.splitlines() if "SECRET-ALWAYS" in line)
    edited = TRIAL.replace("task.length: 5", "task.length: 6").replace(f"{two}\n{one}", f"{one}\n{two}")
    (folder / "50-trial.md").write_text(edited)

    assert "The question was changed since you answered it." in said(begin())


@pytest.mark.parametrize("put", ["option: other", "question: other"])
def test_an_answer_to_what_is_another_question_by_now_is_not_scored(begin, book, catalog, folder, put):
    answered(begin(), outcome=1)
    train(catalog)
    one, two = (line for line in TRIAL.splitlines() if "when:" in line)
    other = f"{two}\n{one}" if put == "option: other" else f"{one}\n{two.replace('Half the time.', 'Now and then.')}"
    (folder / "50-trial.md").write_text(TRIAL.replace(f"{one}\n{two}", other))
    text = said(begin())

    assert "The question was changed since you answered it." in text
    assert "You said: Half the time." in text
    assert [entry.points for entry in book.entries("trial")] == [None, 1]


@pytest.mark.parametrize(
    ("now", "says"),
    [("---\ntitle: [", "is no lesson yet"), (TRIAL.replace("What is", "Where is"), "was changed just now")],
)
def test_an_answer_to_a_file_that_was_changed_meanwhile_is_not_taken(begin, book, catalog, folder, now, says):
    app = begin(2)
    (folder / "50-trial.md").write_text(now)
    app.number_input(key=f"{LOSS}-0").set_value(1.0)
    press(app, f"{LOSS}-commit")

    assert says in said(app)
    assert catalog.ids() == []
    assert book.entries() == ()


def test_a_question_of_another_kind_by_now_shows_what_was_said(begin, folder):
    app = press(begin(2), f"{LOSS}-show")
    app.text_input(key=f"{SMALL}-0").set_value("0.5").run()
    press(app, f"{SMALL}-commit")
    kind = "kind: choice\n    state: wider\n    ask: How small is it?\n    options:\n"
    kind += "      - {say: A., when: loss at the start > 1, because: B.}\n" * 2
    before = TRIAL[TRIAL.index("kind: number\n    state: wider") : TRIAL.index("    explain: SECRET-SMALL")]
    (folder / "50-trial.md").write_text(TRIAL.replace(before, kind))
    text = said(begin(2))

    assert "The question was changed since you answered it." in text
    assert "You said: 0.500" in text


def test_the_summary_counts_what_was_scored_since_and_leads_to_what_is_open(begin, catalog):
    app = answered(begin(), outcome=0)
    train(catalog)
    app = begin(3)

    assert "1 of 4 points" in said(app)
    assert "2 of 4 questions scored" in said(app)
    assert "| 1. How often is it right? | Nearly always. | Half the time. | 0 |" in said(app)
    assert "| 3. What is the loss? | not answered | – | – |" in said(app)
    assert {"summary.open.loss", "summary.open.small"} <= keys(app)
    assert "summary.open.outcome" not in keys(app)
    app = press(app, "summary.open.small")
    assert app.query_params["step"] in ("2", ["2"])


def test_answers_are_forgotten_and_brought_back(begin, book, catalog):
    app = answered(begin())
    train(catalog)
    app = begin(3)
    assert len(app.get("download_button")) == 2

    before = book.entries()
    app = press(app, "summary.forget")
    assert book.entries() == ()
    assert "forgotten" in said(app)
    app = press(app, "summary.undo")
    assert book.entries() == before


def test_what_was_forgotten_is_asked_anew(begin, catalog):
    app = answered(begin())
    train(catalog)
    app = press(begin(3), "summary.forget")
    app = begin()

    assert app.radio(key=f"{OUTCOME}-0").value is None
    assert "SECRET" not in sent(app)
