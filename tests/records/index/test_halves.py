"""Nobody stands in both halves."""

from collections import Counter

from rhythmtrainer.model import Half, LeadName, RateSource, RecordRef, RhythmId, Span, StripRef
from rhythmtrainer.records.index.halves import into_halves


def span(patient: str, rhythm: RhythmId, seconds: float = 10.0) -> Span:
    ref = StripRef(RecordRef("made", "1", patient), (LeadName("II"),), 0.0, seconds)
    return Span(ref, rhythm, frozenset(), "(N at 0.1 s", None, RateSource.NONE, patient)


def halves_of(spans: list[Span]) -> dict[str, set[Half]]:
    found: dict[str, set[Half]] = {}
    for one in spans:
        found.setdefault(one.patient, set()).add(one.half)
    return found


def test_a_patient_of_several_rhythms_is_in_one_half() -> None:
    rhythms = list(RhythmId)[:12]
    spans = [span(f"p{n % 7}", rhythm) for n, rhythm in enumerate(rhythms * 5)]
    assert all(len(halves) == 1 for halves in halves_of(into_halves(spans)).values())


def test_the_only_patient_of_a_rhythm_is_for_practice() -> None:
    assert into_halves([span("one", RhythmId.WPW)])[0].half is Half.PRACTICE


def test_a_rhythm_of_two_patients_has_one_in_each_half() -> None:
    common = [span(f"p{n}", RhythmId.PAC) for n in range(9)]
    rare = [span("p0", RhythmId.WPW), span("p1", RhythmId.WPW)]
    found = halves_of(into_halves([*common, *rare]))
    assert found["p0"] != found["p1"]


def test_the_halves_of_a_common_rhythm_are_as_large() -> None:
    spans = into_halves([span(f"p{n:02}", RhythmId.PAC) for n in range(20)])
    assert Counter(one.half for one in spans) == {Half.PRACTICE: 10, Half.EXAM: 10}


def test_the_order_of_the_spans_changes_nothing() -> None:
    spans = [span(f"p{n % 7}", rhythm, 10 + n) for n, rhythm in enumerate(list(RhythmId) * 2)]
    assert halves_of(into_halves(spans)) == halves_of(into_halves(spans[::-1]))


def test_a_half_that_is_settled_stays() -> None:
    spans = [span("one", RhythmId.WPW), span("two", RhythmId.WPW)]
    found = halves_of(into_halves(spans, {"two": Half.PRACTICE}))
    assert found == {"one": {Half.EXAM}, "two": {Half.PRACTICE}}
