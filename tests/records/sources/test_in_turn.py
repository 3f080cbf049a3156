from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from rhythmtrainer.model import (
    CancelledError,
    LeadName,
    Origin,
    Provenance,
    RecordError,
    RecordRef,
    Strip,
    StripRef,
    UnreachableError,
)
from rhythmtrainer.records.sources.cache import CachedRecords, ExcerptCache
from rhythmtrainer.records.sources.in_turn import RecordLibrary
from rhythmtrainer.records.sources.local import LocalRecords
from rhythmtrainer.records.sources.physionet import PhysioNet
from rhythmtrainer.training.cancel import Cancel
from tests.records.making import make_record
from tests.support.physionet_server import PhysioNetServer

REF = StripRef(RecordRef("db", "1.0", "made"), (LeadName("II"),), 0.0, 10.0)


@dataclass
class Source:
    """Gives a strip that bears its name, or fails."""

    name: str
    fault: Exception | None = None
    stretches: tuple[StripRef, ...] = ()
    asked: list[float] = field(default_factory=list)

    def read(self, ref: StripRef, start_s: float, seconds: float, cancel: Cancel) -> Strip:
        cancel.check()
        self.asked.append(start_s)
        if self.fault is not None:
            raise self.fault
        return Strip(
            signal=np.zeros((len(ref.leads), round(seconds * 100)), dtype=np.float32),
            fs=100.0,
            leads=ref.leads,
            start_s=start_s,
            at_end=False,
            provenance=Provenance(Origin.REAL, self.name),
        )

    def at_hand(self, ref: StripRef) -> tuple[StripRef, ...]:
        assert ref == REF
        return self.stretches


def giver(*sources: Source) -> str:
    return RecordLibrary(sources).read(REF, 2.0, 1.0, Cancel()).provenance.source


def test_the_first_source_that_has_it_gives_it() -> None:
    last = Source("last")
    far = Source("far", UnreachableError("far."))
    assert giver(far, Source("near"), last) == "near"
    assert last.asked == []


def test_a_damaged_copy_does_not_hide_a_sound_one() -> None:
    assert giver(Source("broken", RecordError("broken.")), Source("sound")) == "sound"


def test_the_first_damage_is_told_when_nobody_has_it() -> None:
    sources = [
        Source("a", UnreachableError("not in a.")),
        Source("b", RecordError("b is damaged.")),
        Source("c", RecordError("c is damaged.")),
        Source("d", UnreachableError("d is off.")),
    ]
    with pytest.raises(RecordError, match=r"^b is damaged\.$"):
        giver(*sources)
    assert all(source.asked for source in sources)


def test_what_was_tried_is_told_when_nobody_has_it() -> None:
    with pytest.raises(UnreachableError, match=r"^not in a\. not in b\.$"):
        giver(
            Source("a", UnreachableError("not in a.")), Source("b", UnreachableError("not in b."))
        )
    with pytest.raises(UnreachableError, match="there is no source of recordings"):
        giver()


def test_work_that_was_called_off_asks_nobody_else() -> None:
    last = Source("last")
    with pytest.raises(CancelledError):
        giver(Source("first", CancelledError()), last)
    assert last.asked == []


def test_a_defect_is_not_taken_for_a_damaged_record() -> None:
    with pytest.raises(ZeroDivisionError):
        giver(Source("first", ZeroDivisionError()), Source("last"))


def test_what_is_at_hand_is_told_once() -> None:
    part = StripRef(REF.record, REF.leads, 1.0, 2.0)
    inside = StripRef(REF.record, REF.leads, 1.5, 1.0)
    beside = StripRef(REF.record, REF.leads, 2.5, 3.0)
    near = Source("near", stretches=(part,))
    far = Source("far", stretches=(inside, beside, part))
    assert RecordLibrary([near, far]).at_hand(REF) == (part, beside)
    assert RecordLibrary([Source("all", stretches=(REF,)), near, far]).at_hand(REF) == (REF,)


def test_other_leads_of_a_stretch_are_another_stretch() -> None:
    other = StripRef(REF.record, (*REF.leads, LeadName("V1")), 1.0, 2.0)
    sources = [Source("one", stretches=(REF,)), Source("other", stretches=(other,))]
    assert RecordLibrary(sources).at_hand(REF) == (REF, other)


def test_the_folders_come_first_then_the_cache_and_the_network_last(tmp_path: Path) -> None:
    lines = ["made.dat 16 200 16 0 0 0 0 II"]
    record = make_record(tmp_path / "archive/db/1.0", lines)
    local = LocalRecords([tmp_path / "local"], {}, {})
    cache = ExcerptCache(tmp_path / "cache")
    with PhysioNetServer(tmp_path / "archive") as server:
        archive = PhysioNet(server.url, cache, {}, {})
        library = RecordLibrary([local, CachedRecords(cache, {}), archive])
        make_record(tmp_path / "local/db/1.0", lines)
        here = library.read(REF, 0.0, 1.0, Cancel())
        assert server.requests == []
        assert not (tmp_path / "cache").exists()

        (tmp_path / "local/db/1.0/made.hea").unlink()
        fetched = library.read(REF, 0.0, 1.0, Cancel())
        assert len(server.requests) == 2

        record.with_suffix(".dat").unlink()
        kept = library.read(REF, 0.0, 1.0, Cancel())
        assert len(server.requests) == 2
        archive.close()
    assert np.array_equal(here.signal, fetched.signal)
    assert np.array_equal(here.signal, kept.signal)
