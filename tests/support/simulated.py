"""Simulated strips for tests: what little of a truth they need, and recordings that are made up."""

import threading
from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import (
    LeadName,
    Origin,
    Provenance,
    RateSource,
    RecordRef,
    RhythmId,
    Simulated,
    Span,
    Strip,
    StripRef,
    Teaching,
    Truth,
)
from rhythmtrainer.training.cancel import Cancel
from tests.support import fakes
from tests.support.truths import truth

_RECORDING_S = 60.0


def truth_of(qrs_s: NDArray[np.float64], p_s: NDArray[np.float64]) -> Truth:
    """What is known where P waves of the sinus node and QRS complexes are all there is."""
    return truth(p_s.tolist(), qrs_s.tolist(), episodes=())


def simulated(
    strip: Strip, beats_s: NDArray[np.float64], p_s: NDArray[np.float64] | None = None
) -> Simulated:
    """A strip whose beats are known, and its P waves: without word of them, one before each."""
    return Simulated(strip, truth_of(beats_s, beats_s - 0.2 if p_s is None else p_s))


@dataclass
class FakeSimulations:
    """`Simulations` that call everything by its name and make one strip of all.

    It is the `StripSource` of what it makes, which waits for `gate` if there is one; of what others
    have, `beside` is asked.
    """

    beside: fakes.FakeSource = field(default_factory=fakes.FakeSource)
    rhythms: Collection[RhythmId] = tuple(RhythmId)
    made: list[tuple[RhythmId, int]] = field(default_factory=list)
    gate: threading.Event | None = None

    def span(self, rhythm: RhythmId, seed: int, ages: tuple[int, int] | None = None) -> Span:
        self.made.append((rhythm, seed))
        return Span(
            ref=StripRef(
                RecordRef("simulated", "0", f"{rhythm}-{seed}"),
                (LeadName("II"),),
                0.0,
                _RECORDING_S,
            ),
            rhythm=rhythm,
            accepted=frozenset(),
            label="",
            rate_bpm=75.0,
            rate_source=RateSource.SIMULATED,
            patient=f"simulated-{seed}",
            teaching=None if ages is None else Teaching(age_years=float(ages[0])),
        )

    def span_of(self, window: StripRef) -> Span | None:
        if window.record.database != "simulated":
            return None
        rhythm, _, seed = window.record.record.rpartition("-")
        return self.span(RhythmId(rhythm), int(seed))

    def complexes(self, window: StripRef) -> NDArray[np.float64] | None:
        """Nothing is known of the beats."""
        del window
        return None

    def read(self, ref: StripRef, start_s: float, seconds: float, cancel: Cancel) -> Strip:
        if ref.record.database != "simulated":
            return self.beside.read(ref, start_s, seconds, cancel)
        if self.gate is not None:
            with cancel.calling(self.gate.set):
                self.gate.wait(10.0)
        cancel.check()
        made = Provenance(Origin.SIMULATED, "simulated, seed 1")
        return replace(fakes.strip("a", start_s, seconds), provenance=made)

    def at_hand(self, ref: StripRef) -> tuple[StripRef, ...]:
        return (ref,) if ref.record.database == "simulated" else self.beside.at_hand(ref)
