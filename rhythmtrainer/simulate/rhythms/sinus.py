"""Rhythms that the sinus node leads, and that node as all others need it."""

from collections.abc import Mapping
from dataclasses import replace
from math import floor
from typing import Final

from rhythmtrainer.model import RhythmId
from rhythmtrainer.simulate.heart.activity import Vector
from rhythmtrainer.simulate.heart.parts import (
    Atria,
    AvNode,
    Chamber,
    Ectopy,
    Heart,
    SinusNode,
    Ventricles,
)
from rhythmtrainer.simulate.rhythms import ages
from rhythmtrainer.simulate.rhythms.av_timing import (
    brisk_node,
    conducts_all,
    his_for,
    node_with_pr,
    with_branch_blocked,
)
from rhythmtrainer.simulate.rhythms.preset import Chosen, Number, Options, Preset, Range

# Standard deviation of a sinus node's intervals at 75 per minute, as a share. In strips of ten
# seconds of 59 real adults it is below 0.013 in one of ten, below 0.024 in half of them, and above
# 0.054 in one of ten.
_USUAL_SPREAD: Final = 0.04
_SPREAD_OF_SPREAD: Final = 0.5
_USUAL_INTERVAL_S: Final = 0.8
# What breathing makes of the variance.
_SHARE_OF_BREATHING: Final = (0.15, 0.6)
# Intervals of a rhythm called regular differ by less than 0.12 s in any ten seconds. Breathing has
# its share of that room; what it leaves must hold the slow changes, which are seldom more than so
# many standard deviations apart.
_WIDEST_RANGE_S: Final = 0.106
_ROOM_FOR_BREATHING: Final = 0.65
_RANGE_IN_DEVIATIONS: Final = 4.2
# Nearer to the borders of what is in order than this share of the rate, chance does not draw.
_CLEAR: Final = 0.04

SINUS_RATE: Final = "rate"
PR: Final = "pr"

HIGH_LEFT: Final[Vector] = (0.62, -0.70, 0.35)
"""Of the left atrium: the P wave runs to the right, and down."""

LOW_RIGHT: Final[Vector] = (-0.61, 0.75, -0.26)
"""Beside the tricuspid valve: the P wave runs up and to the left."""


def rate(usual: Range, asked: Range = (60.0, 100.0), *, of: str = "sinus node") -> Number:
    """Return the variant of a rate that the sinus node usually has, whatever leads."""
    low, high = asked
    return Number(low, high, "/min", f"rate of the {of}", usual, ordinary_rate)


def pr(usual: Range = (0.13, 0.185), asked: Range = (0.12, 0.20)) -> Number:
    """Return the variant of a PR interval that is in order."""
    low, high = asked
    return Number(low, high, "s", "PR interval", usual, ordinary_pr)


def ordinary_rate(age: float) -> Range:
    """Return the sinus rates of a child, clear of the borders of what is in order."""
    low, high = ages.sinus_rate(age)
    return low * (1.0 + _CLEAR), high * (1.0 - _CLEAR)


def ordinary_pr(age: float) -> Range:
    """Return the PR intervals of a child, clear of the borders of what is in order."""
    low, high = ages.pr_s(age)
    return low + 0.15 * (high - low), high - 0.15 * (high - low)


def sinus_node(chosen: Chosen, *, calm: float = 1.0) -> SinusNode:
    """Return the sinus node of a patient, as even or uneven as such are.

    Parameters
    ----------
    calm
        Factor on its variability.
    """
    interval = chosen.interval_s()
    # The faster a heart, the less room its vagal tone has.
    usual = _USUAL_SPREAD * min(interval / _USUAL_INTERVAL_S, 1.2) ** 1.5
    spread = usual * float(chosen.rng.lognormal(0.0, _SPREAD_OF_SPREAD))
    of_breathing = chosen.drawn(*_SHARE_OF_BREATHING)
    room = _WIDEST_RANGE_S / interval
    breathing = min(spread * (2.0 * of_breathing) ** 0.5, 0.5 * _ROOM_FOR_BREATHING * room)
    slow = min(
        spread * (1.0 - of_breathing) ** 0.5, (room - 2.0 * breathing) / _RANGE_IN_DEVIATIONS
    )
    return SinusNode(chosen.number(SINUS_RATE), variability=calm * slow, breathing=calm * breathing)


def av_node(chosen: Chosen) -> AvNode:
    """Return an AV node that conducts each beat of the sinus node with the chosen PR interval."""
    interval = chosen.interval_s()
    return conducts_all(node_with_pr(brisk_node(interval), chosen.number(PR), interval), interval)


def led_by_sinus(chosen: Chosen) -> Heart:
    """Return a heart of which each part does what it should, at the chosen rate and PR interval."""
    return Heart(sinus=sinus_node(chosen), node=av_node(chosen))


def _plain(
    usual: Range, asked: Range, at_age: ages.RangeOfAge, usual_pr: Range = (0.13, 0.185)
) -> Preset:
    low, high = asked
    number = Number(low, high, "/min", "rate of the sinus node", usual, at_age)
    return Preset(led_by_sinus, {SINUS_RATE: number, PR: pr(usual_pr)})


def _arrhythmic(chosen: Chosen) -> Heart:
    per_min = chosen.number(SINUS_RATE)
    interval = 60.0 / per_min
    breathing = max(chosen.number("breathing"), _LEAST_SWING_S / interval)
    shortest = interval * (1.0 - 1.6 * breathing)
    return Heart(
        sinus=SinusNode(per_min, variability=0.35 * breathing, breathing=breathing),
        atria=Atria(refractory_s=min(Atria().refractory_s, 0.6 * shortest)),
        node=conducts_all(av_node(chosen), shortest),
        his=his_for(shortest),
        ventricles=Ventricles(refractory_share=0.5),
    )


# Half of the range of intervals. Beats do not meet a breath at its very ends: with this the range
# passes 0.12 s in any ten seconds.
_LEAST_SWING_S: Final = 0.092


def _pausing(chosen: Chosen) -> Heart:
    interval = chosen.interval_s()
    pause = _between_multiples(chosen.number("pause"), interval)
    # So many that ten seconds show one pause from end to end.
    most = max(floor((_WINDOW_S - 2.0 * pause) / interval), 2)
    sinus = replace(
        sinus_node(chosen, calm=0.4),
        pause_every=(max(most - 1, 2), most),
        pause_s=(pause, pause),
    )
    return Heart(sinus=sinus, node=av_node(chosen))


def _between_multiples(pause_s: float, interval_s: float) -> float:
    """Return a pause near to the one asked for that no missing impulses explain."""
    whole, part = divmod(pause_s / interval_s, 1.0)
    intervals = whole + min(max(part, _CLEAR_OF_MULTIPLE), 1.0 - _CLEAR_OF_MULTIPLE)
    if intervals * interval_s < _SHORTEST_PAUSE_S:
        intervals = whole + 1.0 + _CLEAR_OF_MULTIPLE
    return intervals * interval_s


_WINDOW_S: Final = 9.6  # ten seconds, less what the intervals vary
_CLEAR_OF_MULTIPLE: Final = 0.38
_SHORTEST_PAUSE_S: Final = 2.04


def _blocked_at_exit(chosen: Chosen) -> Heart:
    sinus = replace(sinus_node(chosen, calm=0.35), exit_block_every=(4, 6))
    return Heart(sinus=sinus, node=av_node(chosen))


_ATRIAL_SITES: Final = {"high_left": HIGH_LEFT, "low_right": LOW_RIGHT}


def _with_early_atrial_beats(chosen: Chosen) -> Heart:
    conduction = chosen.option("conduction")
    interval = chosen.interval_s()
    coupling = _COUPLING_BLOCKED if conduction == "blocked" else chosen.number("coupling")
    node, his = av_node(chosen), his_for(coupling * interval)
    if conduction == "blocked":
        node = replace(node, refractory_s=_NODE_TOO_LATE * interval)
    else:
        node = conducts_all(node, coupling * interval)
    if conduction == "aberrant":
        his = replace(his, right_refractory_s=_BRANCH_TOO_LATE * interval)
    early = Ectopy(
        Chamber.ATRIA,
        every=_EARLY_EVERY,
        coupling=coupling,
        sites=(_ATRIAL_SITES[chosen.option("site")],),
        coupling_spread=_COUPLING_SPREAD,
    )
    return Heart(
        sinus=sinus_node(chosen, calm=_CALM_BETWEEN_EARLY_BEATS),
        atria=Atria(refractory_s=min(Atria().refractory_s, 0.7 * coupling * interval)),
        node=node,
        his=his,
        ventricles=Ventricles(refractory_share=0.7 * coupling),
        ectopy=(early,),
    )


_MOSTLY_CONDUCTED: Final = (*["conducted"] * 7, "blocked", "aberrant")
_EARLY_EVERY: Final = (3, 5)
_COUPLING_SPREAD: Final = 0.03
_CALM_BETWEEN_EARLY_BEATS: Final = 0.6
# Shares of the interval between sinus beats: an early wave finds the node or the right bundle not
# ready, a usual one finds both ready.
_COUPLING_BLOCKED: Final = 0.54
_NODE_TOO_LATE: Final = 0.65
_BRANCH_TOO_LATE: Final = 0.85


def _with_bundle_branch_block(chosen: Chosen) -> Heart:
    his = with_branch_blocked(chosen.option("qrs"))
    return replace(led_by_sinus(chosen), his=his)


PRESETS: Final[Mapping[RhythmId, Preset]] = {
    RhythmId.NORMAL_SINUS_RHYTHM: _plain((64.0, 93.5), (60.0, 100.0), ordinary_rate),
    RhythmId.SINUS_BRADYCARDIA: _plain((42.0, 55.5), (30.0, 59.0), ages.slow_sinus_rate),
    RhythmId.SINUS_TACHYCARDIA: _plain(
        (107.0, 145.0), (101.0, 170.0), ages.fast_sinus_rate, (0.13, 0.16)
    ),
    RhythmId.SINUS_ARRHYTHMIA: Preset(
        _arrhythmic,
        {
            SINUS_RATE: rate((64.0, 84.0)),
            PR: pr(),
            "breathing": Number(
                0.07, 0.22, "RR intervals", "by how much breathing in shortens one", (0.07, 0.13)
            ),
        },
    ),
    RhythmId.SINUS_PAUSE_ARREST: Preset(
        _pausing,
        {
            SINUS_RATE: rate((64.0, 84.0)),
            PR: pr(),
            "pause": Number(2.1, 4.0, "s", "how long the sinus node is silent", (2.15, 2.7)),
        },
    ),
    RhythmId.SA_EXIT_BLOCK: Preset(
        _blocked_at_exit, {SINUS_RATE: rate((63.0, 82.0), (50.0, 100.0)), PR: pr()}
    ),
    RhythmId.PAC: Preset(
        _with_early_atrial_beats,
        {
            SINUS_RATE: rate((62.0, 84.0), (50.0, 110.0)),
            PR: pr((0.145, 0.185), (0.14, 0.20)),
            "coupling": Number(
                0.5, 0.8, "RR intervals", "from the P wave before to the early one", (0.58, 0.70)
            ),
            "site": Options(tuple(_ATRIAL_SITES), "where in the atria it begins"),
            "conduction": Options(
                ("conducted", "blocked", "aberrant"),
                "what becomes of the early P waves",
                usual=_MOSTLY_CONDUCTED,
            ),
        },
    ),
    RhythmId.BBB: Preset(
        _with_bundle_branch_block,
        {
            SINUS_RATE: rate((52.0, 95.0), (40.0, 130.0)),
            PR: pr((0.145, 0.19)),
            "qrs": Options(("lbbb", "rbbb"), "which bundle branch is blocked"),
        },
    ),
}
