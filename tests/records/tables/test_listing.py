from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhythmtrainer.model import RecordError
from rhythmtrainer.records.tables.listing import (
    Listing,
    is_safe,
    read_annotators,
    read_checksums,
    read_records,
)

DIGEST = "0123456789abcdef" * 4
GEORGIA = Listing(
    "challenge-2021",
    "1.0.3",
    ("training/georgia/g1/E00271", "training/georgia/g2/E01271", "training/ptb-xl/g1/HR00271"),
)


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../100.hea", "a/../b", "a//b", "a\\b", "C:/x", ".hidden", "a/.b", "a b"],
)
def test_a_path_that_might_leave_its_folder_is_not_safe(path: str) -> None:
    assert not is_safe(path)


def test_checksums_are_read_in_every_way_that_they_are_written() -> None:
    text = f"{DIGEST} 100.dat\n{DIGEST.upper()}  ./data/1.i\r\n{DIGEST} *x/y.hea\n"
    assert read_checksums(text) == dict.fromkeys(("100.dat", "data/1.i", "x/y.hea"), DIGEST)


def test_lines_that_are_no_checksums_are_left_out() -> None:
    text = f"{DIGEST[:-1]} short.dat\n\n<html>\n{DIGEST} ../../etc/passwd\n{DIGEST}\n"
    assert read_checksums(text) == {}


def test_a_list_of_records_keeps_folders_and_their_order() -> None:
    assert read_records("g2/\n\n ./g1/ \n100\n/etc/\n../x\n") == ["g2/", "g1/", "100"]


def test_annotators_are_the_first_words() -> None:
    assert read_annotators("atr\treference beats\n\nqrs unaudited\n<html>\n") == ("atr", "qrs")


@pytest.mark.parametrize(
    "name",
    [
        "E00271",
        "E00271.hea",
        "training/georgia/E00271",
        "training/georgia/g1/E00271",
        "challenge-2021/E00271",
        "challenge-2021/1.0.3/training/georgia/g1/E00271",
        " g1/E00271 ",
    ],
)
def test_a_record_is_known_by_its_path_and_by_parts_of_it(name: str) -> None:
    assert GEORGIA.resolve([name]) == ("training/georgia/g1/E00271",)


def test_a_record_that_is_named_twice_is_meant_once() -> None:
    assert GEORGIA.resolve(["E00271", "g1/E00271"]) == ("training/georgia/g1/E00271",)


def test_an_unknown_record_is_refused_with_those_like_it() -> None:
    with pytest.raises(RecordError, match=r"no record “E00272”\. Like it are E00271, E01271"):
        GEORGIA.resolve(["E00272"])


@pytest.mark.parametrize("name", ["", "/", "ningbo/E00271", "../g1/E00271", "e00271"])
def test_a_name_of_another_place_is_refused(name: str) -> None:
    with pytest.raises(RecordError, match="no record"):
        GEORGIA.resolve([name])


def test_a_name_of_several_records_is_refused_unless_it_is_a_whole_path() -> None:
    listing = Listing("made", "1.0.0", ("a/1", "b/1", "1"))
    assert listing.resolve(["b/1"]) == ("b/1",)
    assert listing.resolve(["1"]) == ("1",)
    with pytest.raises(RecordError, match="2 records called “1”: a/1, b/1"):
        Listing("made", "1.0.0", ("a/1", "b/1")).resolve(["1"])


def test_where_the_list_may_lack_records_a_path_is_taken_as_it_stands() -> None:
    listing = Listing("made", "1.0.0", ("a/1",), closed=False)
    assert listing.resolve(["1", "made/b/2"]) == ("a/1", "b/2")
    with pytest.raises(RecordError, match="no record"):
        listing.resolve(["../2"])


def test_annotations_are_those_of_the_annotators_that_were_published() -> None:
    checksums = dict.fromkeys(("1.hea", "1.dat", "1.atr", "1.xws", "10.qrs"), DIGEST)
    assert Listing("made", "1", ("1",), checksums, ("atr", "qrs")).annotations("1") == ("1.atr",)
    assert set(Listing("made", "1", ("1",), checksums).annotations("1")) == {
        "1.dat",
        "1.atr",
        "1.xws",
    }
    assert Listing("made", "1", ("1",), {}, ("atr",)).annotations("1") == ("1.atr",)


def test_a_wrong_name_among_very_many_is_told_at_once() -> None:
    many = Listing("made", "1", tuple(f"g/JS{number:05}" for number in range(90_000)))
    with pytest.raises(RecordError, match="Like it are JS"):
        many.resolve(["JS123456"])


@given(st.text() | st.from_regex(r"([0-9a-f]{64} +\*?(\./)?[\w./-]*\n)*", fullmatch=True))
def test_whatever_an_archive_lists_nothing_leads_out_of_the_folder(text: str) -> None:
    for path in (*read_checksums(text), *read_records(text)):
        parts = Path(path).parts
        assert not Path(path).is_absolute()
        assert ".." not in parts
        assert "\\" not in path
    assert all("/" not in ending for ending in read_annotators(text))
