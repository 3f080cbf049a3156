"""Ids of strips and packs, and what is said when a pack was opened."""

from dataclasses import replace
from datetime import date

import numpy as np

from rhythmtrainer.model import (
    LabelledStrip,
    LeadName,
    Origin,
    Pack,
    PackId,
    Provenance,
    RhythmId,
    Strip,
    StripId,
)
from rhythmtrainer.model.pack import opening_sentence, strip_id_of

_LEADS = (LeadName("II"),)
_STRIP = Strip(
    signal=np.linspace(0.0, 1.0, 500, dtype=np.float32)[np.newaxis],
    fs=250.0,
    leads=_LEADS,
    start_s=3.0,
    at_end=False,
    provenance=Provenance(Origin.REAL, "Erika Mustermann.edf"),
)
_PACK = Pack(
    id=PackId("p"),
    title="First course",
    author="Ada",
    created=date(2026, 1, 31),
    note="",
    strips=(LabelledStrip(StripId("a"), "A", _LEADS, 10.0, RhythmId.SVT),),
)


def test_a_strip_is_known_again_by_its_signal_alone() -> None:
    elsewhere = replace(
        _STRIP, start_s=0.0, at_end=True, provenance=Provenance(Origin.REAL, "other")
    )
    assert strip_id_of(elsewhere) == strip_id_of(_STRIP)
    others = [
        replace(_STRIP, signal=-_STRIP.signal),
        replace(_STRIP, fs=500.0),
        replace(_STRIP, leads=(LeadName("V1"),)),
    ]
    assert len({strip_id_of(_STRIP), *map(strip_id_of, others)}) == 4


def test_a_new_pack_is_told() -> None:
    assert opening_sentence(None, _PACK) == "Opened “First course” by Ada: 1 strip."
    nobody = replace(_PACK, author="", strips=_PACK.strips * 2)
    assert opening_sentence(None, nobody) == "Opened “First course”: 2 strips."


def test_a_pack_that_was_here_already_is_told() -> None:
    assert "nothing has changed" in opening_sentence(_PACK, _PACK)


def test_a_replaced_edition_is_told() -> None:
    newer = replace(_PACK, created=date(2026, 2, 1))
    assert opening_sentence(_PACK, newer) == (
        "Opened “First course” by Ada, the edition of 2026-02-01: 1 strip. It replaces"
        " “First course”, the edition of 2026-01-31 with 1."
    )


def test_another_author_of_the_replaced_edition_is_told() -> None:
    for author, said in (("Eve", "named Eve"), ("", "named nobody")):
        assert said in opening_sentence(replace(_PACK, author=author), _PACK)
