"""Rhythms that the ventricles lead, while the atria go their own way or are silent.

That P waves and complexes have nothing to do with each other is no part of them: each beat of the
ventricles sends a wave up, and the bundle of His or the AV node is not ready when that of the next
P wave comes.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import ceil
from typing import Final

from rhythmtrainer.model import RhythmId
from rhythmtrainer.simulate.heart.parts import (
    RUN_ON,
    AvNode,
    Chamber,
    Circuit,
    Ectopy,
    Focus,
    Heart,
    HisPurkinje,
    SinusNode,
    Ventricles,
)
from rhythmtrainer.simulate.rhythms import ages
from rhythmtrainer.simulate.rhythms.ectopy import (
    EARLY_SITE,
    EARLY_SLOWNESS,
    coupling,
    coupling_share,
    early_site,
    interrupted,
    most_usual_beats,
    own_site,
    qt_s,
    rate,
)
from rhythmtrainer.simulate.rhythms.preset import Chosen, Number, Options, Preset, Range
from rhythmtrainer.simulate.rhythms.sinus import (
    PR,
    SINUS_RATE,
    ordinary_rate,
    pr,
    sinus_node,
)

RATE: Final = "rate"
RUN_RATE: Final = "run_rate"

_FASTEST: Final = 250.0
_SECONDS: Final = 60.0


def _tachycardia_at(age: float) -> Range:
    """Return rates clear of what the sinus node reaches at an age, and below flutter."""
    fastest = ages.sinus_rate(age)[1]
    low = min(max(1.15 * fastest, 140.0), 215.0)
    return low, min(low + 60.0, _FASTEST - 5.0)


def _polymorphic_at(age: float) -> Range:
    """Return rates of a polymorphic tachycardia, which is as fast as an adult's and more."""
    low, high = _tachycardia_at(age)
    return max(low, 195.0), max(high, _FASTEST)


def _slow_at(age: float) -> Range:
    """Return slow rates of a child's sinus node, not slower than the early beats need."""
    low, high = ages.slow_sinus_rate(age)
    return max(low, 50.0), max(high, 60.0)


def _accelerated_at(age: float) -> Range:
    """Return rates of a focus hardly faster than the sinus node of a child at rest."""
    slowest = ages.sinus_rate(age)[0]
    return 0.95 * slowest, 1.2 * slowest


def _occupied_his(interval: float) -> HisPurkinje:
    """Return a bundle of His that waves from below keep from conducting P waves.

    One that finds it ready again, just ahead of the next of them, meets a beat on the way down.
    """
    return HisPurkinje(refractory_s=interval - _READY_BEFORE_S)


def _occupied_in_run(chosen: Chosen, early: Ectopy) -> HisPurkinje:
    """Return such a bundle of His that the first beat of a run finds ready, too."""
    his = _occupied_his(_SECONDS / early.rate)
    first_s = early.coupling * chosen.interval_s() + _BACK_TO_HIS_S
    return HisPurkinje(refractory_s=min(his.refractory_s, first_s))


_READY_BEFORE_S: Final = 0.06
_BACK_TO_HIS_S: Final = 0.09


# Slow foci of the ventricles


def _idioventricular(chosen: Chosen) -> Heart:
    focus = Focus(
        Chamber.VENTRICLES,
        chosen.number(RATE),
        (own_site(chosen),),
        irregularity=chosen.drawn(0.004, 0.013),
        slowness=chosen.drawn(1.05, 1.4),
    )
    return Heart(foci=(focus,), qtc_s=chosen.drawn(0.42, 0.48))


def _accelerated(chosen: Chosen) -> Heart:
    per_min = chosen.number(RATE)
    focus = Focus(
        Chamber.VENTRICLES,
        per_min,
        (own_site(chosen),),
        irregularity=chosen.drawn(0.004, 0.015),
        slowness=chosen.drawn(0.92, 1.15),
    )
    heart = Heart(foci=(focus,), his=_occupied_his(_SECONDS / per_min))
    if chosen.option("atria") == "silent":
        return heart
    # Slower than the focus, else the sinus node would lead.
    return replace(heart, sinus=SinusNode(chosen.drawn(0.78, 0.94) * per_min, 0.015, 0.015))


# Tachycardias


def _monomorphic(chosen: Chosen) -> Heart:
    per_min = chosen.number(RATE)
    circuit = Circuit(
        Chamber.VENTRICLES,
        per_min,
        own_site(chosen),
        irregularity=chosen.drawn(*_UNEVEN_TURNS),
        drift=chosen.drawn(*_DRIFT),
        slowness=chosen.drawn(0.97, 1.2),
    )
    node = AvNode()
    if chosen.option("atria") == "retrograde":
        refractory_s = _READY_BACKWARD * _SECONDS / per_min
        node = AvNode(backward_s=chosen.drawn(0.06, 0.12), refractory_s=refractory_s)
    sinus = SinusNode(_slower_atria(chosen, per_min), 0.015, 0.01)
    return Heart(
        sinus=sinus,
        node=node,
        his=_occupied_his(_SECONDS / per_min),
        circuits=(circuit,),
        ventricles=_FAST_MUSCLE,
    )


def _slower_atria(chosen: Chosen, per_min: float) -> float:
    """Draw a sinus rate, far enough from the rate of the ventricles to be told from it."""
    low, high = ordinary_rate(chosen.age)
    return chosen.drawn(low, max(low, min(high, 0.75 * per_min)))


# A circuit in scarred muscle is even within some 20 to 40 ms.
_UNEVEN_TURNS: Final[Range] = (0.004, 0.028)
_DRIFT: Final[Range] = (0.004, 0.022)
_READY_BACKWARD: Final = 0.5  # share of the interval: each beat comes back
# Ready for each wave of the fastest, and for the next if one was missed.
_FAST_MUSCLE: Final = Ventricles(refractory_s=0.19, refractory_share=0.4)
_LONGEST_RUN_S: Final = 2.6
_BEATS_OF_RUN: Final = (3, 8)
_FEWEST_BETWEEN, _MOST_BETWEEN = 4, 7
_COUPLING_SPREAD: Final = 0.03


def _runs_that_end(chosen: Chosen) -> Heart:
    run_rate = chosen.number(RUN_RATE)
    few, many = _BEATS_OF_RUN
    many = max(min(many, int(_LONGEST_RUN_S * run_rate / _SECONDS)), few)
    run_s = many * _SECONDS / run_rate
    most = min(most_usual_beats(chosen, 1, 2.0 * run_s), _MOST_BETWEEN)
    early = Ectopy(
        Chamber.VENTRICLES,
        every=(_FEWEST_BETWEEN, max(most, _FEWEST_BETWEEN)),
        coupling=coupling_share(chosen, _COUPLING_SPREAD),
        sites=(own_site(chosen),),
        coupling_spread=_COUPLING_SPREAD,
        run=(few, many),
        rate=run_rate,
        irregularity=chosen.drawn(0.01, 0.03),
        slowness=chosen.drawn(*EARLY_SLOWNESS),
    )
    return interrupted(chosen, early, his=_occupied_in_run(chosen, early))


def _polymorphic(chosen: Chosen) -> Heart:
    beats = ceil(_SEEN_BEFORE_S / chosen.interval_s())
    early = Ectopy(
        Chamber.VENTRICLES,
        every=(beats, beats + 1),
        coupling=coupling_share(chosen, _COUPLING_SPREAD),
        sites=(own_site(chosen),),
        run=RUN_ON,
        rate=chosen.number(RUN_RATE),
        irregularity=chosen.drawn(0.06, 0.085),
        wander=chosen.drawn(0.4, 0.7),
        slowness=chosen.drawn(*EARLY_SLOWNESS),
    )
    his = _occupied_in_run(chosen, early)
    return interrupted(chosen, early, his=his, qtc_s=chosen.number("qtc"))


_SEEN_BEFORE_S: Final = 2.8  # the first second of it lies ahead of the strip
_BEFORE_T_ENDS_S: Final = 0.06
_LATEST_ON_T: Final = 0.62  # else there is no pause behind it
_LATE_P_S: Final = 0.08
_SHORT_BURST, _LONG_BURST = 8, 14


def _torsades(chosen: Chosen) -> Heart:
    qtc_s, usual_s = chosen.number("qtc"), chosen.interval_s()
    early = Ectopy(
        Chamber.VENTRICLES,
        # So that the QT interval is seen, and ten seconds show a burst.
        every=(3, 3),
        coupling=min((qt_s(qtc_s, usual_s) - _BEFORE_T_ENDS_S) / usual_s, _LATEST_ON_T),
        sites=(own_site(chosen),),
        run=RUN_ON if chosen.option("course") == "goes_on" else (_SHORT_BURST, _LONG_BURST),
        rate=chosen.number(RUN_RATE),
        irregularity=chosen.drawn(0.03, 0.06),
        wander=0.12,
        twist_s=chosen.number("twist"),
        after_pause=True,
        slowness=chosen.drawn(0.95, 1.15),
    )
    his = _occupied_in_run(chosen, early)
    # Until after the P wave that follows the first early beat: so the pause.
    deaf_s = usual_s * (1.0 - early.coupling) - chosen.number(PR) + _LATE_P_S
    heart = interrupted(chosen, early, his=his, qtc_s=qtc_s, deaf_s=deaf_s)
    return replace(heart, sinus=sinus_node(chosen, calm=0.3))


def _flutter(chosen: Chosen) -> Heart:
    circuit = Circuit(
        Chamber.VENTRICLES,
        chosen.number(RATE),
        own_site(chosen),
        irregularity=chosen.drawn(0.003, 0.01),
        slowness=chosen.drawn(1.3, 1.6),
    )
    return Heart(circuits=(circuit,), ventricles=_FAST_MUSCLE)


_SEEN_IN_II: Final = ("rv_apex", "rv_outflow", "lv_apex", "lv_summit")

PRESETS: Final[Mapping[RhythmId, Preset]] = {
    RhythmId.IDIOVENTRICULAR: Preset(
        _idioventricular,
        {
            RATE: Number(
                20.0,
                40.0,
                "/min",
                "rate of the ventricles",
                (24.0, 37.0),
                ages.ventricles_escape_rate,
            ),
            EARLY_SITE: early_site(),
        },
    ),
    RhythmId.AIVR: Preset(
        _accelerated,
        {
            RATE: Number(
                50.0, 100.0, "/min", "rate of the ventricles", (56.0, 88.0), _accelerated_at
            ),
            "atria": Options(("dissociated", "silent"), "what the atria do meanwhile"),
            EARLY_SITE: early_site(),
        },
    ),
    RhythmId.NSVT: Preset(
        _runs_that_end,
        {
            SINUS_RATE: rate((64.0, 90.0), (58.0, 100.0)),
            PR: pr(),
            "coupling": coupling(),
            RUN_RATE: Number(
                130.0, 230.0, "/min", "rate of the tachycardia", (135.0, 190.0), _tachycardia_at
            ),
            EARLY_SITE: early_site(),
        },
    ),
    RhythmId.VT_MONOMORPHIC: Preset(
        _monomorphic,
        {
            RATE: Number(
                120.0, 240.0, "/min", "rate of the ventricles", (126.0, 208.0), _tachycardia_at
            ),
            "atria": Options(
                ("dissociated", "retrograde"),
                "whether the atria go their own way or follow the ventricles",
            ),
            EARLY_SITE: early_site(),
        },
    ),
    RhythmId.VT_POLYMORPHIC: Preset(
        _polymorphic,
        {
            SINUS_RATE: rate((66.0, 98.0), (60.0, 100.0)),
            PR: pr(),
            "coupling": coupling((0.50, 0.60), (0.42, 0.7)),
            "qtc": Number(0.34, 0.44, "s", "corrected QT interval before it", (0.36, 0.42)),
            RUN_RATE: Number(
                170.0, 280.0, "/min", "rate of the tachycardia", (185.0, 245.0), _polymorphic_at
            ),
            EARLY_SITE: early_site(),
        },
        has_onset=True,
    ),
    RhythmId.TORSADES: Preset(
        _torsades,
        {
            SINUS_RATE: Number(
                50.0, 70.0, "/min", "rate of the sinus node", (54.0, 66.0), _slow_at
            ),
            PR: pr(),
            "qtc": Number(0.52, 0.64, "s", "corrected QT interval before it", (0.53, 0.62)),
            RUN_RATE: Number(170.0, 235.0, "/min", "rate of the tachycardia", (185.0, 230.0)),
            "twist": Number(2.0, 8.0, "s", "in which the axis turns round once", (3.0, 5.5)),
            "course": Options(("ends", "goes_on"), "whether a burst ends by itself"),
            EARLY_SITE: early_site(),
        },
        has_onset=True,
    ),
    RhythmId.VENTRICULAR_FLUTTER: Preset(
        _flutter,
        {
            RATE: Number(220.0, 300.0, "/min", "rate of the ventricles", (242.0, 290.0)),
            # Lead II sees these well, and a wave that it sees well is a sine wave there.
            EARLY_SITE: replace(early_site(), usual=_SEEN_IN_II),
        },
    ),
}
