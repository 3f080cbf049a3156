"""Which rhythm somebody means."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Final

from rhythmtrainer.model import Rhythm, RhythmId

# How like a name must be to one that is known, to be offered in its place.
_LIKE: Final = 0.5


def rhythms_called(text: str, rhythms: Mapping[RhythmId, Rhythm]) -> tuple[RhythmId, ...]:
    """Return the rhythm that is called so, or those of which a name begins so.

    Ids, names, abbreviations and synonyms are looked at, in any case and with any signs between
    the words.

    Returns
    -------
    tuple of RhythmId
        One if it is clear which is meant, several in the order of `rhythms` if not.
    """
    names = dict(_names(rhythms))
    plain = _letters(text)
    if plain in names:
        return (names[plain],)
    begun = {rhythm for name, rhythm in names.items() if plain and name.startswith(plain)}
    return tuple(rhythm for rhythm in rhythms if rhythm in begun)


def rhythms_like(text: str, rhythms: Mapping[RhythmId, Rhythm]) -> tuple[RhythmId, ...]:
    """Return the rhythms that have a name like this one, the likest first."""
    names = dict(_names(rhythms))
    like = difflib.get_close_matches(_letters(text), names, len(names), _LIKE)
    return tuple(dict.fromkeys(names[name] for name in like))


def _names(rhythms: Mapping[RhythmId, Rhythm]) -> Iterator[tuple[str, RhythmId]]:
    """Yield what rhythms are called, ids last: those are always their own."""
    for rhythm in rhythms.values():
        yield from ((_letters(name), rhythm.id) for name in rhythm.synonyms)
    for rhythm in rhythms.values():
        yield from (
            (_letters(name), rhythm.id) for name in (rhythm.abbreviation, rhythm.name) if name
        )
    yield from ((_letters(rhythm), rhythm) for rhythm in rhythms)


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
