"""Beats that come before their time, and what becomes of the beats around them."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from rhythmtrainer.simulate.chance import count, dealt
from rhythmtrainer.simulate.events import Activation, Shape
from rhythmtrainer.simulate.preset import Early, Range

REFRACTORY_S: Final = 0.45
"""What has just been activated answers nothing for this long."""

# A usual beat due sooner after an early one is left out: the pause compensates. As a share.
_COMPENSATED = 0.7
# Usual beats are counted from here on; where a run has no end, those that are seen lead into it.
_COUNTED_FROM_S, _SEEN_FROM_S = -0.75, 0.1
_LEAST_GAP = 0.6  # in a run, as a share of its usual interval
_LONG_RUN = 3  # beats; shorter ones leave the QT interval as it is
_TWIST_BEGINS = np.pi / 4.0
_TWIST_SHARPNESS = 0.75  # below 1 the waves stay tall for longer, and turn over faster
_ON_THE_WAY_S = 0.2  # ahead of an early beat: a P wave that would meet it between the chambers


def interrupt(
    beats: Sequence[Activation],
    early: Early,
    usual_s: float,
    seconds: float,
    rng: np.random.Generator,
) -> tuple[list[Activation], list[Activation]]:
    """Put early beats behind some of the usual ones.

    Parameters
    ----------
    beats
        The usual beats, in the order of time.
    usual_s
        Interval between them in seconds, by which the early ones are coupled.

    Returns
    -------
    list of Activation
        All beats, without the usual ones that the early ones leave no time for.
    list of Activation
        The early ones alone.
    """
    shapes = dealt(early.shapes, rng)
    left = count(early.every, rng)
    coupling_s = rng.uniform(*early.coupling) * usual_s
    all_beats: list[Activation] = []
    all_early: list[Activation] = []
    first_s = _SEEN_FROM_S if early.run is None else _COUNTED_FROM_S
    deaf_until_s = -np.inf
    for beat in beats:
        if beat.onset_s < deaf_until_s:
            continue
        all_beats.append(beat)
        left -= beat.onset_s >= first_s
        if left <= 0:
            run = list(_run(early, beat.onset_s + coupling_s, shapes, seconds, rng))
            all_beats += run
            all_early += run
            deaf_until_s = run[-1].onset_s + _COMPENSATED * usual_s
            left = count(early.every, rng)
    return all_beats, all_early


def _run(
    early: Early, start_s: float, shapes: Iterator[Shape], seconds: float, rng: np.random.Generator
) -> Iterator[Activation]:
    rr_s = 60.0 / rng.uniform(*early.rate)
    # Some more than fit, because chance may shorten the intervals.
    to_end = int(1.1 * max(seconds - start_s, 0.0) / rr_s) + 2
    beats = to_end if early.run is None else count(early.run, rng)
    twist_s = rng.uniform(*early.twist) if early.twist else None
    at_s = start_s
    for _ in range(beats):
        scale = rng.uniform(*early.sizes)
        if twist_s is not None:
            scale *= _twisted((at_s - start_s) / twist_s)
        pace_s = rr_s if beats >= _LONG_RUN else None
        yield Activation(float(at_s), next(shapes), float(scale), pace_s=pace_s)
        at_s += rr_s * max(1.0 + early.spread * rng.standard_normal(), _LEAST_GAP)


def _twisted(turns: float) -> float:
    turned = np.sin(2.0 * np.pi * turns + _TWIST_BEGINS)
    return float(np.sign(turned) * np.abs(turned) ** _TWIST_SHARPNESS)


def turn_back(
    atria: Sequence[Activation],
    early: Sequence[Activation],
    retrograde: Range | None,
    rng: np.random.Generator,
) -> tuple[list[Activation], list[Activation]]:
    """Let early beats run back into the atria, which then have no time for their own P wave.

    Returns
    -------
    list of Activation
        The P waves that are left.
    list of Activation
        The inverted ones that came from below.
    """
    if retrograde is None:
        return list(atria), []
    taken = np.array([beat.onset_s for beat in early])
    free = [
        wave
        for wave in atria
        if not (
            (wave.onset_s > taken - _ON_THE_WAY_S) & (wave.onset_s < taken + REFRACTORY_S)
        ).any()
    ]
    return free, below(early, retrograde, rng)


def below(
    beats: Sequence[Activation], retrograde: Range | None, rng: np.random.Generator
) -> list[Activation]:
    """Return the inverted P waves of beats that run back into the atria, if they do."""
    if retrograde is None:
        return []
    delay_s = rng.uniform(*retrograde)
    return [Activation(beat.onset_s + delay_s, Shape.P_INVERTED) for beat in beats]
