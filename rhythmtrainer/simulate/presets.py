"""How each rhythm comes about, as data: one look or several, of which a patient has one."""

from collections.abc import Mapping
from typing import Final

from rhythmtrainer.model import RhythmId
from rhythmtrainer.simulate.events import Shape
from rhythmtrainer.simulate.preset import (
    NONE,
    Atria,
    Av,
    Early,
    Focus,
    Ground,
    Interruption,
    Pacer,
    Preset,
    Stimulus,
)

_SINUS = Atria((64.0, 84.0))
_MANY_P = (Shape.P, Shape.P_INVERTED, Shape.P_NOTCHED, Shape.P_TALL, Shape.P_BIPHASIC)
_NOTHING_CONDUCTED = Av(cycles=(NONE,))
_FIBRILLATING = Ground(waves=(0.035, 0.06), band=(4.5, 8.5))
_BEFORE, _AFTER = (-0.10, -0.08), (0.10, 0.13)  # an inverted P wave, of the onset of the QRS
_TWO_TO_ONE = (0.0, None)
_UPRIGHT, _DOWN = (Shape.PVC,), (Shape.PVC_DOWN,)
_OK, _FAILS, _MISSING = Stimulus.CAPTURES, Stimulus.FAILS, Stimulus.IS_MISSING


def _junctional(low: float, high: float, after: tuple[float, float] = _AFTER) -> tuple[Preset, ...]:
    narrow = (Shape.NARROW,)
    places = (None, _BEFORE, after)
    return tuple(Preset(focus=Focus((low, high), narrow, retrograde=place)) for place in places)


def _ectopy(every: tuple[int, int], run: tuple[int, int] = (1, 1)) -> tuple[Preset, ...]:
    return tuple(
        Preset(_SINUS, early=Early(every, (0.56, 0.64), shapes, run, rate=(125.0, 150.0)))
        for shapes in (_UPRIGHT, _DOWN)
    )


def _flutter(*ratios: int) -> Preset:
    cycles = tuple((0.0, *[None] * (ratio - 1)) for ratio in ratios)
    circuit = Atria((272.0, 298.0), (Shape.FLUTTER,), spread=0.003)
    return Preset(circuit, Av((0.16, 0.24), 0.0, cycles))


PRESETS: Final[Mapping[RhythmId, tuple[Preset, ...]]] = {
    RhythmId.NORMAL_SINUS_RHYTHM: (Preset(Atria((63.0, 95.0))),),
    RhythmId.SINUS_BRADYCARDIA: (Preset(Atria((42.0, 55.0))),),
    RhythmId.SINUS_TACHYCARDIA: (Preset(Atria((108.0, 142.0)), Av((0.125, 0.145))),),
    RhythmId.SINUS_ARRHYTHMIA: (Preset(Atria((66.0, 84.0), breathing=0.17)),),
    RhythmId.SINUS_PAUSE_ARREST: (
        # Clear of two and of three intervals, and above two seconds at any of these rates.
        Preset(Atria((62.0, 72.0), interruption=Interruption((5, 7), (2.45, 2.65)))),
    ),
    RhythmId.SA_EXIT_BLOCK: (
        Preset(Atria((64.0, 80.0), spread=0.006, interruption=Interruption((4, 6), (2.0, 2.0)))),
    ),
    RhythmId.PAC: (
        Preset(Atria((62.0, 80.0), interruption=Interruption((4, 6), (0.58, 0.66), Shape.P_TALL))),
        Preset(
            Atria((62.0, 80.0), interruption=Interruption((4, 6), (0.58, 0.66), Shape.P_BIPHASIC))
        ),
    ),
    RhythmId.WANDERING_ATRIAL_PACEMAKER: (
        Preset(Atria((68.0, 86.0), _MANY_P[:4], spread=0.06), Av((0.135, 0.165), 0.012)),
    ),
    RhythmId.MULTIFOCAL_ATRIAL_TACHYCARDIA: (
        Preset(Atria((112.0, 135.0), _MANY_P, spread=0.15), Av((0.135, 0.15), 0.01)),
    ),
    RhythmId.ATRIAL_TACHYCARDIA: (
        Preset(Atria((145.0, 175.0), (Shape.P_INVERTED,), 0.004), Av((0.125, 0.14))),
        Preset(Atria((145.0, 175.0), (Shape.P_TALL,), 0.004), Av((0.125, 0.14))),
    ),
    # Two to one hides its sawtooth in one lead; these show it.
    RhythmId.ATRIAL_FLUTTER: (_flutter(4), _flutter(3), _flutter(2, 3, 4)),
    RhythmId.AF_CONTROLLED: (
        Preset(
            focus=Focus((68.0, 92.0), (Shape.NARROW,), 0.28, shortest=0.42), ground=_FIBRILLATING
        ),
    ),
    RhythmId.AF_RVR: (
        Preset(
            focus=Focus((112.0, 150.0), (Shape.NARROW,), 0.24, shortest=0.3), ground=_FIBRILLATING
        ),
    ),
    RhythmId.SVT: (
        Preset(focus=Focus((165.0, 205.0), (Shape.NARROW,), 0.003)),
        Preset(focus=Focus((155.0, 180.0), (Shape.NARROW,), 0.003, retrograde=(0.10, 0.115))),
    ),
    RhythmId.WPW: (Preset(Atria((64.0, 88.0)), Av((0.09, 0.105), shape=Shape.DELTA)),),
    RhythmId.PREEXCITED_AF: (
        Preset(
            focus=Focus(
                (190.0, 225.0),
                (Shape.DELTA_WIDE, Shape.DELTA_WIDE, Shape.DELTA, Shape.DELTA_WIDE, Shape.NARROW),
                spread=0.2,
                shortest=0.21,
            ),
            ground=_FIBRILLATING,
        ),
    ),
    RhythmId.PJC: tuple(
        Preset(_SINUS, early=Early((3, 5), (0.60, 0.66), (Shape.NARROW,), retrograde=place))
        for place in (_BEFORE, _AFTER)
    ),
    RhythmId.JUNCTIONAL_ESCAPE: _junctional(41.0, 57.0),
    RhythmId.ACCELERATED_JUNCTIONAL: _junctional(65.0, 95.0),
    RhythmId.JUNCTIONAL_TACHYCARDIA: _junctional(105.0, 140.0, (0.10, 0.115)),
    RhythmId.AVB1: (Preset(Atria((58.0, 84.0)), Av((0.24, 0.32))),),
    RhythmId.AVB2_TYPE1: (
        Preset(
            Atria((72.0, 90.0), spread=0.006),
            Av((0.17, 0.20), cycles=((0.0, 0.10, 0.15, None), (0.0, 0.09, 0.14, 0.17, None))),
        ),
    ),
    RhythmId.AVB2_TYPE2: tuple(
        Preset(
            Atria((66.0, 84.0), spread=0.006),
            Av((0.15, 0.20), 0.001, ((0.0, 0.0, 0.0, None), (0.0, 0.0, None)), shape),
        )
        for shape in (Shape.NARROW, Shape.RIGHT_BUNDLE)
    ),
    RhythmId.AVB2_2TO1: tuple(
        Preset(Atria((70.0, 92.0), spread=0.006), Av((0.15, 0.20), 0.001, (_TWO_TO_ONE,), shape))
        for shape in (Shape.NARROW, Shape.RIGHT_BUNDLE)
    ),
    RhythmId.AVB_HIGH_GRADE: (
        Preset(
            Atria((80.0, 98.0), spread=0.006),
            Av((0.15, 0.20), 0.001, ((0.0, None, None), (0.0, None, None, None))),
        ),
        Preset(Atria((80.0, 98.0), spread=0.006), Av((0.15, 0.20), 0.001, ((0.0, None, None),))),
    ),
    RhythmId.AVB3: (
        Preset(Atria((74.0, 92.0)), _NOTHING_CONDUCTED, Focus((42.0, 50.0), (Shape.NARROW,))),
        Preset(Atria((74.0, 92.0)), _NOTHING_CONDUCTED, Focus((29.0, 37.0), (Shape.ESCAPE,))),
        Preset(Atria((74.0, 92.0)), _NOTHING_CONDUCTED, Focus((29.0, 37.0), (Shape.ESCAPE_DOWN,))),
    ),
    RhythmId.BBB: tuple(
        Preset(_SINUS, Av(shape=shape)) for shape in (Shape.LEFT_BUNDLE, Shape.RIGHT_BUNDLE)
    ),
    RhythmId.PVC_UNIFORM: _ectopy((3, 5)),
    RhythmId.PVC_MULTIFORM: (
        Preset(_SINUS, early=Early((2, 3), (0.54, 0.66), (Shape.PVC, Shape.PVC_DOWN))),
    ),
    RhythmId.VENTRICULAR_BIGEMINY: _ectopy((1, 1)),
    RhythmId.VENTRICULAR_TRIGEMINY: _ectopy((2, 2)),
    RhythmId.PVC_COUPLET: _ectopy((3, 4), (2, 2)),
    RhythmId.NSVT: tuple(
        Preset(_SINUS, early=Early((3, 4), (0.56, 0.64), shapes, (5, 9), rate=(150.0, 185.0)))
        for shapes in ((Shape.VT,), (Shape.VT_DOWN,))
    ),
    RhythmId.R_ON_T: tuple(
        Preset(Atria((62.0, 72.0)), early=Early((3, 5), (0.34, 0.36), shapes))
        for shapes in (_UPRIGHT, _DOWN)
    ),
    RhythmId.IDIOVENTRICULAR: tuple(
        Preset(focus=Focus((28.0, 38.0), (shape,))) for shape in (Shape.ESCAPE, Shape.ESCAPE_DOWN)
    ),
    RhythmId.AIVR: tuple(
        Preset(focus=Focus((60.0, 90.0), (shape,))) for shape in (Shape.ESCAPE, Shape.ESCAPE_DOWN)
    ),
    RhythmId.VT_MONOMORPHIC: tuple(
        Preset(focus=Focus((150.0, 195.0), (shape,), 0.005)) for shape in (Shape.VT, Shape.VT_DOWN)
    ),
    # What tells the next two apart stands before the run: the QT interval.
    RhythmId.VT_POLYMORPHIC: (
        Preset(
            Atria((76.0, 92.0)),
            early=Early(
                (2, 3),
                (0.46, 0.50),
                (Shape.TWISTING, Shape.TWISTING_DOWN, Shape.VT, Shape.VT_DOWN),
                run=None,
                rate=(195.0, 240.0),
                spread=0.1,
                sizes=(0.5, 1.25),
            ),
            qtc=(0.37, 0.40),
        ),
    ),
    RhythmId.TORSADES: (
        Preset(
            Atria((56.0, 64.0)),
            early=Early(
                (2, 3),
                (0.53, 0.57),
                (Shape.TWISTING,),
                run=None,
                rate=(205.0, 235.0),
                spread=0.04,
                twist=(4.0, 5.5),
            ),
            qtc=(0.56, 0.60),
        ),
    ),
    RhythmId.VENTRICULAR_FLUTTER: (Preset(focus=Focus((235.0, 275.0), (Shape.SINE,), 0.004)),),
    RhythmId.VF_COARSE: (Preset(ground=Ground((0.30, 0.42), (2.0, 7.5))),),
    RhythmId.VF_FINE: (Preset(ground=Ground((0.032, 0.042), (2.5, 8.5), wander=0.015)),),
    RhythmId.ASYSTOLE: (Preset(ground=Ground(wander=0.02, noise=0.003)),),
    RhythmId.VENTRICULAR_STANDSTILL: (Preset(Atria((62.0, 92.0)), _NOTHING_CONDUCTED),),
    RhythmId.AGONAL: (
        Preset(focus=Focus((10.0, 14.0), (Shape.AGONAL,), 0.15), ground=Ground(wander=0.03)),
    ),
    # Any organized rhythm: the strip cannot show that there is no pulse.
    RhythmId.PEA: (
        Preset(Atria((60.0, 110.0))),
        Preset(focus=Focus((30.0, 45.0), (Shape.ESCAPE,))),
    ),
    RhythmId.PACED_ATRIAL: (Preset(Atria((60.0, 80.0), (Shape.P_PACED,), 0.0), Av((0.16, 0.20))),),
    RhythmId.PACED_VENTRICULAR: (
        Preset(pacer=Pacer((62.0, 80.0)), ground=_FIBRILLATING),
        Preset(pacer=Pacer((62.0, 80.0))),
    ),
    RhythmId.PACED_DUAL: (
        Preset(
            Atria((60.0, 80.0), (Shape.P_PACED,), 0.0), Av((0.15, 0.18), 0.0, shape=Shape.PACED)
        ),
    ),
    RhythmId.FAILURE_TO_CAPTURE: (
        Preset(
            Atria((66.0, 84.0)),
            _NOTHING_CONDUCTED,
            pacer=Pacer((62.0, 74.0), (_OK, _OK, _FAILS, _OK, _FAILS)),
        ),
    ),
    RhythmId.FAILURE_TO_SENSE: (Preset(Atria((74.0, 86.0)), pacer=Pacer((56.0, 64.0))),),
    RhythmId.FAILURE_TO_PACE: (
        Preset(
            Atria((66.0, 84.0)),
            _NOTHING_CONDUCTED,
            pacer=Pacer((64.0, 74.0), (_OK, _OK, _OK, _MISSING, _OK, _OK, _MISSING, _MISSING)),
        ),
    ),
    RhythmId.ARTIFACT: (
        Preset(_SINUS, ground=Ground((0.16, 0.22), (14.0, 40.0), wander=0.22, noise=0.03)),
    ),
}
