"""Making a strip of a rhythm that nobody had: a heart is put together, beats, and is drawn."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import (
    Episode,
    LeadName,
    Origin,
    Provenance,
    RhythmId,
    Simulated,
    Strip,
    Truth,
)
from rhythmtrainer.simulate.asking import Asked, Stage, checked, chosen
from rhythmtrainer.simulate.body.drawing import Drawing, draw
from rhythmtrainer.simulate.body.patient import draw_patient
from rhythmtrainer.simulate.breathing import Breathing, draw_breathing
from rhythmtrainer.simulate.heart.activity import Activity
from rhythmtrainer.simulate.heart.network import SPREAD_S
from rhythmtrainer.simulate.heart.parts import Heart
from rhythmtrainer.simulate.heart.running import run
from rhythmtrainer.simulate.noise import Noise, add_noise
from rhythmtrainer.simulate.rhythms import PRESETS
from rhythmtrainer.simulate.rhythms.ages import size_for, usual_qtc_s
from rhythmtrainer.simulate.rhythms.preset import Preset, Variant

MODEL_VERSION: Final = "1"
"""Another number, other strips for the same seeds."""

_LEAD_II: Final = (LeadName("II"),)
# Ahead of the strip, so that it begins amid the rhythm; less where the beginning is to be seen.
_BEFORE_S, _BEFORE_ONSET_S = 4.0, 1.0
# Behind the strip, so that the waves that reach into it are drawn.
_BEHIND_S: Final = 0.6
# In which the noise of one stage gives way to the next's, so that the baseline does not jump.
_NOISE_CHANGES_S: Final = 0.4
_ADULT_YEARS: Final = (25.0, 85.0)
# Each kind of chance has a stream of its own: the same seed is the same patient in every rhythm,
# and other leads or another length leave the heart alone.
_PATIENT, _HEART, _DRAWING, _NOISE = range(4)


def variants_of(rhythm: RhythmId) -> Mapping[str, Variant]:
    """Return in what a simulated rhythm may vary, and within what."""
    return PRESETS[rhythm].variants


def has_onset(rhythm: RhythmId) -> bool:
    """Return whether a rhythm shows what it is only by how it begins, near a strip's start."""
    return PRESETS[rhythm].has_onset


def simulate(
    rhythm: RhythmId,
    *,
    seconds: float = 10.0,
    fs: float = 500.0,
    leads: Sequence[LeadName] = _LEAD_II,
    seed: int,
    age: float | None = None,
    noise: float | Noise = 1.0,
    **variant: float | str,
) -> Strip:
    """Make a strip that shows a rhythm.

    A model of the heart's conduction says when which part is activated; a dipole for each wave,
    seen from the leads, draws it. The strip says that it is simulated.

    Parameters
    ----------
    seconds
        Length, above 0 and at most 3600.
    fs
        Samples per second, 50 to 5000.
    leads
        Any of ``body.leads.LEADS``, each once.
    seed
        The patient, 0 or more: intervals, the looks of the waves, noise. The same seed gives the
        same strip, and the same patient with every rhythm.
    age
        Years; None for an adult.
    noise
        1 for what this patient usually has, 0 for none; or how much of each kind.
    variant
        What is asked for, by the names of `variants_of`; chance draws the rest.

    Returns
    -------
    Strip
        float32 mV, shape ``(len(leads), round(seconds * fs))``.

    Raises
    ------
    ValueError
        If an argument lies outside what is allowed; the message tells all that do, and what is.

    Examples
    --------
    >>> strip = simulate(RhythmId.AVB3, seconds=6.0, seed=7)
    >>> strip.signal.shape, strip.provenance.title
    ((1, 3000), 'simulated, seed 7')
    """
    return simulate_known(
        rhythm, seconds=seconds, fs=fs, leads=leads, seed=seed, age=age, noise=noise, **variant
    ).strip


def simulate_known(
    rhythm: RhythmId,
    *,
    seconds: float = 10.0,
    fs: float = 500.0,
    leads: Sequence[LeadName] = _LEAD_II,
    seed: int,
    age: float | None = None,
    noise: float | Noise = 1.0,
    **variant: float | str,
) -> Simulated:
    """Make the strip that `simulate` makes, and tell all that happened in the heart.

    Raises
    ------
    ValueError
        As `simulate` does.

    Examples
    --------
    >>> truth = simulate_known(RhythmId.AVB3, seconds=6.0, seed=7).truth
    >>> truth.p_s.size > truth.qrs_s.size, set(truth.qrs_p.tolist())
    (True, {-1})
    """
    return simulate_stages(
        [Stage(rhythm, seconds, variant)], fs=fs, leads=leads, seed=seed, age=age, noise=noise
    )


def simulate_stages(
    stages: Sequence[Stage],
    *,
    fs: float = 500.0,
    leads: Sequence[LeadName] = _LEAD_II,
    seed: int,
    age: float | None = None,
    noise: float | Noise = 1.0,
) -> Simulated:
    """Make a strip on which one rhythm turns into another, at times that are known.

    Raises
    ------
    ValueError
        As `simulate` does, or if there is no stage.

    Examples
    --------
    >>> arrest = [Stage(RhythmId.SINUS_TACHYCARDIA, 6.0), Stage(RhythmId.VF_COARSE, 4.0)]
    >>> [episode.start_s for episode in simulate_stages(arrest, seed=1).truth.episodes]
    [0.0, 6.0]
    """
    asked = checked(Asked(stages, fs, leads, seed, age, noise))
    stages, fs, leads = asked.stages, asked.fs, tuple(asked.leads)
    patient_rng, heart_rng, drawing_rng, noise_rng = (
        np.random.default_rng([asked.seed, stream])
        for stream in (_PATIENT, _HEART, _DRAWING, _NOISE)
    )
    years = float(patient_rng.uniform(*_ADULT_YEARS))
    years = years if asked.age is None else asked.age
    patient = draw_patient(patient_rng, years)
    breathing = draw_breathing(patient_rng, years)
    qtc_s = usual_qtc_s(years, patient_rng)
    presets = [PRESETS[stage.rhythm] for stage in stages]
    choices = chosen(presets, [stage.variant for stage in stages], years, heart_rng)
    hearts = [preset.build(one) for preset, one in zip(presets, choices, strict=True)]
    seconds = sum(stage.seconds for stage in stages)
    timed = _timed(stages, presets, hearts)
    activity = run(
        timed,
        seconds + _BEHIND_S,
        breathing,
        heart_rng,
        qtc_s=qtc_s,
        spread_s=SPREAD_S * size_for(years),
    )
    drawing = draw(
        activity,
        patient,
        breathing,
        samples=max(round(seconds * fs), 1),
        fs=fs,
        leads=leads,
        rng=drawing_rng,
    )
    _disturb(drawing.signal, presets, asked, breathing, noise_rng)
    strip = Strip(
        signal=drawing.signal.astype(np.float32, copy=False),
        fs=fs,
        leads=leads,
        start_s=0.0,
        at_end=True,
        provenance=Provenance(Origin.SIMULATED, f"simulated, seed {asked.seed}"),
    )
    truth = _truth(activity, drawing, _episodes(stages))
    return Simulated(strip, truth, tuple(one.values for one in choices))


def _disturb(
    signal: NDArray[np.floating],
    presets: Sequence[Preset],
    asked: Asked,
    breathing: Breathing,
    rng: np.random.Generator,
) -> None:
    """Add noise in place; where stages have noise of different kinds, each comes with its own."""
    if isinstance(asked.noise, Noise):
        add_noise(signal, asked.noise, breathing, leads=asked.leads, fs=asked.fs, rng=rng)
        return
    kinds = dict.fromkeys(preset.noise for preset in presets)
    for draw_noise in kinds:
        noise = draw_noise(rng).scaled(asked.noise)
        layer = signal if len(kinds) == 1 else np.zeros_like(signal)
        add_noise(layer, noise, breathing, leads=asked.leads, fs=asked.fs, rng=rng)
        if layer is not signal:
            here = [float(preset.noise is draw_noise) for preset in presets]
            signal += layer * _share(here, asked, signal.shape[1])


def _share(here: Sequence[float], asked: Asked, samples: int) -> NDArray[np.float64]:
    """Return a value for each sample, that changes from that of one stage to the next's."""
    episodes = _episodes(asked.stages)
    ramps = [(one.start_s, min(one.start_s + _NOISE_CHANGES_S, one.end_s)) for one in episodes]
    values = [(here[max(place - 1, 0)], now) for place, now in enumerate(here)]
    at_s = np.arange(samples) / asked.fs
    return np.asarray(np.interp(at_s, np.ravel(ramps), np.ravel(values)))


def _timed(
    stages: Sequence[Stage], presets: Sequence[Preset], hearts: Sequence[Heart]
) -> list[tuple[float, Heart]]:
    begins_s = [episode.start_s for episode in _episodes(stages)]
    begins_s[0] = -_BEFORE_ONSET_S if presets[0].has_onset else -_BEFORE_S
    return list(zip(begins_s, hearts, strict=True))


def _episodes(stages: Sequence[Stage]) -> tuple[Episode, ...]:
    found = []
    start_s = 0.0
    for stage in stages:
        found.append(Episode(stage.rhythm, start_s, start_s + stage.seconds))
        start_s += stage.seconds
    return tuple(found)


def _truth(activity: Activity, drawing: Drawing, episodes: tuple[Episode, ...]) -> Truth:
    atria, ventricles, spikes = activity.atria, activity.ventricles, activity.spikes
    return Truth(
        p_s=_column([wave.at_s for wave in atria]),
        p_end_s=drawing.p_end_s,
        p_beginning=np.array([int(wave.beginning) for wave in atria], dtype=np.int8),
        qrs_s=_column([beat.at_s for beat in ventricles]),
        qrs_end_s=drawing.qrs_end_s,
        qrs_beginning=np.array([int(beat.beginning) for beat in ventricles], dtype=np.int8),
        qrs_entry=np.array([int(beat.entry) for beat in ventricles], dtype=np.int8),
        qrs_p=np.array([beat.cause for beat in ventricles], dtype=np.int64),
        t_peak_s=drawing.t_peak_s,
        t_end_s=drawing.t_end_s,
        spikes_s=_column([spike.at_s for spike in spikes]),
        spike_in_atria=np.array([spike.in_atria for spike in spikes], dtype=np.bool_),
        spike_captures=np.array([spike.captures for spike in spikes], dtype=np.bool_),
        episodes=episodes,
    )


def _column(values: list[float]) -> NDArray[np.float64]:
    return np.array(values, dtype=np.float64)
