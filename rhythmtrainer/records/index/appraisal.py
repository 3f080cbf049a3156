"""Look at the signal of spans: how much of it can be read, and whether a class hangs on a hair."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg import delineate, detect_beats, quality
from rhythmtrainer.model import LeadName, Origin, Provenance, RecordRef, Span, Strip
from rhythmtrainer.records.index.rules import Borders
from rhythmtrainer.records.signals.wfdb_reader import read_strip

# Spans that begin within so many seconds are read at once: quick, and small in memory.
_BLOCK_S = 1800.0


def appraised(spans: Iterable[Span], records: Path, borders: Borders) -> Iterator[Span]:
    """Yield the spans that keep clear of the borders of classes, each with its quality.

    Raises
    ------
    RecordError
        If a recording is damaged.
    """
    clear = sorted(
        (span for span in spans if _clear_of_rates(span, borders)),
        key=lambda one: (_key(one), one.ref.start_s),
    )
    for _, group in itertools.groupby(clear, key=_key):
        together = list(group)
        block = _Block(_strip_of(together, records))
        for span in together:
            judged = replace(span, quality=round(block.readable_share(span), 2))
            if _good_enough(judged, borders) and _clear_of_widths(judged, block, borders):
                yield judged


def _key(span: Span) -> tuple[RecordRef, tuple[LeadName, ...], int]:
    return span.ref.record, span.ref.leads, int(span.ref.start_s / _BLOCK_S)


def _strip_of(spans: Sequence[Span], records: Path) -> Strip:
    ref = spans[0].ref
    seconds = max(span.ref.end_s for span in spans) - ref.start_s
    source = Provenance(origin=Origin.REAL, source=ref.record.path)
    return read_strip(records / ref.record.path, ref.start_s, seconds, ref.leads, source)


@dataclass(frozen=True, eq=False)
class _Block:
    """A stretch of a recording that holds one span or several."""

    strip: Strip

    def readable_share(self, span: Span) -> float:
        """Return the share of the span's seconds in which nothing hinders reading."""
        first, last = self._inside(span)
        readable = self._readable[int(first) : int(np.ceil(last))]
        return float(readable.mean()) if readable.size else 0.0

    def qrs_width(self, span: Span) -> float | None:
        """Return the median duration of the span's QRS complexes in the first lead, in seconds."""
        fs = self.strip.fs
        first, last = (round(at * fs) for at in self._inside(span))
        signal = self.strip.signal[0, first:last]
        qrs = delineate(signal, fs, detect_beats(signal, fs)).qrs
        widths = (qrs.end - qrs.onset)[qrs.present] / fs
        return float(np.median(widths)) if widths.size else None

    def _inside(self, span: Span) -> tuple[float, float]:
        return span.ref.start_s - self.strip.start_s, span.ref.end_s - self.strip.start_s

    @cached_property
    def _readable(self) -> NDArray[np.bool_]:
        return np.asarray(quality(self.strip.signal, self.strip.fs).usable.all(axis=0))


def _clear_of_rates(span: Span, borders: Borders) -> bool:
    low, high = borders.rates.get(span.rhythm, (0.0, np.inf))
    return span.rate_bpm is None or low <= span.rate_bpm <= high


def _clear_of_widths(span: Span, block: _Block, borders: Borders) -> bool:
    for border in borders.widths:
        if span.rhythm in border.rhythms:
            width = block.qrs_width(span)
            return width is None or not border.qrs_s[0] <= width <= border.qrs_s[1]
    return True


def _good_enough(span: Span, borders: Borders) -> bool:
    return all(
        span.rhythm in floor.except_for or span.quality >= floor.quality for floor in borders.floors
    )
