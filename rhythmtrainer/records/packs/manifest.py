"""The manifest of a pack: what it says, written as JSON and checked at the door."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from rhythmtrainer.model import (
    Database,
    LabelledStrip,
    LeadName,
    Origin,
    Pack,
    PackId,
    Quiz,
    RecordError,
    RhythmId,
    Scenario,
    StripId,
    Teaching,
    is_ecg_lead,
)
from rhythmtrainer.records.packs.fields import Fields, is_id, parse_json, shown
from rhythmtrainer.records.packs.limits import (
    LEAST_SECONDS,
    MOST_CITATION,
    MOST_DROPPED,
    MOST_FILES,
    MOST_HEADER_BYTES,
    MOST_LEADS,
    MOST_NOTE,
    MOST_SECONDS,
    MOST_SIGNAL_BYTES,
    MOST_SOURCE,
    MOST_STRIPS,
    MOST_TITLE,
    OLDEST_YEARS,
)
from rhythmtrainer.records.signals.leads import printed_lead
from rhythmtrainer.records.tables.catalogue import FileFacts

MANIFEST: Final = "manifest.json"
FORMAT: Final = "rhythmtrainer-pack"
VERSION: Final = 1

_STRIPS: Final = "strips"
_PACK_KEYS: Final = (
    *("format", "version", "id", "title", "author", "created", "note", _STRIPS, "quiz", "files"),
)
_STRIP_KEYS: Final = tuple(field.name for field in fields(LabelledStrip))
_TEACHING_KEYS: Final = tuple(field.name for field in fields(Teaching))
_QUIZ_KEYS: Final = tuple(field.name for field in fields(Quiz))
_DATABASE_KEYS: Final = tuple(field.name for field in fields(Database))
_FILE_KEYS: Final = ("bytes", "sha256")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_LONGEST_LEAD: Final = 32
# A header ends a signal's line with the lead's name, and a comment begins with #.
_LEAD: Final = re.compile(r"-?[A-Za-z][-+. \w()]*", re.ASCII)
_FAULTS_SAID: Final = 5


@dataclass(frozen=True, slots=True)
class Manifest:
    """A pack and the files that its signals are in.

    Attributes
    ----------
    files
        Size and checksum by name, for example ``strips/strip-1.dat``.
    """

    pack: Pack
    files: Mapping[str, FileFacts]


def strip_files(strip: StripId) -> tuple[str, str]:
    """Return the names of a strip's header and of its signal file in a pack."""
    return f"{_STRIPS}/{strip}.hea", f"{_STRIPS}/{strip}.dat"


def is_pack_name(name: str) -> bool:
    """Return whether a pack may hold a file of this name, which then stays in its folder."""
    folder, _, file = name.rpartition("/")
    stem, _, ending = file.rpartition(".")
    return name == MANIFEST or (folder == _STRIPS and ending in ("hea", "dat") and is_id(stem))


def file_names(pack: Pack) -> list[str]:
    """Return the names of all files that hold a pack's signals, in its order."""
    return [name for strip in pack.strips for name in strip_files(strip.id)]


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return a manifest as it is written."""
    pack = manifest.pack
    said = {
        "format": FORMAT,
        "version": VERSION,
        "id": pack.id,
        "title": pack.title,
        "author": pack.author,
        "created": pack.created.isoformat(),
        "note": pack.note,
        _STRIPS: pack.strips,
        "quiz": pack.quiz,
        "files": {
            name: {"bytes": facts.size, "sha256": facts.sha256}
            for name, facts in sorted(manifest.files.items())
        },
    }
    text = json.dumps(said, default=_plain, ensure_ascii=False, indent=1)
    # Half of a surrogate pair can be typed but not encoded.
    return f"{text}\n".encode("utf-8", "replace")


def parse_manifest(content: bytes, file: str) -> Manifest:
    """Read a manifest.

    Parameters
    ----------
    file
        What it belongs to, for messages.

    Raises
    ------
    RecordError
        If it is no manifest, of a newer version, or has faults; the message tells them.
    """
    try:
        said = parse_json(content)
    except ValueError as error:
        raise RecordError(f"{file} is not a pack: its manifest is not JSON ({error}).") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise RecordError(f"{file} is not a pack: its manifest does not call itself one.")
    _check_version(said.get("version"), file)
    faults: list[str] = []
    manifest = _manifest(Fields("the pack", said, _PACK_KEYS, faults), faults)
    raise_faults(faults, file)
    return manifest


def checked(manifest: Manifest, what: str) -> Manifest:
    """Return a manifest as it will be read again, its texts without control characters.

    Raises
    ------
    RecordError
        If it would not be read; see `parse_manifest`.
    """
    return parse_manifest(manifest_bytes(manifest), what)


def raise_faults(faults: list[str], file: str) -> None:
    """Raise what is wrong with a pack as one sentence, if anything is.

    Raises
    ------
    RecordError
        If there are faults.
    """
    if not faults:
        return
    said = "; ".join(faults[:_FAULTS_SAID])
    more = len(faults) - _FAULTS_SAID
    raise RecordError(f"{file} has faults: {said}{f'; and {more} more' if more > 0 else ''}.")


def _check_version(version: object, file: str) -> None:
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise RecordError(f"{file} is not a pack: its manifest has no version.")
    if version > VERSION:
        raise RecordError(
            f"{file} was made by a newer version of rhythmtrainer and cannot be opened by this one."
        )


def _plain(value: object) -> object:
    """Return what JSON knows in the place of a value that it does not know."""
    if isinstance(value, LabelledStrip | Teaching | Quiz | Database):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is not written into a manifest")


def _manifest(pack: Fields, faults: list[str]) -> Manifest:
    strips = tuple(
        _strip(strip) for strip in pack.list_of(_STRIPS, _STRIP_KEYS, MOST_STRIPS, "strip")
    )
    read = Pack(
        id=PackId(pack.id("id")),
        title=pack.text("title", MOST_TITLE, needed=True),
        author=pack.text("author", MOST_TITLE),
        created=_date(pack),
        note=pack.text("note", MOST_NOTE),
        strips=strips,
        quiz=_quiz(pack.nested("quiz", _QUIZ_KEYS)) if pack.given("quiz") else None,
    )
    files = pack.named("files", _FILE_KEYS, MOST_FILES)
    # Parts that are wrong in themselves would only contradict each other as well.
    if not faults:
        faults += _faults_between(read, frozenset(files))
    return Manifest(read, {name: _file(name, facts) for name, facts in files.items()})


def _strip(strip: Fields) -> LabelledStrip:
    return LabelledStrip(
        id=StripId(strip.id("id")),
        title=strip.text("title", MOST_TITLE, needed=True),
        leads=_leads(strip),
        duration_s=strip.number("duration_s", LEAST_SECONDS, MOST_SECONDS),
        answer=strip.member("answer", RhythmId, RhythmId.ARTIFACT),
        accepted=strip.members("accepted", RhythmId),
        teaching=_teaching(strip.nested("teaching", _TEACHING_KEYS)),
        source=strip.text("source", MOST_SOURCE),
        licence=strip.text("licence", MOST_SOURCE),
        dropped=strip.texts("dropped", MOST_DROPPED, MOST_TITLE),
        origin=strip.member("origin", Origin, Origin.REAL),
        database=_database(strip),
    )


def _leads(strip: Fields) -> tuple[LeadName, ...]:
    leads = tuple(map(LeadName, strip.texts("leads", MOST_LEADS, _LONGEST_LEAD)))
    for lead in leads:
        if not (_LEAD.fullmatch(lead) and is_ecg_lead(lead) and printed_lead(lead) == lead):
            strip.fault(f"names {shown(lead)}, which is no ECG lead")
    if not leads or len(set(leads)) < len(leads):
        strip.fault("must name its leads, each once")
    return leads


def _teaching(teaching: Fields) -> Teaching:
    with_scenario = teaching.given("scenario")
    return Teaching(
        scenario=teaching.member("scenario", Scenario, Scenario.WITH_PULSE)
        if with_scenario
        else None,
        age_years=teaching.number("age_years", 0.0, OLDEST_YEARS)
        if teaching.given("age_years")
        else None,
        note=teaching.text("note", MOST_NOTE),
    )


def _database(strip: Fields) -> Database | None:
    if not strip.given("database"):
        return None
    database = strip.nested("database", _DATABASE_KEYS)
    said = {key: database.text(key, MOST_CITATION, needed=True) for key in _DATABASE_KEYS}
    return Database(**said)


def _quiz(quiz: Fields) -> Quiz:
    strips = quiz.texts(_STRIPS, MOST_STRIPS, MOST_TITLE)
    return Quiz(quiz.text("title", MOST_TITLE), tuple(map(StripId, strips)))


def _date(pack: Fields) -> date:
    text = pack.text("created", MOST_TITLE)
    try:
        created = date.fromisoformat(text)
    except ValueError:
        created = date.min
    if created.isoformat() != text:
        pack.fault("created must be a date such as 2026-01-31")
    return created


def _file(name: str, facts: Fields) -> FileFacts:
    most = MOST_HEADER_BYTES if name.endswith(".hea") else MOST_SIGNAL_BYTES
    sha256 = facts.text("sha256", MOST_TITLE)
    if not _SHA256.fullmatch(sha256):
        facts.fault("sha256 must be 64 lower-case hexadecimal digits")
    return FileFacts(facts.size("bytes", most), sha256)


def _faults_between(pack: Pack, files: frozenset[str]) -> list[str]:
    """Return where the parts of a pack contradict each other."""
    counts = Counter(strip.id for strip in pack.strips)
    faults = [f"the strip {strip} is there twice" for strip, count in counts.items() if count > 1]
    if pack.quiz is not None:
        asked = Counter(pack.quiz.strips)
        unknown = [strip for strip in asked if strip not in counts]
        faults += [f"the quiz asks {shown(strip)}, which is not there" for strip in unknown]
        faults += [f"the quiz asks {shown(strip)} twice" for strip, n in asked.items() if n > 1]
    expected = frozenset(file_names(pack))
    faults += [f"no facts are given about {name}" for name in sorted(expected - files)]
    faults += [f"{shown(name)} is no file of a pack" for name in sorted(files - expected)]
    return faults
