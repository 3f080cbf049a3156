"""What an excerpt of a remote record costs, and what comes of an archive that misbehaves."""

import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import numpy as np

from rhythmtrainer.model import LeadName, RecordRef, Strip, StripRef, UserError
from rhythmtrainer.records.archive import fetch
from rhythmtrainer.records.sources import physionet
from rhythmtrainer.records.sources.cache import ExcerptCache
from rhythmtrainer.records.sources.local import LocalRecords
from rhythmtrainer.records.sources.physionet import PhysioNet
from rhythmtrainer.records.tables.catalogue import FileFacts
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.preparation import CONTEXT_S
from tests.support.physionet_server import Fault, PhysioNetServer

# While it is imported the library calls pandas in a way that pandas 3 warns about.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import wfdb
    from wfdb.io import download

EXCERPT_S: Final = 10.0
OUTCOMES: Final = ("told", "right", "wrong")
# For an answer, and for a whole strip.
_READ_S: Final = 0.4
_WHOLE_S: Final = 1.0

FAULTS: Final[Mapping[str, Fault]] = {
    "drops the connection": Fault(ends_after=1000),
    "resets the connection": Fault(reset_after=1000),
    "sends another range": Fault(shifted_by=3),
    "announces more than it sends": Fault(promised_more=100),
    "says the file is longer": Fault(other_size=1 << 40),
    "ignores the range": Fault(ignores_range=True),
    "answers 503": Fault(status=503),
    "answers 416": Fault(status=416),
    "answers 404": Fault(status=404),
    "answers with a log-in page": Fault(content=b"<html>Log in</html>", content_type="text/html"),
    "answers with something short": Fault(content=b"\0" * 100),
    "trickles": Fault(bytes_per_second=200),
    "stalls": Fault(stall_after=500),
    "never ends its headers": Fault(header_every_s=0.2),
    "turns every bit round": Fault(garbled=True),
}


def samples(records: Path) -> dict[str, StripRef]:
    """Return an excerpt of each kind of record that is there."""
    wanted = {
        "mitdb": ("1.0.0", "100", ("MLII", "V5"), 60.0),
        "mitdb, longest header": ("1.0.0", "207", ("MLII", "V1"), 60.0),
        "vfdb": ("1.0.0", "418", ("ECG",), 60.0),
        "cpsc2021": ("1.0.0", "Training_set_I/data_21_7", ("I", "II"), 60.0),
        "ludb": ("1.0.1", "data/1", ("I", "II"), 0.0),
        "ptb-xl": ("1.0.3", "records500/00000/00005_hr", ("I", "II"), 0.0),
        "challenge-2021": ("1.0.3", "training/georgia/E07500", ("I", "II"), 0.0),
    }
    found = {}
    for name, (version, record, leads, start_s) in wanted.items():
        ref = RecordRef(name.partition(",")[0], version, record)
        if (records / f"{ref.path}.hea").is_file():
            found[name] = StripRef(ref, tuple(map(LeadName, leads)), start_s, EXCERPT_S)
    return found


def padded(ref: StripRef) -> tuple[float, float]:
    """Return what practice reads of a window: its start and its length, with the context."""
    first = max(0.0, ref.start_s - CONTEXT_S)
    return first, ref.end_s + CONTEXT_S - first


def costs(records: Path, files: Mapping[str, FileFacts]) -> list[dict[str, Any]]:
    """Measure a first excerpt of a record and the one after it, by this program and by wfdb."""
    rows = []
    with PhysioNetServer(records) as server, tempfile.TemporaryDirectory() as folder:
        archive = PhysioNet(server.url, ExcerptCache(Path(folder)), {}, files)
        download.set_db_index_url(server.url)
        for name, ref in samples(records).items():
            own, length_s = _own_bytes(records, ref)
            later_s = 120.0 if length_s > 2 * 120.0 else 0.0
            later = replace(ref, start_s=ref.start_s + later_s)
            read: dict[str, Callable[[], object]] = {
                "first": partial(_read, archive, ref),
                "then": partial(_read, archive, later),
                "wfdb first": partial(_read_by_wfdb, records, ref),
                "wfdb then": partial(_read_by_wfdb, records, later),
                "wfdb whole": partial(_read_by_wfdb, records, ref, whole=True),
            }
            found = {what: _counted(server, call, own) for what, call in read.items()}
            rows.append({"database": name, "own bytes": own, **found})
        download.set_db_index_url()
        archive.close()
    return rows


def faults(records: Path, files: Mapping[str, FileFacts]) -> list[dict[str, Any]]:
    """Read from an archive with each fault in turn, and count strips that are wrong.

    The program's patience is cut short, so that it need not be waited for.
    """
    rows = []
    local = LocalRecords([records], {}, {})
    short = (patch.object(fetch, "READ_S", _READ_S), patch.object(physionet, "WHOLE_S", _WHOLE_S))
    with short[0], short[1], PhysioNetServer(records) as server:
        for name, fault in FAULTS.items():
            outcome: Counter[str] = Counter()
            for ref in samples(records).values():
                expected = local.read(ref, *padded(ref), Cancel())
                for pattern in ("*.hea", "*.[dm]at"):
                    server.behave()
                    server.misbehave(fault, pattern)
                    outcome[_outcome(server, files, ref, expected)] += 1
            rows.append({"fault": name, **{what: outcome[what] for what in OUTCOMES}})
    return rows


def _outcome(
    server: PhysioNetServer, files: Mapping[str, FileFacts], ref: StripRef, expected: Strip
) -> str:
    with tempfile.TemporaryDirectory() as folder:
        archive = PhysioNet(server.url, ExcerptCache(Path(folder)), {}, files)
        try:
            strip = _read(archive, ref)
        except UserError:
            return "told"
        finally:
            archive.close()
    same = strip.leads == expected.leads and strip.start_s == expected.start_s
    right = same and np.array_equal(strip.signal, expected.signal, equal_nan=True)
    return "right" if right else "wrong"


def _counted(server: PhysioNetServer, call: Callable[[], object], own: int) -> dict[str, float]:
    server.forget()
    call()
    sent = server.body_bytes
    return {"requests": len(server.requests), "bytes": sent, "times own": round(sent / own, 3)}


def _read(archive: PhysioNet, ref: StripRef) -> Strip:
    return archive.read(ref, *padded(ref), Cancel())


def _read_by_wfdb(records: Path, ref: StripRef, *, whole: bool = False) -> None:
    folder, _, name = ref.record.path.rpartition("/")
    fs, frames = _rate_and_length(records, ref)
    first_s, seconds = padded(ref)
    stretch = {"sampfrom": round(first_s * fs), "sampto": round((first_s + seconds) * fs)}
    stretch["sampto"] = min(stretch["sampto"], frames)
    wfdb.rdrecord(name, pn_dir=folder, **({} if whole else stretch))


def _rate_and_length(records: Path, ref: StripRef) -> tuple[float, int]:
    header = wfdb.rdheader(str(records / ref.record.path))
    return float(header.fs), int(header.sig_len)


def _own_bytes(records: Path, ref: StripRef) -> tuple[int, float]:
    """Return the bytes of the excerpt in the signal file, and the length of the recording."""
    header = wfdb.rdheader(str(records / ref.record.path))
    (file,) = set(header.file_name)
    size = (records / ref.record.path).with_name(file).stat().st_size
    length_s = header.sig_len / header.fs
    return round((size - (header.byte_offset[0] or 0)) * ref.duration_s / length_s), length_s
