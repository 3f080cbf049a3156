"""Measuring one record from the command line: text, JSON or a picture."""

import glob
import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from rhythmtrainer import paths
from rhythmtrainer.content import load_notices
from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.model import (
    Database,
    Finding,
    Interval,
    Intervals,
    LeadName,
    Measurement,
    Notices,
    RecordError,
    Strip,
    TableLayout,
    UserError,
    describe_lead,
)
from rhythmtrainer.model.lead import plain_lead
from rhythmtrainer.records.files.opening import Files
from rhythmtrainer.records.files.source import provenance_of
from rhythmtrainer.records.signals.segment_header import joins_segments
from rhythmtrainer.records.signals.wfdb_reader import check_record, header_content, read_strip
from rhythmtrainer.records.sources.local import local_folders
from rhythmtrainer.records.tables.catalogue import load_databases
from rhythmtrainer.reports.strip_figure import save_strip
from rhythmtrainer.training.cancel import Cancel

_Databases: TypeAlias = Mapping[tuple[str, str], Database]


@dataclass(frozen=True, slots=True)
class Request:
    """What to measure.

    Attributes
    ----------
    record
        A path without or with ``.hea``, or a name below a folder of recordings, such as
        ``mitdb/1.0.0/100`` or ``mitdb/100``; or an EDF or DICOM file, or a table.
    folder, data_dir
        Where else to look: a folder of recordings, and the one that keeps what is the user's.
    duration_s
        None goes on to the record's end.
    lead
        None takes the first ECG lead.
    as_guessed
        Whether a table is laid out as it seems to be.
    """

    record: str
    folder: Path | None
    start_s: float
    duration_s: float | None
    lead: str | None
    data_dir: Path | None = None
    as_guessed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """A strip and what was measured on it.

    Attributes
    ----------
    assumed
        A sentence for whatever had to be assumed to read it.
    """

    strip: Strip
    measurement: Measurement
    assumed: tuple[str, ...] = ()


def analyze(request: Request, environ: Mapping[str, str]) -> Analysis:
    """Read and measure a stretch of a record on this computer.

    Raises
    ------
    RecordError
        If there is no such record, it is damaged, or it cannot be measured. A record that is
        read whole is compared with the checksums in its header.
    """
    path = _find(request, environ)
    if request.start_s < 0:
        raise RecordError(f"--start must not be negative, got {request.start_s:g} s.")
    databases = load_databases(paths.dataset("databases.toml"))
    if path.is_file():
        strip, assumed = _read_file(path, request, databases)
    elif _joins_segments(_header_of(path)):
        strip, assumed = _read_file(_header_of(path), request, databases)
    else:
        strip, assumed = _read(path, request, databases), ()
    if not strip.signal.shape[1]:
        raise RecordError(f"{path.name} has no sample in the stretch from {request.start_s:g} s.")
    try:
        measurement = measure(strip, strip.start_s, strip.end_s)
    except ValueError as error:
        raise RecordError(f"{path.name} cannot be measured: {error}.") from error
    return Analysis(strip, measurement, assumed)


def _read(path: Path, request: Request, databases: _Databases) -> Strip:
    strip = read_strip(
        path,
        request.start_s,
        request.duration_s,
        (LeadName(request.lead),) if request.lead else None,
        provenance_of(path, databases),
    )
    if request.start_s == 0 and strip.at_end and strip.signal.shape[1]:
        check_record(path)
    return strip


def _read_file(
    file: Path, request: Request, databases: _Databases
) -> tuple[Strip, tuple[str, ...]]:
    files = Files(databases)
    guess = files.guess(file)
    assumed = (_seems(guess.layout), *guess.doubts) if guess else ()
    if guess is not None and not request.as_guessed:
        raise RecordError(
            f"{file.name} is a table. {' '.join(assumed)} If that is right, add --as-guessed."
        )
    with closing(files.open(file, guess.layout if guess else None, Cancel())) as recording:
        lead = _lead_of(recording.leads, request.lead)
        seconds = recording.duration_s if request.duration_s is None else request.duration_s
        strip = recording.read((lead,), request.start_s, seconds, Cancel())
        return strip, (*assumed, *recording.repairs)


def _lead_of(leads: Sequence[LeadName], wanted: str | None) -> LeadName:
    """Return the lead that is wanted, however it is spelled; None wants the first."""
    if not wanted:
        return leads[0]
    same = (lead for lead in leads if plain_lead(lead) == plain_lead(wanted))
    return LeadName(wanted) if wanted in leads else next(same, LeadName(wanted))


def _joins_segments(header: Path) -> bool:
    return joins_segments(header_content(header), header.name)


def _seems(layout: TableLayout) -> str:
    """Say how a table seems to be laid out."""
    leads = ", ".join(f"{column.lead} in {column.units}" for column in layout.columns)
    times = "" if layout.time_column is None else f", with times in column {layout.time_column + 1}"
    return (
        f"It seems to hold {leads}, {layout.fs:g} samples per second{times}, from line"
        f" {layout.skipped_rows + 1} on."
    )


def as_json(analysis: Analysis) -> str:
    """Return the measurements as JSON; beats are sample numbers from the record's first."""
    strip, found = analysis.strip, analysis.measurement
    document: dict[str, Any] = {
        "notice": _notices().summary,
        "record": strip.provenance.source,
        "source": strip.provenance.title,
        "licence": strip.provenance.licence,
        "citation": strip.provenance.database.citation if strip.provenance.database else None,
        "assumed": list(analysis.assumed),
        "lead": strip.leads[0],
        "fs": strip.fs,
        "start_s": strip.start_s,
        "duration_s": strip.duration_s,
        "rate_bpm": _rounded(found.rate_bpm, 2),
        "six_second_bpm": found.six_second_bpm,
        "regularity": found.regularity.value,
        "beats": np.rint(found.beats_s * strip.fs).astype(np.int64).tolist(),
        "rr_s": _rr_statistics(found),
        "intervals": asdict(found.intervals) if found.intervals else None,
        "findings": [asdict(finding) for finding in found.findings],
    }
    return json.dumps(document, indent=2)


def as_text(analysis: Analysis) -> str:
    """Return the measurements as lines for a person."""
    strip, found = analysis.strip, analysis.measurement
    rr = _rr_statistics(found)
    lines = [
        f"{strip.provenance.title}: {describe_lead(strip.leads[0])}, "
        f"{strip.start_s:.1f} to {strip.end_s:.1f} s at {strip.fs:g} Hz",
        *analysis.assumed,
        f"Beats       {found.beats_s.size}",
    ]
    if found.rate_bpm is None:
        lines.append("Rate        not measurable: no two beats without a gap between them")
    else:
        six = f", {found.six_second_bpm} by the 6-second rule" if found.six_second_bpm else ""
        lines += [
            f"Rate        {found.rate_bpm:.1f}/min from the mean RR{six}",
            f"RR          mean {rr['mean']:.3f} s, median {rr['median']:.3f} s, "
            f"{rr['min']:.3f}-{rr['max']:.3f} s, SD {rr['sd']:.3f} s",
        ]
    lines += [
        f"Regularity  {found.regularity.value}",
        *(f"{name:10}  {_interval_text(interval)}" for name, interval in _named(found.intervals)),
        "Findings, each with the share of such that can be expected to be right",
        *(f"  {finding.text} ({_certainty(finding)})" for finding in found.notable),
        _notices().summary,
    ]
    return "\n".join(lines)


def _named(intervals: Intervals | None) -> tuple[tuple[str, Interval], ...]:
    if intervals is None:
        return ()
    return (
        ("PR", intervals.pr),
        ("QRS", intervals.qrs),
        ("QT", intervals.qt),
        ("QTc Bazett", intervals.qtc_bazett),
        ("QTc Frid.", intervals.qtc_fridericia),
    )


def _interval_text(interval: Interval) -> str:
    if interval.value_s is None:
        return "not measurable"
    spread = f", varies by {interval.spread_s:.3f} s" if interval.spread_s is not None else ""
    beats = "beat" if interval.count == 1 else "beats"
    return f"{interval.value_s:.3f} s{spread} ({interval.count} {beats})"


def _certainty(finding: Finding) -> str:
    return f"{finding.confidence:.0%}" if finding.told else "no verdict"


def save_picture(analysis: Analysis, file: Path) -> None:
    """Draw the strip with its beats on ECG paper.

    Raises
    ------
    UserError
        If the strip is too long for a picture, or the file cannot be written.
    """
    if not file.name:
        raise UserError("The picture needs the name of a file.")
    save_strip(file, analysis.strip, analysis.measurement, _notices().summary)


def _notices() -> Notices:
    return load_notices(paths.asset("content", "notices.toml"))


def _find(request: Request, environ: Mapping[str, str]) -> Path:
    name = request.record.removesuffix(".hea")
    if not Path(name).name:
        raise RecordError(f"“{request.record}” names no record.")
    if _is_other_file(Path(request.record)):
        return Path(request.record)
    fetched = paths.user_folders(request.data_dir).recordings
    folders = (*local_folders(request.folder, None, environ), fetched)
    for place in (Path(), *folders):
        if _header_of(place / name).is_file():
            return place / name
        database, _, record = name.partition("/")
        if record:
            # Without its version: the newest one that is there.
            versions = sorted((place / database).glob(f"*/{glob.escape(record)}.hea"))
            if versions:
                return versions[-1].with_suffix("")
    looked = ", ".join(["here", *map(str, folders)])
    raise RecordError(f"There is no record “{request.record}” (looked {looked}).")


def _is_other_file(path: Path) -> bool:
    """Return whether a path is that of a file that is no record's name without an ending."""
    return path.is_file() and path.suffix != ".hea" and not _header_of(path).is_file()


def _header_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.hea")


def _rr_statistics(measurement: Measurement) -> dict[str, float | int | None]:
    rr = measurement.known_rr_s
    if not rr.size:
        return {"count": 0} | dict.fromkeys(("mean", "median", "min", "max", "sd"))
    return {
        "count": int(rr.size),
        "mean": _rounded(float(rr.mean()), 4),
        "median": _rounded(float(np.median(rr)), 4),
        "min": _rounded(float(rr.min()), 4),
        "max": _rounded(float(rr.max()), 4),
        "sd": _rounded(float(rr.std()), 4),
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
