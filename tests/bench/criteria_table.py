"""What is demanded of each rhythm, with the numbers of the reference.

A line is ``limit(what, low, high)``: what is counted or measured must lie between the two, both
included. Where a strip does not have it (NaN) the line fails, and ``if_any`` holds. Rates are per
minute, intervals in seconds; regular is what differs by less than three small boxes (0.12 s), or by
less than a tenth of the interval where that is more.
"""

from collections.abc import Mapping
from math import inf
from typing import Final

from rhythmtrainer.model import RhythmId
from rhythmtrainer.model.simulated import Beginning
from tests.bench import criteria_beats as beats
from tests.bench import criteria_blocks as blocks
from tests.bench import criteria_ectopy as ectopy
from tests.bench import criteria_paced as paced
from tests.bench.criteria_limits import Criterion, if_any, limit

_SINUS, _ATRIA, _JUNCTION = Beginning.SINUS, Beginning.ATRIA, Beginning.JUNCTION
_VENTRICLES, _DEVICE = Beginning.VENTRICLES, Beginning.DEVICE
_FROM_BELOW = (_JUNCTION, _VENTRICLES)

Criteria = tuple[Criterion, ...]

_NARROW: Final = limit(beats.widest_qrs, 0.06, 0.1199)
_WIDE: Final = limit(beats.narrowest_qrs, 0.12, 0.30)
_REGULAR: Final = limit(beats.uneven_rr, 0.0, 1.0)
_REGULAR_P: Final = limit(beats.uneven_pp, 0.0, 1.0)
_CONSTANT_PR: Final = limit(beats.pr_spread, 0.0, 0.04)
_NO_P: Final = limit(beats.p_waves, 0, 0)
_NO_QRS: Final = limit(beats.complexes, 0, 0)
_NOT_CONDUCTED: Final = if_any(beats.share_of_qrs_with_p, 0, 0)

_ONE_TO_ONE: Final = (
    limit(beats.share_of_qrs_with_p, 1, 1),
    limit(beats.share_of_p_conducted, 1, 1),
)
_SINUS_P: Final = limit(beats.p_from, 1, 1, of=_SINUS)
_NORMAL_PR: Final = (limit(beats.shortest_pr, 0.12), limit(beats.longest_pr, 0.0, 0.20))
_LED_BY_SINUS: Final = (*_ONE_TO_ONE, _SINUS_P, *_NORMAL_PR, _CONSTANT_PR)
_UNDERLYING_SINUS: Final = (
    limit(beats.widest_qrs_from, 0.06, 0.1199, of=_SINUS),
    *_NORMAL_PR,
    _CONSTANT_PR,
)
_FIBRILLATION: Final = (
    _NO_P,
    _NOT_CONDUCTED,
    limit(beats.rr_spread, 0.12),
    limit(beats.rr_variation, 0.08),
    limit(beats.rr_disorder, 0.08),
)


def _rate(low: float, high: float) -> Criterion:
    return limit(beats.ventricular_rate, low, high)


def _junctional(low: float, high: float) -> Criteria:
    return (
        _rate(low, high),
        _REGULAR,
        _NARROW,
        limit(beats.qrs_from, 1, 1, of=_JUNCTION),
        if_any(beats.p_from, 1, 1, of=_FROM_BELOW),
        if_any(beats.longest_pr_of_inverted_p, 0.0, 0.1199),
    )


def _early_ventricular(*more: Criterion) -> Criteria:
    """Wide beats that come early, without a P, among beats of the sinus node."""
    return (
        limit(ectopy.events, 1, of=_VENTRICLES),
        limit(beats.narrowest_qrs_from, 0.12, 0.25, of=_VENTRICLES),
        limit(ectopy.latest_coupling, 0.2, 0.9, of=_VENTRICLES),
        *_UNDERLYING_SINUS,
        *more,
    )


_SINGLE: Final = limit(ectopy.longest_run, 1, 1, of=_VENTRICLES)
_FULL_PAUSE: Final = limit(ectopy.farthest_from_full_pause, 0.0, 0.15, of=_VENTRICLES)

_BLOCKED_P: Final = (
    limit(beats.atrial_rate, 60, 100),
    _SINUS_P,
    _REGULAR_P,
    limit(blocks.blocked, 1),
)
_DROPPED_ONE_AT_A_TIME: Final = limit(blocks.most_blocked_in_a_row, 1, 1)


def _ventricular(low: float, high: float, *more: Criterion) -> Criteria:
    return (
        _rate(low, high),
        _WIDE,
        limit(beats.qrs_from, 1, 1, of=_VENTRICLES),
        _NOT_CONDUCTED,
        *more,
    )


CRITERIA: Final[Mapping[RhythmId, Criteria]] = {
    RhythmId.NORMAL_SINUS_RHYTHM: (_rate(60, 100), _REGULAR, *_LED_BY_SINUS, _NARROW),
    RhythmId.SINUS_BRADYCARDIA: (_rate(30, 59.9), _REGULAR, *_LED_BY_SINUS, _NARROW),
    RhythmId.SINUS_TACHYCARDIA: (_rate(100.1, 180), _REGULAR, *_LED_BY_SINUS, _NARROW),
    RhythmId.SINUS_ARRHYTHMIA: (
        _rate(60, 100),
        limit(beats.rr_spread, 0.12),
        limit(beats.most_sudden_change, 1.0, 1.45),
        *_LED_BY_SINUS,
        _NARROW,
    ),
    RhythmId.SINUS_PAUSE_ARREST: (
        limit(blocks.gaps, 1),
        limit(blocks.gaps_of_two_seconds, 1),
        limit(blocks.nearest_gap_to_multiple, 0.1),
        limit(blocks.uneven_pp_but_for_gaps, 0.0, 0.16),
        limit(beats.share_of_p_conducted, 1, 1),
        _SINUS_P,
        *_NORMAL_PR,
        _CONSTANT_PR,
        limit(beats.widest_conducted_qrs, 0.06, 0.1199),
    ),
    RhythmId.SA_EXIT_BLOCK: (
        limit(blocks.gaps, 1),
        limit(blocks.farthest_gap_from_multiple, 0.0, 0.1),
        limit(blocks.uneven_pp_but_for_gaps, 0.0, 0.12),
        *_LED_BY_SINUS,
        _NARROW,
    ),
    RhythmId.PAC: (
        limit(ectopy.early_p, 1, of=_ATRIA),
        limit(ectopy.earliest_p, 0.3, 0.9, of=_ATRIA),
        limit(ectopy.usual_interval_around_early_p, 1.2, 2.02, of=_ATRIA),
        limit(beats.share_of_qrs_with_p, 1, 1),
        limit(beats.p_from, 0.5, 0.99, of=_SINUS),
        limit(beats.shortest_pr, 0.12),
        limit(beats.widest_qrs_from, 0.06, 0.1199, of=_SINUS),
    ),
    RhythmId.WANDERING_ATRIAL_PACEMAKER: (
        _rate(45, 100),
        limit(beats.rr_spread, 0.05, 0.60),
        *_ONE_TO_ONE,
        limit(beats.pr_spread, 0.02),
        limit(beats.count_of_p_from, 2, of=_ATRIA),
        _NARROW,
    ),
    RhythmId.MULTIFOCAL_ATRIAL_TACHYCARDIA: (
        _rate(100.1, 250),
        limit(beats.rr_spread, 0.12),
        limit(beats.rr_variation, 0.08),
        limit(beats.rr_disorder, 0.08),
        limit(beats.share_of_qrs_with_p, 1, 1),
        limit(beats.share_of_p_conducted, 0.7, 1),
        limit(beats.p_from, 0.7, 1, of=_ATRIA),
        limit(beats.pr_spread, 0.02),
        _NARROW,
    ),
    RhythmId.ATRIAL_TACHYCARDIA: (
        limit(beats.atrial_rate, 100, 250),
        _rate(50, 250),
        _REGULAR_P,
        limit(beats.share_of_qrs_with_p, 1, 1),
        limit(beats.p_from, 1, 1, of=_ATRIA),
        limit(beats.shortest_pr, 0.12),
        _NARROW,
    ),
    RhythmId.ATRIAL_FLUTTER: (
        limit(beats.atrial_rate, 200, 400),
        limit(beats.p_from, 1, 1, of=Beginning.FLUTTER),
        limit(beats.uneven_pp, 0.0, 0.25),
        _rate(60, 176),
        limit(beats.p_per_qrs, 1.8, 6),
        limit(beats.qrs_from, 1, 1, of=Beginning.FLUTTER),
        limit(blocks.uneven_ratio_of_rr_to_pp, 0.0, 0.3),
        _NARROW,
    ),
    RhythmId.AF_CONTROLLED: (_rate(60, 100), *_FIBRILLATION, _NARROW),
    RhythmId.AF_RVR: (_rate(100.1, 180), *_FIBRILLATION, _NARROW),
    RhythmId.SVT: (
        _rate(150, 250),
        limit(beats.rr_spread, 0.0, 0.06),
        if_any(beats.longest_time_from_qrs_to_p, 0.0, 0.25),
        if_any(beats.p_per_qrs, 0.0, 1.1),
        if_any(beats.p_from, 0, 0, of=_SINUS),
        _NARROW,
    ),
    RhythmId.WPW: (
        _rate(60, 100),
        _REGULAR,
        *_ONE_TO_ONE,
        _SINUS_P,
        limit(beats.longest_pr, 0.06, 0.1199),
        _CONSTANT_PR,
        limit(beats.narrowest_qrs, 0.10, 0.20),
    ),
    RhythmId.PREEXCITED_AF: (
        _rate(150, 300),
        *_FIBRILLATION,
        limit(beats.share_of_wide_qrs, 0.6, 1),
        limit(beats.qrs_width_spread, 0.02),
        limit(beats.shortest_rr, 0.18, 0.30),
    ),
    RhythmId.PJC: (
        limit(ectopy.events, 1, of=_JUNCTION),
        limit(ectopy.latest_coupling, 0.3, 0.9, of=_JUNCTION),
        limit(ectopy.longest_run, 1, 1, of=_JUNCTION),
        limit(beats.longest_pr_of_inverted_p, 0.0, 0.1199),
        *_NORMAL_PR,
        _CONSTANT_PR,
        _NARROW,
    ),
    RhythmId.JUNCTIONAL_ESCAPE: _junctional(40, 60),
    RhythmId.ACCELERATED_JUNCTIONAL: _junctional(60, 100),
    RhythmId.JUNCTIONAL_TACHYCARDIA: _junctional(100.1, 180),
    RhythmId.AVB1: (
        _rate(40, 110),
        _REGULAR,
        *_ONE_TO_ONE,
        _SINUS_P,
        limit(beats.shortest_pr, 0.2001, 0.5),
        _CONSTANT_PR,
        _NARROW,
    ),
    RhythmId.AVB2_TYPE1: (
        *_BLOCKED_P,
        _DROPPED_ONE_AT_A_TIME,
        limit(blocks.whole_groups, 1),
        limit(blocks.least_growth_of_pr, 0.0),
        limit(blocks.least_gain_of_pr, 0.04),
        limit(blocks.most_growth_of_rr_before_drop, -inf, 0.03),
        limit(blocks.longest_pause_by_shortest_rr, 1.0, 1.9999),
        _NARROW,
    ),
    RhythmId.AVB2_TYPE2: (
        *_BLOCKED_P,
        _DROPPED_ONE_AT_A_TIME,
        limit(blocks.most_conducted_in_a_row, 2),
        limit(beats.shortest_pr, 0.12, 0.40),
        _CONSTANT_PR,
        limit(blocks.shortest_pause_by_pp, 1.9),
        limit(blocks.longest_pause_by_pp, 0.0, 2.1),
    ),
    RhythmId.AVB2_2TO1: (
        *_BLOCKED_P,
        _rate(30, 60),
        _REGULAR,
        _DROPPED_ONE_AT_A_TIME,
        limit(blocks.most_conducted_in_a_row, 1, 1),
        limit(beats.share_of_qrs_with_p, 1, 1),
        limit(beats.shortest_pr, 0.12, 0.40),
        _CONSTANT_PR,
    ),
    RhythmId.AVB_HIGH_GRADE: (
        *_BLOCKED_P,
        _rate(20, 50),
        limit(blocks.most_blocked_in_a_row, 2),
        limit(beats.share_of_p_conducted, 0.05, 0.6),
        limit(beats.shortest_pr, 0.12, 0.40),
        if_any(beats.pr_spread, 0.0, 0.04),
    ),
    RhythmId.AVB3: (
        *_BLOCKED_P,
        _rate(20, 60),
        _REGULAR,
        _NOT_CONDUCTED,
        limit(beats.share_of_p_conducted, 0, 0),
        limit(beats.qrs_from, 1, 1, of=_FROM_BELOW),
        limit(beats.p_per_qrs, 1.1),
        limit(blocks.wandering_of_p_before_qrs, 0.25),
        if_any(beats.widest_qrs_from, 0.06, 0.1199, of=_JUNCTION),
        if_any(beats.narrowest_qrs_from, 0.12, 0.30, of=_VENTRICLES),
    ),
    RhythmId.BBB: (_rate(45, 110), _REGULAR, *_LED_BY_SINUS, _WIDE),
    RhythmId.PVC_UNIFORM: _early_ventricular(_SINGLE, _FULL_PAUSE),
    RhythmId.PVC_MULTIFORM: _early_ventricular(
        limit(ectopy.longest_run, 1, 2, of=_VENTRICLES),
        limit(beats.count_of_qrs_from, 2, of=_VENTRICLES),
        limit(ectopy.coupling_spread, 0.02, of=_VENTRICLES),
    ),
    RhythmId.VENTRICULAR_BIGEMINY: _early_ventricular(
        _SINGLE,
        _FULL_PAUSE,
        limit(ectopy.fewest_usual_between, 1, 1, of=_VENTRICLES),
        limit(ectopy.most_usual_between, 1, 1, of=_VENTRICLES),
    ),
    RhythmId.VENTRICULAR_TRIGEMINY: _early_ventricular(
        _SINGLE,
        _FULL_PAUSE,
        limit(ectopy.fewest_usual_between, 2, 2, of=_VENTRICLES),
        limit(ectopy.most_usual_between, 2, 2, of=_VENTRICLES),
    ),
    RhythmId.PVC_COUPLET: _early_ventricular(
        limit(ectopy.pairs, 1, of=_VENTRICLES),
        limit(ectopy.longest_run, 2, 2, of=_VENTRICLES),
    ),
    RhythmId.NSVT: _early_ventricular(
        limit(ectopy.whole_runs, 1, of=_VENTRICLES),
        limit(ectopy.slowest_run, 100.1, of=_VENTRICLES),
        limit(ectopy.fastest_run, 0, 250, of=_VENTRICLES),
    ),
    RhythmId.R_ON_T: _early_ventricular(
        limit(ectopy.earliest_onset_in_qt, 0.5, of=_VENTRICLES),
        limit(ectopy.latest_onset_in_qt, 0, 1.0, of=_VENTRICLES),
    ),
    RhythmId.IDIOVENTRICULAR: _ventricular(20, 40, _REGULAR),
    # Fusion and capture beats are among them.
    RhythmId.AIVR: (
        _rate(40, 110),
        _REGULAR,
        limit(beats.qrs_from, 0.75, 1, of=_VENTRICLES),
        limit(beats.share_of_wide_qrs, 0.75, 1),
    ),
    RhythmId.VT_MONOMORPHIC: (
        _rate(100.1, 250),
        limit(beats.uneven_rr, 0.0, 1.0),
        limit(beats.qrs_from, 0.85, 1, of=_VENTRICLES),
        limit(beats.share_of_wide_qrs, 0.85, 1),
    ),
    # What tells the next two apart stands before the run.
    RhythmId.VT_POLYMORPHIC: (
        limit(ectopy.longest_run, 6, of=_VENTRICLES),
        limit(ectopy.slowest_run, 150, of=_VENTRICLES),
        limit(ectopy.fastest_run, 0, 300, of=_VENTRICLES),
        limit(ectopy.run_variation, 0.03, of=_VENTRICLES),
        limit(beats.narrowest_qrs_from, 0.12, of=_VENTRICLES),
        limit(ectopy.qtc_of_usual_beats, 0.34, 0.46),
    ),
    RhythmId.TORSADES: (
        limit(ectopy.longest_run, 6, of=_VENTRICLES),
        limit(ectopy.slowest_run, 150, of=_VENTRICLES),
        limit(ectopy.fastest_run, 0, 300, of=_VENTRICLES),
        limit(beats.narrowest_qrs_from, 0.12, of=_VENTRICLES),
        limit(ectopy.qtc_of_usual_beats, 0.50, 0.75),
        limit(ectopy.pause_before_run, 1.1, of=_VENTRICLES),
    ),
    RhythmId.VENTRICULAR_FLUTTER: (
        _rate(150, 300),
        limit(beats.rr_spread, 0.0, 0.06),
        limit(beats.qrs_from, 1, 1, of=_VENTRICLES),
        _NOT_CONDUCTED,
        _WIDE,
    ),
    RhythmId.VF_COARSE: (_NO_QRS, _NO_P),
    RhythmId.VF_FINE: (_NO_QRS, _NO_P),
    RhythmId.ASYSTOLE: (_NO_QRS, _NO_P),
    RhythmId.VENTRICULAR_STANDSTILL: (
        _NO_QRS,
        limit(beats.atrial_rate, 40, 130),
        _SINUS_P,
        _REGULAR_P,
    ),
    RhythmId.AGONAL: (
        _rate(1, 19.9),
        limit(beats.complexes, 1),
        _NO_P,
        limit(beats.narrowest_qrs, 0.16),
        if_any(beats.rr_spread, 0.12),
    ),
    # Any organised rhythm.
    RhythmId.PEA: (_rate(20, 150), limit(beats.complexes, 3)),
    RhythmId.PACED_ATRIAL: (
        _rate(50, 100),
        _REGULAR,
        limit(paced.atrial_spikes, 3),
        limit(paced.ventricular_spikes, 0, 0),
        limit(paced.share_of_atrial_spikes_answered, 1, 1),
        limit(beats.p_from, 1, 1, of=_DEVICE),
        *_ONE_TO_ONE,
        limit(paced.shortest_spike_to_qrs, 0.12),
        limit(paced.longest_spike_to_qrs, 0.0, 0.40),
        _NARROW,
    ),
    RhythmId.PACED_VENTRICULAR: (
        _rate(50, 100),
        limit(paced.atrial_spikes, 0, 0),
        limit(paced.ventricular_spikes, 3),
        limit(paced.share_of_ventricular_spikes_answered, 1, 1),
        limit(beats.qrs_from, 0.6, 1, of=_DEVICE),
        limit(beats.share_of_wide_qrs, 0.6, 1),
    ),
    RhythmId.PACED_DUAL: (
        _rate(50, 130),
        _REGULAR,
        limit(paced.ventricular_spikes, 3),
        limit(paced.share_of_ventricular_spikes_answered, 1, 1),
        if_any(paced.share_of_atrial_spikes_answered, 1, 1),
        limit(paced.share_of_qrs_from_spike, 1, 1),
        limit(beats.p_per_qrs, 0.9, 1.1),
        limit(paced.spread_of_p_to_spike, 0.0, 0.08),
        _WIDE,
    ),
    RhythmId.FAILURE_TO_CAPTURE: (limit(paced.stimuli_in_vain, 1),),
    RhythmId.FAILURE_TO_SENSE: (limit(paced.stimuli_too_soon, 1),),
    RhythmId.FAILURE_TO_PACE: (
        limit(paced.ventricular_spikes, 1),
        limit(paced.share_of_ventricular_spikes_answered, 1, 1),
        limit(paced.stimuli_that_are_missing, 1),
    ),
    RhythmId.ARTIFACT: (_rate(40, 130), limit(beats.share_of_qrs_with_p, 1, 1)),
}

_USUAL_S: Final = 12.0
_LONG: Final = {RhythmId.AGONAL: 30.0}
SECONDS: Final[Mapping[RhythmId, float]] = {
    rhythm: _LONG.get(rhythm, _USUAL_S) for rhythm in RhythmId
}
"""Length of the strips in which the criteria must be seen."""
