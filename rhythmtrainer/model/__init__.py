"""The words of the domain: frozen, typed, without input or output."""

from rhythmtrainer.model.attempt import Attempt, Mode, Session, SessionId
from rhythmtrainer.model.course import Course, CourseId
from rhythmtrainer.model.errors import (
    CancelledError,
    ContentError,
    RecordError,
    StoreError,
    UnreachableError,
    UserError,
)
from rhythmtrainer.model.intervals import Interval, Intervals, PToQrs
from rhythmtrainer.model.lead import STANDARD_LEADS, LeadName, describe_lead, is_ecg_lead
from rhythmtrainer.model.measurement import Measurement, Regularity
from rhythmtrainer.model.notice import Notices
from rhythmtrainer.model.provenance import Database, Origin, Provenance
from rhythmtrainer.model.quality import Quality
from rhythmtrainer.model.question import Question, QuestionId, QuestionKind, Verdict
from rhythmtrainer.model.reveal import Reading, Reveal
from rhythmtrainer.model.rhythm import (
    Defibrillation,
    LookAlike,
    Rhythm,
    RhythmCategory,
    RhythmId,
)
from rhythmtrainer.model.shock import ShockAdvice
from rhythmtrainer.model.span import RateSource, Span
from rhythmtrainer.model.strip import RecordRef, Strip, StripRef
from rhythmtrainer.model.waves import ABSENT, Wave, Waves

__all__ = [
    "ABSENT",
    "STANDARD_LEADS",
    "Attempt",
    "CancelledError",
    "ContentError",
    "Course",
    "CourseId",
    "Database",
    "Defibrillation",
    "Interval",
    "Intervals",
    "LeadName",
    "LookAlike",
    "Measurement",
    "Mode",
    "Notices",
    "Origin",
    "PToQrs",
    "Provenance",
    "Quality",
    "Question",
    "QuestionId",
    "QuestionKind",
    "RateSource",
    "Reading",
    "RecordError",
    "RecordRef",
    "Regularity",
    "Reveal",
    "Rhythm",
    "RhythmCategory",
    "RhythmId",
    "Session",
    "SessionId",
    "ShockAdvice",
    "Span",
    "StoreError",
    "Strip",
    "StripRef",
    "UnreachableError",
    "UserError",
    "Verdict",
    "Wave",
    "Waves",
    "describe_lead",
    "is_ecg_lead",
]
