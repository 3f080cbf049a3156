"""When atria and ventricles are activated: the events behind a strip.

A simple model: each pacemaker keeps its own time, P waves are conducted by a fixed rule, and a
ventricle that has just been activated answers nothing. No tissue is modelled.
"""

from collections.abc import Sequence
from itertools import cycle
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.simulate.chance import count, dealt, drawn
from rhythmtrainer.simulate.ectopy import REFRACTORY_S, below, interrupt, turn_back
from rhythmtrainer.simulate.events import Activation, Activations, Shape
from rhythmtrainer.simulate.preset import (
    Atria,
    Av,
    Focus,
    Pacer,
    Preset,
    Stimulus,
)
from rhythmtrainer.simulate.waves import SPIKE_AHEAD_S

_BEFORE_S: Final = 1.5  # ahead of the strip, so that it begins amid the rhythm
_BREATH_S: Final = (3.8, 5.0)
# Two pacemakers that ignore each other must not seem to keep step: the slower one's interval stays
# this far from a multiple of the faster one's, as a share of that.
_OUT_OF_STEP = 0.25
_SPIKED: Final = {Shape.P_PACED, Shape.PACED}


def activations(preset: Preset, seconds: float, rng: np.random.Generator) -> Activations:
    """Let a heart beat for a time, from a little before the strip begins until its end.

    Parameters
    ----------
    rng
        Draws the patient from the ranges of the preset, and then what varies from beat to beat.
    """
    pp_s, atria = _atria(preset.atria, seconds, rng)
    beats = _conducted(atria, preset.av, rng)
    own_s, own, retrograde = _focus(preset.focus, pp_s, seconds, rng)
    spikes: list[float] = []
    if preset.pacer is not None:
        own_s, own, spikes = _paced(preset.pacer, beats, seconds, rng)
        beats = _not_yet_again(beats, own)
    beats = _in_order([*beats, *own])
    interval_s = _usual_interval(beats)
    if preset.early is not None:
        beats, early = interrupt(beats, preset.early, own_s or pp_s, seconds, rng)
        atria, turned_back = turn_back(atria, early, preset.early.retrograde, rng)
        retrograde += turned_back
    atria = _in_order([*atria, *retrograde])
    spikes += [w.onset_s - SPIKE_AHEAD_S for w in (*atria, *beats) if w.shape in _SPIKED]
    return Activations(tuple(atria), tuple(beats), tuple(sorted(spikes)), interval_s)


def _atria(
    source: Atria | None, seconds: float, rng: np.random.Generator
) -> tuple[float, list[Activation]]:
    if source is None:
        return 0.0, []
    pp_s = 60.0 / rng.uniform(*source.rate)
    breath_s, phase = rng.uniform(*_BREATH_S), rng.uniform(0.0, 2.0 * np.pi)
    shapes = dealt(source.shapes, rng)
    breaks = source.interruption
    left = count(breaks.every, rng) if breaks else -1
    at_s = -_BEFORE_S - rng.uniform(0.0, pp_s)
    found: list[Activation] = []
    while at_s < seconds:
        found.append(Activation(at_s, next(shapes)))
        left -= 1
        if breaks and left == 0:
            at_s += pp_s * rng.uniform(*breaks.gap)
            found.append(Activation(at_s, breaks.shape or next(shapes)))
            left = count(breaks.every, rng)
        gap = 1.0 + source.spread * rng.standard_normal()
        gap += source.breathing * np.sin(2.0 * np.pi * at_s / breath_s + phase)
        at_s += pp_s * gap
    return pp_s, found


def _conducted(atria: Sequence[Activation], av: Av, rng: np.random.Generator) -> list[Activation]:
    pr_s = rng.uniform(*av.pr)
    extras = (extra for turn in drawn(av.cycles, rng) for extra in turn)
    beats = []
    for wave, extra in zip(atria, extras, strict=False):
        if extra is not None:
            after_s = pr_s + extra + av.spread * rng.standard_normal()
            beats.append(Activation(wave.onset_s + after_s, av.shape, after_s=after_s))
    return beats


def _focus(
    focus: Focus | None, pp_s: float, seconds: float, rng: np.random.Generator
) -> tuple[float, list[Activation], list[Activation]]:
    if focus is None:
        return 0.0, [], []
    rr_s = _out_of_step(60.0 / rng.uniform(*focus.rate), pp_s)
    beats = [
        Activation(at_s, shape)
        for at_s, shape in zip(
            _times(rr_s, focus.spread, focus.shortest, seconds, rng),
            dealt(focus.shapes, rng),
            strict=False,
        )
    ]
    return rr_s, beats, below(beats, focus.retrograde, rng)


def _times(
    rr_s: float, spread: float, shortest: float, seconds: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Beat times whose mean interval within the strip is `rr_s`, however uneven they are."""
    needed = int((seconds + _BEFORE_S) / rr_s) + 2
    gaps = np.maximum(rr_s * np.exp(spread * rng.standard_normal(needed)), shortest)
    gaps *= rr_s / gaps.mean()
    return np.cumsum(gaps) - _BEFORE_S - rr_s * rng.uniform(0.5, 1.0)


def _paced(
    pacer: Pacer, beats: Sequence[Activation], seconds: float, rng: np.random.Generator
) -> tuple[float, list[Activation], list[float]]:
    interval_s = 60.0 / rng.uniform(*pacer.rate)
    heard = np.array([beat.onset_s for beat in beats])
    paced, spikes = [], []
    start_s = -_BEFORE_S - rng.uniform(0.0, interval_s)
    due = np.arange(start_s, seconds, interval_s)
    for at_s, stimulus in zip(due, cycle(pacer.stimuli), strict=False):
        if stimulus is Stimulus.IS_MISSING:
            continue
        since = at_s - heard[heard <= at_s]
        if stimulus is Stimulus.CAPTURES and not (since < REFRACTORY_S).any():
            paced.append(Activation(float(at_s), Shape.PACED))
        else:
            spikes.append(float(at_s) - SPIKE_AHEAD_S)
    return interval_s, paced, spikes


def _not_yet_again(beats: Sequence[Activation], paced: Sequence[Activation]) -> list[Activation]:
    """Return the conducted beats that find the ventricles ready after the paced ones."""
    taken = np.array([beat.onset_s for beat in paced])
    return [
        beat
        for beat in beats
        if not ((beat.onset_s >= taken) & (beat.onset_s < taken + REFRACTORY_S)).any()
    ]


def _out_of_step(rr_s: float, pp_s: float) -> float:
    if not pp_s:
        return rr_s
    whole, part = divmod(rr_s / pp_s, 1.0)
    return pp_s * (whole + _OUT_OF_STEP + (1.0 - 2.0 * _OUT_OF_STEP) * part)


def _usual_interval(beats: Sequence[Activation]) -> float | None:
    gaps = np.diff([beat.onset_s for beat in beats])
    return float(np.median(gaps)) if gaps.size else None


def _in_order(waves: Sequence[Activation]) -> list[Activation]:
    return sorted(waves, key=lambda wave: wave.onset_s)
