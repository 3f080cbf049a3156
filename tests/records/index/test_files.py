"""Files are listed with their checksums, and compared with the published ones."""

import hashlib
from pathlib import Path

import pytest

from rhythmtrainer.model import LeadName, RateSource, RecordRef, RhythmId, Span, StripRef
from rhythmtrainer.records.index.files import file_rows
from rhythmtrainer.records.index.rules import BuildError
from rhythmtrainer.records.tables.verify import description_of
from tests.records.index.making_recordings import write_recording


@pytest.fixture
def span(tmp_path: Path) -> Span:
    path = write_recording(tmp_path / "made" / "1", "sub/1", "NNN")
    ref = StripRef(RecordRef("made", "1", "sub/1"), (LeadName("II"),), 0.0, 2.0)
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  sub/{file.name}\n"
        for file in path.parent.iterdir()
    ]
    (tmp_path / "made" / "1" / "SHA256SUMS.txt").write_text("".join(lines), encoding="utf-8")
    return Span(ref, RhythmId.PAC, frozenset(), "made", None, RateSource.NONE, "made-1")


def test_header_signals_and_labels_are_listed_once(span: Span, tmp_path: Path) -> None:
    rows = file_rows(tmp_path, [span, span])
    assert [row[:3] for row in rows] == [
        ("made", "1", f"sub/1.{ending}") for ending in ("hea", "dat", "atr")
    ]
    for _, _, name, size, digest, described in rows:
        content = (tmp_path / "made" / "1" / name).read_bytes()
        assert (size, digest) == (len(content), hashlib.sha256(content).hexdigest())
        assert not described


def test_a_header_that_no_list_confirms_is_described(span: Span, tmp_path: Path) -> None:
    (tmp_path / "made" / "1" / "SHA256SUMS.txt").unlink()
    header, *others = file_rows(tmp_path, [span])
    content = (tmp_path / "made" / "1" / "sub" / "1.hea").read_bytes()
    assert header[-1] == description_of(content.replace(b"\n", b"\r\n") + b"# a comment\r\n")
    assert header[-1] != description_of(content.replace(b"250", b"251"))
    assert all(not row[-1] for row in others)


def test_labels_of_the_lead_that_is_shown_are_listed(span: Span, tmp_path: Path) -> None:
    path = tmp_path / "made" / "1" / "sub" / "1"
    path.with_suffix(".atr").rename(path.with_suffix(".ii"))
    (tmp_path / "made" / "1" / "SHA256SUMS.txt").unlink()
    assert [row[2] for row in file_rows(tmp_path, [span])] == ["sub/1.hea", "sub/1.dat", "sub/1.ii"]


def test_a_changed_and_a_missing_file_are_both_named(span: Span, tmp_path: Path) -> None:
    path = tmp_path / "made" / "1" / "sub" / "1"
    path.with_suffix(".atr").write_bytes(b"changed")
    path.with_suffix(".dat").unlink()
    with pytest.raises(BuildError, match=r"1\.dat is missing; .*1\.atr differs from the checksum"):
        file_rows(tmp_path, [span])
