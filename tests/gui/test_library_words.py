from html import escape

import pytest

from rhythmtrainer.gui.library.words import describe_database, here, size_to_fetch
from rhythmtrainer.model import Holding
from tests.support.fake_library import holding

_NOTHING = holding("some", published=10, published_size=1_000)
_PART = holding("some", records=4, size=400, published=10, published_size=1_000)
_ALL = holding("some", records=10, size=1_000, published=10, published_size=1_000)
_PART_OF_UNKNOWN_SIZE = holding("some", records=4, size=400, published=10)


@pytest.mark.parametrize(
    ("held", "names", "expected"),
    [
        (_NOTHING, (), 1_000),
        (_PART, (), 600),
        (_ALL, (), 0),
        (_NOTHING, ("100", "101"), 200),
        (_PART_OF_UNKNOWN_SIZE, (), 600),
        (_PART_OF_UNKNOWN_SIZE, ("100",), 100),
        (holding("some", records=4, size=400, published=None), (), None),
        (holding("some", published=10), (), None),
        (holding("some", published=None), ("100",), None),
    ],
)
def test_the_size_of_a_fetch_comes_from_what_is_published_or_here(
    held: Holding, names: tuple[str, ...], expected: int | None
) -> None:
    assert size_to_fetch(held, names) == expected


def test_records_are_counted_against_those_published_where_these_are_known() -> None:
    assert here(holding("some", records=1200, published=43_598)) == "1,200 of 43,598"
    assert here(holding("some", records=3, published=None)) == "3"
    assert here(holding("some", published=None)) == "-"


def test_a_database_says_what_is_here_and_in_the_catalogue() -> None:
    said = describe_database(
        holding("some", records=4, size=7_800_000, cached=420_000, spans=1, rhythms=1, own=True)
    )
    assert "4 of 10 records, 7.8 MB." in said
    assert "420 kB of excerpts are kept" in said
    assert "In the catalogue, with what you added: 1 stretch of 1 rhythm." in said


def test_a_database_without_a_doi_has_no_link_and_no_markup_of_its_own() -> None:
    held = holding("some", "R & D <Database>")
    said = describe_database(held)
    assert escape("R & D <Database>") in said
    assert "href" in said
    assert "<Database>" not in said
