"""The waves of lead II, each a sum of Gaussians, and drawing them where the heart was activated."""

from collections.abc import Iterable, Mapping
from math import sqrt
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.simulate.events import Activations, Shape

_REACH = 4.0  # spreads; a Gaussian has faded below one part in 2,900 there
_TOGETHER = 64  # waves drawn in one step: bounds the memory, and those of a kind stay together
_LEAST_SPREAD = 0.5  # samples; a narrower wave could fall between two of them
SPIKE_AHEAD_S: Final = 0.006  # of the wave that a stimulus elicits
_SPIKE_MV = 1.1
_SPIKE_S = 0.0012
# Beats are neither all of one size, nor does breathing leave them alone.
_SIZE_SPREAD = 0.015
_BREATHING_SHARE, _BREATHS_HZ = 0.04, 0.25
_PATIENT_SIZES = (0.85, 1.15)
# The QT interval follows the square root of the interval between beats, within these (Bazett 1920).
_SHORTEST_RR_S, _LONGEST_RR_S = 0.2, 1.5
_NO_INTERVAL_S = 1.0


class Bump(NamedTuple):
    """A wave: when it peaks, how high in mV, and its spread before and after the peak."""

    at: float
    mv: float
    before: float
    after: float


class Look(NamedTuple):
    """A shape: bumps in seconds from the onset, and those of the T in shares of the QT interval."""

    fast: tuple[Bump, ...]
    slow: tuple[Bump, ...] = ()


_P = Bump(0.045, 0.15, 0.019, 0.019)
_PACED_QRS = (Bump(0.018, 0.15, 0.009, 0.012), Bump(0.085, -1.15, 0.028, 0.027))
_LOOKS: Final[Mapping[Shape, Look]] = {
    Shape.P: Look((_P,)),
    Shape.P_PACED: Look((_P,)),
    Shape.P_INVERTED: Look((Bump(0.04, -0.16, 0.017, 0.017),)),
    Shape.P_TALL: Look((Bump(0.04, 0.25, 0.015, 0.015),)),
    Shape.P_NOTCHED: Look((Bump(0.028, 0.10, 0.012, 0.013), Bump(0.072, 0.13, 0.013, 0.013))),
    Shape.P_BIPHASIC: Look((Bump(0.03, 0.12, 0.013, 0.012), Bump(0.07, -0.12, 0.012, 0.014))),
    # Slow down, quick up again, and no rest before the next.
    Shape.FLUTTER: Look((Bump(0.115, -0.28, 0.055, 0.018), Bump(0.155, 0.12, 0.018, 0.05))),
    Shape.NARROW: Look(
        (
            Bump(0.012, -0.09, 0.005, 0.006),
            Bump(0.037, 1.10, 0.010, 0.010),
            Bump(0.064, -0.22, 0.008, 0.009),
        ),
        (Bump(0.74, 0.26, 0.125, 0.085),),
    ),
    Shape.LEFT_BUNDLE: Look(
        (Bump(0.045, 0.75, 0.017, 0.020), Bump(0.098, 0.85, 0.022, 0.019)),
        (Bump(0.74, -0.26, 0.14, 0.085), Bump(0.45, -0.07, 0.08, 0.12)),
    ),
    Shape.RIGHT_BUNDLE: Look(
        (
            Bump(0.012, -0.06, 0.005, 0.006),
            Bump(0.037, 0.95, 0.010, 0.011),
            Bump(0.090, -0.38, 0.018, 0.022),
        ),
        (Bump(0.76, 0.28, 0.12, 0.08),),
    ),
    Shape.DELTA: Look(
        (
            Bump(0.048, 0.38, 0.020, 0.020),
            Bump(0.080, 1.00, 0.013, 0.012),
            Bump(0.112, -0.16, 0.009, 0.010),
        ),
        (Bump(0.76, -0.14, 0.12, 0.085),),
    ),
    Shape.DELTA_WIDE: Look(
        (Bump(0.060, 0.55, 0.026, 0.028), Bump(0.108, 1.10, 0.020, 0.022)),
        (Bump(0.80, -0.35, 0.13, 0.10),),
    ),
    Shape.PVC: Look(
        (Bump(0.060, 1.25, 0.025, 0.026), Bump(0.108, 0.55, 0.022, 0.020)),
        (Bump(0.74, -0.55, 0.16, 0.10),),
    ),
    Shape.PVC_DOWN: Look(
        (Bump(0.026, 0.22, 0.011, 0.012), Bump(0.095, -1.35, 0.029, 0.027)),
        (Bump(0.76, 0.50, 0.16, 0.10),),
    ),
    Shape.ESCAPE: Look(
        (Bump(0.052, 1.05, 0.019, 0.024), Bump(0.112, 0.60, 0.026, 0.021)),
        (Bump(0.76, -0.38, 0.13, 0.085),),
    ),
    Shape.ESCAPE_DOWN: Look(
        (Bump(0.028, 0.16, 0.012, 0.013), Bump(0.095, -1.20, 0.027, 0.030)),
        (Bump(0.76, 0.36, 0.13, 0.085),),
    ),
    Shape.VT: Look(
        (Bump(0.062, 1.30, 0.026, 0.025), Bump(0.110, 0.40, 0.020, 0.020)),
        (Bump(0.85, -0.75, 0.20, 0.17),),
    ),
    Shape.VT_DOWN: Look(
        (Bump(0.028, 0.25, 0.012, 0.012), Bump(0.090, -1.35, 0.028, 0.027)),
        (Bump(0.85, 0.60, 0.20, 0.17),),
    ),
    Shape.SINE: Look((), (Bump(0.35, 1.05, 0.23, 0.23), Bump(1.00, -1.05, 0.23, 0.23))),
    Shape.TWISTING: Look(
        (Bump(0.070, 1.35, 0.030, 0.032),),
        (Bump(0.90, -0.95, 0.21, 0.21),),
    ),
    Shape.TWISTING_DOWN: Look(
        (Bump(0.075, -1.30, 0.032, 0.030),),
        (Bump(0.90, 0.85, 0.21, 0.21),),
    ),
    Shape.AGONAL: Look(
        (Bump(0.095, 0.60, 0.040, 0.055), Bump(0.250, -0.30, 0.055, 0.075)),
        (Bump(0.95, -0.12, 0.13, 0.15),),
    ),
    Shape.PACED: Look(_PACED_QRS, (Bump(0.76, 0.42, 0.13, 0.085),)),
}


def complex_of(shape: Shape, fs: float) -> NDArray[np.float64]:
    """Draw one P wave or QRS complex in mV from its onset on, half a second, without its T."""
    signal = np.zeros(round(0.5 * fs))
    _add(signal, fs, np.array(_LOOKS[shape].fast))
    return signal


def draw_waves(
    signal: NDArray[np.float64],
    fs: float,
    happened: Activations,
    qtc_s: float,
    rng: np.random.Generator,
) -> None:
    """Add the waves of the atria and ventricles of one patient to a lead.

    Parameters
    ----------
    signal
        mV, changed in place.
    qtc_s
        QT interval at 60 beats per minute in seconds, by which the T waves are placed.
    """
    patient = rng.uniform(*_PATIENT_SIZES)
    breath = rng.uniform(0.0, 2.0 * np.pi)
    bumps = []
    for wave in (*happened.atria, *happened.ventricles):
        swing = np.sin(2.0 * np.pi * _BREATHS_HZ * wave.onset_s + breath)
        size = patient * wave.scale * (1.0 + _BREATHING_SHARE * swing)
        size *= 1.0 + _SIZE_SPREAD * rng.standard_normal()
        look = _LOOKS[wave.shape]
        qt_s = _qt(qtc_s, wave.pace_s or happened.interval_s or _NO_INTERVAL_S)
        for unit, part in ((1.0, look.fast), (qt_s, look.slow)):
            bumps += [
                (wave.onset_s + unit * b.at, size * b.mv, unit * b.before, unit * b.after)
                for b in part
            ]
    _add(signal, fs, np.array(bumps))


def draw_spikes(signal: NDArray[np.float64], fs: float, spikes_s: Iterable[float]) -> None:
    """Add a pacemaker's spikes to a lead in mV, in place, at times in seconds."""
    # On a sample, or its height would depend on where between two of them it stands.
    places = [round(at * fs) / fs for at in spikes_s]
    _add(signal, fs, np.array([(at, _SPIKE_MV, _SPIKE_S, _SPIKE_S) for at in places]))


def _qt(qtc_s: float, rr_s: float) -> float:
    return qtc_s * sqrt(min(max(rr_s, _SHORTEST_RR_S), _LONGEST_RR_S))


def _add(signal: NDArray[np.float64], fs: float, bumps: NDArray[np.float64]) -> None:
    if not bumps.size or not signal.size:
        return
    bumps = bumps[np.argsort(np.maximum(bumps[:, 2], bumps[:, 3]))]
    for first in range(0, len(bumps), _TOGETHER):
        at, mv, before, after = bumps[first : first + _TOGETHER].T[:, :, np.newaxis]
        before, after = (np.maximum(spread, _LEAST_SPREAD / fs) for spread in (before, after))
        reach = int(_REACH * max(before.max(), after.max()) * fs) + 1
        places = np.rint(at * fs).astype(np.int64) + np.arange(-reach, reach + 1)
        away = places / fs - at
        drawn = mv * np.exp(-0.5 * (away / np.where(away < 0.0, before, after)) ** 2)
        inside = (places >= 0) & (places < signal.size)
        np.add.at(signal, places[inside], drawn[inside])
