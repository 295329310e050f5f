"""A lesson's file as text: what is read, where it stands, and what is refused."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.lessons.text import DEEPEST, MOST_BYTES, Line, Malformed, masked, paragraphs, split


def front(*lines):
    return split("\n".join(["---", *lines, "---", ""]))[0]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("5", 5),
        ("-5", -5),
        ("0.5", 0.5),
        ("1e-6", 1e-6),
        (".5", 0.5),
        ("true", True),
        ("", None),
        ("~", None),
        ("yes", "yes"),
        ("no", "no"),
        ("12:30", "12:30"),
        ("2013-06-17", "2013-06-17"),
        ("0x1f", "0x1f"),
        ("'5'", "5"),
        ('"true"', "true"),
        ("!!str 5", "5"),
        ("[1, {a: b}]", [1, {"a": "b"}]),
        ("1e999", float("inf")),
        ("9" * 5000, float("inf")),
        ("٣", "٣"),
    ],
)
def test_a_value_is_what_it_looks_like(written, read):
    assert front(f"field: {written}").values == {"field": read}


def test_every_value_knows_its_line():
    found = front("title: A", "prediction:", "  - name: one", "    options:", "      - say: x", "  - name: two")
    assert found.line("title") == 2
    assert found.line("prediction", 0, "name") == 4
    assert found.line("prediction", 0, "options", 0, "say") == 6
    assert found.line("prediction", 1) == 7
    assert found.line("prediction", 1, "kind") == 7, "what is not there stands where it would"
    assert found.line("nothing") == 1


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("", 1, "begins with a line ---"),
        ("title: A\n---\n", 1, "begins with a line ---"),
        ("---\ntitle: A\n", 3, "has no end"),
        ("---\n---\n", 1, "has no fields"),
        ("---\n- a\n- b\n---\n", 1, "has no fields"),
        ("---\ntitle: A\nwhen: x: y\n---\n", 3, "not YAML"),
        ("---\ntitle: [a\n---\n", 3, "not YAML"),
        ("---\ntitle: A\ntitle: B\n---\n", 3, "stands in line 2 too"),
        ("---\na:\n  b: 1\n  b: 2\n---\n", 4, "stands in line 3 too"),
        ("---\na: &x 1\nb: *x\n---\n", 2, "& and *"),
        ("---\na: !!python/object/apply:os.system [echo]\n---\n", 2, "Types such as"),
        ("---\na: !!python/name:os.system x\n---\n", 2, "Types such as"),
        ("---\na: 1\n? [b, c]\n: 2\n---\n", 3, "cannot be a key"),
        ("---\na: 1\n--- x\nb: 2\n---\n", 3, "within the front matter"),
        ("---\na: \x07\n---\n", 2, "not printable"),
        ('---\na: "\\x07"\n---\n', 2, "not printable"),
        ("---\na: 1\n---\n\x00\n", 4, "not printable"),
        ("---\na: " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1) + "\n---\n", 2, "deep at most"),
    ],
)
def test_what_is_wrong_has_its_line(source, line, reason):
    with pytest.raises(Malformed) as error:
        split(source)
    assert error.value.faults[0].line == line
    assert reason in error.value.faults[0].reason


def test_line_ends_of_other_systems_and_a_mark_at_the_beginning():
    found, lines = split("\ufeff---\r\ntitle: A\r\n---\r\n## B\r\nwords")
    assert found.values == {"title": "A"}
    assert lines == [Line(4, "## B"), Line(5, "words")]


def test_paragraphs_keep_code_and_formulas_whole():
    text = "one\ntwo\n\n```\na\n\nb\n```\n\n$$\nx\n\ny\n$$\n\n\n  \nlast"
    found = list(paragraphs([Line(n, t) for n, t in enumerate(text.split("\n"), 10)]))
    assert [(p.number, p.text) for p in found] == [
        (10, "one\ntwo"),
        (13, "```\na\n\nb\n```"),
        (19, "$$\nx\n\ny\n$$"),
        (27, "last"),
    ]


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("a `[x](y)` b", "a " + "\0" * 8 + " b"),
        ("$a<b$ <i>", "\0" * 5 + " <i>"),
        (r"\$5 < <i> $6", r"\$5 < <i> $6"),
        ("it costs $5, or $6", "it costs $5, or $6"),
        ("$$a\n<b$$", "\0" * 8),
        ("``a`b``c", "\0" * 7 + "c"),
        ("```\n<i>", "```\n<i>"),
    ],
)
def test_code_and_formulas_are_masked(written, seen):
    assert masked(written) == seen


@pytest.mark.parametrize(
    "unit", ["`", "``` ", "$", "$a ", "[", "[a](", "![", "<", "~~~\n", "- a\n", "{", "a: ", "? ", "#", "&a ", "$$ $ "]
)
def test_no_text_takes_long(unit):
    text = (unit * MOST_BYTES)[: MOST_BYTES - 100]
    before = time.perf_counter()
    masked(text)
    with pytest.raises(Malformed):
        split(f"---\n{text}\n---\n")
    assert time.perf_counter() - before < 3


@given(st.text(max_size=200))
def test_masking_changes_no_length(text):
    assert len(masked(text)) == len(text)


@given(st.text(alphabet="ab`$\n ~", max_size=60))
def test_paragraphs_hold_every_word_in_its_line(text):
    lines = [Line(n, t) for n, t in enumerate(text.split("\n"), 1)]
    for paragraph in paragraphs(lines):
        for offset, written in enumerate(paragraph.text.split("\n")):
            assert lines[paragraph.number - 1 + offset].text == written
