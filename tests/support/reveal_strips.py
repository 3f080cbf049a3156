"""Strips on which a reveal has something to mark, and where they lie in a picture."""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.model import LeadName, Measurement, Strip
from tests.support.evidence_synthetic import FS, chaos, lead_with, strip_of, with_spikes
from tests.support.synthetic import add_waves, ecg_at

SECONDS = 10.0
SINUS = np.arange(0.5, 9.8, 0.8)
PACED = np.arange(0.6, 9.5, 0.8)


def stretch(
    width: float = 1200.0,
    height: float = 320.0,
    *,
    start_s: float = 0.0,
    end_s: float = SECONDS,
    left: float = 0.0,
    channel: int = 0,
) -> Stretch:
    """A stretch at ten millimetres a millivolt with its baseline in the middle."""
    px_per_s = width / (end_s - start_s)
    return Stretch(
        lead=LeadName("II"),
        channel=channel,
        start_s=start_s,
        end_s=end_s,
        left=left,
        top=0.0,
        bottom=height,
        baseline=height / 2,
        base_mv=0.0,
        px_per_s=px_per_s,
        px_per_mv=px_per_s * 0.4,
        px_per_mm=px_per_s / 25.0,
    )


def with_p_at(p_s: ArrayLike, beats: ArrayLike) -> Strip:
    """Beats with P waves at times of their own, and T waves."""
    lead = ecg_at([], FS, SECONDS, noise=0.005, wander=0.0).astype(np.float64)
    beats = np.asarray(beats)
    for delay, height, spread in ((-0.025, -0.12, 0.008), (0.0, 1.0, 0.011), (0.028, -0.25, 0.01)):
        add_waves(lead, FS, beats + delay, height, spread)
    add_waves(lead, FS, beats + 0.32, 0.3, 0.05)
    add_waves(lead, FS, p_s, 0.15, 0.024)
    return strip_of(lead.astype(np.float32))


def dropping() -> Strip:
    """The PR interval grows until a beat is dropped."""
    p_s = np.arange(0.3, 9.8, 0.8)
    pr = (0.18, 0.26, 0.32, None)
    return with_p_at(p_s, [p + d for i, p in enumerate(p_s) if (d := pr[i % 4]) is not None])


def unrelated() -> Strip:
    """P waves and beats that keep their own time."""
    return with_p_at(np.arange(0.25, 9.9, 0.72), np.arange(0.8, 9.9, 1.63))


def early_wide() -> Strip:
    """Every beat in its time but two."""
    return strip_of(lead_with(np.delete(SINUS, [4, 8]), SINUS[[4, 8]] - 0.3, seconds=SECONDS))


def paused() -> Strip:
    """Beats are missing for nearly three seconds."""
    beats = np.append(np.arange(0.5, 4, 0.8), np.arange(6.4, 9.8, 0.8))
    return strip_of(ecg_at(beats, FS, SECONDS))


def uneven() -> Strip:
    """Beats without an order, and no P waves before them."""
    beats = 0.5 + np.cumsum(np.random.default_rng(3).uniform(0.45, 1.1, 12))
    return with_p_at([], beats[beats < 9.7])


def bigeminal() -> Strip:
    """Every second beat is early and wide."""
    places = np.arange(1, SINUS.size, 2)
    return strip_of(lead_with(np.delete(SINUS, places), SINUS[places] - 0.25, seconds=SECONDS))


def paced() -> Strip:
    """A spike ahead of each wide beat."""
    return strip_of(with_spikes(lead_with([], PACED, seconds=SECONDS), PACED))


STRIPS: dict[str, Callable[[], Strip]] = {
    "sinus": lambda: strip_of(ecg_at(SINUS, FS, SECONDS)),
    "dropping": dropping,
    "unrelated": unrelated,
    "early": early_wide,
    "paused": paused,
    "uneven": uneven,
    "fast": lambda: strip_of(ecg_at(np.arange(0.3, 9.9, 0.3), FS, SECONDS, wide=True)),
    "bigeminal": bigeminal,
    "paced": paced,
    "chaos": lambda: strip_of(chaos(SECONDS)),
    "flat": lambda: strip_of(np.zeros(2500, np.float32)),
}


@cache
def measured(name: str) -> tuple[Strip, Measurement]:
    """Return one of the strips with what is measured on it."""
    strip = STRIPS[name]()
    return strip, measure(strip)
