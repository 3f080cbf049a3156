"""Strips that an instructor labelled, and the packs in which they are handed out."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NewType

from rhythmtrainer.model.lead import LeadName
from rhythmtrainer.model.provenance import Database, Origin
from rhythmtrainer.model.rhythm import RhythmId
from rhythmtrainer.model.span import Teaching
from rhythmtrainer.model.strip import Strip

PackId = NewType("PackId", str)
StripId = NewType("StripId", str)

OWN_STRIPS: Final = PackId("own-strips")
"""The pack in which a user's own strips are kept; it is never handed out under this id."""

_ID_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class LabelledStrip:
    """A strip of a pack, without its signal.

    Attributes
    ----------
    id
        Small letters, digits and hyphens; one of a kind in its pack.
    title
        What the instructor calls it.
    leads, duration_s
        What the signal holds.
    accepted
        Answers that count as right besides `answer`.
    source
        Where the signal comes from, to be printed beside it.
    licence
        Under which licence it may be handed on; empty where that is not known.
    dropped
        What was taken out of the file it came from: kinds of facts about a patient, never
        the facts.
    database
        The published database that the signal is an excerpt of, with what has to be cited.
    """

    id: StripId
    title: str
    leads: tuple[LeadName, ...]
    duration_s: float
    answer: RhythmId
    accepted: frozenset[RhythmId] = frozenset()
    teaching: Teaching = field(default_factory=Teaching)
    source: str = ""
    licence: str = ""
    dropped: tuple[str, ...] = ()
    origin: Origin = Origin.REAL
    database: Database | None = None


@dataclass(frozen=True, slots=True)
class Quiz:
    """Strips of a pack in the order in which they are asked."""

    title: str
    strips: tuple[StripId, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """Labelled strips that travel as one file.

    Attributes
    ----------
    id
        Small letters, digits and hyphens; one of a kind on one computer.
    author
        Who made it, as that person wants to be named; may be empty.
    """

    id: PackId
    title: str
    author: str
    created: date
    note: str
    strips: tuple[LabelledStrip, ...]
    quiz: Quiz | None = None


def strip_id_of(strip: Strip) -> StripId:
    """Return an id for a strip by its signal: it tells nothing of the answer or the patient.

    The same signal has the same id, and another signal another, so that an answer that was
    given is never shown beside a strip that came later.
    """
    facts = f"{strip.fs!r} {' '.join(strip.leads)}\n".encode()
    digest = hashlib.sha256(facts + strip.signal.tobytes()).hexdigest()
    return StripId(f"strip-{digest[:_ID_DIGITS]}")


def opening_sentence(before: Pack | None, opened: Pack) -> str:
    """Say what the opening of a pack has changed.

    Parameters
    ----------
    before
        The pack that had the same id until then, if there was one.
    """
    made_by = f" by {opened.author}" if opened.author else ""
    holds = f"{len(opened.strips)} {'strip' if len(opened.strips) == 1 else 'strips'}"
    if before is None:
        return f"Opened “{opened.title}”{made_by}: {holds}."
    if before == opened:
        return f"“{opened.title}”{made_by} was here already; nothing has changed."
    sentence = (
        f"Opened “{opened.title}”{made_by}, the edition of {opened.created}: {holds}. It replaces"
        f" “{before.title}”, the edition of {before.created} with {len(before.strips)}."
    )
    if before.author != opened.author:
        sentence += f" That one named {before.author or 'nobody'} as its author."
    return sentence
