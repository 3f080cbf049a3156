"""Turning what is remembered into rows, and back."""

from collections.abc import Mapping
from typing import Any

from rhythmtrainer.model import (
    Attempt,
    CourseId,
    LeadName,
    Mode,
    Origin,
    QuestionId,
    QuestionKind,
    RecordRef,
    RhythmId,
    Session,
    SessionId,
    StripRef,
    Verdict,
)


def session_row(session: Session) -> dict[str, Any]:
    """Return the values of a session's columns."""
    return {
        "id": session.id,
        "course": session.course.value,
        "mode": session.mode.value,
        "seed": session.seed,
        "started_at": session.started_at,
    }


def session_from(row: Mapping[str, Any]) -> Session:
    """Return the session that a row holds.

    Raises
    ------
    ValueError
        If it names a course or a mode that this version does not know.
    """
    return Session(
        id=SessionId(row["id"]),
        course=CourseId(row["course"]),
        mode=Mode(row["mode"]),
        seed=row["seed"],
        started_at=row["started_at"],
    )


def attempt_row(attempt: Attempt) -> dict[str, Any]:
    """Return the values of an answer's columns."""
    window = attempt.window
    return {
        "question": attempt.question,
        "session": attempt.session,
        "position": attempt.position,
        "kind": attempt.kind.value,
        "database": window.record.database,
        "version": window.record.version,
        "record": window.record.record,
        "leads": list(window.leads),
        "start_s": window.start_s,
        "duration_s": window.duration_s,
        "label": attempt.label,
        "patient": attempt.patient,
        "origin": attempt.origin.value,
        "choices": [choice.value for choice in attempt.choices],
        "chosen": attempt.chosen.value,
        "answer": attempt.answer.value,
        "verdict": attempt.verdict.value,
        "response_s": attempt.response_s,
        "answered_at": attempt.answered_at,
    }


def attempt_from(row: Mapping[str, Any]) -> Attempt:
    """Return the answer that a row holds.

    Raises
    ------
    ValueError
        If it names a rhythm, a kind or a verdict that this version does not know.
    """
    return Attempt(
        question=QuestionId(row["question"]),
        session=SessionId(row["session"]),
        position=row["position"],
        kind=QuestionKind(row["kind"]),
        window=StripRef(
            record=RecordRef(row["database"], row["version"], row["record"]),
            leads=tuple(LeadName(lead) for lead in row["leads"]),
            start_s=row["start_s"],
            duration_s=row["duration_s"],
        ),
        label=row["label"],
        patient=row["patient"],
        origin=Origin(row["origin"]),
        choices=tuple(RhythmId(choice) for choice in row["choices"]),
        chosen=RhythmId(row["chosen"]),
        answer=RhythmId(row["answer"]),
        verdict=Verdict(row["verdict"]),
        response_s=row["response_s"],
        answered_at=row["answered_at"],
    )
