"""Putting the reason for an answer into words."""

from collections.abc import Iterator, Mapping, Sequence

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
_AS_MADE = "The beats are marked as they were made: the program's own reading of them differs."
_MISREAD = "What the program reads otherwise than it was made is left out."

_OF_ADULTS = (
    "The figures that are taught here are an adult's: a child's heart is faster, its PR and QRS "
    "are shorter. PALS takes a QRS above 0.09 s as wide."
)
# Where a verdict on these draws a line, it is an adult's.
_LINES_OF_ADULTS = frozenset({Step.RATE, Step.QRS})
_FIGURES_OF_ADULTS = _LINES_OF_ADULTS | {Step.PR}

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
# Twelfths of a year are not whole months to the last digit.
_ROUNDING = 1e-6
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
    countable = answer.category not in _UNCOUNTABLE
    found = measurement if beats_count(answer, measurement, span) else None
    return Reveal(
        verdict=attempt.verdict,
        answer=answer.name,
        chosen="" if attempt.verdict is Verdict.RIGHT else chosen.name,
        definition=answer.definition,
        readings=_readings(answer, found, span, _on_record(span) if countable else ""),
        difference="" if attempt.verdict is Verdict.RIGHT else contrast(answer, chosen),
        note=" ".join(filter(None, _notes(answer, measurement, span))),
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
        return f"{int(years)} years old"
    months = int(years * 12 + _ROUNDING)
    if months >= 1:
        return f"{months} month{'s' if months != 1 else ''} old"
    days = round(years * _DAYS_A_YEAR)
    return f"{days} day{'s' if days != 1 else ''} old"


def beats_count(answer: Rhythm, measurement: Measurement, span: Span | None) -> bool:
    """Return whether the beats that were found on a strip may be shown as its beats.

    Not those of a rhythm that has none to count, nor those that contradict the rate on record.
    """
    return answer.category not in _UNCOUNTABLE and _fits(measurement, span)


def is_child(span: Span | None) -> bool:
    """Return whether a strip is known to be a child's."""
    return span is not None and span.child_years is not None


def agrees(rhythm: Rhythm, finding: Finding, *, of_child: bool) -> bool:
    """Return whether a finding fits a rhythm; an adult's lines contradict nothing in a child."""
    return (of_child and finding.step in _LINES_OF_ADULTS) or rhythm.agrees_with(finding)


def is_as_made(measurement: Measurement, span: Span | None) -> bool:
    """Return whether beats are known of a simulated strip that were not measured on it."""
    simulated = span is not None and span.is_simulated
    return simulated and bool(measurement.beats_s.size) and measurement.waves is None


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
    # The beats of a simulated strip are known; see `training.made`.
    if span is None or span.rate_bpm is None or span.is_simulated:
        return True
    found = measurement.rate_bpm or 0.0
    if abs(found - span.rate_bpm) > _RATE_TOLERANCE * span.rate_bpm:
        return False
    if span.rate_source is not RateSource.MEASURED:
        return True
    expected = 60.0 / span.rate_bpm
    return bool((np.abs(measurement.known_rr_s - expected) <= _WAVE_TOLERANCE * expected).all())


def _on_record(span: Span | None) -> str:
    if span is None or not span.rate_bpm:
        return ""
    return f"{span.rate_bpm:.0f}/min on record"


def _readings(
    answer: Rhythm, found: Measurement | None, span: Span | None, on_record: str
) -> tuple[Reading, ...]:
    if found is not None:
        return measured_readings(answer, found, span)
    return tuple(
        Reading(step, _HEADINGS[step], taught, on_record if step is Step.RATE else "")
        for step, taught in _taught(answer, of_child=is_child(span)).items()
    )


def measured_readings(
    rhythm: Rhythm | None, found: Measurement, span: Span | None = None
) -> tuple[Reading, ...]:
    """Put what was read off a strip beside what is taught of a rhythm, where one is named.

    Of a simulated strip it is known what was made: what was read otherwise is left out.
    """
    wrong = _misread(rhythm, found, span)
    readings = [
        Reading(
            step,
            _HEADINGS[step],
            text,
            "" if step in wrong else _measured(rhythm, found.finding(step), span),
        )
        for step, text in _taught(rhythm, of_child=is_child(span)).items()
    ]
    besides = [
        Reading(finding.step, _HEADINGS[finding.step], "", _sentence(finding.text))
        for finding in found.notable
        if finding.step not in TAUGHT_STEPS and finding.step not in wrong
    ]
    return (*readings, *besides)


def _misread(rhythm: Rhythm | None, found: Measurement, span: Span | None) -> frozenset[Step]:
    """Return the steps that were read otherwise than they were made."""
    if rhythm is None or span is None or not span.is_simulated:
        return frozenset()
    return frozenset(
        finding.step
        for finding in found.findings
        if not agrees(rhythm, finding, of_child=is_child(span))
    )


def heading_of(step: Step) -> str:
    """Return what a step of reading is called."""
    return _HEADINGS[step]


def _taught(rhythm: Rhythm | None, *, of_child: bool) -> dict[Step, str]:
    if rhythm is None:
        return dict.fromkeys(TAUGHT_STEPS, "")
    has_figures = of_child and rhythm.category not in _UNCOUNTABLE
    return {
        step: f"Adult: {text[:1].lower()}{text[1:]}"
        if has_figures and step in _FIGURES_OF_ADULTS and any(map(str.isdigit, text))
        else text
        for step, text in rhythm.reading
    }


def _measured(rhythm: Rhythm | None, finding: Finding | None, span: Span | None) -> str:
    if finding is None:
        return ""
    of_child = is_child(span)
    if of_child and finding.step is Step.QRS and finding.number is not None:
        return f"{finding.number:.2f} s"
    # The heading stands before it.
    text = _sentence(finding.text.removeprefix(f"{_HEADINGS[finding.step]} "))
    fits = rhythm is None or agrees(rhythm, finding, of_child=of_child)
    return text if fits else f"{text} {_UNLIKE_LABEL}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _notes(answer: Rhythm, measurement: Measurement, span: Span | None) -> Iterator[str]:
    if span is not None and span.teaching is not None and span.teaching.note:
        yield f"Note: {span.teaching.note}"
    countable = answer.category not in _UNCOUNTABLE
    simulated = span is not None and span.is_simulated
    fits = beats_count(answer, measurement, span)
    has_figures = countable and is_child(span)
    if countable and not fits:
        yield _misfit(measurement)
    elif countable and is_as_made(measurement, span):
        yield _AS_MADE
    elif countable and _misread(answer, measurement, span):
        yield _MISREAD
    elif not has_figures:
        yield _note(answer, measurement if fits and not simulated else None)
    if has_figures:
        yield _OF_ADULTS


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
        return f"{simulated_source(strip.provenance)}, {place}"
    return real_source(strip.provenance, place)


def real_source(provenance: Provenance, place: str) -> str:
    """Say which recording a strip is from, where it lies in it, and under which licence."""
    return f"Real recording: {provenance.title}, {place} · {provenance.licence}"


def simulated_source(provenance: Provenance) -> str:
    """Say that nobody was recorded, and what is known of the making.

    Examples
    --------
    >>> simulated_source(Provenance(Origin.SIMULATED, "simulated, seed 7"))
    'Simulated, seed 7'
    """
    title = provenance.title
    says_so = title.casefold().startswith(provenance.origin)
    return f"{title[:1].upper()}{title[1:]}" if says_so else f"Simulated: {title}"


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
