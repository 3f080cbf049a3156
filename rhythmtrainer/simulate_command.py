"""Simulating a strip from the command line: a summary, the truth as JSON, or a file."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer import paths
from rhythmtrainer.content import load_notices, load_rhythms
from rhythmtrainer.content.names import rhythms_called, rhythms_like
from rhythmtrainer.model import (
    STANDARD_LEADS,
    Beginning,
    LeadName,
    Rhythm,
    RhythmId,
    Simulated,
    Truth,
    UserError,
)
from rhythmtrainer.simulate import (
    MODEL_VERSION,
    Noise,
    Number,
    Stage,
    Variant,
    simulate_stages,
    variants_of,
)
from rhythmtrainer.simulate.asking import allowed
from rhythmtrainer.simulate.body.leads import LEADS
from rhythmtrainer.simulate.noise import NOISES

PICTURE: Final = ".png"
# Says all twelve standard leads.
_TWELVE: Final = "12"
_MOST_OFFERED: Final = 4
# The first colon behind which there is a number is the one before the seconds: rhythms (2:1 AVB)
# and values (4:3) have colons too.
_THEN: Final = re.compile(
    r"(?P<rhythm>.+?):\s*(?P<seconds>[-+.\deE]+)\s*(?P<varied>(?:,[^,=]+=[^,]*)*)", re.DOTALL
)
_THEN_FORM: Final = "RHYTHM:SECONDS or RHYTHM:SECONDS,NAME=VALUE"
_MILLISECONDS: Final = 1000.0
_PER_MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Request:
    """What to simulate, as it was typed.

    Attributes
    ----------
    rhythm
        An id, a name, an abbreviation, or the beginning of one.
    leads
        Names with commas between them, or ``12`` for the twelve standard leads.
    vary
        ``NAME=VALUE`` each, of the first rhythm.
    noise
        A factor on what is usual, or a name among `noise.NOISES`.
    then
        What follows it: ``RHYTHM:SECONDS``, and ``,NAME=VALUE`` for what varies there.
    """

    rhythm: str
    seconds: float
    fs: float
    leads: str
    seed: int
    age: float | None
    noise: str
    vary: tuple[str, ...] = ()
    then: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A simulated strip, and what it was asked for by."""

    simulated: Simulated
    stages: tuple[Stage, ...]
    request: Request

    @property
    def course(self) -> tuple[str, ...]:
        """Which rhythm holds from when on, and in what it might have varied, a line each."""
        names = _rhythms()
        lines = []
        for episode, drawn in zip(self.simulated.truth.episodes, self.simulated.drawn, strict=True):
            said = ", ".join(f"{name}={_plain(value)}" for name, value in drawn.items())
            name = f"{names[episode.rhythm].name} ({episode.rhythm})"
            lines.append(f"From {episode.start_s:g} s: {name}{said and ', with '}{said}")
        return tuple(lines)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a file of it says about how it was made, a line each."""
        asked = self.request
        return (
            *self.course,
            f"Seed {asked.seed}, {_age(asked.age)}, noise {asked.noise},"
            f" model version {MODEL_VERSION}",
        )


def make(request: Request) -> Made:
    """Simulate a strip.

    Raises
    ------
    UserError
        If something is asked for that cannot be; says what can.
    """
    first = _stage(request.rhythm, request.seconds, request.vary, request.age)
    stages = (first, *(_then(text, request.age) for text in request.then))
    try:
        made = simulate_stages(
            stages,
            fs=request.fs,
            leads=_leads(request.leads),
            seed=request.seed,
            age=request.age,
            noise=_noise(request.noise),
        )
    except ValueError as error:
        raise UserError(f"This cannot be simulated: {error}.") from error
    except MemoryError as error:
        raise UserError("This does not fit into memory: ask for less at once.") from error
    return Made(made, stages, request)


def save(made: Made, file: Path) -> str:
    """Write a strip into a file of the kind that its name ends with; return what was written.

    Raises
    ------
    UserError
        If there is no such kind, or the file cannot be written.
    """
    _check_ending(file)
    if file.suffix.casefold() == PICTURE:
        from rhythmtrainer.reports.strip_figure import save_simulated

        stages = made.stages
        names = ", then ".join(_rhythms()[stage.rhythm].name for stage in stages)
        save_simulated(file, made.simulated, names, _notice())
        return f"Written: {file}"
    from rhythmtrainer.records.files.writing import write_simulated

    written = write_simulated(file, made.simulated, made.remarks)
    return f"Written: {', '.join(map(str, written))}"


def as_text(made: Made) -> str:
    """Return what was made as lines for a person."""
    strip, truth = made.simulated.strip, made.simulated.truth
    lines = [
        f"Simulated, seed {made.request.seed}, {_age(made.request.age)}:"
        f" {', '.join(strip.leads)}, {strip.duration_s:g} s at {strip.fs:g} samples per second",
        *made.course,
    ]
    held = _held(made.simulated)
    facts = (
        ("QRS", f"{np.count_nonzero(held)} complexes{_rate(truth.qrs_s[held])}"),
        ("RR", _spread(np.diff(truth.qrs_s[held]))),
        ("P", _p_waves(made.simulated)),
        ("PR", _spread(pr_intervals(truth)[held])),
        ("QRS width", _spread((truth.qrs_end_s - truth.qrs_s)[held])),
        ("QT", _spread((truth.t_end_s - truth.qrs_s)[held])),
    )
    lines += [f"{name:10}  {said}" for name, said in facts if said]
    return "\n".join([*lines, _notice()])


def as_json(made: Made) -> str:
    """Return all that is known of a strip: rhythms, waves, and which P led to which QRS.

    Times are seconds from the first sample; some waves lie just outside of the strip. ``p`` of a
    QRS counts in the list of P waves from 0, and is null where none was conducted.
    """
    strip, truth = made.simulated.strip, made.simulated.truth
    document = {
        "notice": _notice(),
        "simulated": True,
        "model_version": MODEL_VERSION,
        "seed": made.request.seed,
        "age": made.request.age,
        "noise": made.request.noise,
        "leads": list(strip.leads),
        "fs": strip.fs,
        "duration_s": strip.duration_s,
        "asked": [{"rhythm": stage.rhythm, **stage.variant} for stage in made.stages],
        "episodes": [
            {"rhythm": one.rhythm, "start_s": one.start_s, "end_s": one.end_s, "drawn": dict(drawn)}
            for one, drawn in zip(truth.episodes, made.simulated.drawn, strict=True)
        ],
        "p": _rows(
            onset_s=truth.p_s, end_s=truth.p_end_s, beginning=_beginnings(truth.p_beginning)
        ),
        "qrs": _rows(
            onset_s=truth.qrs_s,
            end_s=truth.qrs_end_s,
            beginning=_beginnings(truth.qrs_beginning),
            p=[place if place >= 0 else None for place in truth.qrs_p.tolist()],
            t_peak_s=truth.t_peak_s,
            t_end_s=truth.t_end_s,
        ),
        "spikes": _rows(
            at_s=truth.spikes_s,
            chamber=["atria" if atria else "ventricles" for atria in truth.spike_in_atria],
            captures=truth.spike_captures.tolist(),
        ),
    }
    return json.dumps(document, indent=2, allow_nan=False)


def list_rhythms(only: str | None = None, age: float | None = None) -> str:
    """Say what can be simulated, and in what each rhythm, or one alone, may vary at an age.

    Raises
    ------
    UserError
        If there is no such rhythm.
    """
    rhythms = _rhythms()
    lines = []
    for rhythm in rhythms if only is None else (_found(only),):
        taught = rhythms[rhythm]
        known_by = taught.abbreviation
        short = f" ({known_by})" if known_by and f"({known_by})" not in taught.name else ""
        lines.append(f"{rhythm}: {taught.name}{short}")
        lines += [f"    {said}" for said in _variants_said(rhythm, age)]
    return "\n".join([*lines, "", f"Leads: {', '.join(LEADS)}, or {_TWELVE} for the twelve."])


def pr_intervals(truth: Truth) -> NDArray[np.float64]:
    """Return the PR interval of each QRS in seconds.

    NaN where no P was conducted, or to a part of the ventricles only: a fusion beat begins early.
    """
    began = np.append(truth.p_beginning, np.int8(-1))[truth.qrs_p]
    below = np.isin(truth.qrs_beginning, (Beginning.VENTRICLES, Beginning.DEVICE))
    conducted = (truth.qrs_p >= 0) & ~(below & (truth.qrs_beginning != began))
    intervals = np.full(truth.qrs_s.size, np.nan)
    intervals[conducted] = truth.qrs_s[conducted] - truth.p_s[truth.qrs_p[conducted]]
    return intervals


def _check_ending(file: Path) -> None:
    from rhythmtrainer.records.files.writing import ENDINGS

    endings = (*ENDINGS, PICTURE)
    if file.suffix.casefold() not in endings:
        raise UserError(
            f"--out {file} is of no kind that is written: its name must end with"
            f" {', '.join(endings[:-1])} or {endings[-1]}."
        )


def _stage(rhythm: str, seconds: float, vary: Sequence[str], age: float | None) -> Stage:
    found = _found(rhythm)
    kinds = variants_of(found)
    varied: dict[str, float | str] = {}
    for text in vary:
        name, sign, value = (part.strip() for part in text.partition("="))
        kind = kinds.get(name)
        if not sign or kind is None:
            offered = "; ".join(_variants_said(found, age)) or "nothing"
            raise UserError(f"“{text}” varies nothing in {found}. NAME=VALUE may vary {offered}.")
        if name in varied:
            raise UserError(f"{name} is given more than once for {found}.")
        varied[name] = _value(kind, name, value)
    return Stage(found, seconds, varied)


def _then(text: str, age: float | None) -> Stage:
    match = _THEN.fullmatch(text)
    if match is None:
        raise UserError(f"--then {text} is not of the form {_THEN_FORM}.")
    try:
        seconds = float(match["seconds"])
    except ValueError as error:
        raise UserError(f"--then {text} is not of the form {_THEN_FORM}.") from error
    return _stage(match["rhythm"], seconds, match["varied"].split(",")[1:], age)


def _value(kind: Variant, name: str, text: str) -> float | str:
    if not isinstance(kind, Number):
        return text
    try:
        return float(text)
    except ValueError as error:
        raise UserError(f"{name} must be a number of {kind.unit}, got “{text}”.") from error


def _variants_said(rhythm: RhythmId, age: float | None) -> Iterator[str]:
    for name, kind in variants_of(rhythm).items():
        if isinstance(kind, Number):
            low, high = allowed(kind, age)
            others = ", other limits in children" if kind.at_age and age is None else ""
            yield f"{name}={low:.3g}..{high:.3g} {kind.unit} ({kind.meaning}{others})"
        else:
            yield f"{name}={'|'.join(kind.names)} ({kind.meaning})"


def _leads(text: str) -> tuple[LeadName, ...]:
    """Return the leads that are named, spelled as they are printed where they are known."""
    if text.strip() == _TWELVE:
        return tuple(map(LeadName, STANDARD_LEADS))
    printed = {name.casefold(): name for name in LEADS}
    names = [name for name in re.split(r"[,\s]+", text) if name]
    return tuple(LeadName(printed.get(name.casefold(), name)) for name in names)


def _found(text: str) -> RhythmId:
    rhythms = _rhythms()
    called = rhythms_called(text, rhythms)
    if len(called) == 1:
        return called[0]
    like = called or rhythms_like(text, rhythms)
    offered = f" Like it are {', '.join(like[:_MOST_OFFERED])}." if like else ""
    raise UserError(
        f"There is no rhythm “{text}”.{offered} rhythmtrainer simulate --list names all."
    )


@cache
def _rhythms() -> Mapping[RhythmId, Rhythm]:
    return load_rhythms(paths.asset("content", "rhythms.toml"))


def _notice() -> str:
    return load_notices(paths.asset("content", "notices.toml")).summary


def _held(made: Simulated) -> NDArray[np.bool_]:
    """Return which QRS complexes begin within the strip."""
    onsets = made.truth.qrs_s
    return np.asarray((onsets >= 0) & (onsets < made.strip.duration_s))


def _p_waves(made: Simulated) -> str:
    truth = made.truth
    held = (truth.p_s >= 0) & (truth.p_s < made.strip.duration_s)
    if not held.any():
        return "no waves that can be told from one another"
    conducted = np.isin(np.flatnonzero(held), truth.qrs_p)
    waves = f"{np.count_nonzero(held)} waves{_rate(truth.p_s[held])}"
    return f"{waves}, {np.count_nonzero(conducted)} of them conducted"


def _rate(times_s: NDArray[np.float64]) -> str:
    steps = np.diff(times_s)
    return f", {_PER_MINUTE / steps.mean():.0f}/min" if steps.size else ""


def _spread(intervals_s: NDArray[np.float64]) -> str:
    known = intervals_s[np.isfinite(intervals_s)] * _MILLISECONDS
    if not known.size:
        return ""
    return f"{np.median(known):.0f} ms ({known.min():.0f} to {known.max():.0f})"


def _age(age: float | None) -> str:
    return "adult" if age is None else f"{age:g} years old"


def _noise(said: str) -> float | Noise:
    if said in NOISES:
        return NOISES[said]
    try:
        return float(said)
    except ValueError as error:
        names = ", ".join(NOISES)
        raise UserError(f"--noise {said} is neither a number nor one of {names}.") from error


def _plain(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _beginnings(codes: NDArray[np.int8]) -> list[str]:
    return [Beginning(code).name.casefold() for code in codes.tolist()]


def _rows(**columns: NDArray[np.float64] | Sequence[Any]) -> list[dict[str, Any]]:
    """Turn columns into rows; what is not a number becomes null."""
    plain = {
        name: [None if np.isnan(value) else round(value, 6) for value in values.tolist()]
        if isinstance(values, np.ndarray)
        else values
        for name, values in columns.items()
    }
    return [dict(zip(plain, row, strict=True)) for row in zip(*plain.values(), strict=True)]
