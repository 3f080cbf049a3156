"""What may be asked for, and what is drawn where nothing was."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from numbers import Integral, Real
from typing import Any, Final

import numpy as np

from rhythmtrainer.model import LeadName, RhythmId
from rhythmtrainer.simulate.body.leads import LEADS
from rhythmtrainer.simulate.noise import Noise
from rhythmtrainer.simulate.rhythms import PRESETS
from rhythmtrainer.simulate.rhythms.preset import Chosen, Number, Options, Preset, Range, Variant

LONGEST_S: Final = 3600.0
MOST_SAMPLES: Final = 100_000_000
"""Of all leads together: an hour of twelve at 2000 samples per second fits."""

RATES_HZ: Final = (50.0, 5000.0)
"""Sampling rates that are made: below, a QRS is three samples; above, nothing is gained."""

OLDEST_YEARS: Final = 110.0
GROWN_UP_YEARS: Final = 16.0
"""From this age on the adults' rates and intervals hold."""

MOST_NOISE: Final = 20.0


@dataclass(frozen=True, slots=True)
class Stage:
    """A rhythm for a time, one of several in a row.

    Attributes
    ----------
    variant
        What is asked for, by the names of `simulating.variants_of`; chance draws the rest.
    """

    rhythm: RhythmId
    seconds: float
    variant: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a strip is asked for by; see `simulating.simulate_stages`."""

    stages: Sequence[Stage]
    fs: float
    leads: Sequence[LeadName]
    seed: int
    age: float | None
    noise: float | Noise


def checked(asked: Asked) -> Asked:
    """Refuse what cannot be made; return the rest as plain numbers, names and tuples.

    Raises
    ------
    ValueError
        One sentence for each fault, with what is allowed.
    """
    if not isinstance(asked.leads, str):
        asked = replace(asked, leads=tuple(asked.leads))
    asked = replace(asked, stages=tuple(asked.stages))
    faults = [*_faults(asked)]
    if faults:
        raise ValueError("; ".join(dict.fromkeys(faults)))
    stages = tuple(
        Stage(RhythmId(stage.rhythm), float(stage.seconds), stage.variant) for stage in asked.stages
    )
    age = None if asked.age is None else float(asked.age)
    return replace(asked, stages=stages, fs=float(asked.fs), seed=int(asked.seed), age=age)


def chosen(
    presets: Sequence[Preset],
    variants: Sequence[Mapping[str, float | str]],
    age: float,
    rng: np.random.Generator,
) -> list[Chosen]:
    """Draw what was not asked for of rhythms in a row.

    All is drawn, and what was asked for put in its place: asking for one thing leaves the others.
    A patient whose rhythm turns into another keeps what the next one usually has, too.
    """
    found: list[Chosen] = []
    before: Mapping[str, float | str] = {}
    for preset, variant in zip(presets, variants, strict=True):
        kinds = preset.variants
        drawn = {name: _drawn(kind, age, rng) for name, kind in kinds.items()}
        kept = {
            name: value
            for name, value in before.items()
            if name in kinds and _is_usual(kinds[name], value, age)
        }
        found.append(Chosen({**drawn, **kept, **variant}, age, rng))
        before = {**before, **found[-1].values}
    return found


def allowed(number: Number, age: float | None) -> Range:
    """Return what may be asked for of a number at an age; None is an adult."""
    if number.at_age is not None and age is not None and age < GROWN_UP_YEARS:
        return number.at_age(age)
    return number.low, number.high


def _drawn(kind: Variant, age: float, rng: np.random.Generator) -> float | str:
    if isinstance(kind, Options):
        names = kind.usual or kind.names
        return names[int(rng.integers(len(names)))]
    return float(rng.uniform(*_usual_range(kind, age)))


def _usual_range(number: Number, age: float) -> Range:
    is_child = number.at_age is not None and age < GROWN_UP_YEARS
    return allowed(number, age) if is_child or number.usual is None else number.usual


def _is_usual(kind: Variant, value: float | str, age: float) -> bool:
    if isinstance(kind, Options):
        return value in (kind.usual or kind.names)
    return _is_within(value, _usual_range(kind, age))


def _faults(asked: Asked) -> Iterator[str]:
    if not asked.stages:
        yield "there must be at least one stage"
    seconds = [stage.seconds for stage in asked.stages]
    lasts = all(_is_within(length, (0.0, LONGEST_S)) and length > 0.0 for length in seconds)
    if not lasts or sum(seconds) > LONGEST_S:
        said = " + ".join(map(_said, seconds))
        yield f"seconds must be above 0 and at most {LONGEST_S:.0f}, got {said}"
    low, high = RATES_HZ
    sampled = _is_within(asked.fs, RATES_HZ)
    if not sampled:
        yield f"fs must be {low:.0f} to {high:.0f} samples per second, got {_said(asked.fs)}"
    if not (_is_number(asked.seed, Integral) and asked.seed >= 0):
        yield f"seed must be a whole number, 0 or more, got {_said(asked.seed)}"
    aged = asked.age is None or _is_within(asked.age, (0.0, OLDEST_YEARS))
    if not aged:
        yield f"age must be 0 to {OLDEST_YEARS:.0f} years, got {_said(asked.age)}"
    yield from _lead_faults(asked.leads)
    samples = sum(seconds) * asked.fs * len(asked.leads) if lasts and sampled else 0.0
    if samples > MOST_SAMPLES:
        yield (
            f"seconds times fs times leads must be at most {MOST_SAMPLES:,} samples,"
            f" got {samples:,.0f}"
        )
    for stage in asked.stages:
        yield from _stage_faults(stage, asked.age if aged else None, asked.noise)


def _stage_faults(stage: Stage, age: float | None, noise: float | Noise) -> Iterator[str]:
    try:
        rhythm = RhythmId(stage.rhythm)
    except ValueError:
        yield f"there is no rhythm {stage.rhythm!r}, only {', '.join(PRESETS)}"
        return
    yield from _variant_faults(rhythm, stage.variant, age)
    yield from _noise_faults(rhythm, noise)


def _lead_faults(leads: Sequence[LeadName]) -> Iterator[str]:
    known = ", ".join(LEADS)
    if isinstance(leads, str):
        yield f"leads must be several names, as in [{leads!r}], not one"
        return
    if not leads:
        yield f"leads must name at least one of {known}"
    unknown = dict.fromkeys(repr(lead) for lead in leads if lead not in LEADS)
    if unknown:
        yield f"there is no simulated lead {', '.join(unknown)}, only {known}"
    for twice in (lead for lead in LEADS if list(leads).count(LeadName(lead)) > 1):
        yield f"lead {twice!r} is named more than once"


def _noise_faults(rhythm: RhythmId, noise: float | Noise) -> Iterator[str]:
    if isinstance(noise, Noise):
        return
    least = PRESETS[rhythm].least_noise
    if not _is_within(noise, (least, MOST_NOISE)):
        yield f"noise must be {least:g} to {MOST_NOISE:g} in {rhythm.value}, got {_said(noise)}"


def _variant_faults(
    rhythm: RhythmId, variant: Mapping[str, float | str], age: float | None
) -> Iterator[str]:
    kinds = PRESETS[rhythm].variants
    for name, value in variant.items():
        kind = kinds.get(name)
        if kind is None:
            known = ", ".join(kinds) or "nothing"
            yield f"{rhythm.value} cannot vary in {name!r}, only in {known}"
        elif isinstance(kind, Options):
            if value not in kind.names:
                names = ", ".join(kind.names)
                yield f"{name} must be one of {names} in {rhythm.value}, got {value!r}"
        elif not _is_within(value, allowed(kind, age)):
            low, high = allowed(kind, age)
            where = rhythm.value if age is None else f"{rhythm.value} at {age:g} years"
            yield f"{name} must be {low:g} to {high:g} {kind.unit} in {where}, got {_said(value)}"


def _is_within(value: Any, limits: Range) -> bool:
    # NaN lies within nothing.
    return _is_number(value, Real) and bool(limits[0] <= value <= limits[1])


def _is_number(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _said(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else repr(value)
