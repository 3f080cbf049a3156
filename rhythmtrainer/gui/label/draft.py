"""A labelled strip as far as it has been made, and the way back."""

from dataclasses import dataclass, field, replace
from typing import Final

from rhythmtrainer.model import LabelledStrip, LeadName, RhythmId, Scenario, StripId, Teaching

SHORTEST_S, LONGEST_S = 3.0, 60.0
"""Seconds of a strip. In less than three there may be no two beats, more is no strip."""

MOST_TITLE, MOST_NOTE, MOST_SOURCE = 120, 1000, 300
"""Letters in what is typed."""

OLDEST: Final = 120.0
_YEARS: Final = {"years": 1.0, "months": 1.0 / 12.0, "days": 1.0 / 365.25}
AGE_UNITS: Final = tuple(_YEARS)
_INFANT_YEARS: Final = 2.0
_NEWBORN_YEARS: Final = 0.25
_ROUNDING: Final = 1e-6
_MOST_STEPS: Final = 200


@dataclass(frozen=True, slots=True)
class Trim:
    """The part of a recording that becomes the strip, in seconds from the first sample."""

    start_s: float
    length_s: float

    @property
    def end_s(self) -> float:
        """Where it ends."""
        return self.start_s + self.length_s

    def within(self, duration_s: float) -> "Trim":
        """Return what of it can be: neither too short nor too long, inside the recording."""
        length_s = min(max(self.length_s, SHORTEST_S), LONGEST_S, duration_s)
        start_s = min(max(self.start_s, 0.0), max(duration_s - length_s, 0.0))
        return Trim(start_s, length_s)

    def same_as(self, other: "Trim") -> bool:
        """Return whether two begin and end together, but for rounding."""
        starts = abs(self.start_s - other.start_s) < _ROUNDING
        return starts and abs(self.length_s - other.length_s) < _ROUNDING


@dataclass(frozen=True, slots=True)
class Label:
    """What is typed and chosen about a strip; an answer of None is still to be chosen.

    Attributes
    ----------
    age, age_unit
        As typed; `age_years` tells what it means.
    """

    title: str = ""
    answer: RhythmId | None = None
    accepted: frozenset[RhythmId] = frozenset()
    scenario: Scenario | None = None
    age: str = ""
    age_unit: str = AGE_UNITS[0]
    note: str = ""
    source: str = ""
    licence: str = ""

    @property
    def age_years(self) -> float | None:
        """The age in years; None where none is said, or none can be read.

        Examples
        --------
        >>> Label(age="18", age_unit="months").age_years
        1.5
        """
        if not self.age.strip():
            return None
        try:
            years = float(self.age.replace(",", ".")) * _YEARS[self.age_unit]
        except ValueError:
            return None
        return years if 0.0 <= years <= OLDEST else None

    @property
    def faults(self) -> tuple[str, ...]:
        """A sentence for each thing that is missing or wrong."""
        found = []
        if self.answer is None:
            found.append("Choose the answer.")
        if not self.title.strip():
            found.append("Give the strip a title.")
        if self.age.strip() and self.age_years is None:
            found.append(f"The age is a number, up to {OLDEST:g} years.")
        return tuple(found)

    def labelled(
        self,
        strip: StripId,
        leads: tuple[LeadName, ...],
        duration_s: float,
        dropped: tuple[str, ...],
    ) -> LabelledStrip:
        """Return the label of a strip with this signal.

        Raises
        ------
        ValueError
            If there are `faults`.
        """
        if self.answer is None or self.faults:
            raise ValueError(" ".join(self.faults))
        return LabelledStrip(
            id=strip,
            title=self.title.strip(),
            leads=leads,
            duration_s=duration_s,
            answer=self.answer,
            accepted=self.accepted - {self.answer},
            teaching=Teaching(self.scenario, self.age_years, self.note.strip()),
            source=self.source.strip(),
            licence=self.licence.strip(),
            dropped=dropped,
        )

    @classmethod
    def of(cls, labelled: LabelledStrip) -> "Label":
        """Return what a strip's label says, to be changed."""
        age, unit = _age_in_words(labelled.teaching.age_years)
        return cls(
            title=labelled.title,
            answer=labelled.answer,
            accepted=labelled.accepted,
            scenario=labelled.teaching.scenario,
            age=age,
            age_unit=unit,
            note=labelled.teaching.note,
            source=labelled.source,
            licence=labelled.licence,
        )


def _age_in_words(years: float | None) -> tuple[str, str]:
    """Return an age as it would be typed: in months or days for the youngest.

    Examples
    --------
    >>> _age_in_words(1.5), _age_in_words(68.0), _age_in_words(None)
    (('18', 'months'), ('68', 'years'), ('', 'years'))
    """
    if years is None:
        return "", "years"
    unit = "years"
    if years < _INFANT_YEARS:
        unit = "days" if years < _NEWBORN_YEARS else "months"
    number = round(years / _YEARS[unit], 2)
    return f"{number:g}", unit


@dataclass(frozen=True, slots=True)
class Draft:
    """A strip in the making: which part of the recording, and its label."""

    trim: Trim
    label: Label = field(default_factory=Label)


class History:
    """Drafts one behind another, with a way back and forth between them."""

    def __init__(self, draft: Draft) -> None:
        self._drafts = [draft]
        self._place = 0
        self._merges = ""

    @property
    def now(self) -> Draft:
        """The draft as it stands."""
        return self._drafts[self._place]

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier draft."""
        return self._place > 0

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return self._place + 1 < len(self._drafts)

    def change(self, draft: Draft, what: str = "") -> None:
        """Go on with another draft; what was undone is forgotten.

        Parameters
        ----------
        what
            Changes of the same thing, one directly behind another, are one step back.
        """
        if draft == self.now:
            return
        del self._drafts[self._place + 1 :]
        if what and what == self._merges and self.can_undo:
            self._drafts[-1] = draft
        else:
            self._drafts.append(draft)
        self._merges = what
        del self._drafts[:-_MOST_STEPS]
        self._place = len(self._drafts) - 1

    def settle(self) -> None:
        """Let the next change be a step of its own."""
        self._merges = ""

    def follow(self, trim: Trim) -> None:
        """Move the trim without a step back: nobody has chosen it yet."""
        self.amend(replace(self.now, trim=trim))

    def amend(self, draft: Draft) -> None:
        """Put another draft in the place of this one, without a step back."""
        self._drafts[self._place] = draft

    def undo(self) -> Draft:
        """Go back one step, where there is one, and return what there was."""
        self._place = max(self._place - 1, 0)
        self._merges = ""
        return self.now

    def redo(self) -> Draft:
        """Go forth again one step, where there is one."""
        self._place = min(self._place + 1, len(self._drafts) - 1)
        self._merges = ""
        return self.now
