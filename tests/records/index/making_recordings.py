"""Recordings and rules made for a test, without files."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import RateSource, RecordRef, RhythmId
from rhythmtrainer.paths import dataset
from rhythmtrainer.records.index.recordings import Recording
from rhythmtrainer.records.index.rule_files import read_rules
from rhythmtrainer.records.index.rules import Choice, Rule, Rules
from tests.support.wfdb_files import write_annotations, write_samples

REF = RecordRef("made", "1.0.0", "1")
FS = 250.0


def a_recording(
    codes: str,
    rr_s: float | Sequence[float] = 0.8,
    *,
    episodes: Sequence[tuple[str, float, float]] = (),
    **facts: Any,
) -> Recording:
    """Return a recording whose beats have these codes and RR intervals, the first at 0.4 s."""
    rr = np.broadcast_to(rr_s, len(codes) - 1) if np.ndim(rr_s) == 0 else np.asarray(rr_s)
    beats = 0.4 + np.concatenate([[0.0], np.cumsum(rr)])
    seconds = float(beats[-1]) + 0.4
    return replace(
        Recording(
            ref=REF,
            path=Path("made"),
            fs=FS,
            length=round(seconds * FS),
            leads=("II",),
            comments="",
            episodes=tuple(episodes) or (("(N", 0.1, seconds),),
            beats=beats,
            symbols=np.array(list(codes)),
            marks=np.array([]),
            noisy=((),),
            unread=(),
            patient="made-1",
        ),
        **facts,
    )


def with_signal(recording: Recording, samples: NDArray[np.float64]) -> Recording:
    """Give a recording that has no files the samples of its only lead."""

    def signal(_lead: str, part: tuple[float, float]) -> tuple[float, NDArray[np.float64]]:
        first = max(0, round(part[0] * FS))
        return first / FS, samples[first : round(part[1] * FS)]

    vars(recording)["signal"] = signal
    return recording


def a_rule(pattern: str = "N+", rhythm: RhythmId = RhythmId.PAC, **more: Any) -> Rule:
    """Return a rule about everything labelled ``(N``."""
    if "event" in more:
        more["event"] = re.compile(more["event"])
    facts: dict[str, Any] = {
        "codes": frozenset({"(N"}),
        "rhythm": rhythm,
        "rate_source": RateSource.REFERENCE_BEATS,
        "reason": "made for a test",
        "pattern": re.compile(pattern),
    }
    return Rule(**{**facts, **more})


def some_rules(*rules: Rule, **more: Any) -> Rules:
    """Return rules beside the shipped lengths and borders, for recordings of lead II."""
    facts: dict[str, Any] = {
        "database": "made",
        "rules": rules,
        "leads": (Choice(reason="the only one", says="header", lead="II"),),
        "left_out": (),
        "chosen": (),
        "identities": (),
    }
    return replace(read_rules(dataset("rules"), "mitdb"), **{**facts, **more})


def write_recording(folder: Path, name: str, codes: str, *, ending: str = "atr") -> Path:
    """Write a WFDB record of beats 0.8 s apart with these codes, labelled ``(N``.

    A wide V is drawn for ``V``, a narrow complex with a P wave before it for every other code.
    """
    beats = np.round((0.4 + 0.8 * np.arange(len(codes))) * FS).astype(np.int64)
    time = np.arange(beats[-1] + round(0.4 * FS)) / FS
    signal = np.random.default_rng(1).normal(0.0, 0.01, time.size)
    for at, code in zip(beats / FS, codes, strict=True):
        if code == "V":
            signal += 1.5 * np.exp(-(((time - at) / 0.05) ** 2))
        else:
            signal += 1.2 * np.exp(-(((time - at) / 0.014) ** 2))
            signal += 0.15 * np.exp(-(((time - at + 0.16) / 0.03) ** 2))
            signal += 0.3 * np.exp(-(((time - at - 0.28) / 0.05) ** 2))
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_samples(
        path.name,
        fs=FS,
        units=["mV"],
        sig_name=["II"],
        p_signal=signal[:, None],
        fmt=["16"],
        write_dir=str(path.parent),
    )
    write_annotations(
        path.name,
        ending,
        np.concatenate([[10], beats]),
        symbol=["+", *codes],
        aux_note=["(N\0", *[""] * len(codes)],
        write_dir=str(path.parent),
    )
    return path
