"""What the monitor says: printed above the traces, and to a screen reader."""

from collections.abc import Sequence
from dataclasses import dataclass

from rhythmtrainer.gui.widgets.monitor.heart_rate import NO_RATE
from rhythmtrainer.gui.widgets.monitor.layout import Layout
from rhythmtrainer.gui.widgets.monitor.tape import Tape
from rhythmtrainer.model import Origin, describe_lead

_BETWEEN = " \N{MIDDLE DOT} "


@dataclass(frozen=True, slots=True)
class Header:
    """The words above the traces.

    Attributes
    ----------
    simulated
        Whether that has to be said.
    scale
        Lead, speed and gain.
    state
        Why the sweep stands still and what is missing, or nothing.
    """

    simulated: bool = False
    scale: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the sweep stands still, and where it is looked at.

    Attributes
    ----------
    frozen
        Whether it was held.
    back_s
        How many seconds ago the right edge was swept.
    ending
        Why no more samples will come; empty while some may.
    """

    frozen: bool
    back_s: float
    ending: str

    def rests(self, tape: Tape) -> bool:
        """Return whether the picture stays as it is, for as long as nobody does anything."""
        return self.frozen or (bool(self.ending) and tape.left_s <= 0)


def header(tape: Tape, layout: Layout, standing: Standing) -> Header:
    """Return what is printed above the traces."""
    rows = layout.rows
    scale = layout.printed
    if len(rows) == 1:
        scale = f"{describe_lead(rows[0].channel.lead)}   {scale}"
    simulated = any(track.provenance.origin is Origin.SIMULATED for track in tape.tracks)
    return Header(simulated, scale, _BETWEEN.join(states(tape, layout, standing)))


def states(tape: Tape, layout: Layout, standing: Standing) -> list[str]:
    """Return why the sweep stands still, and what is missing from it."""
    channels = [row.channel for row in layout.rows]
    said = []
    if ended := tape.ended(channels):
        said.append(f"{_listed(ended)} {'has' if len(ended) == 1 else 'have'} ended")
    if silent := [lead for lead in tape.silent(channels) if lead not in ended]:
        said.append(f"No signal in {_listed(silent)}")
    if standing.ending and tape.left_s <= 0:
        said.append(standing.ending)
    elif standing.frozen:
        said.append("Frozen")
    elif tape.left_s <= 0:
        said.append("Waiting for the recording …")
    if standing.back_s:
        said.append(f"{standing.back_s:.{0 if standing.back_s >= 1.0 else 1}f} s ago")
    return said


def description(tape: Tape | None, layout: Layout, standing: Standing, rate: str | None) -> str:
    """Return what is drawn, in sentences for a screen reader; never what it means.

    Parameters
    ----------
    rate
        The heart rate as it is displayed; None where it is not.
    """
    if tape is None:
        return "The monitor is dark."
    said = header(tape, layout, standing)
    leads = _listed([describe_lead(row.channel.lead) for row in layout.rows])
    sentences = [
        f"{'Simulated: ' if said.simulated else ''}{leads} on a monitor,"
        f" {layout.speed_mm_s:g} millimetres per second,"
        f" {layout.gain_mm_mv:g} millimetres per millivolt,"
        f" {'standing still' if standing.rests(tape) else 'sweeping'}."
    ]
    if said.state:
        sentences.append(f"{said.state.rstrip('.')}.")
    if rate is not None:
        sentences.append(f"Heart rate {'not known' if rate == NO_RATE else rate}.")
    return " ".join(sentences)


def _listed(names: Sequence[str]) -> str:
    """Return names as they are listed in a sentence.

    Examples
    --------
    >>> _listed(["I", "II", "V1"])
    'I, II and V1'
    """
    if not names[1:]:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
