"""From what was stated about a recording to the spans of the catalogue."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import (
    LeadName,
    Origin,
    Provenance,
    RecordError,
    RecordRef,
    RhythmId,
    Span,
    StripRef,
)
from rhythmtrainer.records.index.rules import Interval, Rules
from rhythmtrainer.records.index.statements import Stated, Statement, StatementRules
from rhythmtrainer.records.index.statements_measuring import Figures, Trace, measure_figures
from rhythmtrainer.records.signals.leads import printed_lead
from rhythmtrainer.records.signals.wfdb_reader import read_header, read_strip

Skip = Callable[[RecordRef, str], None]
"""Told about a recording that gives no span, and why."""

ReadMarked = Callable[[Path, str], NDArray[np.float64] | None]
"""Reads when R peaks were marked in a lead of the record at a path, in seconds, if any were."""

# Records of ten seconds may be a sample or two longer.
_ROUNDING_S = 0.1
_DECIMALS = 3


def tell_nobody(_ref: RecordRef, _why: str) -> None:
    """Take note of nothing."""


def nobody_marked(_path: Path, _lead: str) -> None:
    """Say that nobody marked beats."""


def spans_of(
    stated: Stated,
    rules: Rules,
    statements: StatementRules,
    skip: Skip = tell_nobody,
    read_marked: ReadMarked = nobody_marked,
) -> list[Span]:
    """Return the span of one recording, or none.

    A recording that is damaged or at a loss of an answer is skipped: it must not keep tens of
    thousands of others out of a catalogue.
    """
    try:
        return [_span_of(stated, rules, statements, read_marked)]
    except RecordError as fault:
        skip(stated.ref, str(fault))
    except _NoSpanError as why:
        skip(stated.ref, str(why))
    return []


class _NoSpanError(Exception):
    """A recording gives no span; the message says why."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """A rhythm that may be the answer, and the lead that would show it."""

    statement: Statement
    rhythm: RhythmId
    lead: str


def _span_of(
    stated: Stated, rules: Rules, statements: StatementRules, read_marked: ReadMarked
) -> Span:
    """Return the span of the first statement that follows and whose numbers hold."""
    answers = _answers(stated, statements)
    trace = _read(stated.path, [answer.lead for answer in answers], statements, read_marked)
    known: dict[tuple[str, Interval], Figures] = {}
    against: list[str] = []
    for answer in answers:
        try:
            _check_age(answer.statement, stated, statements)
            part = _part(answer.statement, trace, rules)
            place = (answer.lead, part)
            if place not in known:
                known[place] = measure_figures(trace, *place, statements.measuring)
            _check_figures(answer, known[place], rules)
        except (_NoSpanError, ValueError) as why:
            against.append(f"{answer.rhythm}: {why}")
        else:
            return _span(answer, stated, part, known[place])
    raise _NoSpanError("; ".join(against))


def _answers(stated: Stated, statements: StatementRules) -> list[_Answer]:
    """Return what may be the answer, up to the statement that leaves the recording out."""
    if stated.unknown:
        raise _NoSpanError(f"unknown codes: {', '.join(stated.unknown)}")
    following = [each for each in statements.statements if each.follows(stated)]
    if not following:
        raise _NoSpanError(f"no rule for: {', '.join(sorted(stated.terms)) or 'no rhythm'}")
    asked = list(takewhile(lambda each: each.rhythm is not None, following))
    if not asked:
        raise _NoSpanError(following[0].reason)
    header = read_header(stated.path)
    present = [printed_lead(signal.name) for signal in header.signals]
    return [
        _Answer(each, each.rhythm, _lead(each, stated.ref, present, statements))
        for each in asked
        if each.rhythm is not None
    ]


def _lead(
    statement: Statement, ref: RecordRef, present: Sequence[str], statements: StatementRules
) -> str:
    wanted = [statement.lead] if statement.lead else statements.leads_for(ref, statement.rhythm)
    lead = next((lead for lead in wanted if lead in present), None)
    if lead is None:
        raise _NoSpanError(f"no lead to show it; there are {', '.join(present)}")
    return lead


def _read(
    path: Path, shown: Sequence[str], statements: StatementRules, read_marked: ReadMarked
) -> Trace:
    leads = dict.fromkeys((*statements.measuring.leads, *shown))
    provenance = Provenance(Origin.REAL, path.name)
    strip = read_strip(path, 0.0, None, tuple(map(LeadName, leads)), provenance)
    marked = {lead: read_marked(path, lead) for lead in dict.fromkeys(shown)}
    return Trace(
        fs=strip.fs,
        signals=dict(zip(leads, strip.signal, strict=True)),
        marked={lead: beats for lead, beats in marked.items() if beats is not None},
    )


def _check_age(statement: Statement, stated: Stated, statements: StatementRules) -> None:
    years = stated.age_years
    split = statement.by_rate or statement.rate
    if split and years is not None and years < statements.measuring.adult_years:
        raise _NoSpanError(f"classes of rate do not hold at {years:g} years")


def _part(statement: Statement, trace: Trace, rules: Rules) -> Interval:
    """Return the stretch to show; raise where none may be shown."""
    lengths = rules.lengths
    start, end = statement.part or (0.0, trace.length_s)
    end = min(end, trace.length_s, start + lengths.longest_s)
    if end - start < lengths.least_window_s:
        raise _NoSpanError(f"only {end - start:.1f} s")
    if statement.event and end - start > lengths.window_s + _ROUNDING_S:
        raise _NoSpanError(f"nobody says where in {end - start:.0f} s it is")
    return start, end


def _check_figures(answer: _Answer, figures: Figures, rules: Rules) -> None:
    """Raise where a number does not lie where the statement wants it."""
    statement = answer.statement
    rate = statement.rate
    if statement.by_rate:
        rate = rate or rules.borders.rates.get(answer.rhythm)
    faults = []
    for name, unit, allowed, found in (
        ("rate", "/min", rate, figures.rate_bpm),
        ("RR spread", " s", statement.rr_spread_s, figures.rr_spread_s),
    ):
        if allowed is None:
            continue
        if found is None:
            faults.append(f"{name} cannot be told")
        elif not allowed[0] <= found <= allowed[1]:
            faults.append(f"{name} {found:.4g}{unit}, allowed {allowed[0]:g} to {allowed[1]:g}")
    if faults:
        raise _NoSpanError(", ".join(faults))


def _span(answer: _Answer, stated: Stated, part: Interval, figures: Figures) -> Span:
    start, end = (round(edge, _DECIMALS) for edge in part)
    behind = answer.statement.when | answer.statement.also
    return Span(
        ref=StripRef(stated.ref, (LeadName(answer.lead),), start, round(end - start, _DECIMALS)),
        rhythm=answer.rhythm,
        accepted=answer.statement.accepted,
        label=", ".join(
            printed for term, printed in stated.terms.items() if not behind or term in behind
        ),
        rate_bpm=figures.rate_bpm,
        rate_source=figures.rate_source,
        patient=stated.patient,
    )
