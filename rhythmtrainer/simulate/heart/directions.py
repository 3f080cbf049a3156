"""Turning directions in the chest."""

from math import cos, pi, sin, sqrt

import numpy as np

from rhythmtrainer.simulate.heart.activity import Vector


def turned(what: Vector, axis: Vector, angle: float) -> Vector:
    """Turn a direction about an axis, by an angle in radians (Rodrigues 1840)."""
    x, y, z = what
    u, v, w = axis
    along = (u * x + v * y + w * z) * (1.0 - cos(angle))
    c, s = cos(angle), sin(angle)
    return (
        x * c + (v * z - w * y) * s + u * along,
        y * c + (w * x - u * z) * s + v * along,
        z * c + (u * y - v * x) * s + w * along,
    )


def square_to(what: Vector, rng: np.random.Generator) -> Vector:
    """Draw a direction at a right angle to another."""
    x, y, z = what
    a, b, c = (float(part) for part in rng.standard_normal(3))
    along = x * a + y * b + z * c
    a, b, c = a - along * x, b - along * y, c - along * z
    length = sqrt(a * a + b * b + c * c)
    return (a / length, b / length, c / length)


def wandered(what: Vector, angle: float, rng: np.random.Generator) -> Vector:
    """Move a direction some way, any way: a standard deviation in radians."""
    if not angle:
        return what
    return turned(what, square_to(what, rng), float(angle * rng.standard_normal()))


def full_turns(seconds: float, turn_s: float) -> float:
    """Return how far what turns once in `turn_s` has turned, in radians; 0 if it does not turn."""
    return 2.0 * pi * seconds / turn_s if turn_s else 0.0
