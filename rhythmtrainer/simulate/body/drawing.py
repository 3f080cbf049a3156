"""Drawing what happens in a heart as the leads see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import Beginning, LeadName
from rhythmtrainer.simulate.body.atria import atrial_waves
from rhythmtrainer.simulate.body.beats import columns_of
from rhythmtrainer.simulate.body.chaos import fibrillation
from rhythmtrainer.simulate.body.gaussians import Gaussians, add_gaussians, joined
from rhythmtrainer.simulate.body.leads import electrode_matrix
from rhythmtrainer.simulate.body.patient import Patient
from rhythmtrainer.simulate.body.recovery import recovery
from rhythmtrainer.simulate.body.ventricles import complexes
from rhythmtrainer.simulate.breathing import Breathing
from rhythmtrainer.simulate.heart.activity import Activity, Spike

Array = NDArray[np.float64]

_DIMENSIONS: Final = 3
_SPIKE_S: Final = 0.002
# Recordings of atrial fibrillation and flutter show flatter T waves than those of sinus rhythm, at
# any rate.
_T_WITHOUT_P_WAVES: Final = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What the leads see, and when its waves end.

    Attributes
    ----------
    signal
        float64 mV without noise, shape ``(leads, samples)``.
    p_end_s
        Ends of the P and F waves, a value for each atrial beat.
    qrs_end_s, t_peak_s, t_end_s
        A value for each ventricular beat; NaN where the next complex comes before a T wave has
        come so far.

    All ends are those of `gaussians.EDGE`: 9 % of the wave's last part are left there.
    """

    signal: Array
    p_end_s: Array
    qrs_end_s: Array
    t_peak_s: Array
    t_end_s: Array


def draw(
    activity: Activity,
    patient: Patient,
    breathing: Breathing,
    *,
    samples: int,
    fs: float,
    leads: Sequence[LeadName],
    rng: np.random.Generator,
) -> Drawing:
    """Draw what happens in a heart.

    Parameters
    ----------
    samples
        Length of the signal; what happens before and after it still reaches into it.
    fs
        Samples per second.
    leads
        Among `leads.LEADS`.
    rng
        Makes each beat a little different from the last.

    Raises
    ------
    ValueError
        If a lead cannot be drawn.
    """
    seen = electrode_matrix(leads) @ patient.electrodes
    # Few leads are drawn themselves; of many, the dipole is drawn once.
    few = len(leads) < _DIMENSIONS
    channels = seen.T if few else np.eye(_DIMENSIONS)
    signal = np.zeros((channels.shape[1], samples))
    p_end = qrs_end = t_peak = t_end = np.empty(0)
    if activity.atria:
        waves, p_end = atrial_waves(activity.atria, patient)
        add_gaussians(signal, fs, _alive(waves, patient, breathing, rng, channels))
    if activity.ventricles:
        beats = columns_of(activity.ventricles)
        qrs = complexes(beats, patient, rng)
        t = recovery(beats, qrs, activity.repolarisation, patient, _t_size(activity))
        waves = joined((qrs.gaussians, t.gaussians)).at(beats.at_s, beats.size)
        qrs_end, t_peak, t_end = (
            beats.at_s + after_s for after_s in (qrs.lasts_s, t.peak_s, t.end_s)
        )
        add_gaussians(signal, fs, _alive(waves, patient, breathing, rng, channels))
    _add_spikes(signal, fs, activity.spikes, patient.spikes @ channels, patient.spike_tail)
    for one in activity.fibrillating:
        waves_mv = fibrillation(one, patient, samples=samples, fs=fs, rng=rng)
        signal += channels.T @ waves_mv
    return Drawing(signal if few else seen @ signal, p_end, qrs_end, t_peak, t_end)


def _t_size(activity: Activity) -> float:
    """Return how high T waves are, as a share of the patient's usual ones."""
    fibrillates = any(one.in_atria for one in activity.fibrillating)
    flutters = any(beat.beginning is Beginning.FLUTTER for beat in activity.atria)
    return _T_WITHOUT_P_WAVES if fibrillates or flutters else 1.0


def _alive(
    waves: Gaussians,
    patient: Patient,
    breathing: Breathing,
    rng: np.random.Generator,
    channels: Array,
) -> Gaussians:
    """Show waves as they are seen: no two are of one size, and breathing turns the heart."""
    breath = breathing.at(waves.at_s[:, 0])
    sizes = 1.0 + patient.breath_size * breath
    sizes += patient.unsteadiness * np.clip(rng.standard_normal(breath.size), -3.0, 3.0)
    turned = np.cross(patient.breath_turn, np.eye(_DIMENSIONS)) @ channels
    heights = waves.heights @ channels
    heights += breath[:, np.newaxis, np.newaxis] * (waves.heights @ turned)
    return waves._replace(heights=heights * sizes[:, np.newaxis, np.newaxis])


def _add_spikes(
    signal: Array, fs: float, spikes: Sequence[Spike], vectors: Array, tail: float
) -> None:
    """Add a pacemaker's spikes: on samples, or their height would depend on where they stand."""
    if not spikes:
        return
    first = np.rint(np.array([spike.at_s for spike in spikes]) * fs).astype(np.int64)
    chamber = np.array([0 if spike.in_atria else 1 for spike in spikes])
    width = max(1, round(_SPIKE_S * fs))
    shape = np.append(np.ones(width), tail)
    for offset, height in enumerate(shape):
        at = first + offset
        inside = (at >= 0) & (at < signal.shape[1])
        np.add.at(signal.T, at[inside], height * vectors[chamber[inside]])
