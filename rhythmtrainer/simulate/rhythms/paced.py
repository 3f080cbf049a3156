"""Rhythms that an implanted pacemaker leads, or should.

What a fault shows is no part of it: a stimulus that is not answered leaves a silence in which the
patient's own escape beats are heard, and a beat that is not sensed is followed by a stimulus that
comes at the wrong time.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from rhythmtrainer.model import RhythmId
from rhythmtrainer.simulate.heart.activity import Vector
from rhythmtrainer.simulate.heart.parts import (
    Atria,
    Chamber,
    Device,
    Ectopy,
    Fault,
    Fibrillation,
    Focus,
    Heart,
    Mode,
    SinusNode,
    Ventricles,
)
from rhythmtrainer.simulate.rhythms.av_timing import NOTHING_PASSES
from rhythmtrainer.simulate.rhythms.preset import Chosen, Number, Options, Preset, Range
from rhythmtrainer.simulate.rhythms.sinus import (
    PR,
    SINUS_RATE,
    av_node,
    ordinary_pr,
    ordinary_rate,
    pr,
)
from rhythmtrainer.simulate.rhythms.sites import POSTERIOR_FASCICLE, RV_APEX, SEPTUM, near

_RATE: Final = "rate"
_AV_DELAY: Final = "av_delay"
_ATRIA: Final = "atria"
_ELECTRODE: Final = "electrode"

_ELECTRODES: Final[Mapping[str, Vector]] = {"rv_apex": RV_APEX, "septum": SEPTUM}
_ESCAPE: Final[Range] = (30.0, 40.0)
_OK, _FAILS, _MISSING = Fault.NONE, Fault.NO_CAPTURE, Fault.NO_OUTPUT


def _set_rate(usual: Range, asked: Range = (50.0, 100.0)) -> Number:
    """Return the variant of the lower rate."""
    low, high = asked
    return Number(low, high, "/min", "lower rate of the pacemaker", usual, _set_rate_at)


def _set_rate_at(age: float) -> Range:
    """Return lower rates for a child: among the slower ones of what is in order."""
    low, high = ordinary_rate(age)
    return low, low + 0.3 * (high - low)


def _electrode() -> Options:
    return Options(tuple(_ELECTRODES), "where the lead's tip lies in the right ventricle")


def _site(chosen: Chosen) -> Vector:
    return near(_ELECTRODES[chosen.option(_ELECTRODE)], chosen.rng)


def _atrial(chosen: Chosen) -> Heart:
    device = Device(Mode.AAI, chosen.number(_RATE), RV_APEX)
    return Heart(node=av_node(chosen), device=device)


def _ventricular(chosen: Chosen) -> Heart:
    drift = chosen.drawn(*_DRIFT) if chosen.rng.random() < _WITH_SENSOR else 0.0
    device = Device(Mode.VVI, chosen.number(_RATE), _site(chosen), drift=drift)
    heart = _ATRIA_BENEATH[chosen.option(_ATRIA)](Heart(node=NOTHING_PASSES, device=device), chosen)
    begin = chosen.option(_OWN_BEATS)
    return heart if begin == "none" else replace(heart, ectopy=(_own_beats(begin, chosen),))


def _own_beats(begin: str, chosen: Chosen) -> Ectopy:
    """Return beats of the patient's own that come before the pacemaker's."""
    return Ectopy(
        _CHAMBERS[begin],
        _PACED_BETWEEN,
        chosen.drawn(*_OWN_COUPLING),
        (near(POSTERIOR_FASCICLE, chosen.rng),),
        coupling_spread=_OWN_COUPLING_SPREAD,
    )


_OWN_BEATS: Final = "own_beats"
_CHAMBERS: Final = {"junctional": Chamber.JUNCTION, "ventricular": Chamber.VENTRICLES}
# Of twenty recordings a third has beats of the patient's own, a third is exact to milliseconds, and
# in a third the device is led by a sensor.
_WITH_SENSOR: Final = 0.4
_DRIFT: Final[Range] = (0.015, 0.035)
_PACED_BETWEEN: Final = (2, 6)
_OWN_COUPLING: Final[Range] = (0.68, 0.84)  # as a share of the pacemaker's interval
_OWN_COUPLING_SPREAD: Final = 0.05


def _with_silent_atria(heart: Heart, _: Chosen) -> Heart:
    return heart


def _with_fibrillating_atria(heart: Heart, chosen: Chosen) -> Heart:
    waves = Fibrillation(chosen.drawn(5.3, 7.0), chosen.drawn(0.014, 0.042))
    return replace(heart, atria=Atria(fibrillation=waves))


def _with_sinus_rhythm(heart: Heart, chosen: Chosen) -> Heart:
    return replace(heart, sinus=_faster_sinus(chosen))


_ATRIA_BENEATH: Final[Mapping[str, Callable[[Heart, Chosen], Heart]]] = {
    "fibrillating": _with_fibrillating_atria,
    "silent": _with_silent_atria,
    "dissociated": _with_sinus_rhythm,
}


def _faster_sinus(chosen: Chosen) -> SinusNode:
    """Return a sinus node that leads the atria a good deal faster than the pacemaker is set."""
    per_min = chosen.number(_RATE) * chosen.drawn(1.15, 1.35)
    return SinusNode(per_min, chosen.drawn(0.004, 0.013), chosen.drawn(0.004, 0.013))


def _dual(chosen: Chosen) -> Heart:
    per_min = chosen.number(_RATE)
    device = Device(
        Mode.DDD,
        per_min,
        _site(chosen),
        av_delay_s=chosen.number(_AV_DELAY),
        upper_rate=_UPPER_SHARE * per_min,
        blanking_s=min(_BLANKED_S, _BLANKED * 60.0 / per_min),
    )
    heart = Heart(node=NOTHING_PASSES, device=device)
    if chosen.option(_ATRIA) == "paced":
        return heart
    return replace(heart, sinus=_faster_sinus(chosen))


_UPPER_SHARE: Final = 1.8
_BLANKED_S, _BLANKED = 0.25, 0.3


# Faults


_MISSED: Final = (
    (_OK, _OK, _FAILS),
    (_OK, _OK, _OK, _FAILS),
    (_OK, _OK, _FAILS, _OK, _FAILS),
    (_OK, _OK, _OK, _FAILS, _FAILS),
)
_LEFT_OUT: Final = (
    (_OK, _OK, _MISSING),
    (_OK, _OK, _OK, _MISSING),
    (_OK, _OK, _MISSING, _MISSING),
    (_OK, _OK, _MISSING, _OK, _MISSING),
)


def _faulty(chosen: Chosen, patterns: tuple[tuple[Fault, ...], ...]) -> Heart:
    faults = chosen.one_of(patterns)
    device = Device(Mode.VVI, chosen.number(_RATE), _site(chosen), faults=faults)
    heart = Heart(node=NOTHING_PASSES, foci=(_escape(chosen),), device=device)
    return _ATRIA_BENEATH[chosen.option(_ATRIA)](heart, chosen)


def _escape(chosen: Chosen) -> Focus:
    """Return the pacemaker of the patient's own that is heard when the device is not."""
    if chosen.option("escape") == "junctional":
        return Focus(Chamber.JUNCTION, chosen.drawn(40.0, 48.0))
    site = near(POSTERIOR_FASCICLE, chosen.rng)
    return Focus(Chamber.VENTRICLES, chosen.drawn(*_ESCAPE), (site,), slowness=1.15)


def _failing_to_capture(chosen: Chosen) -> Heart:
    return _faulty(chosen, _MISSED)


def _failing_to_pace(chosen: Chosen) -> Heart:
    return _faulty(chosen, _LEFT_OUT)


_SENSING: Final = {
    "never": (Fault.UNDERSENSED,),
    "sometimes": (*[Fault.UNDERSENSED] * 6, Fault.NONE),
}


_REFRACTORY_S, _REFRACTORY_SHARE = 0.3, 0.5


def _failing_to_sense(chosen: Chosen) -> Heart:
    sinus = SinusNode(chosen.number(_RATE), chosen.drawn(0.006, 0.02), chosen.drawn(0.006, 0.02))
    device = Device(
        Mode.VVI,
        chosen.drawn(0.78, 0.88) * sinus.rate,
        _site(chosen),
        faults=_SENSING[chosen.option("senses")],
    )
    return Heart(
        sinus=sinus,
        node=av_node(chosen),
        # Else stimuli find a fast heart never ready.
        ventricles=Ventricles(_REFRACTORY_S, _REFRACTORY_SHARE),
        device=device,
    )


def _with_fault(build: Callable[[Chosen], Heart]) -> Preset:
    return Preset(
        build,
        {
            _RATE: _set_rate((62.0, 76.0), (60.0, 80.0)),
            _ATRIA: Options(tuple(_ATRIA_BENEATH), "what the atria do meanwhile"),
            "escape": Options(("junctional", "ventricular"), "where the patient's own beats begin"),
            _ELECTRODE: _electrode(),
        },
    )


PRESETS: Final[Mapping[RhythmId, Preset]] = {
    RhythmId.PACED_ATRIAL: Preset(_atrial, {_RATE: _set_rate((62.0, 88.0)), PR: pr((0.14, 0.19))}),
    RhythmId.PACED_VENTRICULAR: Preset(
        _ventricular,
        {
            _RATE: _set_rate((58.0, 82.0)),
            _ATRIA: Options(tuple(_ATRIA_BENEATH), "what the atria do meanwhile"),
            _OWN_BEATS: Options(
                ("none", "junctional", "ventricular"),
                "where beats of the patient's own begin",
                usual=("none", "none", "junctional", "ventricular"),
            ),
            _ELECTRODE: _electrode(),
        },
    ),
    RhythmId.PACED_DUAL: Preset(
        _dual,
        {
            _RATE: _set_rate((58.0, 80.0)),
            _AV_DELAY: Number(
                0.12,
                0.22,
                "s",
                "from the P wave to the ventricular stimulus",
                (0.14, 0.20),
                ordinary_pr,
            ),
            _ATRIA: Options(
                ("paced", "sensed"), "whether it makes the P waves, or follows those of the patient"
            ),
            _ELECTRODE: _electrode(),
        },
    ),
    RhythmId.FAILURE_TO_CAPTURE: _with_fault(_failing_to_capture),
    RhythmId.FAILURE_TO_SENSE: Preset(
        _failing_to_sense,
        {
            SINUS_RATE: Number(
                65.0, 100.0, "/min", "rate of the sinus node", (70.0, 92.0), ordinary_rate
            ),
            PR: pr(),
            "senses": Options(tuple(_SENSING), "how often it senses a beat of the patient's own"),
            _ELECTRODE: _electrode(),
        },
    ),
    RhythmId.FAILURE_TO_PACE: _with_fault(_failing_to_pace),
}
