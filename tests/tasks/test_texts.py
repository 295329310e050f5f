"""Texts that users bring."""

import pytest

from playground.tasks import texts


def test_plain_text_is_read_with_its_marks_and_line_ends():
    assert texts.read_text("\ufeffÄpfel, naïve\r\nδύο\tλέξεις\n".encode()) == "Äpfel, naïve\nδύο\tλέξεις\n"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"fine\nfine\n\xff\xfe", "Line 3 holds the byte 0xff, which is not UTF-8. Save the file as plain text"),
        (b"fine\na\x00b", r"Line 2 holds the control character U\+0000"),
        (b"fine\r\n\r\na\x1bb", r"Line 3 holds the control character U\+001B"),
        (b"a " * 500_001, "The file has 1,000,002 bytes. At most 1,000,000"),
        (b"", "no words"),
        (b" \n - \n", "no words"),
    ],
)
def test_anything_else_gets_a_sentence(data, sentence):
    with pytest.raises(ValueError, match=sentence):
        texts.read_text(data)


def test_words_numbers_and_punctuation():
    assert texts.tokens("Don’t STOP: it's 12 o'clock — naïve_thing!") == (
        *("don’t", "stop", ":", "it's", "12", "o'clock", "naïve", "thing", "!"),
    )


def test_the_most_common_words_have_numbers_and_the_rest_share_one():
    names, numbers = texts.corpus("b a a c b a d", 2)
    assert names == ("a", "b", texts.OTHER)
    assert numbers.tolist() == [1, 0, 0, 2, 1, 0, 2]
    assert texts.corpus("b a a c b a d", 4).names == ("a", "b", "c", "d")


def test_the_story_is_long_simple_and_needs_context():
    words = texts.tokens("")
    assert 1200 < len(words) < 1800
    assert len(set(words)) < 150
    assert texts.from_the_last_word("", 120, 8)[1] < 0.5
