"""Rhythms of the cardiac arrest: chaos, silence, and what is left of an order."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from rhythmtrainer.model import RhythmId
from rhythmtrainer.simulate.heart.parts import (
    Chamber,
    Device,
    Fibrillation,
    Focus,
    Heart,
    Mode,
    Ventricles,
)
from rhythmtrainer.simulate.noise import Noise, usual_noise
from rhythmtrainer.simulate.rhythms.av_timing import NOTHING_PASSES, with_branch_blocked
from rhythmtrainer.simulate.rhythms.preset import Chosen, Number, Options, Preset, Range
from rhythmtrainer.simulate.rhythms.sinus import PR, SINUS_RATE, led_by_sinus, pr, rate, sinus_node
from rhythmtrainer.simulate.rhythms.sites import RV_APEX, SITES, near

_FREQUENCY: Final = "frequency"
_AMPLITUDE: Final = "amplitude"

# Coarse is what teaching calls more than 0.2 to 0.4 mV from trough to peak, fine what is less than
# 0.15 to 0.2 mV; in a second of real fibrillation that is 3.7 times the root mean square.
_COARSE_MV: Final[Range] = (0.18, 0.50)
_FINE_MV: Final[Range] = (0.017, 0.025)
_SLOW_DECAY_S: Final[Range] = (70.0, 110.0)
_BEFORE_DECAY: Final = 1.5


def _fibrillating(chosen: Chosen) -> Heart:
    amplitude_mv, decay_s = chosen.number(_AMPLITUDE), 0.0
    if chosen.option("course") == "decaying":
        decay_s = chosen.drawn(*_SLOW_DECAY_S)
        amplitude_mv *= _BEFORE_DECAY
    return _with_fibrillation(chosen, amplitude_mv, decay_s)


def _fine(chosen: Chosen) -> Heart:
    return _with_fibrillation(chosen, chosen.number(_AMPLITUDE))


def _with_fibrillation(chosen: Chosen, amplitude_mv: float, decay_s: float = 0.0) -> Heart:
    waves = Fibrillation(chosen.number(_FREQUENCY), amplitude_mv, decay_s)
    return Heart(ventricles=Ventricles(fibrillation=waves))


def _silent(_: Chosen) -> Heart:
    return Heart()


def _flat_or_drifting(rng: np.random.Generator) -> Noise:
    """Draw the noise of a line on which little else is seen: flat, or gently drifting.

    Who lies without a pulse does not tense his muscles.
    """
    noise = usual_noise(rng)
    return replace(
        noise,
        wander_mv=float(rng.uniform(*_DRIFT_MV)),
        muscle_mv=min(noise.muscle_mv, _MOST_MUSCLE_MV),
        mains_mv=min(noise.mains_mv, _MOST_MAINS_MV),
    )


_DRIFT_MV: Final[Range] = (0.004, 0.03)
_MOST_MUSCLE_MV, _MOST_MAINS_MV = 0.004, 0.002


def _standstill(chosen: Chosen) -> Heart:
    return Heart(sinus=sinus_node(chosen), node=NOTHING_PASSES)


def _agonal(chosen: Chosen) -> Heart:
    focus = Focus(
        Chamber.VENTRICLES,
        chosen.number("rate"),
        tuple(near(SITES[chosen.option("site")], chosen.rng) for _ in range(3)),
        irregularity=chosen.drawn(0.15, 0.17),
        slowness=chosen.drawn(1.7, 2.3),
        size=chosen.drawn(0.35, 0.8),
    )
    return Heart(foci=(focus,), qtc_s=chosen.drawn(0.36, 0.42))


def _wide(chosen: Chosen) -> Heart:
    return replace(led_by_sinus(chosen), his=with_branch_blocked(chosen.one_of(("lbbb", "rbbb"))))


def _junctional(chosen: Chosen) -> Heart:
    return Heart(foci=(Focus(Chamber.JUNCTION, chosen.drawn(43.0, 57.0)),))


def _idioventricular(chosen: Chosen) -> Heart:
    site = near(chosen.one_of(tuple(SITES.values())), chosen.rng)
    focus = Focus(
        Chamber.VENTRICLES, chosen.drawn(25.0, 45.0), (site,), slowness=chosen.drawn(1.2, 1.7)
    )
    return Heart(foci=(focus,), qtc_s=0.44)


def _paced(chosen: Chosen) -> Heart:
    device = Device(Mode.VVI, chosen.drawn(62.0, 78.0), near(RV_APEX, chosen.rng))
    return Heart(node=NOTHING_PASSES, device=device)


_ORGANISED: Final = {
    "sinus": led_by_sinus,
    "sinus_wide": _wide,
    "junctional": _junctional,
    "idioventricular": _idioventricular,
    "paced": _paced,
}


def _pulseless(chosen: Chosen) -> Heart:
    return _ORGANISED[chosen.option("origin")](chosen)


def _frequency(usual: Range) -> Number:
    return Number(2.5, 8.0, "Hz", "frequency of the waves", usual)


PRESETS: Final[Mapping[RhythmId, Preset]] = {
    RhythmId.VF_COARSE: Preset(
        _fibrillating,
        {
            _FREQUENCY: _frequency((3.3, 5.8)),
            _AMPLITUDE: Number(
                0.15, 0.8, "mV", "size of the waves in lead II, root mean square", _COARSE_MV
            ),
            "course": Options(("steady", "decaying"), "whether the waves become smaller"),
        },
    ),
    RhythmId.VF_FINE: Preset(
        _fine,
        {
            _FREQUENCY: _frequency((3.0, 6.0)),
            _AMPLITUDE: Number(
                0.015, 0.035, "mV", "size of the waves in lead II, root mean square", _FINE_MV
            ),
        },
        noise=_flat_or_drifting,
    ),
    RhythmId.ASYSTOLE: Preset(_silent, noise=_flat_or_drifting),
    RhythmId.VENTRICULAR_STANDSTILL: Preset(
        _standstill, {SINUS_RATE: rate((62.0, 95.0), (30.0, 130.0)), PR: pr()}
    ),
    RhythmId.AGONAL: Preset(
        _agonal,
        {
            "rate": Number(8.0, 15.0, "/min", "rate of the ventricles", (9.5, 11.5)),
            "site": Options(tuple(SITES), "where in the ventricles it begins"),
        },
        noise=_flat_or_drifting,
    ),
    RhythmId.PEA: Preset(
        _pulseless,
        {
            SINUS_RATE: rate((50.0, 118.0), (35.0, 140.0)),
            PR: pr(),
            "origin": Options(tuple(_ORGANISED), "what leads the heart that makes no pulse"),
        },
    ),
}
