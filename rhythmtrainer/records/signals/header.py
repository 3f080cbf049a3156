"""WFDB headers, read strictly.

The WFDB library guesses where a header is broken: it takes a sampling rate that is no number
for 250 Hz, and ``µV`` for ``V``. A wrong guess would be shown as a patient's signal, so a header
is read here, and only what the library reads in the same way is given to it as it stands.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rhythmtrainer.model import RecordError, RecordRef
from rhythmtrainer.records.signals.units import millivolts_in, plain_unit

_DECIMAL: Final = r"(?:\d{1,12}(?:\.\d{0,18})?|\.\d{1,18})"
_RECORD_LINE: Final = re.compile(
    rf"""
    (?P<name>[^\s/]+) (?:/(?P<segments>\d{{1,6}}))?
    \s+ (?P<count>\d{{1,6}})
    (?:\s+ (?P<fs>-?{_DECIMAL}) (?:/\S*)?
    (?:\s+ (?P<length>-?\d{{1,12}}) (?P<fraction>\.0*)?
    (?P<when>\s .*)? )? )?
    """,
    re.VERBOSE | re.ASCII,
)
_SIGNAL_LINE: Final = re.compile(
    rf"""
    (?P<file>\S+)
    \s+ (?P<format>\d{{1,4}})
        (?:x(?P<samples_per_frame>\d{{1,6}}))?
        (?::(?P<skew>\d{{1,9}}))? (?:\+(?P<offset>\d{{1,12}}))?
    (?:\s+ (?P<gain>-?{_DECIMAL}(?:[eE][+-]?\d{{1,3}})?)
        (?:\((?P<baseline>-?\d{{1,10}})\))? (?:/(?P<units>\S+))?
    (?:\s+ (?P<resolution>\d{{1,3}})
    (?:\s+ (?P<zero>-?\d{{1,10}})
    (?:\s+ (?P<initial>-?\d{{1,10}})
    (?:\s+ (?P<checksum>-?\d{{1,10}})
    (?:\s+ \d{{1,10}} )? )? )? )? )?
    (?:\s+ (?P<name>\S.*))? )?
    """,
    re.VERBOSE | re.ASCII,
)
# What the WFDB library takes as it is meant; all else is written anew before it reads.
_PLAIN_RECORD: Final = re.compile(
    r"[-\w]+ +\d+ +\d+(\.\d+)?(/\d+(\.\d+)?(\(-?\d+\))?)? +\d+"
    r"( +\d\d:\d\d:\d\d(\.\d{1,6})?( +\d\d/\d\d/\d{4})?)?",
    re.ASCII,
)
_PLAIN_SIGNAL: Final = re.compile(
    r"[-\w]+(\.\w+)? +\d+(x\d+)?(:\d+)?(\+\d+)? +-?\d+(\.\d+)?(\(-?\d+\))?(/[\w^%?-]+)?"
    r" +\d{1,3} +-?\d+ +-?\d+ +-?\d+ +\d+ +[A-Za-z][ -~]*",
    re.ASCII,
)

# The library fails to give the samples of this format as numbers of the converter.
BIG_ENDIAN: Final = "61"
_LITTLE_ENDIAN: Final = "16"

_DEFAULT_FS: Final = 250.0
_LEAST_FS: Final = 0.001
# A gain of 0 says "not calibrated"; the format then has 200 units a millivolt assumed.
_DEFAULT_GAIN: Final = 200.0
_SANE_GAIN: Final = (1e-9, 1e15)
_FILE_NAME: Final = re.compile(r"\w[-+.\w]*", re.ASCII)
_SAFE_PATH: Final = re.compile(r"\w[-+.\w]*(/\w[-+.\w]*)*", re.ASCII)
# More electrodes than any ECG has: 256 are used to map the surface of the body.
_MOST_SIGNALS: Final = 512
_GAP: Final = "~"
# How old systems end a text, and what fills up the last block of a file.
_ENDS: Final = "\x1a\0"
_UNSAFE_UNIT: Final = re.compile(r"[^\w^%?-]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Signal:
    """One line of a header that describes a signal.

    Attributes
    ----------
    file, format
        The signal file beside the header and its WFDB format, for example ``212``.
    skew, byte_offset
        Frames by which the signal runs late in its file; bytes before its first sample.
    gain, baseline, units
        Units of the converter for one physical unit, its value at zero, and that unit's name.
    checksum
        Sum of all samples modulo 65536; None where it was not written down.
    """

    file: str
    format: str
    samples_per_frame: int
    skew: int
    byte_offset: int
    gain: float
    baseline: int
    units: str
    resolution: int
    zero: int
    initial: int | None
    checksum: int | None
    name: str

    @property
    def millivolts(self) -> float | None:
        """Millivolts in one physical unit; None for a unit that is no voltage."""
        return millivolts_in(self.units)


@dataclass(frozen=True, slots=True)
class Header:
    """What a record's header says.

    Attributes
    ----------
    fs
        Frames per second; a signal has ``samples_per_frame`` samples in each.
    length
        Number of frames; None where the header leaves it to the size of the signal file.
    as_written
        Whether the WFDB library reads the header as it stands on disk.
    repairs
        A sentence for each fault that was mended.
    personal
        Kinds of facts about a patient that the header holds beside all this.
    """

    name: str
    fs: float
    length: int | None
    signals: tuple[Signal, ...]
    as_written: bool
    repairs: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()


def parse_header(content: bytes, file: str) -> Header:
    """Read the bytes of a header.

    A record's name that carries the ending of its signal file (``E00271.mat 12 500 5000``) is
    accepted, because nothing else of the header depends on it; so is ``µV`` for ``uV``.

    Parameters
    ----------
    content
        The header as it is on disk.
    file
        The header's name, for messages.

    Raises
    ------
    RecordError
        If the header breaks the format, or the record is of a kind that is not read.
    """
    record, lines = split_header(content, file)
    if record["segments"]:
        raise RecordError(f"{file} joins several segments into one record, which is not read here.")
    fs = rate_of(record, file)
    length = int(record["length"]) if record["length"] else None
    if length is not None and length <= 0:
        raise RecordError(f"{file} is damaged: it gives the record a length of {length} samples.")
    signals = signals_of(record, lines[1:], file)
    _check_files(signals, file, length)
    plain = (
        _PLAIN_RECORD.fullmatch(lines[0])
        and all(map(_PLAIN_SIGNAL.fullmatch, lines[1:]))
        and not content.endswith(tuple(map(str.encode, _ENDS)))
    )
    swapped = any(signal.format == BIG_ENDIAN for signal in signals)
    return Header(
        record["name"],
        fs,
        length,
        signals,
        as_written=bool(plain) and not swapped,
        repairs=_repairs(content, record, lines[1:]),
        personal=personal_kinds(content, record),
    )


def header_text(
    header: Header,
    name: str,
    length: int,
    checksums: Sequence[tuple[int, int]],
    *,
    with_offsets: bool = False,
) -> str:
    """Return the text of a header for a copy of `length` frames under another name.

    Parameters
    ----------
    header
        What the signals are; in the copy they stand in `copied_files`.
    checksums
        First sample and sum of all samples of each signal in the copy.
    with_offsets
        Whether the signals begin at the same byte as in the record; else at the first.
    """
    files = copied_files(header, name)
    lines = [f"{name} {len(header.signals)} {_digits(header.fs)} {length}"]
    for signal, (initial, checksum) in zip(header.signals, checksums, strict=True):
        frame = f"x{signal.samples_per_frame}" if signal.samples_per_frame > 1 else ""
        skew = f":{signal.skew}" if signal.skew else ""
        offset = f"+{signal.byte_offset}" if with_offsets and signal.byte_offset else ""
        units = _UNSAFE_UNIT.sub("_", signal.units)
        lines.append(
            f"{files[signal.file]} {copied_format(signal)}{frame}{skew}{offset}"
            f" {_digits(signal.gain)}({signal.baseline})/{units} {signal.resolution}"
            f" {signal.zero} {initial} {checksum} 0 {signal.name}".rstrip()
        )
    return "\n".join([*lines, ""])


def copied_files(header: Header, name: str) -> dict[str, str]:
    """Return under which name each signal file of a record stands in a copy called `name`."""
    files = list(dict.fromkeys(signal.file for signal in header.signals))
    if len(files) == 1:
        return {files[0]: f"{name}.dat"}
    return {file: f"{name}_{number}.dat" for number, file in enumerate(files)}


def copied_format(signal: Signal) -> str:
    """Return the format of a signal in a copy, where the bytes of `BIG_ENDIAN` are swapped."""
    return _LITTLE_ENDIAN if signal.format == BIG_ENDIAN else signal.format


def record_file(path: Path) -> Path:
    """Return the header file of the record at `path`, which may be given with its ending."""
    return path if path.suffix == ".hea" else path.with_name(f"{path.name}.hea")


def checked_path(record: RecordRef) -> str:
    """Return a record's path below an archive's root once it is known to stay there.

    Raises
    ------
    RecordError
        If a part of it is empty, climbs up, or holds characters that no archive uses.
    """
    if not _SAFE_PATH.fullmatch(record.path):
        raise RecordError(f"{record.path!r} does not name a record of an archive.")
    return record.path


def split_header(content: bytes, file: str) -> tuple[re.Match[str], list[str]]:
    """Return the first line, taken apart, and all lines that are no remarks.

    Raises
    ------
    RecordError
        If it is no WFDB header.
    """
    stripped = (line.partition("#")[0].strip() for line in _text(content).splitlines())
    lines = [line for line in stripped if line]
    if not lines:
        raise RecordError(f"{file} is not a WFDB header: it is empty.")
    record = _RECORD_LINE.fullmatch(lines[0])
    if record is None:
        raise RecordError(f"{file} is not a WFDB header: its first line reads {lines[0][:60]!r}.")
    return record, lines


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.rstrip(_ENDS)


def rate_of(record: re.Match[str], file: str) -> float:
    """Return the sampling rate in the first line of a header.

    Raises
    ------
    RecordError
        If it is 0.
    """
    fs = float(record["fs"]) if record["fs"] else _DEFAULT_FS
    if not fs >= _LEAST_FS:
        raise RecordError(f"{file} is damaged: its sampling rate is {fs:g} per second.")
    return fs


def signals_of(
    record: re.Match[str], lines: list[str], file: str, *, layout: bool = False
) -> tuple[Signal, ...]:
    """Return the signals that the lines behind the first describe.

    Parameters
    ----------
    layout
        Whether they may stand in no file.

    Raises
    ------
    RecordError
        If they break the format, or are others than the first line announces.
    """
    count = int(record["count"])
    if count > _MOST_SIGNALS:
        raise RecordError(
            f"{file} announces {count} signals; at most {_MOST_SIGNALS} are read of one record."
        )
    if len(lines) != count:
        raise RecordError(
            f"{file} is damaged: it announces {count} signals and describes {len(lines)}."
        )
    return tuple(_signal(line, file, layout=layout) for line in lines)


def _repairs(content: bytes, record: re.Match[str], lines: list[str]) -> tuple[str, ...]:
    """Say what was mended, and what the format has assumed where nothing is written."""
    told = []
    if "." in record["name"]:
        told.append("The header named a file in the place of the record.")
    if record["fraction"]:
        told.append("The header gave the number of samples as a fraction.")
    if "\N{MICRO SIGN}" in _text(content) or "μ" in _text(content):
        told.append("The header wrote µ where the format has u, for millionths.")
    if not record["fs"]:
        told.append(f"The header gives no sampling rate: {_DEFAULT_FS:g} per second are assumed.")
    if not record["length"]:
        told.append("The header does not say how long the record is: its files were measured.")
    matches = map(_SIGNAL_LINE.fullmatch, lines)
    bare = [
        str(number)
        for number, match in enumerate(matches, start=1)
        if match is not None and not float(match["gain"] or 0)
    ]
    if bare:
        told.append(
            f"Not calibrated: {_DEFAULT_GAIN:g} units a millivolt are assumed for signal"
            f" {', '.join(bare)}."
        )
    return tuple(told)


def personal_kinds(content: bytes, record: re.Match[str]) -> tuple[str, ...]:
    """Return what kinds of facts about a patient a header holds."""
    remarks = (line.partition("#")[2] for line in _text(content).splitlines())
    kinds = []
    if any(remark.strip(" #:") for remark in remarks):
        kinds.append("free-text comments")
    if record["length"] and (record["when"] or "").strip():
        kinds.append("date or time of the recording")
    return tuple(kinds)


def _signal(line: str, file: str, *, layout: bool) -> Signal:
    match = _SIGNAL_LINE.fullmatch(line)
    if match is None:
        raise RecordError(f"{file} is damaged: it describes a signal as {line[:60]!r}.")
    if match["file"] == _GAP and not layout:
        raise RecordError(f"{file} names no signal file.")
    if match["file"] != _GAP and not _FILE_NAME.fullmatch(match["file"]):
        raise RecordError(f"{file} names the signal file {match['file'][:60]!r}, which is no name.")
    gain = float(match["gain"] or 0) or _DEFAULT_GAIN
    if not _SANE_GAIN[0] < abs(gain) < _SANE_GAIN[1] or not math.isfinite(gain):
        raise RecordError(f"{file} is damaged: it gives a gain of {match['gain']}.")
    zero = int(match["zero"] or 0)
    return Signal(
        file=match["file"],
        format=match["format"],
        samples_per_frame=int(match["samples_per_frame"] or 1),
        skew=int(match["skew"] or 0),
        byte_offset=int(match["offset"] or 0),
        gain=gain,
        baseline=int(match["baseline"]) if match["baseline"] else zero,
        units=plain_unit(match["units"] or "mV"),
        resolution=int(match["resolution"] or 0),
        zero=zero,
        initial=int(match["initial"]) if match["initial"] else None,
        checksum=int(match["checksum"]) if match["checksum"] else None,
        name=(match["name"] or "").strip(),
    )


def _check_files(signals: tuple[Signal, ...], file: str, length: int | None) -> None:
    if not signals:
        raise RecordError(f"{file} describes no signal.")
    seen: list[Signal] = []
    for signal in signals:
        if signal.samples_per_frame == 0 or (length is not None and signal.skew > length):
            raise RecordError(f"{file} is damaged: signal {signal.name!r} cannot be laid out so.")
        same = [other for other in seen if other.file == signal.file]
        if same and (seen[-1].file != signal.file or not _share_layout(same[0], signal)):
            raise RecordError(f"{file} is damaged: it describes {signal.file} in two ways.")
        seen.append(signal)


def _share_layout(one: Signal, other: Signal) -> bool:
    return (one.format, one.byte_offset) == (other.format, other.byte_offset)


def _digits(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)
