"""Activities of simple hearts, to be drawn."""

from collections.abc import Sequence
from math import sqrt

import numpy as np

from rhythmtrainer.model import Beginning, Entry, LeadName
from rhythmtrainer.simulate.body.drawing import Drawing, draw
from rhythmtrainer.simulate.body.leads import LEADS
from rhythmtrainer.simulate.body.patient import Patient, draw_patient
from rhythmtrainer.simulate.breathing import draw_breathing
from rhythmtrainer.simulate.heart.activity import (
    Activity,
    AtrialBeat,
    Vector,
    VentricularBeat,
)
from rhythmtrainer.simulate.heart.parts import HIGH_RIGHT

FS = 500.0
SEEDS = range(30)
II = (LeadName("II"),)
TWELVE = tuple(LeadName(name) for name in LEADS[:12])


def unit(x: float, y: float, z: float) -> Vector:
    length = sqrt(x * x + y * y + z * z)
    return x / length, y / length, z / length


RIGHT_VENTRICLE = unit(-0.7, 0.35, -0.6)
RIGHT_APEX = unit(-0.25, 0.85, -0.45)
LEFT_VENTRICLE = unit(0.55, -0.1, 0.8)


def times(rr_s: float, seconds: float) -> list[float]:
    return [float(at) for at in np.arange(-2.0 * rr_s + 0.1, seconds + rr_s, rr_s)]


def sinus(
    entry: Entry = Entry.BOTH_BUNDLES,
    *,
    rr_s: float = 0.85,
    pr_s: float = 0.16,
    seconds: float = 5.0,
    site: Vector | None = None,
    share: float = 0.0,
) -> Activity:
    at = times(rr_s, seconds)
    return Activity(
        atria=[AtrialBeat(t, Beginning.SINUS, HIGH_RIGHT) for t in at],
        ventricles=[
            VentricularBeat(t + pr_s, Beginning.SINUS, entry, site, share, cause=row)
            for row, t in enumerate(at)
        ],
    )


def from_site(
    site: Vector, *, rr_s: float = 1.0, seconds: float = 5.0, slowness: float = 1.0
) -> Activity:
    return Activity(
        ventricles=[
            VentricularBeat(t, Beginning.VENTRICLES, Entry.SITE, site, 1.0, slowness)
            for t in times(rr_s, seconds)
        ]
    )


def drawn(
    activity: Activity,
    seed: int = 1,
    *,
    leads: Sequence[LeadName] = TWELVE,
    seconds: float = 5.0,
    age: float = 45.0,
    fs: float = FS,
) -> tuple[Patient, Drawing]:
    rng = np.random.default_rng(seed)
    patient, breathing = draw_patient(rng, age), draw_breathing(rng, age)
    samples = round(seconds * fs)
    return patient, draw(activity, patient, breathing, samples=samples, fs=fs, leads=leads, rng=rng)


def beat(activity: Activity, drawing: Drawing, row: int = 3) -> dict[str, np.ndarray]:
    """Return the QRS complex of one beat by lead."""
    first = round(activity.ventricles[row].at_s * FS)
    last = round(float(drawing.qrs_end_s[row]) * FS)
    return dict(zip(map(str, TWELVE), drawing.signal[:, first:last], strict=True))


def complexes(activity: Activity, seeds: range = SEEDS) -> list[dict[str, np.ndarray]]:
    return [beat(activity, drawn(activity, seed)[1]) for seed in seeds]


def share(of: list[bool]) -> float:
    return float(np.mean(of))


def reading(activity: Activity, drawing: Drawing, lead: int, row: int = 3) -> dict[str, float]:
    """Return the heights of P, R, S and T of one beat in mV."""
    begins, ends = activity.ventricles[row].at_s, drawing.qrs_end_s[row]
    signal = drawing.signal[lead]
    p = slice(round(activity.atria[row].at_s * FS), round(float(drawing.p_end_s[row]) * FS))
    qrs = signal[round(begins * FS) : round(float(ends) * FS)]
    return {
        "P": signal[p][np.abs(signal[p]).argmax()],
        "R": qrs.max(),
        "S": qrs.min(),
        "T": signal[round(float(drawing.t_peak_s[row]) * FS)],
    }
