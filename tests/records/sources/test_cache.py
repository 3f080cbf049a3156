import errno
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import wfdb
from filelock import FileLock

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
from rhythmtrainer.records.signals.excerpt import Excerpt, read_excerpt, write_excerpt
from rhythmtrainer.records.signals.layout import cut, signal_files
from rhythmtrainer.records.signals.wfdb_reader import check_record, read_header, read_strip
from rhythmtrainer.records.sources import allowance
from rhythmtrainer.records.sources import cache as cache_module
from rhythmtrainer.records.sources.cache import CachedRecords, ExcerptCache
from rhythmtrainer.training.cancel import Cancel
from tests.records.making import FRAMES, make_record

_ROOT = Path(__file__).parents[3]
RECORD = RecordRef("db", "1.0", "data/made")
REF = StripRef(RECORD, (LeadName("II"),), 0.4, 0.8)
SIGNALS = [
    "made.mat 212:3+24 200(3)/mV 12 0 0 0 0 II",
    "made.mat 212+24 200 12 0 0 0 0 V1",
    "made.mat 212+24 200 12 0 0 0 0 V2",
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return make_record(tmp_path / "source", SIGNALS)


@pytest.fixture
def cache(tmp_path: Path) -> ExcerptCache:
    return ExcerptCache(tmp_path / "cache")


def keep(cache: ExcerptCache, source: Path, first: int, end: int) -> Excerpt | None:
    header = read_header(source)
    files = signal_files(header, "made.hea")
    where = cut(files, first, end, FRAMES)
    content = source.with_suffix(".mat").read_bytes()
    pieces = {file.name: content[slice(*where.byte_range(file))] for file in files}
    cache.keep_header(RECORD, source.with_suffix(".hea").read_bytes())
    return cache.keep(RECORD, header, where, pieces)


def read(cache: ExcerptCache, start_s: float, seconds: float) -> Strip:
    return CachedRecords(cache, {}).read(REF, start_s, seconds, Cancel())


def test_an_excerpt_is_a_sound_wfdb_record(
    cache: ExcerptCache, source: Path, tmp_path: Path
) -> None:
    kept = keep(cache, source, 101, 301)
    assert kept is not None
    assert kept.path == tmp_path / "cache/db/1.0/data/made/0000000100-0000000301/made"
    check_record(kept.path)
    assert wfdb.rdheader(str(kept.path)).checksum == [
        signal.checksum for signal in read_header(kept.path).signals
    ]
    assert cache.header(RECORD) == source.with_suffix(".hea").read_bytes()


@pytest.mark.parametrize(("start_s", "seconds"), [(0.404, 0.8), (0.5, 0.1), (1.2, 0.004)])
def test_what_is_read_from_the_cache_is_what_the_record_holds(
    cache: ExcerptCache, source: Path, start_s: float, seconds: float
) -> None:
    keep(cache, source, 101, 301)
    strip = read(cache, start_s, seconds)
    reference = read_strip(source, start_s, seconds, REF.leads, Provenance(Origin.REAL, "made"))
    assert np.array_equal(strip.signal, reference.signal, equal_nan=True)
    assert (strip.start_s, strip.fs, strip.at_end) == (reference.start_s, reference.fs, False)


def test_the_end_of_the_recording_is_known(cache: ExcerptCache, source: Path) -> None:
    keep(cache, source, 300, FRAMES)
    strip = read(cache, 1.2, 60.0)
    assert strip.at_end
    assert strip.signal.shape == (1, 100)
    assert np.isnan(strip.signal[0, -3:]).all()
    assert read(cache, 60.0, 1.0).signal.shape == (1, 0)


@pytest.mark.parametrize(("start_s", "seconds"), [(0.3, 0.8), (0.5, 0.8), (0.0, 1.6)])
def test_what_is_not_wholly_in_the_cache_is_out_of_reach(
    cache: ExcerptCache, source: Path, start_s: float, seconds: float
) -> None:
    keep(cache, source, 100, 300)
    with pytest.raises(UnreachableError, match=r"stretch of db/1\.0/data/made is not in the cache"):
        read(cache, start_s, seconds)


def test_an_empty_cache_is_out_of_reach(cache: ExcerptCache) -> None:
    with pytest.raises(UnreachableError):
        read(cache, 0.4, 0.8)
    assert CachedRecords(cache, {}).at_hand(REF) == ()


def test_what_is_at_hand_is_what_the_cache_holds_inside_the_stretch(
    cache: ExcerptCache, source: Path
) -> None:
    cached = CachedRecords(cache, {})
    keep(cache, source, 50, 150)
    keep(cache, source, 250, FRAMES)
    before, after = cached.at_hand(REF)
    assert [before.start_s, before.end_s] == pytest.approx([0.4, 0.6])
    assert [after.start_s, after.end_s] == pytest.approx([1.0, 1.2])
    for stretch in (before, after):
        read(cache, stretch.start_s, stretch.duration_s)
    keep(cache, source, 100, 300)
    assert REF in cached.at_hand(REF)


@pytest.mark.parametrize("file", ["made.dat", "made.hea"])
@pytest.mark.parametrize("damage", ["changed", "cut", "longer", "gone"])
def test_a_damaged_excerpt_is_noticed_and_removed(
    cache: ExcerptCache, source: Path, file: str, damage: str
) -> None:
    kept = keep(cache, source, 100, 300)
    assert kept is not None
    read(cache, 0.4, 0.8)
    path = kept.path.with_name(file)
    content = path.read_bytes()
    path.unlink()
    changed = content[:40] + bytes([content[40] ^ 1]) + content[41:]
    damaged = {"changed": changed, "cut": content[:-3], "longer": content + b"x"}
    if damage in damaged:
        path.write_bytes(damaged[damage])
    with pytest.raises(UnreachableError):
        read(cache, 0.4, 0.8)
    assert not kept.path.parent.exists()


def test_a_damaged_excerpt_is_written_anew(cache: ExcerptCache, source: Path) -> None:
    kept = keep(cache, source, 100, 300)
    assert kept is not None
    before = read(cache, 0.4, 0.8).signal
    dat = kept.path.with_suffix(".dat")
    dat.write_bytes(bytes(dat.stat().st_size))
    keep(cache, source, 100, 300)
    assert np.array_equal(read(cache, 0.4, 0.8).signal, before)


def test_many_may_keep_the_same_excerpt_at_once(
    cache: ExcerptCache, source: Path, tmp_path: Path
) -> None:
    kept: list[Excerpt | None] = []
    threads = [
        threading.Thread(target=lambda: kept.append(keep(cache, source, 100, 300)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) == 8
    assert None not in kept
    left = [path.name for path in (tmp_path / "cache/db/1.0/data/made").iterdir()]
    assert sorted(left) == ["0000000100-0000000300", "made.hea"]


def test_what_a_killed_process_left_behind_is_removed_when_something_is_kept(
    cache: ExcerptCache, source: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "cache/db/1.0/data/made"
    for name, age_s in ((".new-old", 3700), (".new-young", 3500), ("old", 3700)):
        (folder / name).mkdir(parents=True)
        (folder / name / "made.dat").write_bytes(b"\0")
        then = time.time() - age_s
        os.utime(folder / name, (then, then))
    keep(cache, source, 100, 300)
    left = sorted(path.name for path in folder.iterdir())
    assert left == [".new-young", "0000000100-0000000300", "made.hea", "old"]


def test_several_leads_are_read_from_the_cache_as_from_the_record(
    cache: ExcerptCache, source: Path
) -> None:
    keep(cache, source, 101, FRAMES)
    ref = StripRef(RECORD, (LeadName("V2"), LeadName("II"), LeadName("V1")), 0.5, 5.0)
    strip = CachedRecords(cache, {}).read(ref, 0.5, 5.0, Cancel())
    whole = read_strip(source, 0.5, None, ref.leads, Provenance(Origin.REAL, "made"))
    assert strip.leads == ref.leads
    assert np.array_equal(strip.signal, whole.signal, equal_nan=True)
    (at_hand,) = CachedRecords(cache, {}).at_hand(ref)
    assert at_hand.leads == ref.leads


def test_a_cache_that_cannot_be_written_keeps_nothing_and_says_nothing(
    source: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = ExcerptCache(tmp_path / "file" / "cache")
    assert keep(cache, source, 100, 300) is None
    assert cache.header(RECORD) is None
    with pytest.raises(UnreachableError):
        read(cache, 0.4, 0.8)


def test_a_lead_that_the_record_does_not_have_is_named(cache: ExcerptCache, source: Path) -> None:
    keep(cache, source, 100, 300)
    other = StripRef(RECORD, (LeadName("aVF"),), 0.4, 0.8)
    with pytest.raises(RecordError, match=r"no lead aVF; its leads are: II, V1, V2\."):
        CachedRecords(cache, {}).read(other, 0.4, 0.8, Cancel())


def test_a_read_that_was_called_off_reads_nothing(cache: ExcerptCache) -> None:
    cancel = Cancel()
    cancel.throw()
    with pytest.raises(CancelledError):
        CachedRecords(cache, {}).read(REF, 0.4, 0.8, cancel)


def test_a_record_that_climbs_out_of_the_cache_is_refused(cache: ExcerptCache) -> None:
    ref = StripRef(RecordRef("db", "1.0", "../../made"), (LeadName("II"),), 0.0, 1.0)
    with pytest.raises(RecordError, match="does not name a record"):
        CachedRecords(cache, {}).read(ref, 0.0, 1.0, Cancel())
    assert CachedRecords(cache, {}).at_hand(ref) == ()


def filled(folder: Path, source: Path, count: int, limit_bytes: int) -> ExcerptCache:
    """Return a cache into which excerpts went, the first of which was used last."""
    cache = ExcerptCache(folder, limit_bytes)
    for first in range(0, 2 * count, 2):
        keep(cache, source, first, first + 100)
        read_at(cache, 0)
    return cache


def read_at(cache: ExcerptCache, first: int) -> Strip:
    return read(cache, first / 250, 0.4)


def kept_firsts(folder: Path) -> list[int]:
    return sorted(int(path.name[:10]) for path in folder.rglob("*-*") if path.is_dir())


def bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("made*") if path.is_file())


def test_a_full_cache_lets_go_of_what_was_not_used_for_longest(
    source: Path, tmp_path: Path
) -> None:
    cache = filled(tmp_path / "cache", source, 60, 20_000)
    left = kept_firsts(tmp_path / "cache")
    assert bytes_below(tmp_path / "cache") == cache.size()
    assert 10_000 < cache.size() <= 20_000
    assert left[0] == 0
    assert left[1:] == list(range(2 * (60 - len(left) + 1), 120, 2))
    assert cache.header(RECORD) is not None


def test_what_was_read_before_the_cache_was_opened_counts(source: Path, tmp_path: Path) -> None:
    filled(tmp_path / "cache", source, 12, 10**9)
    (tmp_path / "cache" / "count").unlink()
    cache = ExcerptCache(tmp_path / "cache", 5_000)
    keep(cache, source, 200, 300)
    assert cache.size() <= 5_000
    assert 200 in kept_firsts(tmp_path / "cache")


@pytest.mark.parametrize("count", [b"", b"many", b"-5", b"\xff", b"9" * 5000])
def test_a_count_that_makes_no_sense_is_made_anew(
    source: Path, tmp_path: Path, count: bytes
) -> None:
    filled(tmp_path / "cache", source, 12, 10**9)
    (tmp_path / "cache" / "count").write_bytes(count)
    cache = ExcerptCache(tmp_path / "cache", 5_000)
    for first in range(200, 212, 2):
        keep(cache, source, first, first + 100)
    assert cache.size() <= 5_000


def test_an_excerpt_that_is_being_read_stays(source: Path, tmp_path: Path) -> None:
    cache = filled(tmp_path / "cache", source, 10, 10**9)
    with cache.holding(RECORD, 4, 104) as held:
        assert held is not None
        cache.clear()
        assert kept_firsts(tmp_path / "cache") == [4]
        read_at(cache, 4)
    cache.clear()
    assert kept_firsts(tmp_path / "cache") == []


def test_what_is_larger_than_the_cache_does_not_empty_it(source: Path, tmp_path: Path) -> None:
    cache = filled(tmp_path / "cache", source, 3, 1_900)
    assert keep(cache, source, 0, FRAMES) is None
    assert kept_firsts(tmp_path / "cache")


def test_a_cleared_cache_is_empty_and_serves_again(source: Path, tmp_path: Path) -> None:
    cache = filled(tmp_path / "cache", source, 5, 10**9)
    cache.clear()
    assert cache.size() == 0
    assert not (tmp_path / "cache" / "db").exists()
    keep(cache, source, 100, 300)
    assert read(cache, 0.4, 0.8).duration_s == pytest.approx(0.8)


def test_an_empty_cache_has_no_size(tmp_path: Path) -> None:
    cache = ExcerptCache(tmp_path / "cache")
    cache.clear()
    assert (cache.size(), cache.size_of("db")) == (0, 0)
    assert not (tmp_path / "cache").exists()


def test_each_database_has_its_size(source: Path, tmp_path: Path) -> None:
    cache = filled(tmp_path / "cache", source, 5, 10**9)
    assert cache.size_of("db") == cache.size() > 0
    assert cache.size_of("other") == 0


def test_a_full_disk_is_made_room_on(
    cache: ExcerptCache, source: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for first in range(8):
        keep(cache, source, first, first + 100)
    full = [OSError(errno.ENOSPC, "No space left on device")]

    def write(*arguments: Any) -> Excerpt:
        if full:
            raise full.pop()
        return write_excerpt(*arguments)

    monkeypatch.setattr(cache_module, "write_excerpt", write)
    kept = keep(cache, source, 100, 300)
    assert kept is not None
    assert kept_firsts(tmp_path / "cache")[0] > 0
    assert read(cache, 0.4, 0.8).duration_s == pytest.approx(0.8)


def test_a_disk_that_stays_full_keeps_nothing_and_says_nothing(
    cache: ExcerptCache, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(*_: object) -> Excerpt:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(cache_module, "write_excerpt", write)
    assert keep(cache, source, 100, 300) is None


def test_while_another_counts_excerpts_are_kept_all_the_same(
    cache: ExcerptCache, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "_PATIENCE_S", 0.01)
    keep(cache, source, 0, 100)
    with FileLock(tmp_path / "cache" / "count.lock"):
        assert keep(cache, source, 100, 300) is not None
    assert read(cache, 0.4, 0.8).duration_s == pytest.approx(0.8)


def test_an_excerpt_that_another_process_took_away_is_out_of_reach(
    cache: ExcerptCache, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(cache, source, 100, 300)

    def read_too_late(excerpt: Excerpt, *arguments: Any) -> Strip:
        shutil.rmtree(excerpt.path.parent)
        return read_excerpt(excerpt, *arguments)

    monkeypatch.setattr(cache_module, "read_excerpt", read_too_late)
    with pytest.raises(UnreachableError, match="is not in the cache"):
        read(cache, 0.4, 0.8)


@pytest.mark.parametrize("damage", [b"", b"other bytes"])
def test_what_is_spoiled_while_it_is_read_is_not_shown(
    cache: ExcerptCache, source: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes
) -> None:
    keep(cache, source, 100, 300)

    def read_and_spoil(excerpt: Excerpt, *arguments: Any) -> Strip:
        strip = read_excerpt(excerpt, *arguments)
        next(excerpt.path.parent.glob("*.dat")).write_bytes(damage)
        return strip

    monkeypatch.setattr(cache_module, "read_excerpt", read_and_spoil)
    with pytest.raises(UnreachableError, match="is not in the cache"):
        read(cache, 0.4, 0.8)


def test_bytes_that_are_no_samples_are_not_kept(cache: ExcerptCache, source: Path) -> None:
    header = read_header(source)
    where = cut(signal_files(header, "made.hea"), 100, 300, FRAMES)
    assert cache.keep(RECORD, header, where, {"made.mat": b""}) is None
    assert list(cache.stretches(RECORD)) == []


@pytest.mark.parametrize("damage", [b"", b"\0", b"made 1 250\n# SHA-256 0\n"])
def test_a_damaged_header_is_not_taken_for_the_published_one(
    cache: ExcerptCache, source: Path, tmp_path: Path, damage: bytes
) -> None:
    keep(cache, source, 100, 300)
    file = tmp_path / "cache/db/1.0/data/made/made.hea"
    file.write_bytes(damage)
    assert cache.header(RECORD) is None


def test_two_processes_share_a_cache_and_one_may_be_killed(source: Path, tmp_path: Path) -> None:
    """Two fill and read one small cache; one is killed again and again."""
    command = [sys.executable, "-m", "tests.support.cache_robot", str(tmp_path / "cache")]

    def robot(times: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - this interpreter with a module of ours
            [*command, str(source), str(times)], cwd=_ROOT, stdout=subprocess.PIPE
        )

    sound = robot(120)
    for _ in range(3):
        killed = robot(100_000)
        assert killed.stdout is not None
        killed.stdout.readline()
        killed.kill()
        killed.communicate()
    said, _ = sound.communicate(timeout=60.0)
    assert sound.returncode == 0
    assert said.split()[-1] == b"sound"
    cache = ExcerptCache(tmp_path / "cache", 20_000)
    for first in range(40):
        keep(cache, source, first, first + 100)
        assert read_at(cache, first).duration_s == pytest.approx(0.4)
    assert cache.size() <= 25_000
