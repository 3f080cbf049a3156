"""Putting the reason for an answer into words."""

from collections.abc import Mapping

from rhythmtrainer.model import (
    Attempt,
    Measurement,
    Origin,
    Reading,
    Regularity,
    Reveal,
    Rhythm,
    RhythmCategory,
    RhythmId,
    Strip,
    Verdict,
    describe_lead,
)
from rhythmtrainer.training.marking import contrast

_UNCOUNTABLE = frozenset({RhythmCategory.ARREST, RhythmCategory.ARTIFACT})


# Further from the catalogue's rate than this, the beats that were found are not the beats.
_RATE_TOLERANCE = 0.15


def explain(
    attempt: Attempt,
    strip: Strip,
    measurement: Measurement,
    rhythms: Mapping[RhythmId, Rhythm],
    recorded_bpm: float | None = None,
) -> Reveal:
    """Say why the answer to a question is what it is.

    Parameters
    ----------
    attempt
        The answer that was given.
    strip
        What was shown; its provenance is cited.
    measurement
        What was measured on it. Shown beside what is taught, never in its place.
    recorded_bpm
        The rate that the catalogue holds for this stretch, where it holds one. Beats that
        contradict it are not shown as beats.
    """
    answer, chosen = rhythms[attempt.answer], rhythms[attempt.chosen]
    countable = answer.category not in _UNCOUNTABLE
    found = measurement if countable and _fits(measurement, recorded_bpm) else None
    measured = _measured(found) if found else {}
    if countable and found is None:
        measured["Rate"] = f"{recorded_bpm:.0f}/min on record"
    return Reveal(
        verdict=attempt.verdict,
        answer=answer.name,
        chosen="" if attempt.verdict is Verdict.RIGHT else chosen.name,
        definition=answer.definition,
        readings=tuple(
            Reading(heading, taught, measured.get(heading, ""))
            for heading, taught in answer.reading
        ),
        difference=""
        if attempt.verdict is Verdict.RIGHT
        else contrast(answer.id, chosen.id, rhythms),
        note=_note(answer, found) if found or not countable else _misfit(recorded_bpm),
        label=_label(attempt),
        source=_source(attempt, strip),
        beats_count=found is not None,
    )


def _fits(measurement: Measurement, recorded_bpm: float | None) -> bool:
    if recorded_bpm is None:
        return True
    found = measurement.rate_bpm or 0.0
    return abs(found - recorded_bpm) <= _RATE_TOLERANCE * recorded_bpm


def _misfit(recorded_bpm: float | None) -> str:
    return (
        f"The beats found by the program do not fit the rate on record ({recorded_bpm:.0f}/min), "
        "so they are not marked."
    )


def _measured(measurement: Measurement) -> dict[str, str]:
    found = {}
    if measurement.rate_bpm is not None:
        found["Rate"] = f"{measurement.rate_bpm:.0f}/min here"
        if measurement.six_second_bpm is not None:
            found["Rate"] += f", {measurement.six_second_bpm} by the 6-second rule"
    if measurement.regularity is not Regularity.CANNOT_TELL:
        ends = (f"{measurement.rr_s.min():.2f}", f"{measurement.rr_s.max():.2f}")
        intervals = "-".join(dict.fromkeys(ends))
        found["Regularity"] = f"RR {intervals} s here: {measurement.regularity.value}"
    return found


def _note(answer: Rhythm, measurement: Measurement | None) -> str:
    rate = measurement.rate_bpm if measurement else None
    if rate is not None and answer.rate_range is not None:
        low, high = answer.rate_range
        if not low <= round(rate) <= high:
            return (
                f"The rate measured here lies outside {low}-{high}/min. "
                "The label counts; look at the strip and judge."
            )
    return answer.disagreement


def _label(attempt: Attempt) -> str:
    if attempt.origin is Origin.SIMULATED:
        return f"Made as {attempt.label}"
    return f"Labelled {attempt.label} by the database's annotators"


def _source(attempt: Attempt, strip: Strip) -> str:
    window = attempt.window
    place = f"{describe_lead(window.lead)}, {clock(window.start_s)} to {clock(window.end_s)}"
    if attempt.origin is Origin.SIMULATED:
        return f"Simulated: {strip.provenance.title}, {place}"
    return f"Real recording: {strip.provenance.title}, {place} · {strip.provenance.licence}"


def clock(seconds: float) -> str:
    """Return a time in a recording as minutes and seconds.

    Examples
    --------
    >>> clock(334.25)
    '5:34.2'
    """
    tenths = int(seconds * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"
