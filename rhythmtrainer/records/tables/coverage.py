"""What a catalogue holds of each rhythm."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from rhythmtrainer.model import Half, RhythmCoverage, RhythmId, Span

WINDOW_S: Final = 10.0
# Sums of lengths that were written down in milliseconds must not lose a window to rounding.
_ROUNDING_S: Final = 1e-6
_MINUTE_S: Final = 60.0


def coverage_of(spans: Iterable[Span]) -> tuple[RhythmCoverage, ...]:
    """Return what there is of every rhythm, in the order of the rhythms."""
    by_rhythm: dict[RhythmId, list[Span]] = defaultdict(list)
    for span in spans:
        by_rhythm[span.rhythm].append(span)
    return tuple(_covered(rhythm, by_rhythm[rhythm]) for rhythm in RhythmId)


def windows_in(span: Span) -> int:
    """Return how many ten-second windows that do not overlap a span gives; one at the least."""
    return max(1, int((span.ref.duration_s + _ROUNDING_S) // WINDOW_S))


def _covered(rhythm: RhythmId, spans: Iterable[Span]) -> RhythmCoverage:
    windows: Counter[str] = Counter()
    halves: dict[str, Half] = {}
    seconds = 0.0
    for span in spans:
        windows[span.ref.record.database] += windows_in(span)
        halves[span.patient] = span.half
        seconds += span.ref.duration_s
    return RhythmCoverage(
        rhythm=rhythm,
        excerpts=windows.total(),
        minutes=seconds / _MINUTE_S,
        patients=len(halves),
        exam_patients=sum(half is Half.EXAM for half in halves.values()),
        databases=tuple(database for database, _ in windows.most_common()),
    )
