"""The link: every config survives the way into a link and back; strangers' links give sentences, never errors."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.tasks import registry as tasks
from playground.training.config import RunConfig
from playground.training.presets import PRESETS
from playground.ui import link
from playground.ui.view import View
from tests.training.configs import configs


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_survives_its_link(key: str) -> None:
    config = PRESETS[key].config

    again = link.read(link.write(config, "20261123-120000-0123abcd"))

    assert again == link.Link(config, "20261123-120000-0123abcd", ())


@given(configs)
def test_any_config_survives_its_link_but_for_long_texts_and_columns(config: RunConfig) -> None:
    run = "20261123-120000-0123abcd"

    assert link.read(link.write(config, run)) == link.Link(link.carried(config), run, ())


@pytest.mark.parametrize(
    ("old", "key"),
    [
        (
            "cell.activation.kind=identity&cell.recurrent_init.kind=orthogonal&clip.kind=value&clip.lo=-0.03&clip.hi=0.03"
            "&optimizer.kind=sgd&updates=300",
            "P5a",
        ),
        ("cell.kind=lstm&cell.forget_bias.value=0.0&updates=300", "P3"),
        (
            "task.kind=majority&architecture.kind=many_to_many&cell.recurrent_init.kind=xavier_uniform&hidden=32"
            "&optimizer.learning_rate=0.01&updates=300&pace=10",
            "P8",
        ),
    ],
)
def test_links_that_were_given_away_with_version_1_still_open(old: str, key: str) -> None:
    """Kept as they were written then: whoever renames a field reads the old name too."""
    shown = "&pictures=loss,gradient_now&lecture=1&ask=1&hide=preset,seeds&teach=P1,P5"
    given_link = link.read(dict(parse_qsl(f"{old}{shown}&run=20261123-120000-0123abcd&v=1")))

    assert given_link.problems == ()
    assert given_link.config == PRESETS[key].config
    assert given_link.run_id == "20261123-120000-0123abcd"
    assert given_link.view == View(("loss", "gradient_now"), True, True, ("preset", "seeds"), ("P1", "P5"))


def test_the_default_needs_no_link() -> None:
    assert link.write(RunConfig(), None) == {}


def test_a_link_is_short() -> None:
    assert sum(len(k) + len(v) + 2 for k, v in link.write(PRESETS["P5a"].config, None).items()) < 260


@pytest.mark.parametrize(
    ("field", "value", "path", "sentence"),
    [
        ("hidden", "9999", "hidden", "'9999' is too large. Write 256 or less."),
        ("hidden", "many", "hidden", "'many' is not a whole number. Write one, such as 30."),
        ("optimizer.learning_rate", "nan", "optimizer.learning_rate", "'nan' is not a finite number"),
        ("optimizer.learning_rate", "inf", "optimizer.learning_rate", "'inf' is not a finite number"),
        ("cell.kind", "grru", "cell", "Unknown cell 'grru'."),
        ("nonsense", "1", "nonsense", "There is no such field. Leave it out."),
        ("hidden.deep", "1", "hidden.deep", "There is no such field. Leave it out."),
        ("task.length", "1" * 100, "task.length", "is too long. Write 64 characters or less."),
        ("cell.input_init.kind", "identity", "cell.input_init", "'identity' needs a square matrix"),
    ],
)
def test_a_wrong_field_gets_a_sentence_and_its_default(field: str, value: str, path: str, sentence: str) -> None:
    given_link = link.read({field: value, "batch": "16"})

    assert given_link.config == RunConfig(batch=16)
    assert [p.path for p in given_link.problems] == [path]
    assert sentence in given_link.problems[0].sentence


def test_fields_that_only_fit_together_are_taken_together() -> None:
    both = link.read({"clip.kind": "value", "clip.lo": "2", "clip.hi": "3"})
    empty = link.read({"clip.kind": "value", "clip.lo": "3", "clip.hi": "2", "batch": "8"})

    assert both.problems == ()
    assert both.config.clip.model_dump() == {"kind": "value", "lo": 2.0, "hi": 3.0}
    assert "The clip range [3, 2] is empty." in empty.problems[0].sentence
    assert empty.config == RunConfig(batch=8)


def test_too_much_work_costs_only_the_fields_that_make_it() -> None:
    link_given = {"batch": "512", "task.length": "200", "hidden": "256", "cell.activation.kind": "relu", "seed": "7"}

    heavy = link.read(link_given)

    assert heavy.config == RunConfig().patched({"cell.activation.kind": "relu", "seed": 7})
    assert "Make one of them smaller." in heavy.problems[0].sentence


def test_too_many_fields_are_not_looked_at() -> None:
    given_link = link.read({f"f{i}": "1" for i in range(1000)})

    assert given_link.config == RunConfig()
    assert "1000 fields" in given_link.problems[0].sentence


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=70), max_size=8))
def test_rubbish_never_raises(parameters: dict[str, str]) -> None:
    given_link = link.read(parameters)

    assert isinstance(given_link.config, RunConfig)
    assert all(problem.sentence for problem in given_link.problems)


MANY = {"architecture.kind": "many_to_many", "architecture.loss_at": "last step"}
WRITER = {"architecture.kind": "encoder_decoder"}
DEEP = [
    {"shuffle_time": True, "task.kind": "parity", "arrival": "online", **MANY},
    {"cell.kind": "lstm", "cell.forget_bias.kind": "chrono", "cell.forget_bias.longest": 50, "layers": 3},
    {"cell.kind": "gru", "cell.keep_bias.value": 2.5, "cell.gate_activation.kind": "tanh"},
    {
        "task.kind": "reversal",
        "direction": "two_passes",
        **WRITER,
        "architecture.teacher_forcing": 0.5,
        "task.symbols": 4,
    },
    {"learning.kind": "truncated", "learning.k1": 3, "learning.k2": 7, "learning.over_time": "sum"},
    {"schedule.kind": "cosine", "schedule.end": 0.1, "precision": "bfloat16", "test_length": 60, "device": "cuda"},
    {
        "task.kind": "melody",
        "architecture.kind": "one_to_many",
        "architecture.feed": "zeros",
        "readout_init.kind": "orthogonal",
    },
]


@pytest.mark.parametrize("changes", DEEP)
def test_every_kind_of_field_survives_its_link(changes: dict[str, object]) -> None:
    config = RunConfig().patched(changes)

    assert link.read(link.write(config, None)) == link.Link(config, None, ())


@pytest.mark.parametrize("kind", tasks.kinds())
def test_every_task_survives_its_link(kind: str) -> None:
    config = RunConfig().patched({"task.kind": kind, "layers": 2, "cell.kind": "gru"})

    assert link.read(link.write(config, None)).config == config


def test_what_is_too_long_is_left_out_with_what_needs_it() -> None:
    text = RunConfig().patched({"task.kind": "next_word", "task.text": "to be or not to be " * 50, "hidden": 32})
    values = {"task.values": tuple(float(i % 9) for i in range(99)), "task.source": "yours"}
    numbers = RunConfig().patched({"task.kind": "series", **values, "hidden": 32})

    assert link.write(text, None) == {"task.kind": "next_word", "hidden": "32", "v": "1"}
    assert link.write(numbers, None) == link.write(RunConfig().patched({"task.kind": "series", "hidden": 32}), None)
    assert link.carried(RunConfig(hidden=7)) == RunConfig(hidden=7)


def test_what_does_not_go_together_costs_only_the_field_that_is_blamed() -> None:
    found = link.read({"arrival": "online", "direction": "two_passes", "hidden": "32"})

    assert found.config == RunConfig(arrival="online", hidden=32)
    assert [problem.path for problem in found.problems] == ["direction"]


def test_a_second_pass_counts_among_the_work() -> None:
    found = link.read({"batch": "512", "hidden": "256", "direction": "two_passes", "layers": "4", "seed": "7"})

    assert found.config == RunConfig(seed=7)
    assert "directions" in found.problems[0].sentence


@pytest.mark.parametrize("base", ["P1", "P2b", "P5a"])
@pytest.mark.parametrize("key", PRESETS)
def test_a_link_to_a_lesson_says_what_differs_from_its_beginning(base: str, key: str) -> None:
    config, beginning = PRESETS[key].config, PRESETS[base].config

    written = link.write(config, None, base=beginning)

    assert link.read(written, beginning) == link.Link(config, None, ())
    assert key != base or written == {}


def test_updates_of_a_map_are_not_those_of_the_playground():
    read = link.read({"x": "cell.recurrent_init.gain:0.5..2*8", "updates": "30", "hidden": "17"})

    assert (read.config, read.problems) == (RunConfig(hidden=17), ())
