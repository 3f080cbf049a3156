"""What is taught about each rhythm."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from rhythmtrainer.content.table import Faults, Row, load_toml
from rhythmtrainer.model import (
    Defibrillation,
    LookAlike,
    PrRelation,
    PWaves,
    QrsWidth,
    Regularity,
    Rhythm,
    RhythmCategory,
    RhythmId,
    Step,
)

_COMPARED: Final[Mapping[str, tuple[Step, type[StrEnum]]]] = {
    "regularity": (Step.REGULARITY, Regularity),
    "p_waves": (Step.P_WAVES, PWaves),
    "pr": (Step.PR, PrRelation),
    "qrs": (Step.QRS, QrsWidth),
}


def load_rhythms(path: Path) -> dict[RhythmId, Rhythm]:
    """Read ``rhythms.toml``.

    Returns
    -------
    dict
        Every `RhythmId`, in the order of the file.

    Raises
    ------
    ContentError
        Listing every missing rhythm, missing key, unknown id and unknown source.
    """
    document = load_toml(path)
    faults = Faults(path)
    file = Row(document, "file", faults)
    known_sources = document.get("meta", {}).get("sources", {})
    rhythms = []
    for number, values in enumerate(file.tables("rhythm"), start=1):
        row = Row(values, f"rhythm {values.get('id', f'number {number}')}", faults)
        rhythms.append(_rhythm(row))
        for source in rhythms[-1].sources:
            if source not in known_sources:
                row.fault("sources", f"{source!r} is not listed under meta.sources")
    counts = Counter(rhythm.id for rhythm in rhythms)
    for rhythm_id in RhythmId:
        if counts[rhythm_id] != 1:
            faults.add(f"rhythm {rhythm_id}", f"must stand once, stands {counts[rhythm_id]} times")
    faults.raise_any()
    return {rhythm.id: rhythm for rhythm in rhythms}


def load_guideline(path: Path) -> str:
    """Read what the clinical content of ``rhythms.toml`` is based on.

    Raises
    ------
    ContentError
        If the file does not say.
    """
    faults = Faults(path)
    guideline = Row(load_toml(path).get("meta", {}), "meta", faults).text("guideline")
    faults.raise_any()
    return guideline


def _rhythm(row: Row) -> Rhythm:
    rhythm_id = row.member("id", RhythmId)
    return Rhythm(
        id=rhythm_id,
        name=row.text("name"),
        abbreviation=row.text("abbreviation", empty=True),
        synonyms=row.texts("synonyms"),
        category=row.member("category", RhythmCategory),
        definition=row.text("definition"),
        rate=row.text("rate"),
        regularity=row.text("regularity"),
        p_waves=row.text("p_waves"),
        pr=row.text("pr"),
        qrs=row.text("qrs"),
        agreeing=_agreeing(row.table("agreeing")),
        rate_range=row.number_pair("rate_range"),
        lethal=row.flag("lethal"),
        shock=row.member("shock", Defibrillation),
        disagreement=row.text("disagreement", empty=True),
        sources=row.texts("sources"),
        look_alikes=_look_alikes(row, rhythm_id),
    )


def _agreeing(row: Row) -> dict[Step, frozenset[StrEnum]]:
    row.only(_COMPARED)
    return {
        step: frozenset(row.as_member(key, value, verdicts) for value in row.texts(key))
        for key, (step, verdicts) in _COMPARED.items()
        if key in row
    }


def _look_alikes(row: Row, rhythm_id: RhythmId) -> tuple[LookAlike, ...]:
    found = []
    for values in row.tables("look_alikes"):
        other = row.as_member("look_alikes", str(values.get("id")), RhythmId)
        difference = values.get("difference")
        if other == rhythm_id:
            row.fault("look_alikes", "a rhythm cannot be its own look-alike")
        if not isinstance(difference, str) or not difference:
            row.fault("look_alikes", f"the difference from {other} is missing")
            continue
        found.append(LookAlike(other, difference))
    return tuple(found)
