"""The words of the domain: frozen, typed, without input or output."""

from rhythmtrainer.model.atria import AtrialActivity, AtrialKind
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
from rhythmtrainer.model.evidence import (
    TAUGHT_STEPS,
    Baseline,
    EarlyBeats,
    Finding,
    Pace,
    Pacing,
    Pattern,
    Pauses,
    PrRelation,
    PWaves,
    QrsWidth,
    Regularity,
    Step,
)
from rhythmtrainer.model.holding import Holding, Progress, RhythmCoverage
from rhythmtrainer.model.intervals import Interval, Intervals, PToQrs
from rhythmtrainer.model.lead import STANDARD_LEADS, LeadName, describe_lead, is_ecg_lead
from rhythmtrainer.model.measurement import Measurement, WaveTimes
from rhythmtrainer.model.notice import Notices
from rhythmtrainer.model.pack import LabelledStrip, Pack, PackId, Quiz, StripId
from rhythmtrainer.model.provenance import Database, Origin, Provenance, Supply
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
from rhythmtrainer.model.simulated import Beginning, Entry, Episode, Simulated, Truth
from rhythmtrainer.model.span import Half, RateSource, Scenario, Span, Teaching
from rhythmtrainer.model.strip import RecordRef, Strip, StripRef
from rhythmtrainer.model.table_layout import Column, TableGuess, TableLayout
from rhythmtrainer.model.waves import ABSENT, Wave, Waves

__all__ = [
    "ABSENT",
    "STANDARD_LEADS",
    "TAUGHT_STEPS",
    "AtrialActivity",
    "AtrialKind",
    "Attempt",
    "Baseline",
    "Beginning",
    "CancelledError",
    "Column",
    "ContentError",
    "Course",
    "CourseId",
    "Database",
    "Defibrillation",
    "EarlyBeats",
    "Entry",
    "Episode",
    "Finding",
    "Half",
    "Holding",
    "Interval",
    "Intervals",
    "LabelledStrip",
    "LeadName",
    "LookAlike",
    "Measurement",
    "Mode",
    "Notices",
    "Origin",
    "PToQrs",
    "PWaves",
    "Pace",
    "Pacing",
    "Pack",
    "PackId",
    "Pattern",
    "Pauses",
    "PrRelation",
    "Progress",
    "Provenance",
    "QrsWidth",
    "Quality",
    "Question",
    "QuestionId",
    "QuestionKind",
    "Quiz",
    "RateSource",
    "Reading",
    "RecordError",
    "RecordRef",
    "Regularity",
    "Reveal",
    "Rhythm",
    "RhythmCategory",
    "RhythmCoverage",
    "RhythmId",
    "Scenario",
    "Session",
    "SessionId",
    "ShockAdvice",
    "Simulated",
    "Span",
    "Step",
    "StoreError",
    "Strip",
    "StripId",
    "StripRef",
    "Supply",
    "TableGuess",
    "TableLayout",
    "Teaching",
    "Truth",
    "UnreachableError",
    "UserError",
    "Verdict",
    "Wave",
    "WaveTimes",
    "Waves",
    "describe_lead",
    "is_ecg_lead",
]
