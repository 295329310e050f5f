"""The form on its page: every task, cell and architecture; what is not offered; text and numbers of one's own."""

import pytest

from playground.nn import cells
from playground.tasks import registry as tasks
from playground.training.config import RunConfig


def captions(app):
    return [caption.value.replace("\\", "") for caption in app.caption]


def problems(app):
    return [text.value.replace("\\", "") for text in app.markdown if text.value.startswith(":red[")]


@pytest.mark.parametrize("kind", tasks.kinds())
def test_every_task_is_chosen_with_its_natural_architecture(at, kind):
    app = at()

    app.selectbox(key="form.task.kind").select(kind).run()

    assert not app.exception
    assert app.selectbox(key="form.architecture.kind").value in tasks[kind].architectures
    assert app.query_params.get("task.kind", "recall") == kind
    assert tasks[kind].summary in captions(app)
    assert problems(app) == []
    assert not app.button(key="bar.train").disabled


@pytest.mark.parametrize("kind", cells.registry.kinds())
def test_every_cell_has_its_own_fields(at, kind):
    app = at()

    app.selectbox(key="form.cell.kind").select(kind).run()

    assert not app.exception
    keys = {widget.key for widget in app.selectbox}
    bias = {"lstm": "forget_bias", "gru": "keep_bias"}.get(kind)
    assert {key for key in keys if key.endswith("_bias.kind")} == ({f"form.cell.{bias}.kind"} if bias else set())
    if bias:
        app.selectbox(key=f"form.cell.{bias}.kind").select("chrono").run()
        app.number_input(key=f"form.cell.{bias}.longest").set_value(77).run()
        assert app.query_params[f"cell.{bias}.longest"] == "77"


def test_online_offers_no_second_pass_and_says_why(at):
    app = at()
    assert len(app.selectbox(key="form.direction").options) == 3

    app.segmented_control(key="form.arrival").select("online").run()

    assert app.selectbox(key="form.direction").options == ["one way"]
    assert any(
        said.startswith("Not offered: two passes, [x_t ; x_{T−t+1}]. Online, the answer at step t is due")
        for said in captions(app)
    )


def test_what_goes_back_is_said_until_the_next_change(at):
    app = at(direction="two_passes")

    app.selectbox(key="form.task.kind").select("melody").run()

    said = [caption for caption in captions(app) if "went back" in caption]
    assert said == [
        "direction of reading went back to one way: One to many reads one way only. It writes as it goes: there is "
        "nothing ahead that a second reading could see."
    ]
    app.number_input(key="form.hidden").set_value(20).run()
    assert not any("went back" in caption for caption in captions(app))


def test_a_switch_that_makes_no_sense_cannot_be_turned(at):
    app = at(**{"task.kind": "melody"})

    assert app.toggle(key="form.shuffle_time").disabled
    assert "One input has no order that could be shuffled." in captions(app)
    assert not at().toggle(key="form.shuffle_time").disabled


def test_layers_of_a_network_without_recurrence_are_one(at):
    assert at(**{"architecture.kind": "window_mlp"}).number_input(key="form.layers").disabled
    assert not at().number_input(key="form.layers").disabled


def test_a_pasted_text_is_learned_and_left_out_of_the_link(at):
    app = at(**{"task.kind": "next_word"})
    text = "a cat and a dog went to town . " * 12

    app.text_area(key="form.task.text").set_value(text).run()

    assert problems(app) == []
    assert "task.text" not in app.query_params
    assert any("Your text is not in the link: whoever opens the run" in said for said in captions(app))
    app.button(key="yours.back").click().run()
    assert not any("characters of yours" in said for said in captions(app))


def test_a_text_that_is_too_short_waits_with_its_sentence(at):
    app = at(**{"task.kind": "next_word"})

    app.text_area(key="form.task.text").set_value("too short").run()

    assert "The text has 2 words, and 18 or more are needed" in problems(app)[0]
    assert app.text_area(key="form.task.text").value == "too short"
    assert app.button(key="bar.train").disabled
    app.text_area(key="form.task.text").set_value("").run()
    assert problems(app) == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"one two\nth\xffree", "Line 2 holds the byte 0xff, which is not UTF-8."), (b"12 ?", None), (b"", "no words")],
)
def test_a_file_that_is_no_text_is_refused_with_its_line(at, data, sentence):
    app = at(**{"task.kind": "next_word"})

    app.file_uploader(key="yours.file.task.text").upload("mine.txt", data, "text/plain").run()

    assert sentence is None or sentence in problems(app)[0]
    assert len(problems(app)) == 1
    assert not app.button(key="bar.train").disabled


def test_a_column_of_a_file_becomes_the_series(at):
    app = at(**{"task.kind": "series"})
    lines = "\n".join(f"{i % 5},{i % 7}" for i in range(60))

    app.file_uploader(key="yours.file.task.values").upload("mine.csv", f"a,b\n{lines}".encode(), "text/csv").run()

    assert problems(app) == []
    assert app.selectbox(key="form.task.source").value == "yours"
    app.selectbox(key="yours.column").select("b").run()
    assert app.session_state["config.changes"]["task.values"][:8] == (0, 1, 2, 3, 4, 5, 6, 0)
    assert any("60 numbers of yours" in said for said in captions(app))
    assert app.query_params.get("task.source") is None


def test_a_wrong_line_of_a_file_is_named(at):
    app = at(**{"task.kind": "series"})

    app.file_uploader(key="yours.file.task.values").upload("mine.csv", b"a\n1\n2\nthree\n", "text/csv").run()

    assert "Line 4, a: 'three' is not a finite number." in problems(app)[0]
    assert app.selectbox(key="form.task.source").value == "sine"
    assert not app.button(key="bar.train").disabled


def test_a_run_brings_back_the_text_that_no_link_carries(at, catalog):
    text = "a cat and a dog went to town . " * 12
    config = RunConfig().patched({"task.kind": "next_word", "task.text": text, "hidden": 20})
    run = catalog.create(config).run_id

    app = at(run=run, **{"task.kind": "next_word", "hidden": "20"})
    other = at(run=run, **{"task.kind": "next_word", "hidden": "30"})

    assert app.text_area(key="form.task.text").value == text
    assert other.text_area(key="form.task.text").value == ""


def test_a_link_that_names_a_run_alone_brings_its_config(at, catalog):
    """As the command line's runs have it; a link that says more of the form is taken at its word."""
    config = RunConfig.parse({"task": "echo", "cell": "gru", "hidden": 8})
    folder = catalog.create(config)
    assert at(run=folder.run_id).session_state["config.changes"] == config.difference(RunConfig())
    assert at(run=folder.run_id, hidden="7").session_state["config.changes"] == {"hidden": 7}
