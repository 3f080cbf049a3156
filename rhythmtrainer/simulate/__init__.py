"""Simulated strips: conduction as events, waves drawn at them, and what is not made of beats.

A simple model: one lead, waves as sums of Gaussians. A strip made here teaches what a rhythm looks
like in lead II; it is no patient's heart, and it says of itself that it is simulated.
"""

from rhythmtrainer.simulate.simulating import simulate, simulate_known

__all__ = ["simulate", "simulate_known"]
