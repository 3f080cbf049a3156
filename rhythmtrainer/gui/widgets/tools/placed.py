"""A pair of calipers on a strip: where its legs stand, on which row, and what a hand holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF

from rhythmtrainer.ecg.calipers import Landmark, Landmarks, Pair, Reading
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.gui.widgets.tools.pair_layout import Part
from rhythmtrainer.gui.widgets.tools.pair_moving import in_the_middle
from rhythmtrainer.gui.widgets.tools.rows import Home, stretch_of
from rhythmtrainer.model import describe_lead

_FEWEST_PEAKS: Final = 2


@dataclass(frozen=True, slots=True)
class Placed:
    """A pair of calipers on its row."""

    pair: Pair
    home: Home

    def seconds(self, part: Part) -> float:
        """Return the time of a part; that of both is the left leg's."""
        return self.pair.left_s if part is Part.BOTH else self.pair.legs_s[part.leg]

    def stretch(self, part: Part, shown: Sequence[Stretch]) -> Stretch | None:
        """Return the stretch in which a part stands, or the nearest to it."""
        row = self.home.row(shown, self.pair.legs_s)
        return stretch_of(self.seconds(part), row) if row else None

    def side(self, part: Part) -> str:
        """Return which part it is, as seen on the strip."""
        if part is Part.BOTH:
            return "Both legs"
        return "Right leg" if part.leg == self.pair.right_leg else "Left leg"

    def sentence(self, landmarks: Landmarks, speed_mm_s: float | None) -> str:
        """Return what is read, and what the legs hold on to."""
        reading = Reading(self.pair.interval_s, self.pair.rise_mv, speed_mm_s)
        held = [landmarks.at(leg) for leg in sorted(self.pair.legs_s)]
        first, last = (landmark or "no landmark" for landmark in held)
        ends = f", from {first} to {last}" if any(held) else ""
        return f"Calipers on {describe_lead(self.home.lead)}: {reading.sentence}{ends}."


@dataclass(frozen=True, slots=True)
class Grip:
    """What a hand holds, and how things were before.

    Attributes
    ----------
    part
        None while a new pair is put down.
    at
        Where the hand took hold.
    home, seconds
        The same on the strip: the row, and a time in the stretch.
    """

    part: Part | None
    at: QPointF
    home: Home
    seconds: float
    before: Placed | None

    def stretch(self, shown: Sequence[Stretch]) -> Stretch | None:
        """Return the stretch in which it was taken, as it lies now."""
        row = self.home.row(shown, [self.seconds])
        return stretch_of(self.seconds, row) if row else None


def first_placed(shown: Sequence[Stretch], landmarks: Landmarks) -> Placed | None:
    """Put a pair on the first two R peaks that are shown, or else in the middle."""
    for stretch in shown:
        peaks = landmarks.between(stretch.start_s, stretch.end_s, Landmark.R)
        if peaks.size >= _FEWEST_PEAKS:
            return Placed(Pair((float(peaks[0]), float(peaks[1]))), Home.of(stretch, shown))
    return Placed(in_the_middle(shown[0]), Home.of(shown[0], shown)) if shown else None
