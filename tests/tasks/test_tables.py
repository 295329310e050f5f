"""CSV files that users bring."""

import pytest

from playground.tasks.tables import csv_columns, read_csv


@pytest.mark.parametrize(
    ("data", "columns", "numbers"),
    [
        (b"day,price\n1,2.5\n2,-3e1\n", ("day", "price"), (2.5, -30.0)),
        (b"1,2.5\r\n2,-3e1", ("column 1", "column 2"), (2.5, -30.0)),
        (b"day;price\n1;2.5\n2;-3e1\n\n\n", ("day", "price"), (2.5, -30.0)),
        (b"day\tprice\n1\t 2.5\nx\t-3e1\n", ("day", "price"), (2.5, -30.0)),
        (b'"day, of May",\n1,2.5\n2,"-3e1"\n', ("day, of May", "column 2"), (2.5, -30.0)),
    ],
)
def test_columns_and_their_numbers(data, columns, numbers):
    assert csv_columns(data) == columns
    assert read_csv(data, columns[1]) == numbers


def test_the_first_column_is_read_when_none_is_named():
    assert read_csv(b"7\n8\n9") == (7.0, 8.0, 9.0)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a,b\n1,2\n3,x\n", r"Line 3, b: 'x' is not a finite number. Write one number a field, with a point"),
        (b"a,b\n1,nan\n", "Line 2, b: 'nan' is not a finite number"),
        (b"a,b\n1,2\n1,1e999\n", "Line 3, b: '1e999' is not"),
        (b"a,b\n1,1_000\n", "Line 2, b: '1_000' is not"),
        (b"a;b\n1;0,5\n", "Line 2, b: '0,5' is not a finite number. .* with a point"),
        (b"a,b\n1,\n", "Line 2, b: '' is not"),
        (b"a,b\n1,2\n3\n", "Line 3 has 1 field, and the first line has 2. Every line needs the same number"),
        (b"a,b\n1,2,3\n", "Line 2 has 3 fields, and the first line has 2"),
        (b"a,b\n1,2\n\n3,4\n", "Line 3 is empty. Remove it"),
        (b"", "Line 1 is empty. Begin with the names of the columns, or with numbers"),
        (b"\n1\n", "Line 1 is empty"),
        (b"a,b\n", "one line, 'a,b', and no numbers below it"),
        (b"a,b\n1,2\n\xff", "Line 3 holds the byte 0xff, which is not UTF-8"),
        (b"a,b\n1,2\x00", "Line 2 holds the control character"),
        (b"a,b\n" + b"1,2\n" * 10_001, "The column has 10,001 numbers. At most 10,000"),
        (b"1" * 1_000_001, "The file has 1,000,001 bytes"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(data, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_csv(data, "b")


def test_an_unknown_column():
    with pytest.raises(ValueError, match=r"There is no column 'c'\. Choose among: a, b\."):
        read_csv(b"a,b\n1,2\n", "c")
