"""Part patients into a half for practice and a half for exams."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from rhythmtrainer.model import Half, RhythmId, Span

_NOBODY: Final[Mapping[str, Half]] = MappingProxyType({})


def into_halves(spans: Sequence[Span], known: Mapping[str, Half] = _NOBODY) -> list[Span]:
    """Return the spans with a half for each patient, none of whom is in both.

    The rhythms with the fewest patients choose first, so that each half gets some of every
    rhythm that more than one patient shows; the only patient of a rhythm is for practice.

    Parameters
    ----------
    known
        Patients whose half is settled already.
    """
    patients: dict[RhythmId, set[str]] = defaultdict(set)
    for span in spans:
        patients[span.rhythm].add(span.patient)
    halves = dict(known)
    for rhythm in sorted(patients, key=lambda rhythm: (len(patients[rhythm]), rhythm)):
        taken = Counter(halves[one] for one in patients[rhythm] if one in halves)
        for one in _most_excerpts_first(patients[rhythm] - halves.keys(), rhythm, spans):
            half = Half.EXAM if taken[Half.EXAM] < taken[Half.PRACTICE] else Half.PRACTICE
            halves[one] = half
            taken[half] += 1
    return [replace(span, half=halves[span.patient]) for span in spans]


def _most_excerpts_first(
    patients: Iterable[str], rhythm: RhythmId, spans: Sequence[Span]
) -> list[str]:
    seconds: Counter[str] = Counter()
    for span in spans:
        if span.rhythm == rhythm:
            seconds[span.patient] += round(span.ref.duration_s)
    return sorted(patients, key=lambda patient: (-seconds[patient], patient))
