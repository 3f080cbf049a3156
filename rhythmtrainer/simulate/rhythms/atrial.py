"""Rhythms of the atria, re-entry through the AV node, and pre-excitation."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from rhythmtrainer.model import RhythmId
from rhythmtrainer.simulate.heart.activity import Vector
from rhythmtrainer.simulate.heart.parts import (
    HIGH_RIGHT,
    Accessory,
    Atria,
    AvNode,
    Chamber,
    Circuit,
    Fibrillation,
    Focus,
    Heart,
    Reentry,
    SlowPathway,
    Ventricles,
)
from rhythmtrainer.simulate.rhythms import ages
from rhythmtrainer.simulate.rhythms.av_timing import (
    brisk_node,
    conducts_all,
    conducts_on_average,
    conducts_one_in,
    his_for,
    node_with_pr,
    wait_for_wave_s,
)
from rhythmtrainer.simulate.rhythms.preset import Chosen, Number, Options, Preset, Range
from rhythmtrainer.simulate.rhythms.sinus import (
    HIGH_LEFT,
    LOW_RIGHT,
    PR,
    SINUS_RATE,
    pr,
    rate,
    sinus_node,
)

_LOW_LEFT: Final[Vector] = (0.55, 0.72, 0.42)
_MIDDLE: Final[Vector] = (-0.35, 0.30, -0.89)
_WANDERING_SITES: Final = (HIGH_RIGHT, LOW_RIGHT, HIGH_LEFT, _MIDDLE)
_MANY_SITES: Final = (*_WANDERING_SITES, _LOW_LEFT)
_ECTOPIC_SITES: Final = {"high_left": HIGH_LEFT, "low_right": LOW_RIGHT}

# Where strands of muscle cross between atria and ventricles most often, seen from the middle of
# the ventricles: at the mitral valve's free wall, behind at the septum, at the tricuspid valve's.
_STRANDS: Final[Mapping[str, Vector]] = {
    "left": (0.55, -0.75, 0.37),
    "septal": (-0.10, 0.45, 0.89),
    "right": (-0.75, -0.20, -0.63),
}
_LEAVING_FLUTTER: Final[Vector] = (-0.15, 0.95, 0.27)
"""Counterclockwise about the tricuspid valve: up the septum, and the left atrium from below."""


_PATHWAY: Final = "pathway"


def _wandering(chosen: Chosen) -> Heart:
    return _led_from(_WANDERING_SITES, chosen, irregularity=chosen.drawn(0.045, 0.065))


def _many_foci(chosen: Chosen) -> Heart:
    return _led_from(_MANY_SITES, chosen, irregularity=chosen.drawn(0.15, 0.19))


def _led_from(sites: tuple[Vector, ...], chosen: Chosen, *, irregularity: float) -> Heart:
    """Return a heart that several places of the atria lead in turn.

    The PR interval is that of a wave from where the sinus node lies: others have a shorter way to
    the AV node, and what comes early it conducts slower.
    """
    interval = chosen.interval_s()
    pr_s = chosen.number(PR)
    atria = Atria(to_node_s=_WAY_THROUGH_ATRIA * pr_s)
    node = node_with_pr(brisk_node(interval), pr_s, interval, to_node_s=atria.to_node_s)
    shortest = (1.0 - _EARLIEST * irregularity) * interval
    return Heart(
        foci=(Focus(Chamber.ATRIA, chosen.number("rate"), sites, irregularity=irregularity),),
        atria=atria,
        node=conducts_all(node, shortest),
        his=his_for(shortest),
    )


_WAY_THROUGH_ATRIA: Final = 0.45
"""As a share of the PR interval: long, so that it matters where a wave begins."""

_EARLIEST: Final = 2.5
"""In standard deviations of the intervals; what comes earlier may be blocked."""


def _ectopic(chosen: Chosen) -> Heart:
    blocked = chosen.option("ratio") == "2:1"
    per_min = chosen.number("atrial_rate" if blocked else "rate")
    interval = 60.0 / per_min
    site = _ECTOPIC_SITES[chosen.option("site")]
    atria = Atria(refractory_s=0.6 * interval)
    conducted_s = 2.0 * interval if blocked else interval
    node = node_with_pr(
        brisk_node(interval),
        chosen.number(PR),
        conducted_s,
        to_node_s=atria.to_node_from(site),
    )
    return Heart(
        foci=(Focus(Chamber.ATRIA, per_min, (site,), irregularity=chosen.drawn(0.003, 0.01)),),
        atria=atria,
        node=conducts_one_in(node, 2.0, interval) if blocked else conducts_all(node, interval),
        his=his_for(interval),
    )


# Flutter waves of which one is conducted, at least and at most on the average, and how much the
# refractory period of the node changes.
_FLUTTER_RATIOS: Final = {
    "2:1": (2.0, 2.0, 0.0),
    "3:1": (3.0, 3.0, 0.0),
    "4:1": (4.0, 4.0, 0.0),
    "variable": (3.0, 3.4, 0.28),
}
# Conducted two to one, flutter hides in a single lead: it is the common one, but seldom drawn.
_FLUTTER_RATIOS_DRAWN: Final = ("2:1", "3:1", "4:1", *["variable"] * 3)


def _flutter(chosen: Chosen) -> Heart:
    per_min = chosen.number("atrial_rate")
    interval = 60.0 / per_min
    lowest, highest, spread = _FLUTTER_RATIOS[chosen.option("ratio")]
    waves = chosen.drawn(lowest, highest)
    node = AvNode(delay_s=chosen.drawn(0.06, 0.14), decrement_s=0.05)
    return Heart(
        circuits=(Circuit(Chamber.ATRIA, per_min, _LEAVING_FLUTTER),),
        atria=Atria(refractory_s=0.6 * interval),
        node=replace(conducts_one_in(node, waves, interval), refractory_spread=spread),
    )


def _fibrillating(chosen: Chosen) -> Heart:
    interval = chosen.interval_s()
    waves = _f_waves(chosen)
    node = AvNode(
        delay_s=0.08,
        decrement_s=0.10,
        recovery_s=0.2,
        refractory_spread=min(interval / _SLOW_INTERVAL_S, 1.0) * chosen.drawn(*_TONE),
        concealed_s=_CONCEALED_S,
    )
    return Heart(
        atria=Atria(fibrillation=waves),
        node=conducts_on_average(node, interval, waves.frequency_hz),
        his=his_for(_SHORTEST_IN_FIBRILLATION * interval),
    )


# The node's refractory period in fibrillation changes with vagal tone, and each wave that dies in
# the node lengthens it: together they give RR intervals the spread of real strips of ten seconds,
# 0.13 to 0.27 of their mean, half of them 0.17 to 0.22.
_TONE: Final = (0.225, 0.265)
_SLOW_INTERVAL_S: Final = 0.7  # the faster the ventricles, the lower is vagal tone
_CONCEALED_S: Final = 0.03
_SHORTEST_IN_FIBRILLATION: Final = 0.6


def _f_waves(chosen: Chosen) -> Fibrillation:
    return Fibrillation(chosen.number("frequency"), chosen.number("amplitude"))


def _f_waves_of(usual_mv: Range) -> Mapping[str, Number]:
    return {
        "frequency": Number(4.0, 10.0, "Hz", "frequency of the f waves", (5.3, 7.0)),
        "amplitude": Number(
            0.005, 0.15, "mV", "size of the f waves in V1, root mean square", usual_mv
        ),
    }


_FINE_MV: Final[Range] = (0.014, 0.042)
_COARSE_MV: Final[Range] = (0.024, 0.06)  # what recordings with a rapid response show


def _reentry(chosen: Chosen) -> Heart:
    if chosen.option("circuit") == "avnrt":
        return _nodal_reentry(chosen)
    return _reentry_by_strand(chosen)


def _nodal_reentry(chosen: Chosen) -> Heart:
    interval = chosen.interval_s()
    his = his_for(interval)
    # The P wave lies within the QRS complex, or makes its last part look like a small s or r'.
    backward = his.delay_s + chosen.drawn(0.0, 0.04)
    slow = SlowPathway(interval - backward - Atria().to_node_s, refractory_s=0.6 * interval)
    return Heart(
        atria=Atria(refractory_s=0.5 * interval),
        ventricles=Ventricles(refractory_s=0.6 * interval),
        node=AvNode(refractory_s=0.3 * interval, backward_s=backward, slow=slow),
        his=his,
        reentry=Reentry.NODE,
    )


def _reentry_by_strand(chosen: Chosen) -> Heart:
    interval = chosen.interval_s()
    his = his_for(interval)
    backward = min(chosen.drawn(0.09, 0.13), interval - _LEAST_PR_S)
    pr_s = interval - backward
    node = replace(node_with_pr(brisk_node(interval), pr_s, interval), refractory_s=0.3 * interval)
    return Heart(
        atria=Atria(refractory_s=0.5 * interval),
        ventricles=Ventricles(refractory_s=0.6 * interval),
        node=node,
        his=his,
        accessory=Accessory(_STRANDS["left"], delay_s=None, backward_s=backward),
        reentry=Reentry.ACCESSORY,
    )


_LEAST_PR_S: Final = 0.1


def _preexcited(chosen: Chosen) -> Heart:
    strand = Accessory(_STRANDS[chosen.option(_PATHWAY)], delay_s=chosen.number(PR))
    interval = chosen.interval_s()
    node = node_with_pr(brisk_node(interval), _pr_of_node(chosen), interval)
    return Heart(sinus=sinus_node(chosen), node=conducts_all(node, interval), accessory=strand)


def _pr_of_node(chosen: Chosen) -> float:
    """Return the PR interval that the node alone would give."""
    return chosen.number(PR) + chosen.drawn(0.06, 0.085)


def _fibrillating_preexcited(chosen: Chosen) -> Heart:
    waves = _f_waves(chosen)
    interval = chosen.interval_s()
    refractory = max(interval - wait_for_wave_s(waves.frequency_hz), _SHORTEST_STRAND_S)
    return Heart(
        atria=Atria(fibrillation=waves),
        # It conducts often enough to make fusion beats of every degree.
        node=AvNode(
            delay_s=0.062,
            decrement_s=0.3,
            refractory_s=0.205,
            refractory_spread=0.3,
            concealed_s=0.02,
        ),
        ventricles=Ventricles(refractory_s=_SHORTEST_STRAND_S, refractory_share=1.0),
        accessory=Accessory(
            _STRANDS[chosen.option(_PATHWAY)], refractory_s=refractory, refractory_spread=0.1
        ),
    )


_SHORTEST_STRAND_S: Final = 0.2

_PATHWAYS: Final = Options(tuple(_STRANDS), "where the accessory pathway lies")

PRESETS: Final[Mapping[RhythmId, Preset]] = {
    RhythmId.WANDERING_ATRIAL_PACEMAKER: Preset(
        _wandering,
        {
            "rate": rate((66.0, 90.0), of="atria"),
            PR: pr((0.15, 0.185)),
        },
    ),
    RhythmId.MULTIFOCAL_ATRIAL_TACHYCARDIA: Preset(
        _many_foci,
        {
            "rate": Number(105.0, 180.0, "/min", "rate of the atria", (119.0, 142.0)),
            PR: pr((0.15, 0.18)),
        },
    ),
    RhythmId.ATRIAL_TACHYCARDIA: Preset(
        _ectopic,
        {
            "rate": Number(
                110.0, 220.0, "/min", "rate of the atria, with a ratio of 1:1", (122.0, 170.0)
            ),
            "atrial_rate": Number(
                202.0, 250.0, "/min", "rate of the atria, with a ratio of 2:1", (206.0, 240.0)
            ),
            PR: pr((0.13, 0.165)),
            "site": Options(tuple(_ECTOPIC_SITES), "where in the atria it begins"),
            "ratio": Options(("1:1", "2:1"), "P waves to QRS complexes"),
        },
    ),
    RhythmId.ATRIAL_FLUTTER: Preset(
        _flutter,
        {
            "atrial_rate": Number(
                250.0, 350.0, "/min", "rate of the flutter waves", (258.0, 326.0)
            ),
            "ratio": Options(
                tuple(_FLUTTER_RATIOS),
                "flutter waves to QRS complexes",
                usual=_FLUTTER_RATIOS_DRAWN,
            ),
        },
    ),
    RhythmId.AF_CONTROLLED: Preset(
        _fibrillating,
        {
            "rate": Number(60.0, 100.0, "/min", "mean rate of the ventricles", (75.0, 82.5)),
            **_f_waves_of(_FINE_MV),
        },
    ),
    RhythmId.AF_RVR: Preset(
        _fibrillating,
        {
            "rate": Number(105.0, 180.0, "/min", "mean rate of the ventricles", (119.0, 158.0)),
            **_f_waves_of(_COARSE_MV),
        },
    ),
    RhythmId.SVT: Preset(
        _reentry,
        {
            "rate": Number(
                150.0, 250.0, "/min", "rate of the tachycardia", (156.0, 215.0), ages.svt_rate
            ),
            "circuit": Options(
                ("avnrt", "avrt"), "re-entry within the AV node, or back by an accessory pathway"
            ),
        },
    ),
    RhythmId.WPW: Preset(
        _preexcited,
        {
            SINUS_RATE: rate((62.0, 94.0)),
            PR: Number(0.08, 0.118, "s", "PR interval", (0.095, 0.115)),
            _PATHWAY: _PATHWAYS,
        },
    ),
    RhythmId.PREEXCITED_AF: Preset(
        _fibrillating_preexcited,
        {
            "rate": Number(150.0, 300.0, "/min", "mean rate of the ventricles", (170.0, 205.0)),
            _PATHWAY: _PATHWAYS,
            **_f_waves_of(_FINE_MV),
        },
    ),
}
