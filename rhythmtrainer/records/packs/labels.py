"""What a label says about the signal it stands on: facts that nobody types."""

import re
from dataclasses import replace
from typing import Final

from rhythmtrainer.model import LabelledStrip, Provenance, Strip

# The path of a record in an archive, and where a strip that was cut out of it before begins in
# it; anything else may be the name of a person.
_EXCERPT: Final = re.compile(
    r"(?P<record>[-\w.]+/[-\w.]+(?:/[-\w.]+)+)(?: from (?P<start_s>\d{1,9}\.\d) s)?", re.ASCII
)


def label_for(strip: Strip, label: LabelledStrip) -> LabelledStrip:
    """Return a label with what the strip itself tells.

    An excerpt of a published database keeps that database's citation and licence, and the name
    and time of its record. Of any other recording nothing is taken over but its signal.
    """
    label = replace(
        label,
        leads=strip.leads,
        duration_s=strip.duration_s,
        origin=strip.provenance.origin,
        database=strip.provenance.database,
        accepted=label.accepted - {label.answer},
    )
    if strip.provenance.database is None:
        return label
    return replace(
        label,
        source=_published(strip.provenance, strip.start_s),
        licence=strip.provenance.database.licence,
    )


def relabelled(known: LabelledStrip, label: LabelledStrip) -> LabelledStrip:
    """Return a new label for a signal of which the facts are known."""
    label = replace(
        label,
        leads=known.leads,
        duration_s=known.duration_s,
        origin=known.origin,
        database=known.database,
        dropped=known.dropped,
        accepted=label.accepted - {label.answer},
    )
    if known.database is None:
        return label
    return replace(label, source=known.source, licence=known.licence)


def _published(provenance: Provenance, start_s: float) -> str:
    """Return in which record of its database a strip lies, and where it begins there."""
    found = _EXCERPT.fullmatch(provenance.source)
    if found is None:
        return "not named"
    return f"{found['record']} from {float(found['start_s'] or 0) + start_s:.1f} s"
