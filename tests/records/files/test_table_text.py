import math

import pytest

from rhythmtrainer.records.files.table_text import decimals_of, number_of, seconds_of


@pytest.mark.parametrize(
    ("cell", "decimal", "number"),
    [
        ("1.234,5", ",", 1234.5),
        ("-1,234,567.25", ".", -1234567.25),
        ("1,234", ".", None),
        ("1.234", ",", None),
        ("", ".", math.nan),
    ],
)
def test_signs_between_thousands_are_only_read_before_a_decimal_sign(
    cell: str, decimal: str, number: float | None
) -> None:
    found = number_of(cell, decimal)
    assert found == pytest.approx(number, nan_ok=True) if number is not None else found is None


def test_clocks_of_two_time_zones_agree() -> None:
    winter = seconds_of("2021-03-28T01:59:59.500+01:00")
    summer = seconds_of("2021-03-28T03:00:00.500+02:00")
    west = seconds_of("2021-03-27T21:30:00.500-03:30")
    utc = seconds_of("2021-03-28T01:00:00.500Z")
    assert winter is not None
    assert utc is not None
    assert summer == winter + 1
    assert west == utc


def test_halves_of_a_day_are_told_apart() -> None:
    assert seconds_of("12:00:00 AM") == 0
    assert seconds_of("12:00:00.5 PM") == 43200.5
    assert seconds_of("1:00:00 p.m.") == 46800


@pytest.mark.parametrize(
    ("cell", "digits"),
    [("0.25", 2), ("28.03.2021 09:00:01", 0), ("09:00:01.250 AM", 3), ("09:00:01.5Z", 1)],
)
def test_digits_behind_the_seconds_are_counted(cell: str, digits: int) -> None:
    assert decimals_of(cell, ".") == digits
