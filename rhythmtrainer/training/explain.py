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


def explain(
    attempt: Attempt,
    strip: Strip,
    measurement: Measurement,
    rhythms: Mapping[RhythmId, Rhythm],
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
    """
    answer, chosen = rhythms[attempt.answer], rhythms[attempt.chosen]
    countable = answer.category not in _UNCOUNTABLE
    measured = _measured(measurement) if countable else {}
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
        note=_note(answer, measurement if countable else None),
        label=f"Labelled {attempt.label} by the database's annotators",
        source=_source(attempt, strip),
        beats_count=countable,
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


def _source(attempt: Attempt, strip: Strip) -> str:
    window = attempt.window
    kind = "Simulated: " if attempt.origin is Origin.SIMULATED else "Real recording: "
    return (
        f"{kind}{strip.provenance.title}, {describe_lead(window.lead)}, "
        f"{clock(window.start_s)} to {clock(window.end_s)} · {strip.provenance.licence}"
    )


def clock(seconds: float) -> str:
    """Return a time in a recording as minutes and seconds.

    Examples
    --------
    >>> clock(334.25)
    '5:34.2'
    """
    tenths = int(seconds * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"
