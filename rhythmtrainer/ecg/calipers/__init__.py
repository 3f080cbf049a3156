"""What calipers and rulers do on a strip: find something to hold on to, repeat, read.

Times are seconds from the recording's first sample, so that they stay where they are whatever the
view does. Boxes are those of ECG paper: a small one is 1 mm, a large one five of them.
"""

from rhythmtrainer.ecg.calipers.landmarks import ALL_LANDMARKS, Landmark, Landmarks
from rhythmtrainer.ecg.calipers.pair import Pair
from rhythmtrainer.ecg.calipers.reading import Reading, paper_speed
from rhythmtrainer.ecg.calipers.rules import (
    SIX_SECONDS,
    beats_in,
    cycle_after,
    nearest_line,
    rule_lines,
    rule_neighbours,
)

__all__ = [
    "ALL_LANDMARKS",
    "SIX_SECONDS",
    "Landmark",
    "Landmarks",
    "Pair",
    "Reading",
    "beats_in",
    "cycle_after",
    "nearest_line",
    "paper_speed",
    "rule_lines",
    "rule_neighbours",
]
