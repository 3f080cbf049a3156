"""What is drawn on a sheet, in a sentence."""

from typing import Final

import numpy as np

from rhythmtrainer.ecg.paper import PaperLayout
from rhythmtrainer.gui.widgets.paper.frame import Frame
from rhythmtrainer.gui.widgets.paper.sheet import Sheet
from rhythmtrainer.model import describe_lead

_NEARLY_ALL: Final = 0.999
# Longer stretches are not searched for gaps while a screen reader waits.
_SEARCHED: Final = 1_000_000


def describe(sheet: Sheet, frame: Frame) -> str:
    """Say which leads are drawn, how much of them, and in which scale; never what it means."""
    if not sheet.channels:
        return "No strip is shown."
    begin, end = frame.from_s, min(frame.from_s + frame.shown_s, sheet.end_s)
    sentences = [
        f"{_seconds(end - begin)} of {_leads(sheet)} on ECG paper, {_scale(sheet, frame)}.",
    ]
    if end - begin < _NEARLY_ALL * sheet.duration_s:
        sentences.append(
            f"Seconds {begin - sheet.start_s:.1f} to {end - sheet.start_s:.1f}"
            f" of {sheet.duration_s:.1f} are seen."
        )
    if sheet.simulated:
        sentences.append("The signal is simulated.")
    return " ".join([*sentences, *_gaps(sheet, begin, end)])


def _leads(sheet: Sheet) -> str:
    names = sheet.leads
    if len(names) == 1:
        return describe_lead(names[0])
    page = ", as a page of three rows with a rhythm strip" * (sheet.layout is PaperLayout.TWELVE)
    return f"{len(names)} leads ({', '.join(names)}){page}"


def _scale(sheet: Sheet, frame: Frame) -> str:
    gain = sheet.gain_mm_mv(frame)
    high = f"{abs(gain):g} millimetres per millivolt{', inverted' if gain < 0 else ''}"
    if sheet.is_pressed(frame):
        return f"pressed together in time, {high}"
    return f"{sheet.style.speed_mm_s:g} millimetres per second, {high}"


def _gaps(sheet: Sheet, begin: float, end: float) -> list[str]:
    found = []
    for number in dict.fromkeys(cell.channel for cell in sheet.cells):
        channel = sheet.channels[number]
        first = max(round((begin - channel.start_s) * channel.fs), 0)
        last = max(round((end - channel.start_s) * channel.fs), 0)
        seen = channel.signal[first:last]
        if seen.size > _SEARCHED:
            continue
        present = np.isfinite(seen)
        if not present.any():
            found.append(f"{describe_lead(channel.name)} has no signal here.")
        elif not present.all():
            missing = np.count_nonzero(~present) / channel.fs
            found.append(f"{describe_lead(channel.name)} has gaps of {missing:.1f} seconds in all.")
    return found


def _seconds(length: float) -> str:
    return f"{length:.1f}".removesuffix(".0") + " seconds"
