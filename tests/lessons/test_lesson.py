"""From a file to a lesson, or to all that is wrong with it, each in its line."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.core.errors import UnknownName
from playground.lessons.lesson import (
    MOST_PREDICTIONS,
    MOST_STATES,
    MOST_STEPS,
    PARTS,
    START,
    Ask,
    ChallengeHere,
    Choice,
    Drawing,
    Link,
    LooseSaid,
    Network,
    Picture,
    Words,
)
from playground.lessons.markdown import circled
from playground.lessons.reader import name_of, read
from playground.lessons.text import MOST_BYTES, Malformed
from playground.training.config import RunConfig
from playground.training.presets import PRESETS
from playground.ui.view import CONTROLS

FILE = "05-vanishing.md"
SOURCE = (Path(__file__).parent / "shelf" / FILE).read_text(encoding="utf-8")
SMALL = "---\ntitle: A\nminutes: 5\ngoal: B\n---\n## One\nwords\n"


@pytest.fixture(scope="module")
def lesson():
    return read(SOURCE, FILE)


def faults(source, file=FILE):
    with pytest.raises(Malformed) as error:
        read(source, file)
    return error.value.faults


def line_of(source, written):
    """Where a text stands that is there once."""
    assert source.count(written) == 1, written
    return source[: source.index(written)].count("\n") + 1


def test_the_example_is_read_whole(lesson):
    assert (lesson.name, lesson.file, lesson.title, lesson.minutes) == ("vanishing", FILE, "Vanishing", 10)
    assert lesson.pictures == ("gradient_now", "loss")
    assert [p.kind for p in lesson.predictions] == ["choice", "draw", "number"]
    assert lesson.claims[0].state == START
    assert lesson.loose[0].name == "stops"
    assert lesson.challenge.budget == 900
    assert lesson.teacher.wrong[0].said == "The weights become 0."
    assert lesson.source == SOURCE


def test_states_begin_with_start_or_with_a_preset(lesson):
    assert lesson.states == ("start", "sigmoid", "cured")
    start = PRESETS["P1"].config.patched({"pace": 60, "updates": 300})
    assert lesson.config() == start
    assert lesson.config("sigmoid") == start.patched({"cell.activation.kind": "sigmoid"})
    assert lesson.config("cured") == PRESETS["P2b"].config.patched({"pace": 60}), "what start changed is not in it"
    with pytest.raises(UnknownName):
        lesson.config("nothing")


def test_the_text_is_steps_of_blocks(lesson):
    assert [step.heading for step in lesson.steps] == ["A network that forgets", "Sigmoid is worse", "Mend it"]
    kinds = [[type(block) for block in step.blocks] for step in lesson.steps]
    assert kinds == [[Words, Ask, Ask, Words, Network, Picture], [Words, Ask, LooseSaid], [Words, ChallengeHere]]
    assert lesson.steps[0].blocks[3].text.endswith("`[x](y)` is code.")
    assert lesson.steps[0].blocks[5] == Picture("start", "gradient_now", "The gradient before the first update")


def test_links_are_numbered_by_step_and_known_through_the_lesson(lesson):
    assert lesson.links == (
        Link(1, "start", None),
        Link(2, "start", "gradient_now"),
        Link(3, "sigmoid", None),
        Link(4, None, "loss"),
    )
    assert lesson.steps[0].blocks[0].text.endswith("look at\n[② its gradient](#see-2).")
    assert lesson.steps[1].blocks[0].text.startswith("[① Change the activation](#see-3), and")
    assert (circled(1), circled(15), circled(16)) == ("①", "⑮", "(16)")


def test_predictions_are_found(lesson):
    assert isinstance(lesson.prediction("outcome"), Choice)
    assert [p.name for p in lesson.asked_of("start")] == ["outcome", "curve"]
    assert lesson.asked_of("cured") == ()
    assert (lesson.step_of("outcome"), lesson.step_of("radius")) == (0, 1)
    for wrong in (lesson.prediction, lesson.step_of):
        with pytest.raises(UnknownName):
            wrong("nothing")


def test_the_least_that_a_lesson_is():
    lesson = read(SMALL, "a-b.md")
    assert lesson.name == "a-b"
    assert lesson.config() == RunConfig()
    assert (lesson.predictions, lesson.claims, lesson.loose, lesson.challenge, lesson.links) == ((), (), (), None, ())


def test_a_text_over_several_lines_is_one():
    source = SMALL.replace("goal: B", "goal: |\n  one\n\n    two 3\u00a0%\n")
    assert read(source, FILE).goal == "one two 3\u00a0%"


def test_empty_fields_are_left_out():
    assert read(SMALL.replace("---\n##", "prerequisites:\nloose:\nchallenge:\n---\n##"), FILE).prerequisites == ()


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("05-vanishing.md", "vanishing"),
        ("vanishing.md", "vanishing"),
        ("10-trade-offs.md", "trade-offs"),
        ("3d.md", "3d"),
        ("05_vanishing.md", None),
        ("05-vanishing.txt", None),
        ("..md", None),
        ("a b.md", None),
        ("../a.md", None),
        ("a" * 61 + ".md", None),
    ],
)
def test_the_name_is_in_the_files(file, name):
    assert name_of(file) == name


def test_parts_are_those_that_the_screen_names():
    assert set(CONTROLS) <= set(PARTS)
    assert set(PARTS) - set(CONTROLS) == {"runbar", "network", "verdict"}


def test_several_things_may_stand_in_one_paragraph_and_words_may_stand_around_them():
    drawn = read(SMALL + "\n![a](drawing:cliff) ![b](network:start)\n![c](network:start/back)\n\nmore\n", FILE)
    blocks = drawn.steps[0].blocks
    assert blocks == (
        Words("words"), Drawing("cliff", "a"), Network("start", "b"), Network("start", "c", True), Words("more"),
    )  # fmt: skip


def test_a_heading_in_code_is_none():
    assert len(read(SMALL + "\n```\n## Two\n\nx\n```\n\n### Smaller\n", FILE).steps) == 1


# ── what is wrong ─────────────────────────────────────────────────────────────

BROKEN = [
    # what is written, what stands there instead, where the fault is found (None: there), what it says
    ("title: Vanishing\n", "", 1, "title: This field is missing"),
    ("minutes: 10", "minutes: 0", None, "minutes: 0 is too small. Write 1 or more."),
    ("minutes: 10", "minutes: soon", None, "'soon' is not a whole number"),
    ("minutes: 10", "minuts: 10", None, "minuts: There is no such field"),
    ("goal: You can", "goal: [You can", 5, "in what begins in line 4"),
    ("preset: P1,", "preset: P99,", None, "Unknown preset 'P99'. Did you mean 'P9'?"),
    ("preset: P1,", "presett: P1,", None, "presett: There is no such field"),
    ("updates: 300}", "updates: 0}", None, "updates: 0 is too small. Write 1 or more."),
    ("sigmoid: {cell.activation.kind: sigmoid}", "sigmoid: {cell.activation.kind: sigma}", None, "'sigma'"),
    ("sigmoid: {cell.activation.kind: sigmoid}", "sigmoid: {direction: two}", None, "direction: 'two' is not among"),
    ("sigmoid: {cell.activation.kind: sigmoid}", "sigmoid: {cell.nothing.kind: x}", None, "nothing.kind: There"),
    ("sigmoid: {cell.activation.kind: sigmoid}", "sigmoid: fast", None, "'fast' was given. Write fields"),
    ("  cured: {", "  start: {", None, "cannot be called 'start'"),
    ("  cured: {", "  is cured: {", None, "cannot be called 'is cured'"),
    ("pictures: [gradient_now, loss]", "pictures: [gradient_now, los]", None, "Did you mean 'loss'?"),
    ("pictures: [gradient_now, loss]", "pictures: all", None, "pictures: 'all' is no list"),
    ("- name: outcome", "- name: out come", None, "prediction 1, name: 'out come' is no name"),
    ("- name: outcome", "- name: challenge", None, "the challenge's own name"),
    ("kind: choice", "kind: guess", "- name: outcome", "Write kind: choice"),
    ("    state: sigmoid\n    ask", "    state: sigmoit\n    ask", "state: sigmoit", "Did you mean 'sigmoid'?"),
    ("when: accuracy at the end < 0.4", "when: accuracy at the end is small", None, "compares nothing"),
    ("when: accuracy at the end < 0.4", "when: acuracy at the end < 0.4", None, "Did you mean 'accuracy'?"),
    ("when: accuracy at the end < 0.4", "when: accuracy in cured at the end < 0.4", None, "Leave out in cured"),
    ("when: accuracy at the end < 0.4", "when: accuracy in start at the end < 0.4", None, "Leave out in start"),
    ("when: accuracy at the end < 0.4", "when: accuracy at update 900 < 0.4", None, "beyond the run"),
    (", because: \"So it is with the cure, and not with these weights.\"", "", "More than 90 %", "because: This field"),
    ("value: gradient ratio at the start\n", "value: loss at the start\n", None, "a curve is asked"),
    ("value: spectral radius at the start", "value: gradient at the start", None, "a number is asked"),
    ("value: spectral radius at the start", "value: spectral radius in start at the start", None, "Leave out in start"),
    ("value: spectral radius at the start", "value: size of U", None, "Unknown"),
    ("low: 1e-12\n", "low: 0\n", "- name: curve", "log scale has no zero"),
    ("low: 0\n    high: 2", "low: 3\n    high: 2", "- name: radius", "Write a high above low"),
    ("near: 0.1\n    far: 1", "near: 2\n    far: 1", "- name: radius", "Write a far above near"),
    ("state: start, check", "state: strt, check", None, "Unknown state 'strt'"),
    ("check: gradient ratio at lag 29 at", "check: gradient ratio at lag 30 at", None, "There is no lag 30"),
    ("check: gradient ratio at lag 29 at the start < 1e-4", "check: loss in else < 1", None, "Unknown state 'else'"),
    ("check: update ratio of U at the end", "check: update ratio of Q at the end", None, "'Q'"),
    ("challenge: {ask", "challenge: {budgt: 1, ask", None, "budgt: There is no such field"),
    ("par: 200", "par: 2000", None, "Write a par below the budget"),
    ("goal: accuracy at the end > 0.97, par", "goal: to win, par", None, "compares nothing"),
    ("answer: \"They do not", "anser: \"They do not", None, "anser: There is no such field"),
    ("## A network that forgets\n", "", "The network reads", "before the first step"),
    ("[Set it up](#start)", "[Set it up](#strt)", None, "Did you mean 'start'?"),
    ("(#start/gradient_now)", "(#start/gradient)", None, "Unknown part of the page 'gradient'"),
    ("[the loss](#/loss)", "[the loss](#)", None, "A link to '#'"),
    ("[the loss](#/loss)", "[the loss](https://example.org)", None, "cannot be followed"),
    ("[the loss](#/loss)", "[the loss](javascript:alert(1))", None, "cannot be read"),
    ("[the loss](#/loss)", "[the loss][1]\n\n[1]: https://example.org", "[1]: ", "cannot be read"),
    ("[the loss](#/loss)", "[](#/loss)", None, "has no words"),
    ("[the loss](#/loss)", "![the loss](picture:start/loss)", None, "paragraph of its own"),
    ("Now it is your turn.", "Now it <b>is</b> your turn.", None, "HTML"),
    ("Now it is your turn.", "<!-- x -->", None, "HTML"),
    ("Now it is your turn.", "![x](https://example.org/x.png)", None, "from the program itself"),
    ("Now it is your turn.", "![x](file:///etc/passwd)", None, "cannot be read"),
    ("Now it is your turn.", "It is \\` ![x](https://example.org/x.png) \\`", None, "paragraph of its own"),
    ("Now it is your turn.", "``` a ` b\n![x](https://example.org/x.png)\n```", "![x](https", "paragraph of its own"),
    ("Now it is your turn.", "> [x]: https://example.org", None, "cannot be read"),
    ("![Predict](predict:radius)", "![Predict](predict:radios)", None, "Did you mean 'radius'?"),
    ("![Predict](predict:radius)", "", "- name: radius", "stands nowhere in the text"),
    ("![Predict](predict:radius)", "![](predict:radius)\n\n![x](predict:radius)", "![x](pre", "too. Leave"),
    ("## Sigmoid is", "![x](predict:curve)\n\n## Sigmoid is", "![x](pre", "too. Leave"),
    ("![A sentence often heard](loose:stops)", "", "- name: stops", "stands nowhere in the text"),
    ("![The challenge](challenge:)", "", "challenge: {ask", "The challenge stands nowhere"),
    ("![The challenge](challenge:)", "![The challenge](challenge:x)", None, "Write challenge: alone"),
    ("picture:start/gradient_now", "picture:gradient_now", None, "Unknown state 'gradient_now'"),
    ("![The recurrent network](network:start)", "![](network:start)", None, "cannot see this"),
    ("![The recurrent network](network:start)", "![The](network:start/front)", None, "cannot be read"),
    ("![The recurrent network](network:start)", "![The](drawing:clif)", None, "Did you mean 'cliff'?"),
    ("## Sigmoid is worse", "## [Sigmoid](#sigmoid) is worse", None, "A heading has no links"),
    ("## Mend it", "## Mend <i>it</i>", None, "HTML"),
    ("## Mend it\n", "## Empty\n\n## Mend it\n", "## Empty", "Nothing stands below"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "instead", "at", "says"), BROKEN, ids=[f"{b[1].strip()[:40]}-{b[3][:20]}" for b in BROKEN]
)
def test_every_mistake_is_named_with_its_line(written, instead, at, says):
    assert SOURCE.count(written) >= 1, written
    source = SOURCE.replace(written, instead, 1)
    line = at if isinstance(at, int) else line_of(source, at or instead)
    found = faults(source)
    assert [fault for fault in found if fault.line == line and says in fault.reason], found


def test_predictions_of_one_state_stand_in_one_step():
    source = SOURCE.replace("![Predict](predict:curve)\n\n", "").replace(
        "![Predict](predict:radius)", "![Predict](predict:radius)\n\n![Predict](predict:curve)"
    )
    (fault,) = faults(source)
    assert fault.line == line_of(source, "![Predict](predict:curve)")
    assert "'curve' is asked in step 2, and 'outcome', of the same state, in step 1" in fault.reason


def test_names_are_not_given_twice():
    source = SOURCE.replace("- name: curve", "- name: outcome").replace("![Predict](predict:curve)\n", "")
    assert line_of(source, "- name: outcome\n    kind: draw") in {f.line for f in faults(source) if "too" in f.reason}


def test_mistakes_of_one_file_are_told_together():
    found = faults(
        SOURCE.replace("#/loss", "#/los").replace("updates: 300", "updates: 0").replace("near: 0.1", "near: 3")
    )
    assert len(found) == 2, "fields first, then the text"
    found = faults(SOURCE.replace("#/loss", "#/los").replace("check: update ratio", "check: updat ratio"))
    assert [fault.line for fault in found] == sorted(fault.line for fault in found)
    assert len(found) == 2


def test_a_lesson_that_asks_for_itself():
    (fault,) = faults(SOURCE.replace("minutes: 10\n", "minutes: 10\nprerequisites: [bptt, vanishing]\n"))
    assert "'vanishing' is this lesson" in fault.reason


def test_sizes():
    assert "65,536 are allowed" in faults(SMALL + "x" * MOST_BYTES)[0].reason
    assert faults(SMALL + "ä" * 40_000)[0].line == 0, "bytes, not letters"
    steps = "".join(f"## Step {i}\nwords\n" for i in range(MOST_STEPS))
    (fault,) = faults(SMALL + steps)
    assert f"{MOST_STEPS + 1} steps" in fault.reason
    assert fault.line == line_of(SMALL + steps, f"## Step {MOST_STEPS - 1}\n")
    states = "configs:\n" + "".join(f"  s{i}: {{updates: {i + 1}}}\n" for i in range(MOST_STATES))
    (fault,) = faults(SMALL.replace("---\n##", f"{states}---\n##"))
    assert (fault.line, f"{MOST_STATES + 1} states" in fault.reason) == (5, True)
    asked = "prediction:\n" + "".join(
        f"  - {{name: p{i}, kind: number, ask: a, explain: b, value: loss, low: 0, high: 1, near: 0, far: 1}}\n"
        for i in range(MOST_PREDICTIONS + 1)
    )
    (fault,) = faults(SMALL.replace("---\n##", f"{asked}---\n##"))
    assert f"{MOST_PREDICTIONS + 1} are given, and {MOST_PREDICTIONS} are allowed" in fault.reason


# ── whatever somebody types ───────────────────────────────────────────────────


def survives(source, file=FILE):
    try:
        found, told = read(source, file), ()
    except Malformed as error:
        found, told = None, error.faults
    lines = source.count("\n") + source.count("\r") + 1
    assert all(0 <= fault.line <= lines and fault.reason for fault in told)
    assert told or found.steps


@given(st.text(max_size=400), st.text(max_size=20))
def test_no_text_raises_anything_else(text, file):
    survives(text)
    survives(f"---\n{text}\n---\n## A\n{text}")
    survives(SMALL + text)
    survives(SMALL, file)


@given(st.text(alphabet="ab1:-[]{}#&*!|>'\"%@`?, \n\t~", max_size=120))
def test_no_front_matter_raises_anything_else(text):
    survives(f"---\n{text}\n---\n## A\n{text}")


@given(st.text(alphabet="a1![]()#/:<>`$\\ \n~-", max_size=120))
def test_no_markdown_raises_anything_else(text):
    survives(SMALL + text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(list(PRESETS)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = (
    "title", "minutes", "prerequisites", "goal", "config", "configs", "pictures", "prediction", "claim", "loose",
    "challenge", "teacher", "sources",
)  # fmt: skip
PATHS = (
    "task",
    "task.kind",
    "cell",
    "cell.kind",
    "cell.activation",
    "cell.activation.kind",
    "stop",
    "updates",
    "preset",
)


written = json.dumps  # which YAML reads


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=5),
    st.dictionaries(st.sampled_from(PATHS) | st.text(max_size=6), VALUES, max_size=3),
)
def test_no_fields_raise_anything_else(fields, config):
    lines = {"title": '"A"', "minutes": "5", "goal": '"B"', "config": written(config)}
    lines |= {field: written(value) for field, value in fields.items()}
    survives("---\n" + "".join(f"{field}: {value}\n" for field, value in lines.items()) + "---\n## A\nwords\n")


@given(st.integers(0, len(SOURCE) - 1), st.integers(0, 40), st.text(max_size=6))
def test_no_slip_of_the_hand_raises_anything_else(at, length, instead):
    survives(SOURCE[:at] + instead + SOURCE[at + length :])
