"""The signal of a strip as the two files of a WFDB record."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import LabelledStrip, RecordError, Strip, StripId
from rhythmtrainer.records.packs.limits import (
    LEAST_FS,
    LEAST_SECONDS,
    MOST_FS,
    MOST_SECONDS,
    MOST_SIGNAL_BYTES,
)
from rhythmtrainer.records.signals.header import Header, parse_header

_FORMAT: Final = "16"
_UNITS: Final = "mV"
_SAMPLE_BYTES: Final = 2
# The format's sample for a gap, and how far others may lie from 0 before they are rounded.
_GAP: Final = -32768
_REACH: Final = 32766
# Units of the converter in a millivolt: 1 uV each, or more where the signal leaves no room.
_GAINS: Final = (1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
# No amplifier of an ECG goes as far; what does is damaged, or not in millivolts.
_MOST_MV: Final = 10_000.0
_SAME_S: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class _Coded:
    """A signal in the units of a converter.

    Attributes
    ----------
    gains, baselines
        For each lead, units in a millivolt and the unit at zero.
    samples
        Shape ``(leads, samples)``.
    """

    fs: float
    leads: tuple[str, ...]
    gains: tuple[int, ...]
    baselines: tuple[int, ...]
    samples: NDArray[np.int16]

    def header(self, strip: StripId) -> bytes:
        """Return the header of a record that holds the signal, and nothing but the signal."""
        rate = str(int(self.fs)) if self.fs.is_integer() else repr(self.fs)
        lines = [f"{strip} {len(self.leads)} {rate} {self.samples.shape[1]}"]
        totals = self.samples.sum(axis=1, dtype=np.int64)
        # The format's checksum is a signed number of 16 bits.
        checksums = (totals + 2**15) % 2**16 - 2**15
        for lead, gain, baseline, first, checksum in zip(
            self.leads, self.gains, self.baselines, self.samples[:, 0], checksums, strict=True
        ):
            scale = f"{_FORMAT} {gain}({baseline})/{_UNITS}"
            lines.append(f"{strip}.dat {scale} 16 0 {first} {checksum} 0 {lead}")
        return "\n".join([*lines, ""]).encode("ascii")

    def content(self) -> bytes:
        """Return the record's signal file."""
        return np.ascontiguousarray(self.samples.T, dtype="<i2").tobytes()


def encode_strip(strip_id: StripId, strip: Strip) -> tuple[bytes, bytes]:
    """Return the header and the signal file of a record that holds a strip's signal.

    Nothing else of the strip is in them: no source, no time, no comment. Each lead has a
    resolution of 1 uV, or the finest one with which nothing is cut off.

    Raises
    ------
    RecordError
        If the strip is too long or short, sampled too fast or slowly, has no samples, or
        values that are no ECG.
    """
    _check_size(strip)
    millivolts = np.asarray(strip.signal, dtype=np.float64)
    if np.isinf(millivolts).any() or np.isnan(millivolts).all():
        raise RecordError("The strip cannot be kept: its samples are no numbers.")
    low = np.nan_to_num(np.fmin.reduce(millivolts, axis=1))
    high = np.nan_to_num(np.fmax.reduce(millivolts, axis=1))
    if max(-low.min(), high.max()) > _MOST_MV:
        raise RecordError(f"The strip cannot be kept: it goes beyond {_MOST_MV:g} mV.")
    gains = np.array([_gain(half) for half in (high - low) / 2])
    baselines = -np.rint((high + low) / 2 * gains)
    units = np.rint(millivolts * gains[:, np.newaxis]) + baselines[:, np.newaxis]
    coded = _Coded(
        strip.fs,
        strip.leads,
        tuple(map(int, gains)),
        tuple(map(int, baselines)),
        np.nan_to_num(units, nan=_GAP).astype(np.int16),
    )
    return coded.header(strip_id), coded.content()


def check_record(label: LabelledStrip, header: bytes, content: bytes, file: str) -> None:
    """Make sure that two files are a record as `encode_strip` writes it for a labelled strip.

    Parameters
    ----------
    file
        What they belong to, for messages.

    Raises
    ------
    RecordError
        If they hold anything else.
    """
    name = f"{file}, strip {label.id}"
    parsed = parse_header(header, name)
    _check_layout(parsed, label, name)
    if len(content) != (parsed.length or 0) * len(label.leads) * _SAMPLE_BYTES:
        raise RecordError(f"{name} is damaged: its signal file has not the size it should have.")
    coded = _Coded(
        parsed.fs,
        label.leads,
        tuple(int(signal.gain) for signal in parsed.signals),
        tuple(signal.baseline for signal in parsed.signals),
        np.frombuffer(content, dtype="<i2").reshape(-1, len(label.leads)).T,
    )
    if header != coded.header(label.id):
        raise RecordError(f"{name} is damaged: its header does not describe its signals.")


def _check_size(strip: Strip) -> None:
    if not LEAST_SECONDS <= strip.duration_s <= MOST_SECONDS:
        raise RecordError(
            f"The strip cannot be kept: it lasts {strip.duration_s:g} s, and from"
            f" {LEAST_SECONDS:g} to {MOST_SECONDS:g} s are allowed."
        )
    if not LEAST_FS <= strip.fs <= MOST_FS:
        raise RecordError(
            f"The strip cannot be kept: it has {strip.fs:g} samples per second, and from"
            f" {LEAST_FS:g} to {MOST_FS:g} are allowed."
        )
    if strip.signal.size * _SAMPLE_BYTES > MOST_SIGNAL_BYTES:
        raise RecordError("The strip cannot be kept: it holds too many samples.")


def _check_layout(parsed: Header, label: LabelledStrip, name: str) -> None:
    """Make sure that a header's numbers can be those of a strip, before they are used."""
    if not LEAST_FS <= parsed.fs <= MOST_FS:
        raise RecordError(f"{name} is damaged: it has {parsed.fs:g} samples per second.")
    if tuple(signal.name for signal in parsed.signals) != label.leads:
        raise RecordError(f"{name} is damaged: its header names other leads than the pack.")
    if abs((parsed.length or 0) / parsed.fs - label.duration_s) > _SAME_S:
        raise RecordError(f"{name} is damaged: its header gives another length than the pack.")
    for signal in parsed.signals:
        far = abs(signal.baseline) > _MOST_MV * signal.gain + 1
        if signal.gain not in _GAINS or far:
            raise RecordError(f"{name} is damaged: lead {signal.name} has an unknown scale.")


def _gain(half: float) -> int:
    """Return the finest scale on which `half` millivolts on each side have room."""
    return next(gain for gain in _GAINS if half * gain <= _REACH)
