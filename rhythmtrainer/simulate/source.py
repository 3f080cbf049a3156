"""Simulated recordings for whoever reads recordings: made when they are asked for, never kept."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import (
    LeadName,
    RateSource,
    RecordError,
    RecordRef,
    RhythmId,
    Scenario,
    Simulated,
    Span,
    Strip,
    StripRef,
    Teaching,
    Truth,
)
from rhythmtrainer.simulate import MODEL_VERSION, has_onset, simulate_known
from rhythmtrainer.simulate.rhythms.ages import table_rate
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.explain import age_in_words

DATABASE: Final = "simulated"
VERSION: Final = f"model-{MODEL_VERSION}"
"""Another model of the heart makes other strips of the same names."""

RECORDING_S: Final = 60.0
"""As long as a monitor is watched for one question, at most."""

ONSET_S: Final = 10.0
"""Of a rhythm that shows what it is by how it begins: what is asked must hold the onset."""

# Behind the part that is asked about, so that its last beats are found.
_BEHIND_S: Final = 1.0

_LEADS: Final = (LeadName("II"),)
_SEED_DIGITS: Final = 8
# A question, the one that is read ahead, and one that is looked at again.
_KEPT: Final = 3
_FEWEST_BEATS: Final = 2
_NUMBERS: Final = re.compile(r"[0-9a-f]{16}(-[1-9]\d{0,3})?")
_DAYS_A_YEAR: Final = 365.25
# Where the newborn becomes an infant, then a toddler, preschooler, schoolchild and adolescent.
_STAGES_DAYS: Final = (28, 366, 1096, 2192, 4383)
_ABBREVIATIONS: Final = frozenset({"lv", "p", "qrs", "rv"})

# Of these nobody has a pulse; with the last it is what makes the rhythm.
_PULSELESS: Final = frozenset(
    {
        RhythmId.VF_COARSE,
        RhythmId.VF_FINE,
        RhythmId.ASYSTOLE,
        RhythmId.VENTRICULAR_STANDSTILL,
        RhythmId.AGONAL,
        RhythmId.PEA,
    }
)

# What ten seconds of one lead cannot tell apart, however they were made: the mechanism of a regular
# narrow tachycardia, two names for one picture, and a beat so rare that none may be in sight.
_ACCEPTED: Final[Mapping[RhythmId, frozenset[RhythmId]]] = {
    RhythmId.SVT: frozenset({RhythmId.ATRIAL_TACHYCARDIA, RhythmId.JUNCTIONAL_TACHYCARDIA}),
    RhythmId.ATRIAL_TACHYCARDIA: frozenset({RhythmId.SVT}),
    RhythmId.JUNCTIONAL_TACHYCARDIA: frozenset({RhythmId.SVT}),
    RhythmId.VT_POLYMORPHIC: frozenset({RhythmId.TORSADES}),
    RhythmId.TORSADES: frozenset({RhythmId.VT_POLYMORPHIC}),
    RhythmId.VENTRICULAR_FLUTTER: frozenset({RhythmId.VT_MONOMORPHIC}),
    RhythmId.AGONAL: frozenset({RhythmId.ASYSTOLE, RhythmId.IDIOVENTRICULAR}),
    RhythmId.VENTRICULAR_STANDSTILL: frozenset({RhythmId.ASYSTOLE}),
    RhythmId.SINUS_PAUSE_ARREST: frozenset({RhythmId.SA_EXIT_BLOCK}),
    RhythmId.R_ON_T: frozenset({RhythmId.PVC_UNIFORM, RhythmId.PVC_MULTIFORM}),
}

# The rhythm beneath is a sinus rhythm of its rate as well: whoever names that is not wrong.
_SINUS_BENEATH: Final = frozenset({RhythmId.BBB, RhythmId.SINUS_ARRHYTHMIA})
# Slow conduction is what is asked; that the sinus node is slow besides is true.
_SLOW_BENEATH: Final = _SINUS_BENEATH | {RhythmId.AVB1}
_SINUS_BPM: Final = (60.0, 100.0)


@dataclass(frozen=True, slots=True)
class _Patient:
    """Who is recorded with what; `days_old` is None of an adult."""

    rhythm: RhythmId
    seed: int
    days_old: int | None = None

    @property
    def years(self) -> float | None:
        """The age of a child."""
        return None if self.days_old is None else self.days_old / _DAYS_A_YEAR

    @property
    def name(self) -> str:
        """The recording's name: the seed, digits that only `_made_as` understands, a child's days.

        The digits depend on all of it.
        """
        digits = f"{self.seed:0{_SEED_DIGITS}x}"
        age = "" if self.days_old is None else f"-{self.days_old}"
        return f"{digits}{zlib.crc32(f'{digits} {self.rhythm}{age}'.encode()):08x}{age}"


class SimulatedSource:
    """Implements `training.ports.StripSource` and `training.ports.Simulations`.

    The name of a recording settles the rhythm, the patient and a child's age, and tells no reader
    the rhythm.
    """

    def __init__(self) -> None:
        self._recording = lru_cache(maxsize=_KEPT)(_recording)

    @property
    def rhythms(self) -> tuple[RhythmId, ...]:
        """The rhythms that can be made: all."""
        return tuple(RhythmId)

    def span(self, rhythm: RhythmId, seed: int, ages: tuple[int, int] | None = None) -> Span:
        """Return a recording of a rhythm; its label says in what the patient's differs."""
        patient = _Patient(rhythm, seed, None if ages is None else _days_old(seed, ages))
        record = RecordRef(DATABASE, VERSION, patient.name)
        return self._span(patient, StripRef(record, _LEADS, 0.0, _asked_s(rhythm)))

    def span_of(self, window: StripRef) -> Span | None:
        """Return the recording that a window lies in; None if it is no simulated one of now."""
        try:
            patient = _made_as(window.record)
            whole = replace(window, start_s=0.0, duration_s=_asked_s(patient.rhythm))
            return self._span(patient, whole)
        except RecordError:
            return None

    def complexes(self, window: StripRef) -> NDArray[np.float64] | None:
        """Return the QRS complexes that were made and reach into a window."""
        try:
            made = self._recording(_made_as(window.record), window.leads)
        except RecordError:
            return None
        return _complexes(made, window.start_s, window.end_s)

    def makes(self, record: RecordRef) -> bool:
        """Return whether a recording is a simulated one, of this version or another."""
        return record.database == DATABASE

    def read(self, ref: StripRef, start_s: float, seconds: float, cancel: Cancel) -> Strip:
        """Make the recording and return a part of it; see `StripSource.read`.

        Raises
        ------
        RecordError
            If it was made by another version of the model, or there is no such lead.
        CancelledError
            If `cancel` was thrown.
        """
        cancel.check()
        made = self._recording(_made_as(ref.record), ref.leads)
        return made.strip.cropped(start_s, start_s + seconds)

    def at_hand(self, ref: StripRef) -> tuple[StripRef, ...]:
        """Return all of it: nothing has to be fetched."""
        return (ref,)

    def _span(self, patient: _Patient, ref: StripRef) -> Span:
        rhythm = patient.rhythm
        made = self._recording(patient, ref.leads)
        rate_bpm = _rate_bpm(made.truth, ref.duration_s)
        return Span(
            ref=ref,
            rhythm=rhythm,
            accepted=_ACCEPTED.get(rhythm, frozenset()) | _beneath(patient, rate_bpm),
            label=_label(made),
            rate_bpm=rate_bpm,
            rate_source=RateSource.SIMULATED,
            patient=f"{DATABASE}-{patient.seed}",
            teaching=_teaching(patient),
        )


def _asked_s(rhythm: RhythmId) -> float:
    """Return how much of a recording is asked about, from its first sample on."""
    return ONSET_S if has_onset(rhythm) else RECORDING_S


def _in_words(name: str) -> str:
    words = name.replace("_", " ").split()
    return " ".join(word.upper() if word in _ABBREVIATIONS else word for word in words)


def _complexes(made: Simulated, start_s: float, end_s: float) -> NDArray[np.float64]:
    """Return onset, peak on the first lead and end of the complexes between two times."""
    lead, fs = made.strip.signal[0], made.strip.fs
    onsets, ends = made.truth.qrs_s, made.truth.qrs_end_s
    here = (onsets < min(end_s, made.strip.end_s)) & (ends > max(start_s, 0.0))
    rows = []
    for onset_s, qrs_end_s in zip(onsets[here], ends[here], strict=True):
        first = max(int(onset_s * fs), 0)
        height = np.abs(lead[first : int(qrs_end_s * fs) + 1] - lead[first])
        rows.append((onset_s, (first + int(height.argmax())) / fs, qrs_end_s))
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def _label(made: Simulated) -> str:
    """Say what was drawn that has a name; numbers are read off the strip."""
    return ", ".join(
        _in_words(f"{name} {choice}")
        for name, choice in made.drawn[0].items()
        if isinstance(choice, str)
    )


def _teaching(patient: _Patient) -> Teaching | None:
    scenario = Scenario.WITHOUT_PULSE if patient.rhythm in _PULSELESS else None
    years = patient.years
    if years is None:
        return None if scenario is None else Teaching(scenario)
    slowest, fastest = table_rate(years)
    usual = f"{age_in_words(years)}: awake, {slowest:.0f}-{fastest:.0f}/min is usual (PALS)."
    return Teaching(scenario, years, "" if scenario else usual)


def _recording(patient: _Patient, leads: tuple[LeadName, ...]) -> Simulated:
    seconds = _asked_s(patient.rhythm) + _BEHIND_S
    try:
        return simulate_known(
            patient.rhythm, seconds=seconds, leads=leads, seed=patient.seed, age=patient.years
        )
    except ValueError as error:
        raise RecordError(f"The strip cannot be simulated: {error}.") from error


def _rate_bpm(truth: Truth, seconds: float) -> float | None:
    """Return the mean ventricular rate; None where there are no beats to count."""
    qrs_s = truth.qrs_s[(truth.qrs_s >= 0.0) & (truth.qrs_s < seconds)]
    return 60.0 / float(np.diff(qrs_s).mean()) if qrs_s.size >= _FEWEST_BEATS else None


def _beneath(patient: _Patient, rate_bpm: float | None) -> frozenset[RhythmId]:
    """Return the sinus rhythm that a rhythm is besides, by its rate."""
    rhythm = patient.rhythm
    slow, fast = _SINUS_BPM if patient.years is None else table_rate(patient.years)
    if rate_bpm is None:
        return frozenset()
    if rate_bpm < slow:
        return frozenset({RhythmId.SINUS_BRADYCARDIA}) if rhythm in _SLOW_BENEATH else frozenset()
    if rhythm not in _SINUS_BENEATH:
        return frozenset()
    fastest = rate_bpm > fast
    return frozenset({RhythmId.SINUS_TACHYCARDIA if fastest else RhythmId.NORMAL_SINUS_RHYTHM})


def _days_old(seed: int, ages: tuple[int, int]) -> int:
    """Draw an age, in each of the stages of childhood as often as in every other."""
    youngest, below = (max(ceil(years * _DAYS_A_YEAR), 1) for years in ages)
    borders = [youngest, *(day for day in _STAGES_DAYS if youngest < day < below), below]
    stages = [*pairwise(borders)]
    rng = np.random.default_rng([seed, zlib.crc32(b"age")])
    first, behind = stages[int(rng.integers(len(stages)))]
    return int(rng.integers(first, behind))


def _made_as(record: RecordRef) -> _Patient:
    if (record.database, record.version) != (DATABASE, VERSION):
        raise RecordError(
            "This strip was simulated by another version of the program, and cannot be made again."
        )
    name, _, days = record.record.partition("-")
    if _NUMBERS.fullmatch(record.record):
        seed = int(name[:_SEED_DIGITS], 16)
        days_old = int(days) if days else None
        for rhythm in RhythmId:
            patient = _Patient(rhythm, seed, days_old)
            if patient.name == record.record:
                return patient
    raise RecordError(f"There is no simulated strip of the name {record.record}.")
