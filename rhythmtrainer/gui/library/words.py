"""Numbers and sentences of the library page."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from rhythmtrainer.model import Holding, LabelledStrip, Pack, Rhythm, RhythmCoverage, RhythmId
from rhythmtrainer.training.explain import age_in_words

NONE: Final = "-"
"""Stands where there is nothing to count."""

SIMULATION_ONLY: Final = "only simulated"

_STEP: Final = 1000.0
_UNITS: Final = ("kB", "MB", "GB")


def size(bytes_: int) -> str:
    """Return a size as people say it.

    Examples
    --------
    >>> size(0), size(4_200), size(104_300_000), size(3_125_000_000)
    ('-', '4.2 kB', '104 MB', '3.1 GB')
    """
    if not bytes_:
        return NONE
    amount, unit = bytes_ / _STEP, _UNITS[0]
    for larger in _UNITS[1:]:
        if round(amount) >= _STEP:
            amount, unit = amount / _STEP, larger
    few = round(amount, 1) < 10  # noqa: PLR2004 - two digits that say something
    return f"{amount:,.1f} {unit}" if few else f"{amount:,.0f} {unit}"


def many(count: int, one: str, more: str = "") -> str:
    """Return a number and what is counted.

    Examples
    --------
    >>> many(1, "strip"), many(1200, "strip"), many(0, "entry", "entries")
    ('1 strip', '1,200 strips', '0 entries')
    """
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def minutes(length: float) -> str:
    """Return a number of minutes, with a digit more where there are few.

    Examples
    --------
    >>> minutes(0.42), minutes(1234.5)
    ('0.4', '1,234')
    """
    few = round(length, 1) < 10  # noqa: PLR2004 - two digits that say something
    return f"{length:.1f}" if few else f"{length:,.0f}"


def small(phrase: str) -> str:
    """Return a phrase as it stands within a sentence."""
    return phrase[:1].lower() + phrase[1:]


def here(holding: Holding) -> str:
    """Return how many records are on this computer, and of how many."""
    if holding.published is None:
        return f"{holding.records:,}" if holding.records else NONE
    return f"{holding.records:,} of {holding.published:,}"


def size_to_fetch(holding: Holding, names: Sequence[str]) -> int | None:
    """Return how many bytes a fetch will bring at most; None where nobody knows.

    Parameters
    ----------
    names
        Of the records to fetch; all where there are none.
    """
    each = _size_of_a_record(holding)
    if names:
        return None if each is None else round(each * len(names))
    if holding.published_size is not None:
        return max(0, holding.published_size - holding.size)
    if each is None or holding.published is None:
        return None
    return round(each * max(0, holding.published - holding.records))


def _size_of_a_record(holding: Holding) -> float | None:
    if holding.published_size is not None and holding.published:
        return holding.published_size / holding.published
    return holding.size / holding.records if holding.records else None


def describe_database(holding: Holding) -> str:
    """Return what there is to say about a database, as HTML."""
    database = holding.database
    address = escape(database.doi)
    doi = f" · <a href='https://doi.org/{address}'>doi.org/{address}</a>" if database.doi else ""
    return (
        f"<p><b>{escape(database.title)} {escape(database.version)}</b> ({escape(database.id)})"
        f"<br>{escape(database.licence)}{doi}</p>"
        f"<p><b>Labels:</b> {escape(database.labels)}</p>"
        f"<p><b>Here:</b> {escape(_what_is_here(holding))}</p>"
        f"<p><b>Cite:</b> {escape(database.citation)}</p>"
    )


def _what_is_here(holding: Holding) -> str:
    said = [f"{here(holding)} records, {size(holding.size)}." if holding.records else "No records."]
    if holding.cached:
        said.append(f"{size(holding.cached)} of excerpts are kept from reading over the network.")
    if holding.spans:
        added = ", with what you added" if holding.own else ""
        said.append(
            f"In the catalogue{added}: {many(holding.spans, 'stretch', 'stretches')} of "
            f"{many(holding.rhythms, 'rhythm')}."
        )
    else:
        said.append("Not in the catalogue.")
    return " ".join(said)


def total_coverage(rows: Sequence[RhythmCoverage]) -> str:
    """Return what the catalogue covers, in a sentence or two."""
    real = [row for row in rows if row.databases]
    excerpts = sum(row.excerpts for row in real)
    length = sum(row.minutes for row in real)
    said = (
        f"Real recordings show {len(real)} of {many(len(rows), 'rhythm')}: "
        f"{many(excerpts, 'excerpt')} of ten seconds, {minutes(length)} minutes in all."
    )
    simulated = len(rows) - len(real)
    if simulated:
        said += f" For {many(simulated, 'rhythm')} only simulation serves."
    return said


def leads(strip: LabelledStrip) -> str:
    """Return the leads of a strip, or how many there are."""
    few = 3
    if len(strip.leads) <= few:
        return ", ".join(strip.leads)
    return f"{len(strip.leads)} leads"


def describe_strip(strip: LabelledStrip, rhythms: Mapping[RhythmId, Rhythm]) -> str:
    """Return what a table of strips has no room for, as HTML."""
    teaching = strip.teaching
    facts = [f"<b>{escape(rhythms[strip.answer].name)}</b>"]
    if strip.accepted:
        also = sorted(rhythms[rhythm].name for rhythm in strip.accepted)
        facts.append(f"also accepted: {escape(', '.join(also))}")
    if teaching.scenario is not None:
        facts.append(escape(teaching.scenario.value))
    if teaching.age_years is not None:
        facts.append(age_in_words(teaching.age_years))
    source = [_source(strip), _licence(strip)]
    lines = [" · ".join(facts)]
    if teaching.note:
        lines.append(f"Note: {_lines(teaching.note)}")
    if strip.dropped:
        source.append(f"taken out of the file: {', '.join(strip.dropped)}")
    lines.append(escape(" · ".join(source)))
    return "<br>".join(lines)


def describe_pack(pack: Pack) -> str:
    """Return what a table of packs has no room for, as HTML; the answers are not given away."""
    sources = dict.fromkeys(f"{_source(strip)} · {_licence(strip)}" for strip in pack.strips)
    lines = [f"<b>{escape(pack.title)}</b> · made on {pack.created:%d %b %Y}"]
    if pack.note:
        lines.append(_lines(pack.note))
    lines.append(f"Recordings: {escape('; '.join(sources))}")
    return "<br>".join(lines)


def _source(strip: LabelledStrip) -> str:
    return strip.source or "source not stated"


def _licence(strip: LabelledStrip) -> str:
    return strip.licence or "licence not stated"


def _lines(text: str) -> str:
    return "<br>".join(map(escape, text.splitlines()))
