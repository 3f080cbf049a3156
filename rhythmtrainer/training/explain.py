"""Putting the reason for an answer into words."""

from collections.abc import Mapping, Sequence

import numpy as np

from rhythmtrainer.model import (
    TAUGHT_STEPS,
    Attempt,
    Finding,
    LeadName,
    Measurement,
    Origin,
    Provenance,
    RateSource,
    Reading,
    Reveal,
    Rhythm,
    RhythmCategory,
    RhythmId,
    Span,
    Step,
    Strip,
    Teaching,
    Verdict,
    describe_lead,
)

_MISFIT = "Beats that the program finds, but that do not fit the rate on record, are not marked."

_UNLIKE_LABEL = "(not what the label implies)"
_HEADINGS = {
    Step.RATE: "Rate",
    Step.REGULARITY: "Regularity",
    Step.P_WAVES: "P waves",
    Step.PR: "PR interval",
    Step.QRS: "QRS",
    Step.EARLY_BEATS: "Early beats",
    Step.PATTERN: "Pattern",
    Step.PAUSES: "Pauses",
    Step.PACING: "Pacing",
    Step.BASELINE: "Baseline",
}

_NO_BEATS = "The program could not tell one beat from the next here, so none are marked."
# From here on an age is told in years, as parents tell it.
_YEARS_FROM = 2.0
_DAYS_A_YEAR = 365.25
_MOST_LEADS_NAMED = 3
_UNCOUNTABLE = frozenset({RhythmCategory.ARREST, RhythmCategory.ARTIFACT})


# Further from the catalogue's rate than this, the beats that were found are not the beats.
_RATE_TOLERANCE = 0.15
# Where the catalogue counted even waves, no interval may be further from theirs than this.
_WAVE_TOLERANCE = 0.25


def explain(
    attempt: Attempt,
    strip: Strip,
    measurement: Measurement,
    rhythms: Mapping[RhythmId, Rhythm],
    span: Span | None,
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
    span
        The row of the catalogue, if it is still there. Beats that contradict its rate are not
        shown as beats.
    """
    answer, chosen = rhythms[attempt.answer], rhythms[attempt.chosen]
    note = span.teaching.note if span and span.teaching else ""
    told = f"Note: {note}" if note else ""
    countable = answer.category not in _UNCOUNTABLE
    found = measurement if beats_count(answer, measurement, span) else None
    return Reveal(
        verdict=attempt.verdict,
        answer=answer.name,
        chosen="" if attempt.verdict is Verdict.RIGHT else chosen.name,
        definition=answer.definition,
        readings=_readings(answer, found, _on_record(span) if countable else ""),
        difference="" if attempt.verdict is Verdict.RIGHT else contrast(answer, chosen),
        note=" ".join(
            note
            for note in (
                told,
                _misfit(measurement) if countable and found is None else _note(answer, found),
            )
            if note
        ),
        label=_label(attempt, span),
        source=_source(attempt, strip),
        beats_count=found is not None,
    )


def scenario(teaching: Teaching | None) -> str:
    """Return the words with which an instructor sets the scene; empty where there are none."""
    if teaching is None:
        return ""
    said = []
    if teaching.scenario is not None:
        said.append(f"a patient {teaching.scenario.value}")
    if teaching.age_years is not None:
        said.append(age_in_words(teaching.age_years))
    return f"Teaching scenario: {', '.join(said)}" if said else ""


def age_in_words(years: float) -> str:
    """Return an age as it is said.

    Examples
    --------
    >>> age_in_words(54), age_in_words(0.5), age_in_words(0.01)
    ('54 years old', '6 months old', '4 days old')
    """
    if years >= _YEARS_FROM:
        return f"{years:.0f} years old"
    months = years * 12
    if months >= 1:
        return f"{months:.0f} month{'s' if round(months) != 1 else ''} old"
    days = round(years * _DAYS_A_YEAR)
    return f"{days} day{'s' if days != 1 else ''} old"


def beats_count(answer: Rhythm, measurement: Measurement, span: Span | None) -> bool:
    """Return whether the beats that were found on a strip may be shown as its beats.

    Not those of a rhythm that has none to count, nor those that contradict the rate on record.
    """
    return answer.category not in _UNCOUNTABLE and _fits(measurement, span)


def contradictions(rhythm: Rhythm, measurement: Measurement) -> tuple[Finding, ...]:
    """Return the findings on a strip that do not fit a rhythm. They decide nothing."""
    return tuple(finding for finding in measurement.findings if not rhythm.agrees_with(finding))


def contrast(answer: Rhythm, chosen: Rhythm) -> str:
    """Return the sentence that tells two rhythms apart.

    The one written for the pair, from either side; where none is written, what makes each of
    them what it is.
    """
    written = answer.difference_from(chosen.id) or chosen.difference_from(answer.id)
    return written or f"{answer.definition} {chosen.definition}"


def _fits(measurement: Measurement, span: Span | None) -> bool:
    if span is None or span.rate_bpm is None:
        return True
    found = measurement.rate_bpm or 0.0
    if abs(found - span.rate_bpm) > _RATE_TOLERANCE * span.rate_bpm:
        return False
    if span.rate_source is not RateSource.MEASURED:
        return True
    expected = 60.0 / span.rate_bpm
    return bool((np.abs(measurement.known_rr_s - expected) <= _WAVE_TOLERANCE * expected).all())


def _on_record(span: Span | None) -> str:
    return f"{span.rate_bpm:.0f}/min on record" if span and span.rate_bpm else ""


def _readings(answer: Rhythm, found: Measurement | None, on_record: str) -> tuple[Reading, ...]:
    if found is None:
        return tuple(
            Reading(step, _HEADINGS[step], taught, on_record if step is Step.RATE else "")
            for step, taught in answer.reading
        )
    return measured_readings(answer, found)


def measured_readings(rhythm: Rhythm | None, found: Measurement) -> tuple[Reading, ...]:
    """Put what was read off a strip beside what is taught of a rhythm, where one is named."""
    taught = dict(rhythm.reading) if rhythm else dict.fromkeys(TAUGHT_STEPS, "")
    readings = [
        Reading(step, _HEADINGS[step], text, _measured(rhythm, found.finding(step)))
        for step, text in taught.items()
    ]
    besides = [
        Reading(finding.step, _HEADINGS[finding.step], "", _sentence(finding.text))
        for finding in found.notable
        if finding.step not in taught
    ]
    return (*readings, *besides)


def heading_of(step: Step) -> str:
    """Return what a step of reading is called."""
    return _HEADINGS[step]


def _measured(rhythm: Rhythm | None, finding: Finding | None) -> str:
    if finding is None:
        return ""
    # The heading stands before it.
    text = _sentence(finding.text.removeprefix(f"{_HEADINGS[finding.step]} "))
    agrees = rhythm is None or rhythm.agrees_with(finding)
    return text if agrees else f"{text} {_UNLIKE_LABEL}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _misfit(measurement: Measurement) -> str:
    return _MISFIT if measurement.beats_s.size else _NO_BEATS


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


def _label(attempt: Attempt, span: Span | None) -> str:
    if attempt.origin is Origin.SIMULATED:
        return f"Made as {attempt.label}"
    if span is not None and span.teaching is not None:
        return f"{attempt.label[:1].upper()}{attempt.label[1:]}"
    label = f"Label in the database: {attempt.label}"
    if span is not None and span.rate_source is RateSource.MEASURED:
        label += f", rate {span.rate_bpm:.0f}/min measured"
    return label


def _source(attempt: Attempt, strip: Strip) -> str:
    window = attempt.window
    place = placed(window.leads, window.start_s, window.end_s)
    if attempt.origin is Origin.SIMULATED:
        return f"Simulated: {strip.provenance.title}, {place}"
    return real_source(strip.provenance, place)


def real_source(provenance: Provenance, place: str) -> str:
    """Say which recording a strip is from, where it lies in it, and under which licence."""
    return f"Real recording: {provenance.title}, {place} · {provenance.licence}"


def placed(leads: Sequence[LeadName], start_s: float, end_s: float) -> str:
    """Return which leads of a recording are meant, and from when to when."""
    many = len(leads) > _MOST_LEADS_NAMED
    names = f"{len(leads)} leads" if many else ", ".join(describe_lead(lead) for lead in leads)
    return f"{names}, {clock(start_s)} to {clock(end_s)}"


def clock(seconds: float) -> str:
    """Return a time in a recording as minutes and seconds.

    Examples
    --------
    >>> clock(334.25)
    '5:34.2'
    """
    tenths = int(seconds * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"
