"""Blocks between atria and ventricles, from a slow node to none that conducts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from rhythmtrainer.model import RhythmId
from rhythmtrainer.simulate.heart.parts import (
    BLOCKED,
    AvNode,
    Chamber,
    Focus,
    Heart,
    HisPurkinje,
)
from rhythmtrainer.simulate.rhythms import ages
from rhythmtrainer.simulate.rhythms.av_timing import (
    NOTHING_PASSES,
    brisk_node,
    conducts_one_in,
    node_with_pr,
    tires_after,
    with_branch_blocked,
)
from rhythmtrainer.simulate.rhythms.preset import Chosen, Number, Options, Preset, Range
from rhythmtrainer.simulate.rhythms.sinus import (
    PR,
    SINUS_RATE,
    av_node,
    led_by_sinus,
    pr,
    rate,
    sinus_node,
)
from rhythmtrainer.simulate.rhythms.sites import (
    ANTERIOR_FASCICLE,
    LV_LATERAL,
    POSTERIOR_FASCICLE,
    RV_APEX,
    near,
)

# In a block the sinus node is steady: where P waves are counted between QRS complexes, they march.
_CALM: Final = 0.45

# An escape pacemaker lies in the bundle branches or below.
_ESCAPE_SITES: Final = (POSTERIOR_FASCICLE, ANTERIOR_FASCICLE, RV_APEX, LV_LATERAL)

# Of a node that gives a Wenckebach sequence: for so many conducted waves in a row, how much it
# tires by the first, and what share of that each next one adds. What is left between the last
# wave that passes and the one that does not must exceed what the sinus node varies.
_TIRING: Final = {2: (0.10, 0.5), 3: (0.085, 0.55), 4: (0.065, 0.7), 5: (0.05, 0.8)}
_CALM_BEFORE_TIRING: Final = 0.25
_USUAL_INTERVAL_S: Final = 0.75


def _long_pr(age: float) -> Range:
    """Return PR intervals above what is in order at an age."""
    longest = ages.pr_s(age)[1]
    return longest + 0.02, longest + 0.1


def _tiring_node(chosen: Chosen) -> Heart:
    interval = chosen.interval_s()
    conducted = int(chosen.option("ratio").split(":")[1])
    fatigue, fades = _TIRING[conducted]
    node = AvNode(fatigue_s=fatigue * min(interval / _USUAL_INTERVAL_S, 1.0), fatigue_fades=fades)
    # The shortest PR, behind the pause, is the one that is chosen.
    node = node_with_pr(node, chosen.number(PR), 2.0 * interval)
    node = tires_after(node, conducted, interval)
    return Heart(sinus=sinus_node(chosen, calm=_CALM_BEFORE_TIRING), node=node)


def _failing_bundle(chosen: Chosen) -> Heart:
    waves = int(chosen.option("ratio").split(":")[0])
    his = replace(_bundles(chosen.option("qrs")), fails_every=(waves, waves))
    return Heart(sinus=sinus_node(chosen, calm=_CALM), node=av_node(chosen), his=his)


def _two_to_one(chosen: Chosen) -> Heart:
    interval = chosen.interval_s()
    sinus, pr_s = sinus_node(chosen, calm=_CALM), chosen.number(PR)
    if chosen.option("level") == "nodal":
        node = node_with_pr(brisk_node(interval), pr_s, 2.0 * interval)
        return Heart(sinus=sinus, node=conducts_one_in(node, 2.0, interval))
    which = chosen.one_of(("lbbb", "rbbb"))
    his = replace(with_branch_blocked(which), refractory_s=1.5 * interval)
    return Heart(sinus=sinus, node=av_node(chosen), his=his)


def _bundles(qrs: str) -> HisPurkinje:
    return HisPurkinje() if qrs == "narrow" else with_branch_blocked(qrs)


# Waves of which one is conducted, on the average, and how much that changes.
_HIGH_GRADES: Final = {
    "3:1": (3.0, 0.0),
    "4:1": (4.0, 0.0),
    "mixed": (3.5, 0.075),
    "escapes": (3.35, 0.075),
}
# An escape pacemaker that waits for so long, in intervals between waves, is heard before the fourth
# of them; the node, which its beat has met from below, is ready again before the next escape.
_ESCAPE_AFTER_WAVES: Final = 3.7


def _high_grade(chosen: Chosen) -> Heart:
    interval = chosen.interval_s()
    ratio = chosen.option("ratio")
    waves, spread = _HIGH_GRADES[ratio]
    # Its delay does not depend on how long it rested, not even after an escape beat.
    node = node_with_pr(AvNode(decrement_s=0.0), chosen.number(PR), interval)
    node = replace(conducts_one_in(node, waves, interval), refractory_spread=spread)
    escape = _ventricular_escape(chosen, 60.0 / (_ESCAPE_AFTER_WAVES * interval))
    return Heart(
        sinus=sinus_node(chosen, calm=_CALM),
        node=node,
        his=_bundles(chosen.option("qrs")),
        foci=(escape,) if ratio == "escapes" else (),
    )


def _complete(chosen: Chosen) -> Heart:
    sinus = sinus_node(chosen, calm=0.7)
    if chosen.option("escape") == "junctional":
        escape = Focus(Chamber.JUNCTION, _unrelated(chosen.number("junctional_rate"), sinus.rate))
        return Heart(sinus=sinus, node=NOTHING_PASSES, foci=(escape,))
    escape = _ventricular_escape(chosen, _unrelated(chosen.number("ventricular_rate"), sinus.rate))
    return Heart(sinus=sinus, his=HisPurkinje(refractory_s=BLOCKED), foci=(escape,))


def _unrelated(per_min: float, sinus_per_min: float) -> float:
    """Return a rate near to the one asked for at which P waves march through the complexes.

    Near a whole ratio to the rate of the sinus node they would for a while seem to be conducted.
    """
    ratio = sinus_per_min / per_min
    whole = round(ratio)
    if abs(ratio - whole) >= _CLEAR_OF_WHOLE:
        return per_min
    return sinus_per_min / (whole + (_CLEAR_OF_WHOLE if ratio >= whole else -_CLEAR_OF_WHOLE))


_CLEAR_OF_WHOLE: Final = 0.17


def _ventricular_escape(chosen: Chosen, per_min: float) -> Focus:
    site = chosen.one_of(_ESCAPE_SITES)
    return Focus(Chamber.VENTRICLES, per_min, (near(site, chosen.rng),), irregularity=0.007)


# Three to two looks like early beats, each behind a usual one.
_SELDOM_3_TO_2: Final = ("3:2", *["4:3", "5:4"] * 2)
_QRS: Final = Options(
    ("narrow", "lbbb", "rbbb"), "whether a bundle branch is blocked as well, and which"
)

PRESETS: Final[Mapping[RhythmId, Preset]] = {
    RhythmId.AVB1: Preset(
        led_by_sinus,
        {
            SINUS_RATE: rate((56.0, 90.0), (50.0, 100.0)),
            PR: Number(0.21, 0.40, "s", "PR interval", (0.21, 0.245), _long_pr),
        },
    ),
    RhythmId.AVB2_TYPE1: Preset(
        _tiring_node,
        {
            SINUS_RATE: rate((62.0, 80.0)),
            PR: pr((0.15, 0.20), (0.12, 0.24)),
            "ratio": Options(
                ("3:2", "4:3", "5:4", "6:5"),
                "P waves to QRS complexes",
                usual=(*_SELDOM_3_TO_2, "6:5"),
            ),
        },
    ),
    RhythmId.AVB2_TYPE2: Preset(
        _failing_bundle,
        {
            SINUS_RATE: rate((62.0, 82.0)),
            PR: pr((0.14, 0.22), (0.12, 0.28)),
            "ratio": Options(
                ("3:2", "4:3", "5:4"),
                "P waves to QRS complexes",
                usual=_SELDOM_3_TO_2,
            ),
            "qrs": _QRS,
        },
    ),
    RhythmId.AVB2_2TO1: Preset(
        _two_to_one,
        {
            SINUS_RATE: rate((63.0, 82.0)),
            PR: pr((0.14, 0.22), (0.12, 0.28)),
            "level": Options(
                ("nodal", "infranodal"),
                "in the AV node, with a narrow QRS, or below, with a wide one",
            ),
        },
    ),
    RhythmId.AVB_HIGH_GRADE: Preset(
        _high_grade,
        {
            SINUS_RATE: rate((83.0, 91.0), (80.0, 100.0)),
            PR: pr((0.14, 0.22), (0.12, 0.28)),
            "ratio": Options(tuple(_HIGH_GRADES), "P waves to QRS complexes"),
            "qrs": _QRS,
        },
    ),
    RhythmId.AVB3: Preset(
        _complete,
        {
            SINUS_RATE: rate((68.0, 96.0)),
            "escape": Options(("junctional", "ventricular"), "what leads the ventricles"),
            "junctional_rate": Number(
                40.0,
                60.0,
                "/min",
                "rate of a junctional escape",
                (44.0, 55.0),
                ages.junction_escape_rate,
            ),
            "ventricular_rate": Number(
                20.0,
                40.0,
                "/min",
                "rate of a ventricular escape",
                (25.0, 36.0),
                ages.ventricles_escape_rate,
            ),
        },
    ),
}
