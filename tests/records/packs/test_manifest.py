"""What a pack says about itself."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
)
from rhythmtrainer.records.packs.fields import is_id, plain_text
from rhythmtrainer.records.packs.manifest import (
    Manifest,
    file_names,
    is_pack_name,
    manifest_bytes,
    parse_manifest,
)
from rhythmtrainer.records.tables.catalogue import FileFacts

_texts = st.text(max_size=40).map(plain_text)
_named = _texts.filter(bool)
_ids = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True).filter(is_id)
_rhythms = st.sampled_from(RhythmId)
_leads = st.lists(
    st.sampled_from(["I", "II", "aVR", "V1", "MLII", "ECG1"]).map(LeadName),
    min_size=1,
    unique=True,
).map(tuple)
_databases = st.builds(Database, *[_named] * 7)
_strips = st.builds(
    LabelledStrip,
    id=_ids.map(StripId),
    title=_named,
    leads=_leads,
    duration_s=st.floats(1, 600),
    answer=_rhythms,
    accepted=st.frozensets(_rhythms, max_size=4),
    teaching=st.builds(
        Teaching,
        scenario=st.none() | st.sampled_from(Scenario),
        age_years=st.none() | st.floats(0, 130),
        note=_texts,
    ),
    source=_texts,
    licence=_texts,
    dropped=st.lists(_texts, max_size=3).map(tuple),
    origin=st.sampled_from(Origin),
    database=st.none() | _databases,
)


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    """Any manifest."""
    strips = draw(st.lists(_strips, max_size=4, unique_by=lambda strip: strip.id))
    ids = [strip.id for strip in strips]
    asked = draw(st.none() | st.permutations(ids))
    pack = Pack(
        id=PackId(draw(_ids)),
        title=draw(_named),
        author=draw(_texts),
        created=draw(st.dates()),
        note=draw(_texts),
        strips=tuple(strips),
        quiz=None if asked is None else Quiz(draw(_texts), tuple(asked)),
    )
    facts = st.builds(
        FileFacts, st.integers(0, 60_000), st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
    )
    return Manifest(pack, {name: draw(facts) for name in file_names(pack)})


@settings(max_examples=80, deadline=None)
@given(manifests())
def test_a_manifest_comes_back_as_it_was_written(manifest: Manifest) -> None:
    content = manifest_bytes(manifest)
    assert parse_manifest(content, "x.rtpack") == manifest
    assert manifest_bytes(parse_manifest(content, "x.rtpack")) == content


_FACTS = FileFacts(1, "0" * 64)
_STRIP = LabelledStrip(StripId("a"), "A", (LeadName("II"),), 10.0, RhythmId.SVT)


def _manifest(**changed: object) -> dict[str, Any]:
    pack = Pack(PackId("p"), "P", "", date(2026, 1, 31), "", (_STRIP,), Quiz("", (_STRIP.id,)))
    said = json.loads(manifest_bytes(Manifest(pack, dict.fromkeys(file_names(pack), _FACTS))))
    return {**said, **changed}


def _refused(said: object) -> str:
    with pytest.raises(RecordError) as caught:
        parse_manifest(json.dumps(said).encode(), "x.rtpack")
    message = str(caught.value)
    assert message.startswith("x.rtpack ")
    assert len(message) < 1200
    return message


def _with_strip(**changed: object) -> dict[str, Any]:
    said = _manifest()
    said["strips"][0].update(changed)
    return said


def test_all_faults_are_told_at_once() -> None:
    said = _with_strip(title="", answer="heartburn", leads=["RESP"])
    message = _refused({**said, "id": "../up", "created": "yesterday"})
    assert "title is empty" in message
    assert "heartburn" in message
    assert "RESP" in message
    assert "../up" in message
    assert "created" in message


def test_many_faults_are_told_in_part() -> None:
    strips = [dict(_manifest()["strips"][0], id=f"s{n}", title="") for n in range(900)]
    assert "more" in _refused(_manifest(strips=strips))


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        "pack",
        {},
        {"format": "zip"},
        {"format": "rhythmtrainer-pack"},
        _manifest(version=0),
        _manifest(version=True),
        _manifest(version="1"),
        _manifest(id="own strips"),
        _manifest(id="nul"),
        _manifest(id="a" * 65),
        _manifest(id=7),
        _manifest(title=""),
        _manifest(title=None),
        _manifest(title="x" * 201),
        _manifest(note="x" * 4001),
        _manifest(created="2026-W05-6"),
        _manifest(created="20260131"),
        _manifest(created="2026-02-30"),
        _manifest(strips={}),
        _manifest(strips=[1]),
        _manifest(strips=_manifest()["strips"] * 2),
        _manifest(strips=[]),
        _manifest(quiz=[]),
        _manifest(quiz={"title": "", "strips": ["b"]}),
        _manifest(quiz={"title": "", "strips": ["a", "a"]}),
        _manifest(files={}),
        _manifest(files={**_manifest()["files"], "strips/b.dat": {"bytes": 1, "sha256": "0" * 64}}),
        _manifest(
            files={name: {"bytes": 2**40, "sha256": "0" * 64} for name in _manifest()["files"]}
        ),
        _manifest(files={name: {"bytes": -1, "sha256": "0" * 64} for name in _manifest()["files"]}),
        _manifest(files={name: {"bytes": 1, "sha256": "x"} for name in _manifest()["files"]}),
        _manifest(comment="Erika Mustermann"),
        _with_strip(patient="Erika Mustermann"),
        _with_strip(leads=[]),
        _with_strip(leads=["II", "II"]),
        _with_strip(leads=["II # Erika"]),
        _with_strip(leads=["ii"]),
        _with_strip(leads=[f"ECG{n}" for n in range(33)]),
        _with_strip(leads="II"),
        _with_strip(duration_s=0),
        _with_strip(duration_s=1e308),
        _with_strip(duration_s=True),
        _with_strip(duration_s="10"),
        _with_strip(answer=["svt"]),
        _with_strip(answer=None),
        _with_strip(accepted=["svt"] * 100),
        _with_strip(accepted="svt"),
        _with_strip(teaching=None),
        _with_strip(teaching={"scenario": "dead", "age_years": None, "note": ""}),
        _with_strip(teaching={"scenario": None, "age_years": 131, "note": ""}),
        _with_strip(teaching={"scenario": None, "age_years": None}),
        _with_strip(dropped=["x" * 201]),
        _with_strip(dropped=[{}]),
        _with_strip(origin="dreamt"),
        _with_strip(database={"id": "mitdb"}),
        _with_strip(database=7),
    ],
)
def test_a_manifest_with_a_fault_is_refused(said: object) -> None:
    _refused(said)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe{}",
        b"{",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"format": "rhythmtrainer-pack", "format": "rhythmtrainer-pack"}',
        b'{"format": NaN}',
        b'{"version": ' + b"9" * 5000 + b"}",
        '{"format": "rhythmtrainer-pack"}'.encode("utf-16"),
    ],
)
def test_what_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(RecordError, match=r"x\.rtpack is not a pack"):
        parse_manifest(content, "x.rtpack")


def test_a_newer_version_is_refused_whatever_else_it_says() -> None:
    assert "newer version" in _refused({"format": "rhythmtrainer-pack", "version": 2})


def test_texts_lose_control_characters_and_keep_their_lines() -> None:
    said = _with_strip(title="\x1b[31mred\u202e", source="a\tb\r\nc\x00\ud800")
    read = parse_manifest(json.dumps(said).encode(), "x.rtpack").pack.strips[0]
    assert (read.title, read.source) == ("[31mred", "a b\nc")


def test_half_a_surrogate_pair_that_was_typed_does_no_harm() -> None:
    pack = Pack(PackId("p"), "P\ud800", "", date(2026, 1, 31), "", ())
    assert parse_manifest(manifest_bytes(Manifest(pack, {})), "x").pack == replace(pack, title="P?")


@pytest.mark.parametrize(
    "name",
    [
        *("../manifest.json", "/manifest.json", "strips/../a.dat", "strips\\a.dat", "C:a.dat"),
        *("strips/", "strips/a", "strips/.dat", "strips/a.exe", "strips/A.dat", "strips/nul.dat"),
        *("strips/a.dat ", "strips/a.dat\n", "strips/x/a.dat", "a.dat", "manifest.json/", ""),
        *("strips/com1.hea", "strips/a..dat", "./manifest.json", "strips//a.dat", "MANIFEST.JSON"),
    ],
)
def test_a_name_that_no_pack_has_is_known(name: str) -> None:
    assert not is_pack_name(name)


def test_names_of_a_pack_are_known() -> None:
    assert all(map(is_pack_name, ["manifest.json", "strips/a-1.hea", "strips/0.dat"]))
