"""Strips of packs as a source of strips, beside all other recordings."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from rhythmtrainer.model import (
    CancelledError,
    Half,
    RateSource,
    RecordError,
    RecordRef,
    Strip,
    StripRef,
    UnreachableError,
)
from rhythmtrainer.model.pack import OWN_STRIPS
from rhythmtrainer.records.packs.installed import PackRecords
from rhythmtrainer.records.packs.shelf import Shelf
from rhythmtrainer.training.cancel import Cancel
from tests.records.packs.making import filled, label_of, pack_file, strip

if TYPE_CHECKING:
    from rhythmtrainer.training.ports import StripSource


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = filled(tmp_path / "packs")
    yield made
    made.close()


class _Others:
    """Recordings that are no strips of packs; it notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[StripRef] = []

    def read(self, ref: StripRef, start_s: float, seconds: float, cancel: Cancel) -> Strip:
        assert start_s >= 0
        assert seconds > 0
        cancel.check()
        self.asked.append(ref)
        return strip()

    def at_hand(self, ref: StripRef) -> tuple[StripRef, ...]:
        self.asked.append(ref)
        return (ref,)


_MITDB = StripRef(RecordRef("mitdb", "1.0.0", "100"), strip().leads, 0.0, 10.0)


def test_a_span_is_read_as_the_strip_it_names(shelf: Shelf) -> None:
    source: StripSource = PackRecords(shelf.installed)
    for span, label in zip(shelf.spans(), shelf.own().strips, strict=True):
        assert source.at_hand(span.ref) == (span.ref,)
        whole = source.read(span.ref, 0.0, span.ref.duration_s, Cancel())
        assert np.array_equal(whole.signal, shelf.read(OWN_STRIPS, label.id).signal)
        part = source.read(span.ref, 2.0, 1.5, Cancel())
        assert np.array_equal(part.signal, whole.signal[:, 500:875])
        assert (part.start_s, part.at_end) == (2.0, False)


def test_a_strip_ends_where_it_ends(shelf: Shelf) -> None:
    source, ref = PackRecords(shelf.installed), shelf.spans()[0].ref
    end = source.read(ref, 5.0, 10.0, Cancel())
    assert (end.duration_s, end.at_end) == (1.0, True)
    assert source.read(ref, 60.0, 10.0, Cancel()).signal.shape == (2, 0)
    before = source.read(ref, -1.0, 3.0, Cancel())
    assert (before.start_s, before.duration_s) == (0.0, 2.0)


def test_one_lead_of_a_strip_is_read(shelf: Shelf) -> None:
    ref = shelf.spans()[0].ref
    one = replace(ref, leads=ref.leads[1:])
    read = PackRecords(shelf.installed).read(one, 0.0, 6.0, Cancel())
    assert read.leads == ("V1",)


def test_spans_say_who_labelled_them_and_what_is_taught(shelf: Shelf, tmp_path: Path) -> None:
    shelf.open_pack(pack_file(tmp_path), Cancel())
    spans = shelf.spans()
    assert len({span.patient for span in spans}) == len(spans) == 4
    assert {span.label for span in spans} == {"labelled by the instructor", "labelled by Ada"}
    for span in spans:
        label = label_of(strip())
        assert (span.rhythm, span.accepted, span.teaching) == (
            label.answer,
            label.accepted,
            label.teaching,
        )
        assert (span.rate_bpm, span.rate_source) == (None, RateSource.NONE)
        assert (span.half, span.ref.start_s, span.ref.duration_s) == (Half.PRACTICE, 0.0, 6.0)
        assert span.ref.record.version == "1"


def test_all_other_recordings_come_from_elsewhere(shelf: Shelf) -> None:
    others = _Others()
    source = PackRecords(shelf.installed, others)
    source.read(_MITDB, 0.0, 10.0, Cancel())
    assert source.at_hand(_MITDB) == (_MITDB,)
    assert others.asked == [_MITDB, _MITDB]


def test_a_strip_of_a_pack_is_asked_of_nobody_else(shelf: Shelf) -> None:
    others = _Others()
    source, ref = PackRecords(shelf.installed, others), shelf.spans()[0].ref
    shelf.remove(shelf.own().strips[0].id)
    gone = [
        ref,
        replace(ref, record=RecordRef("another-pack", "1", "strip-1")),
        replace(ref, record=RecordRef("../own-strips", "1", "strip-1")),
    ]
    for missing in gone:
        assert source.at_hand(missing) == ()
        with pytest.raises(UnreachableError, match="none of the packs"):
            source.read(missing, 0.0, 6.0, Cancel())
    assert others.asked == []


def test_without_others_only_packs_are_read(shelf: Shelf) -> None:
    source = PackRecords(shelf.installed)
    assert source.at_hand(_MITDB) == ()
    with pytest.raises(UnreachableError):
        source.read(_MITDB, 0.0, 10.0, Cancel())


def test_a_damaged_pack_is_not_at_hand(shelf: Shelf, tmp_path: Path) -> None:
    source, ref = PackRecords(shelf.installed), shelf.spans()[0].ref
    (tmp_path / "packs" / OWN_STRIPS / "manifest.json").write_bytes(b"[]")
    assert source.at_hand(ref) == ()
    with pytest.raises(RecordError, match="own-strips"):
        source.read(ref, 0.0, 6.0, Cancel())


def test_a_cancelled_read_is_not_begun(shelf: Shelf) -> None:
    cancel = Cancel()
    cancel.throw()
    with pytest.raises(CancelledError):
        PackRecords(shelf.installed).read(shelf.spans()[0].ref, 0.0, 6.0, cancel)
