"""Where everything stands on the monitor's screen, in device pixels and in seconds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.paper import (
    GAINS_MM_MV,
    MARGIN_MM,
    STANDARD_GAIN_MM_MV,
    STANDARD_SPEED_MM_S,
    Paper,
    baseline_mv,
)
from rhythmtrainer.gui.theme import UNIT
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.model import LeadName

SPEEDS_MM_S: Final = (12.5, 25.0, 50.0)
"""The sweep speeds of bedside monitors."""

HEADER_PX: Final = 11 * UNIT
"""Logical pixels above the traces, where everything printed stands that is no lead's own."""

_SECONDS_ACROSS: Final = 10.0
# A lead's name has to fit, also where 10 mm are few pixels.
_NARROWEST_GUTTER_PX: Final = 10 * UNIT
# A trace that fills its row to the last pixel looks cut off.
_FILLED: Final = 0.9


@dataclass(frozen=True, slots=True)
class Scale:
    """How time and voltage are drawn.

    Attributes
    ----------
    gain_mm_mv
        Negative to invert; None for the largest customary gain at which the leads fit.
    px_per_mm
        Logical pixels for each millimetre; None to fit ten seconds at 25 mm/s into the width.
    """

    speed_mm_s: float = STANDARD_SPEED_MM_S
    gain_mm_mv: float | None = None
    px_per_mm: float | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """Between which voltages a lead lies, and where mostly, in millivolts."""

    low_mv: float
    high_mv: float
    usual_mv: float

    @property
    def height_mv(self) -> float:
        """Millivolts from the lowest to the highest sample."""
        return self.high_mv - self.low_mv


def reach_of(signal: NDArray[np.float32]) -> Reach | None:
    """Return the reach of one lead's samples; None where there is nothing but gaps."""
    present = signal[np.isfinite(signal)]
    if not present.size:
        return None
    return Reach(float(present.min()), float(present.max()), baseline_mv(signal))


@dataclass(frozen=True, slots=True)
class Channel:
    """One lead that is shown.

    Attributes
    ----------
    number
        Its place among all leads that the view was given, from 0.
    track, row
        Which track holds it, and in which row of its signal.
    """

    lead: LeadName
    number: int
    track: int
    row: int
    reach: Reach | None


@dataclass(frozen=True, slots=True)
class Row:
    """A channel's place on the screen, in device pixels from the top."""

    channel: Channel
    top: int
    bottom: int
    base_mv: float

    @property
    def middle(self) -> float:
        """Where `base_mv` lies."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of a header, a gutter for the leads' names, and one row for each lead.

    Columns are device pixels right of the gutter. They are counted on through the turns of the
    sweep: column `columns` is the first one again, one turn later. Everything that moves, moves
    by whole columns, so that what was drawn once is never drawn again.

    Attributes
    ----------
    ratio
        Device pixels for each logical one.
    width, height, header, gutter, columns
        Device pixels.
    px_per_mm
        Device pixels for each millimetre.
    """

    ratio: float
    width: int
    height: int
    header: int
    gutter: int
    columns: int
    px_per_mm: float
    speed_mm_s: float
    gain_mm_mv: float
    rows: tuple[Row, ...]

    @property
    def px_per_s(self) -> float:
        """Columns for each second."""
        return self.px_per_mm * self.speed_mm_s

    @property
    def px_per_mv(self) -> float:
        """Device pixels for each millivolt; negative when inverted."""
        return self.px_per_mm * self.gain_mm_mv

    @property
    def sweep_s(self) -> float:
        """How long one turn of the sweep takes."""
        return self.columns / self.px_per_s

    @property
    def printed(self) -> str:
        """Speed and gain as they are printed."""
        printed = Paper(self.speed_mm_s, self.gain_mm_mv).printed.replace("-", "\N{MINUS SIGN}")
        return f"{printed} (inverted)" if self.gain_mm_mv < 0 else printed

    def stretches(self, first: int, last: int, shift: int, origin_s: float) -> list[Stretch]:
        """Return what the columns from `first` to before `last` show, for every row.

        Parameters
        ----------
        shift
            The column that stands first on the screen.
        origin_s
            The time of column 0.
        """
        per_s, ratio = self.px_per_s, self.ratio
        return [
            Stretch(
                lead=row.channel.lead,
                channel=row.channel.number,
                start_s=origin_s + first / per_s,
                end_s=origin_s + last / per_s,
                left=(self.gutter + first - shift) / ratio,
                top=row.top / ratio,
                bottom=row.bottom / ratio,
                baseline=row.middle / ratio,
                base_mv=row.base_mv,
                px_per_s=per_s / ratio,
                px_per_mv=self.px_per_mv / ratio,
                px_per_mm=self.px_per_mm / ratio,
            )
            for row in self.rows
        ]


def lay_out(
    size: tuple[int, int], ratio: float, scale: Scale, channels: Sequence[Channel]
) -> Layout:
    """Divide a screen among channels.

    Parameters
    ----------
    size
        Width and height in logical pixels, down to 0.
    ratio
        Device pixels for each logical one.
    """
    width, height = (math.ceil(length * ratio) for length in size)
    gutter_px = max(size[0] * MARGIN_MM / Paper().width_mm(_SECONDS_ACROSS), _NARROWEST_GUTTER_PX)
    if scale.px_per_mm is not None:
        gutter_px = max(MARGIN_MM * scale.px_per_mm, _NARROWEST_GUTTER_PX)
    gutter = round(gutter_px * ratio)
    columns = max(int(size[0] * ratio) - gutter, 1)
    per_mm = columns / (_SECONDS_ACROSS * STANDARD_SPEED_MM_S)
    if scale.px_per_mm is not None:
        per_mm = scale.px_per_mm * ratio
    header = min(round(HEADER_PX * ratio), height)
    edges = np.linspace(header, height, max(len(channels), 1) + 1).round().astype(int).tolist()
    row_mm = _FILLED * (height - header) / max(len(channels), 1) / per_mm
    gain = scale.gain_mm_mv or _fitting([channel.reach for channel in channels], row_mm)
    return Layout(
        ratio=ratio,
        width=width,
        height=height,
        header=header,
        gutter=gutter,
        columns=columns,
        px_per_mm=per_mm,
        speed_mm_s=scale.speed_mm_s,
        gain_mm_mv=gain,
        rows=tuple(
            Row(channel, top, bottom, _base_mv(channel.reach, row_mm / abs(gain)))
            for channel, top, bottom in zip(channels, edges[:-1], edges[1:], strict=False)
        ),
    )


def _fitting(reaches: Sequence[Reach | None], height_mm: float) -> float:
    """Return the one gain for all rows, so that leads can be compared by eye.

    A lead that is too high even for the smallest gain is cut off; it does not flatten the others.
    """
    fitting = [
        next((gain for gain in GAINS_MM_MV if reach.height_mv * gain <= height_mm), None)
        for reach in reaches
        if reach is not None
    ]
    if not fitting:
        return STANDARD_GAIN_MM_MV
    return min((gain for gain in fitting if gain is not None), default=GAINS_MM_MV[-1])


def _base_mv(reach: Reach | None, height_mv: float) -> float:
    """Return the voltage for a row's middle: the lead's own middle, if it fits at all."""
    if reach is None:
        return 0.0
    if reach.height_mv > height_mv:
        return reach.usual_mv
    return (reach.low_mv + reach.high_mv) / 2
