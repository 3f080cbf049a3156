"""Where in the ventricles a beat may begin, and what that makes of its QRS complex.

The muscle is activated away from the site, so a lead that looks from there sees a negative complex:
from the apex the axis points up and lead II is negative, from the outflow tract it is positive;
from the right ventricle V1 is negative as in left bundle branch block, from the left one positive.
The looks are those of Josephson & Callans, Heart Rhythm 2005;2:443; the numbers are chosen so that
the leads come out like that.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from rhythmtrainer.simulate.heart.activity import Vector
from rhythmtrainer.simulate.heart.directions import wandered

_SPREAD: Final = 0.2
"""From patient to patient, as a standard deviation in radians."""


def _towards(left: float, feet: float, back: float) -> Vector:
    length = float(np.hypot(np.hypot(left, feet), back))
    return (left / length, feet / length, back / length)


RV_APEX: Final = _towards(-0.35, 0.75, -0.55)
"""II negative, V1 negative: also what a pacemaker's electrode there gives."""

RV_OUTFLOW: Final = _towards(-0.10, -0.85, -0.50)
"""II tall and positive, V1 negative."""

SEPTUM: Final = _towards(-0.48, -0.52, -0.58)
"""II positive, V1 negative: the right side of the septum."""

LV_LATERAL: Final = _towards(0.70, 0.52, 0.48)
"""I and II negative, V1 positive: the low lateral wall."""

LV_APEX: Final = _towards(0.70, 0.68, 0.10)
"""I and II negative, V1 positive."""

LV_SUMMIT: Final = _towards(0.40, -0.88, 0.25)
"""II tall and positive, I negative, V1 positive."""

POSTERIOR_FASCICLE: Final = _towards(-0.10, 0.75, 0.62)
"""II negative, V1 positive: right bundle branch block with left axis."""

ANTERIOR_FASCICLE: Final = _towards(0.46, -0.74, 0.48)
"""II positive, I negative, V1 positive: right bundle branch block with right axis."""

SITES: Final[Mapping[str, Vector]] = {
    "rv_apex": RV_APEX,
    "rv_outflow": RV_OUTFLOW,
    "septum": SEPTUM,
    "lv_lateral": LV_LATERAL,
    "lv_apex": LV_APEX,
    "lv_summit": LV_SUMMIT,
    "posterior_fascicle": POSTERIOR_FASCICLE,
    "anterior_fascicle": ANTERIOR_FASCICLE,
}
"""By the names under which they are asked for."""

INFERIOR: Final = (RV_APEX, LV_APEX, POSTERIOR_FASCICLE)
"""Sites of which lead II sees the wave run away."""

SUPERIOR: Final = (RV_OUTFLOW, LV_SUMMIT, ANTERIOR_FASCICLE)
"""Sites of which lead II sees the wave come nearer."""


def near(site: Vector, rng: np.random.Generator) -> Vector:
    """Draw a place near a site, as it differs from patient to patient."""
    return wandered(site, _SPREAD, rng)
