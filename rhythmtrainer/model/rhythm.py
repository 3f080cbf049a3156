"""Rhythms: their stored ids and what is taught about each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rhythmtrainer.model.evidence import Finding, Step


class RhythmId(StrEnum):
    """The stored name of a rhythm or pattern. Values never change: answers are kept under them."""

    NORMAL_SINUS_RHYTHM = "normal_sinus_rhythm"
    SINUS_BRADYCARDIA = "sinus_bradycardia"
    SINUS_TACHYCARDIA = "sinus_tachycardia"
    SINUS_ARRHYTHMIA = "sinus_arrhythmia"
    SINUS_PAUSE_ARREST = "sinus_pause_arrest"
    SA_EXIT_BLOCK = "sa_exit_block"
    PAC = "pac"
    WANDERING_ATRIAL_PACEMAKER = "wandering_atrial_pacemaker"
    MULTIFOCAL_ATRIAL_TACHYCARDIA = "multifocal_atrial_tachycardia"
    ATRIAL_TACHYCARDIA = "atrial_tachycardia"
    ATRIAL_FLUTTER = "atrial_flutter"
    AF_CONTROLLED = "af_controlled"
    AF_RVR = "af_rvr"
    SVT = "svt"
    WPW = "wpw"
    PREEXCITED_AF = "preexcited_af"
    PJC = "pjc"
    JUNCTIONAL_ESCAPE = "junctional_escape"
    ACCELERATED_JUNCTIONAL = "accelerated_junctional"
    JUNCTIONAL_TACHYCARDIA = "junctional_tachycardia"
    AVB1 = "avb1"
    AVB2_TYPE1 = "avb2_type1"
    AVB2_TYPE2 = "avb2_type2"
    AVB2_2TO1 = "avb2_2to1"
    AVB_HIGH_GRADE = "avb_high_grade"
    AVB3 = "avb3"
    BBB = "bbb"
    PVC_UNIFORM = "pvc_uniform"
    PVC_MULTIFORM = "pvc_multiform"
    VENTRICULAR_BIGEMINY = "ventricular_bigeminy"
    VENTRICULAR_TRIGEMINY = "ventricular_trigeminy"
    PVC_COUPLET = "pvc_couplet"
    NSVT = "nsvt"
    R_ON_T = "r_on_t"
    IDIOVENTRICULAR = "idioventricular"
    AIVR = "aivr"
    VT_MONOMORPHIC = "vt_monomorphic"
    VT_POLYMORPHIC = "vt_polymorphic"
    TORSADES = "torsades"
    VENTRICULAR_FLUTTER = "ventricular_flutter"
    VF_COARSE = "vf_coarse"
    VF_FINE = "vf_fine"
    ASYSTOLE = "asystole"
    VENTRICULAR_STANDSTILL = "ventricular_standstill"
    AGONAL = "agonal"
    PEA = "pea"
    PACED_ATRIAL = "paced_atrial"
    PACED_VENTRICULAR = "paced_ventricular"
    PACED_DUAL = "paced_dual"
    FAILURE_TO_CAPTURE = "failure_to_capture"
    FAILURE_TO_SENSE = "failure_to_sense"
    FAILURE_TO_PACE = "failure_to_pace"
    ARTIFACT = "artifact"


class RhythmCategory(StrEnum):
    """Where a rhythm arises, or what kind of finding it is."""

    SINUS = "sinus"
    ATRIAL = "atrial"
    JUNCTIONAL = "junctional"
    AV_BLOCK = "av_block"
    CONDUCTION = "conduction"
    ECTOPY = "ectopy"
    VENTRICULAR = "ventricular"
    ARREST = "arrest"
    PACED = "paced"
    ARTIFACT = "artifact"


class Defibrillation(StrEnum):
    """Whether an unsynchronized shock is given for a rhythm."""

    NEVER = "never"
    IF_PULSELESS = "if_pulseless"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A rhythm that another is taken for, and the one difference that decides."""

    id: RhythmId
    difference: str


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is taught about one rhythm.

    Attributes
    ----------
    rate, regularity, p_waves, pr, qrs
        The five readings of a strip, in teaching order, each a short phrase.
    agreeing
        The verdicts of a measurement that fit the rhythm, for each step that is compared.
    rate_range
        Ventricular rate of an adult in beats per minute, where the sources give one.
    look_alikes
        The most easily confused first.
    sources
        Ids of the sources that the content file lists.
    """

    id: RhythmId
    name: str
    abbreviation: str
    synonyms: tuple[str, ...]
    category: RhythmCategory
    definition: str
    rate: str
    regularity: str
    p_waves: str
    pr: str
    qrs: str
    agreeing: Mapping[Step, frozenset[StrEnum]]
    rate_range: tuple[int, int] | None
    lethal: bool
    shock: Defibrillation
    disagreement: str
    sources: tuple[str, ...]
    look_alikes: tuple[LookAlike, ...]

    def difference_from(self, other: RhythmId) -> str | None:
        """Return the sentence that tells this rhythm from `other`, if one is written."""
        return next((look.difference for look in self.look_alikes if look.id == other), None)

    def agrees_with(self, finding: Finding) -> bool:
        """Tell whether a finding fits the rhythm; one that says nothing contradicts nothing."""
        fitting = self.agreeing.get(finding.step)
        return fitting is None or not finding.told or finding.verdict in fitting

    @property
    def reading(self) -> tuple[tuple[Step, str], ...]:
        """The five readings, in teaching order."""
        return (
            (Step.RATE, self.rate),
            (Step.REGULARITY, self.regularity),
            (Step.P_WAVES, self.p_waves),
            (Step.PR, self.pr),
            (Step.QRS, self.qrs),
        )
