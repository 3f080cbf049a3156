"""Rhythms and beats that begin in the AV junction."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from rhythmtrainer.model import RhythmId
from rhythmtrainer.simulate.heart.parts import (
    Atria,
    AvNode,
    Chamber,
    Ectopy,
    Focus,
    Heart,
    HisPurkinje,
    Ventricles,
)
from rhythmtrainer.simulate.rhythms import ages
from rhythmtrainer.simulate.rhythms.av_timing import brisk_node, conducts_all, node_with_pr
from rhythmtrainer.simulate.rhythms.preset import Chosen, Number, Options, Preset, Range
from rhythmtrainer.simulate.rhythms.sinus import PR, SINUS_RATE, pr, rate, sinus_node

# From the junction to the ventricles, and back to the atria. A focus high in the junction is as
# near to the atria as it is far from the ventricles, and its P wave comes before the QRS complex
# by the difference; one low in it is the other way round. Both have to leave the way from the
# atria down a PR interval of 0.12 to 0.20 s.
_DOWN_S: Final = {"before": (0.095, 0.115), "hidden": (0.04, 0.05), "after": (0.04, 0.05)}
_P_AFTER_QRS_ONSET_S: Final = {
    "before": (-0.09, -0.075),
    "hidden": (0.0, 0.015),
    "after": (0.115, 0.15),
}
# A fast rhythm has little room between QRS complex and T wave.
_P_AFTER_FAST_QRS_ONSET_S: Final = (0.11, 0.13)
_FAST_INTERVAL_S: Final = 0.5
_READY_AGAIN: Final = 0.25  # as a share of the interval
# Of an early beat: the ways through atria and node leave room for a long one below.
_TO_NODE_S: Final = 0.02
_LEAST_DELAY_S: Final = 0.005
_AHEAD_OF_SINUS_S: Final = 0.1
_EARLIEST: Final = 0.42  # as a share of the interval
_COUPLING_SPREAD: Final = 0.02
_CALM_BETWEEN_EARLY_BEATS: Final = 0.3

P_WAVES: Final = Options(
    tuple(_DOWN_S), "where the inverted P wave lies: before, in or behind the QRS"
)


def _led_by_junction(chosen: Chosen) -> Heart:
    interval = chosen.interval_s()
    his, backward = _ways(chosen, interval)
    irregularity = chosen.drawn(0.004, 0.015)
    return Heart(
        foci=(Focus(Chamber.JUNCTION, chosen.number("rate"), irregularity=irregularity),),
        node=AvNode(backward_s=backward, refractory_s=_READY_AGAIN * interval),
        his=his,
    )


def _with_early_junctional_beats(chosen: Chosen) -> Heart:
    interval = chosen.interval_s()
    atria = Atria(min(Atria().refractory_s, 0.4 * interval), to_node_s=_TO_NODE_S)
    his, backward = _ways(chosen, interval, chosen.number(PR) - atria.to_node_s - _LEAST_DELAY_S)
    # What is to come back to the atria has to be there before the sinus node fires; in a fast heart
    # the sinus node wins.
    latest = interval - chosen.number(PR) - backward - _AHEAD_OF_SINUS_S
    coupling = min(chosen.number("coupling"), max(latest / interval, _EARLIEST))
    node = node_with_pr(
        brisk_node(interval),
        chosen.number(PR),
        interval,
        to_node_s=atria.to_node_s,
        his_delay_s=his.delay_s,
    )
    node = replace(conducts_all(node, coupling * interval), backward_s=backward)
    early = Ectopy(
        Chamber.JUNCTION, every=(3, 5), coupling=coupling, coupling_spread=_COUPLING_SPREAD
    )
    return Heart(
        sinus=sinus_node(chosen, calm=_CALM_BETWEEN_EARLY_BEATS),
        atria=atria,
        node=node,
        his=his,
        ventricles=Ventricles(refractory_share=0.7 * coupling),
        ectopy=(early,),
    )


def _ways(chosen: Chosen, interval_s: float, longest_s: float = 1.0) -> tuple[HisPurkinje, float]:
    """Return the way down to the ventricles, and the seconds back to the atria.

    Parameters
    ----------
    longest_s
        That the way down may take.
    """
    place = chosen.option("p_waves")
    after = _P_AFTER_QRS_ONSET_S[place]
    if place == "after" and interval_s < _FAST_INTERVAL_S:
        after = _P_AFTER_FAST_QRS_ONSET_S
    down = min(chosen.drawn(*_DOWN_S[place]), longest_s)
    refractory = min(HisPurkinje().refractory_s, _READY_AGAIN * interval_s)
    his = HisPurkinje(down, refractory, refractory, refractory)
    return his, max(down + chosen.drawn(*after), _LEAST_DELAY_S)


def _accelerated_rate(age: float) -> Range:
    """Return rates between those of an escape and of a tachycardia."""
    return ages.junction_escape_rate(age)[1] + 6.0, 1.1 * ages.sinus_rate(age)[0]


PRESETS: Final[Mapping[RhythmId, Preset]] = {
    RhythmId.PJC: Preset(
        _with_early_junctional_beats,
        {
            SINUS_RATE: rate((61.0, 75.0), (50.0, 100.0)),
            PR: pr((0.14, 0.165)),
            "coupling": Number(
                0.45, 0.7, "RR intervals", "from the beat before to the early one", (0.50, 0.62)
            ),
            "p_waves": P_WAVES,
        },
    ),
    RhythmId.JUNCTIONAL_ESCAPE: Preset(
        _led_by_junction,
        {
            "rate": Number(
                40.0, 60.0, "/min", "rate of the junction", (42.0, 56.5), ages.junction_escape_rate
            ),
            "p_waves": P_WAVES,
        },
    ),
    RhythmId.ACCELERATED_JUNCTIONAL: Preset(
        _led_by_junction,
        {
            "rate": Number(
                61.0, 100.0, "/min", "rate of the junction", (64.0, 95.0), _accelerated_rate
            ),
            "p_waves": P_WAVES,
        },
    ),
    RhythmId.JUNCTIONAL_TACHYCARDIA: Preset(
        _led_by_junction,
        {
            "rate": Number(
                101.0,
                180.0,
                "/min",
                "rate of the junction",
                (105.0, 145.0),
                ages.junctional_tachycardia_rate,
            ),
            "p_waves": P_WAVES,
        },
    ),
}
