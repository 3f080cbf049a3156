"""Keeps excerpts in a small cache and reads them, as a process of its own that may be killed.

``python -m tests.support.cache_robot CACHE RECORD TIMES`` prints a line when it has begun, and
``sound`` when every strip that it got was right.
"""

import random
import sys
from pathlib import Path

import numpy as np

from rhythmtrainer.model import LeadName, Origin, Provenance, RecordRef, StripRef, UnreachableError
from rhythmtrainer.records.signals.layout import cut, signal_files
from rhythmtrainer.records.signals.wfdb_reader import read_header, read_strip
from rhythmtrainer.records.sources.cache import CachedRecords, ExcerptCache
from rhythmtrainer.training.cancel import Cancel

RECORD = RecordRef("db", "1.0", "data/made")
LIMIT_BYTES = 20_000
_PLACES = 60
_FRAMES = 100
_FS = 250.0


def main(folder: str, record: str, times: str) -> None:
    """Keep and read until it has been done often enough."""
    source = Path(record)
    header = read_header(source)
    files = signal_files(header, "made.hea")
    content = source.with_suffix(".mat").read_bytes()
    cache = ExcerptCache(Path(folder), LIMIT_BYTES)
    ref = StripRef(RECORD, (LeadName("II"),), 0.0, 1.0)
    chance = random.Random()  # noqa: S311 - which excerpt, no secret
    for number in range(int(times)):
        first = chance.randrange(_PLACES)
        where = cut(files, first, first + _FRAMES, header.length or 0)
        pieces = {file.name: content[slice(*where.byte_range(file))] for file in files}
        cache.keep(RECORD, header, where, pieces)
        at = (first / _FS, _FRAMES / _FS)
        try:
            strip = CachedRecords(cache, {}).read(ref, *at, Cancel())
        except UnreachableError:
            # The other process made room.
            continue
        right = read_strip(source, *at, ref.leads, Provenance(Origin.REAL, "made"))
        assert np.array_equal(strip.signal, right.signal, equal_nan=True)
        if number == 0:
            print("begun", flush=True)  # noqa: T201 - whoever kills it waits for this
    print("sound")  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
