"""Rhythms that beats of the ventricles interrupt before their time.

Each is a sinus rhythm with a focus that fires early. The pause behind an early beat is no part of
it: the wave that it sends up dies in the AV node, the sinus node knows nothing of it, and its next
wave finds the node not ready. Where the sinus node is slow and the beat very early, it is ready
again, and the beat stands between two usual ones.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import floor
from typing import Final

from rhythmtrainer.model import RhythmId
from rhythmtrainer.simulate.heart.activity import Vector
from rhythmtrainer.simulate.heart.parts import (
    AvNode,
    Chamber,
    Ectopy,
    Heart,
    HisPurkinje,
    Ventricles,
)
from rhythmtrainer.simulate.rhythms.preset import Chosen, Number, Options, Preset, Range
from rhythmtrainer.simulate.rhythms.sinus import (
    PR,
    SINUS_RATE,
    av_node,
    ordinary_rate,
    pr,
    sinus_node,
)
from rhythmtrainer.simulate.rhythms.sites import INFERIOR, SITES, SUPERIOR, near

# What ten seconds must show lies in this time, from the onset of one beat to that of another.
_SHOWN_IN_S: Final = 9.3
# Until an AV node takes a wave from the atria after one from below died in it.
_NODE_DEAF_S: Final[Range] = (0.36, 0.46)
_LONGEST_DEAF: Final = 0.65  # as a share of the usual interval
_BACK_TO_NODE_S: Final = 0.09
# A P wave just ahead of an early beat would be taken for its cause.
_LONGEST_COUPLING: Final = 0.96
# Muscle that an early beat finds ready, as in a patient who has such beats.
_REFRACTORY_S, _REFRACTORY_SHARE = 0.25, 0.42
_REFRACTORY_BEFORE: Final = 0.75  # at most, as a share of the coupling
_SHORTEST_COUPLING_S: Final = 0.195
_CALM: Final = 0.6
_DEVIATIONS: Final = 2.0
_LATEST_COUPLING: Final = 0.8  # as a share of the usual interval

_USUAL_HIS: Final = HisPurkinje()

EARLY_SLOWNESS: Final[Range] = (0.89, 1.05)
EARLY_SITE: Final = "site"


def early_site() -> Options:
    """Return the variant of the place from which early beats come."""
    return Options(tuple(SITES), "where in the ventricles it begins")


def own_site(chosen: Chosen) -> Vector:
    """Return the place in this patient."""
    return near(SITES[chosen.option(EARLY_SITE)], chosen.rng)


def coupling(usual: Range = (0.57, 0.77), asked: Range = (0.38, 0.80)) -> Number:
    """Return the variant of the interval by which early beats follow the usual ones."""
    low, high = asked
    return Number(low, high, "RR intervals", "from the beat before to the early one", usual)


def _compensating_node(chosen: Chosen, early: Ectopy, deaf_s: float) -> AvNode:
    """Return an AV node that an early beat's wave from below leaves deaf to the next from above.

    Both that wave and each usual one must find it ready.
    """
    usual_s = chosen.interval_s()
    longest_s = min(early.coupling * usual_s + _BACK_TO_NODE_S, _LONGEST_DEAF * usual_s)
    return replace(av_node(chosen), refractory_s=min(deaf_s, longest_s))


def interrupted(
    chosen: Chosen,
    early: Ectopy,
    *,
    his: HisPurkinje = _USUAL_HIS,
    qtc_s: float | None = None,
    deaf_s: float | None = None,
) -> Heart:
    """Return the heart of a patient in sinus rhythm with early beats.

    Parameters
    ----------
    deaf_s
        How long a wave from below leaves the AV node not ready; drawn if None.
    """
    if deaf_s is None:
        deaf_s = chosen.drawn(*_NODE_DEAF_S)
    return Heart(
        sinus=sinus_node(chosen, calm=_CALM),
        node=_compensating_node(chosen, early, deaf_s),
        his=his,
        ventricles=_ready_for(chosen, early),
        ectopy=(early,),
        qtc_s=qtc_s,
    )


def _ready_for(chosen: Chosen, early: Ectopy) -> Ventricles:
    before_s = _REFRACTORY_BEFORE * early.coupling * chosen.interval_s()
    return Ventricles(min(_REFRACTORY_S, before_s), _REFRACTORY_SHARE)


def _early(
    chosen: Chosen, every: tuple[int, int], sites: tuple[Vector, ...], apart: float = 0.0
) -> Ectopy:
    uneven = chosen.drawn(*_UNEVEN)
    return Ectopy(
        Chamber.VENTRICLES,
        every,
        coupling_share(chosen, uneven + 0.5 * apart),
        sites,
        coupling_spread=uneven,
        coupling_apart=apart,
        slowness=chosen.drawn(*EARLY_SLOWNESS),
    )


def qt_s(qtc_s: float, every_s: float) -> float:
    """Return about the QT interval of beats in an interval."""
    return float(qtc_s * every_s**_QT_POWER)


_QT_POWER: Final = 0.35


def coupling_share(chosen: Chosen, spread: float) -> float:
    """Return the coupling as a share of the usual interval, hardly any of it behind a P wave.

    Parameters
    ----------
    spread
        Standard deviation of the coupling from event to event, as a share of it.
    """
    usual_s = chosen.interval_s()
    before_p = _LONGEST_COUPLING - chosen.number(PR) / usual_s
    latest = min(before_p, _LATEST_COUPLING) / (1.0 + _DEVIATIONS * spread)
    return max(min(chosen.number("coupling"), latest), _SHORTEST_COUPLING_S / usual_s)


def most_usual_beats(chosen: Chosen, events: int, early_s: float = 0.0) -> int:
    """Return how many usual beats may lie between events of which ten seconds show so many.

    Parameters
    ----------
    early_s
        From the first early beat of an event to its last.
    """
    return floor((_SHOWN_IN_S / events - early_s) / chosen.interval_s()) - 1


_UNEVEN: Final[Range] = (0.015, 0.05)
_APART: Final[Range] = (0.15, 0.20)
_FEWEST_BETWEEN: Final = 3
_MOST_BETWEEN: Final = 7
_MOST_BETWEEN_PAIRS: Final = 5


def _uniform(chosen: Chosen) -> Heart:
    most = min(max(most_usual_beats(chosen, 1), _FEWEST_BETWEEN), _MOST_BETWEEN)
    every = (min(_FEWEST_BETWEEN + 1, most), most)
    return interrupted(chosen, _early(chosen, every, (own_site(chosen),)))


def _multiform(chosen: Chosen) -> Heart:
    sites = tuple(near(chosen.one_of(group), chosen.rng) for group in (INFERIOR, SUPERIOR))
    # Of three early beats in a row, two at least differ.
    most = min(max(most_usual_beats(chosen, 3), 2), _MOST_BETWEEN)
    every = (max(most - 1, 1), most)
    early = _early(chosen, every, sites, chosen.drawn(*_APART))
    return interrupted(chosen, early)


def _bigeminy(chosen: Chosen) -> Heart:
    return interrupted(chosen, _early(chosen, (1, 1), (own_site(chosen),)))


def _trigeminy(chosen: Chosen) -> Heart:
    return interrupted(chosen, _early(chosen, (2, 2), (own_site(chosen),)))


def _couplets(chosen: Chosen) -> Heart:
    within_s = chosen.number("within")
    most = min(most_usual_beats(chosen, 1, within_s) - 1, _MOST_BETWEEN_PAIRS)
    every = (_FEWEST_BETWEEN, max(most, _FEWEST_BETWEEN))
    early = _early(chosen, every, (own_site(chosen),))
    pair = replace(early, run=(2, 2), rate=60.0 / within_s, irregularity=0.03)
    return interrupted(chosen, pair)


def _on_the_t_wave(chosen: Chosen) -> Heart:
    qtc_s, usual_s = chosen.number("qtc"), chosen.interval_s()
    most = min(max(most_usual_beats(chosen, 2), _FEWEST_BETWEEN), _MOST_BETWEEN)
    early = Ectopy(
        Chamber.VENTRICLES,
        (_FEWEST_BETWEEN, most),
        max(qt_s(qtc_s, usual_s) - _BEFORE_T_ENDS_S, _SHORTEST_COUPLING_S) / usual_s,
        (own_site(chosen),),
        coupling_spread=0.01,
        slowness=chosen.drawn(*EARLY_SLOWNESS),
    )
    return interrupted(chosen, early, qtc_s=qtc_s)


# Between the peak of the T wave and its end.
_BEFORE_T_ENDS_S: Final = 0.05


def _within_at(age: float) -> Range:
    fastest = ordinary_rate(age)[1]
    return 0.6 * 60.0 / fastest, 0.7 * 60.0 / fastest


def rate(usual: Range, asked: Range = (55.0, 100.0)) -> Number:
    """Return the variant of the sinus rate between early beats."""
    low, high = asked
    return Number(low, high, "/min", "rate of the sinus node", usual, ordinary_rate)


PRESETS: Final[Mapping[RhythmId, Preset]] = {
    RhythmId.PVC_UNIFORM: Preset(
        _uniform,
        {
            # Slow and early together, the beat is interpolated.
            SINUS_RATE: rate((56.0, 94.0), (50.0, 110.0)),
            PR: pr(),
            "coupling": coupling(),
            EARLY_SITE: early_site(),
        },
    ),
    RhythmId.PVC_MULTIFORM: Preset(
        _multiform,
        {
            SINUS_RATE: rate((70.0, 98.0)),
            PR: pr(),
            "coupling": coupling(),
        },
    ),
    RhythmId.VENTRICULAR_BIGEMINY: Preset(
        _bigeminy,
        {
            SINUS_RATE: rate((64.0, 96.0), (62.0, 110.0)),
            PR: pr(),
            "coupling": coupling(),
            EARLY_SITE: early_site(),
        },
    ),
    RhythmId.VENTRICULAR_TRIGEMINY: Preset(
        _trigeminy,
        {
            SINUS_RATE: rate((64.0, 96.0), (62.0, 110.0)),
            PR: pr(),
            "coupling": coupling(),
            EARLY_SITE: early_site(),
        },
    ),
    RhythmId.PVC_COUPLET: Preset(
        _couplets,
        {
            SINUS_RATE: rate((62.0, 92.0), (58.0, 100.0)),
            PR: pr(),
            "coupling": coupling((0.50, 0.66)),
            "within": Number(
                0.3,
                0.5,
                "s",
                "from the first beat of a pair to the second",
                (0.34, 0.46),
                _within_at,
            ),
            EARLY_SITE: early_site(),
        },
    ),
    RhythmId.R_ON_T: Preset(
        _on_the_t_wave,
        {
            SINUS_RATE: rate((62.0, 78.0), (60.0, 85.0)),
            PR: pr(),
            "qtc": Number(0.36, 0.48, "s", "corrected QT interval", (0.40, 0.45)),
            EARLY_SITE: early_site(),
        },
    ),
}
