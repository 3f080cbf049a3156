"""How well `rhythmtrainer.ecg.quality.seconds` tells noisy seconds from readable ones.

Every figure is a share of seconds, in percent. Recorded noise is added to record 118 as the noise
stress test does it: the electrode motion of record 118e_6 is rescaled, and muscle noise and
baseline wander are given the same mean variance of a second. The thresholds were settled on the
even half of the recordings; figures of whole databases are of the odd half.

Whoever labelled the noise of vfdb and mitdb did not say that it hides the ECG: most of it does not.
"""

import argparse
import json
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import wfdb
from numpy.typing import NDArray

from rhythmtrainer.ecg.quality import quality
from rhythmtrainer.model.quality import Quality
from rhythmtrainer.records.signals.wfdb_reader import read_annotations
from tests.bench.setting import interleaved, pinned, records_option, setting

Signal = NDArray[np.float32]
Mask = NDArray[np.bool_]
Share = dict[str, float]

MASKS = ("flat", "clipped", "saturated", "motion", "mains", "noisy")
DECIBELS = (24, 18, 12, 6, 0, -6)
SAME_RHYTHM = {"(VFIB": "(VF", "(NSR": "(N"}
# Noise in record 118e_6 begins after five minutes and comes and goes every two.
FIRST_NOISE_S, NOISE_S = 300, 120
SPEED_RUNS = 50


def run(argv: list[str]) -> int:
    """Print the shares and the speed; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench quality", description=__doc__)
    records_option(parser)
    options = parser.parse_args(argv)
    folder: Path = options.records
    if not (folder / "nstdb" / "1.0.0").is_dir():
        print(f"no nstdb/1.0.0 in {folder}", file=sys.stderr)
        return 2
    report = {
        "setting": setting(),
        "noise stress, record 118": noise_stress(folder),
        "databases": {
            **mitdb(folder),
            **vfdb(folder),
            **{name: whole(folder / path) for name, path in _TWELVE_LEADS.items()},
        },
        "altered": altered(folder),
        "milliseconds": _speed(folder),
    }
    print(json.dumps(report, indent=2) if options.json else "\n".join(_lines(report)))
    return 0


_TWELVE_LEADS = {
    "ludb": "ludb/1.0.1",
    "ptb-xl": "ptb-xl/1.0.3",
    "challenge-2021": "challenge-2021/1.0.3",
}


def noise_stress(folder: Path) -> dict[str, dict[str, float]]:
    """Return the share of unusable seconds in noise and before it, by kind of noise and SNR."""
    mitdb_118, fs = _signal(folder / "mitdb/1.0.0/118")
    stressed, _ = _signal(folder / "nstdb/1.0.0/118e_6")
    motion = stressed - mitdb_118
    noisy = noisy_seconds(round(mitdb_118.shape[1] / fs))
    power = _power(motion, noisy, fs)
    table = {}
    for kind in ("em", "ma", "bw"):
        noise = motion if kind == "em" else _like(folder / "nstdb/1.0.0" / kind, noisy, power, fs)
        for decibels in DECIBELS:
            share = np.float32(10 ** (-(decibels + 6) / 20))
            unusable = ~quality(mitdb_118 + noise * share, fs).usable
            table[f"{kind} {decibels:3d} dB"] = {
                "noisy": _percent(unusable[:, noisy[: unusable.shape[1]]]),
                "clean": _percent(unusable[:, ~noisy[: unusable.shape[1]]]),
            }
    return table


def noisy_seconds(count: int) -> Mask:
    """Tell which seconds of a noise stress record hold noise."""
    since = np.arange(count) - FIRST_NOISE_S
    return np.asarray((since >= 0) & (since // NOISE_S % 2 == 0))


def _like(record: Path, noisy: Mask, power: NDArray[Any], fs: float) -> Signal:
    """Return noise of another kind, as strong and in the same minutes."""
    noise, _ = _signal(record)
    where = np.repeat(noisy, round(fs))[: noise.shape[1]]
    scale = np.sqrt(power / _power(noise, noisy, fs))
    return np.asarray((noise - noise.mean(axis=1, keepdims=True)) * where * scale, np.float32)


def _power(noise: Signal, noisy: Mask, fs: float) -> NDArray[Any]:
    """Return the mean variance of the noisy seconds, which a wandering baseline does not swell."""
    seconds = noise.shape[1] // round(fs)
    by_second = noise[:, : seconds * round(fs)].reshape(len(noise), seconds, -1)
    return np.asarray(by_second.var(axis=2)[:, noisy[:seconds]].mean(axis=1, keepdims=True))


def mitdb(folder: Path) -> dict[str, Share]:
    """Return what is found where the annotators saw noise in a lead, and where they saw none."""
    found: dict[str, list[Mask]] = {"mitdb, annotated clean": [], "mitdb, annotated noisy": []}
    for record in _odd_half(folder / "mitdb/1.0.0"):
        signal, fs = _signal(record)
        judged = _masks(quality(signal, fs))
        marks = read_annotations(record, "atr")
        chosen = np.asarray(marks.symbols) == "~"
        starts, subtypes = marks.samples[chosen], marks.subtypes[chosen]
        for lead in range(signal.shape[0]):
            # A subtype below 0 means that nothing can be read.
            noisy = (subtypes >> lead & 1).astype(bool) | (subtypes < 0)
            names = np.where(noisy, "noisy", "clean")
            labels = _labels(names, starts, judged.shape[2], fs, "clean")
            for label in ("clean", "noisy"):
                found[f"mitdb, annotated {label}"].append(judged[:, lead, labels == label])
    return {name: _shares(parts) for name, parts in found.items()}


def vfdb(folder: Path) -> dict[str, Share]:
    """Return what is found in each rhythm."""
    found: dict[str, list[Mask]] = {}
    for record in _odd_half(folder / "vfdb/1.0.0"):
        signal, fs = _signal(record)
        judged = _masks(quality(signal, fs))
        marks = read_annotations(record, "atr")
        chosen = np.array([note.startswith("(") for note in marks.aux_notes])
        rhythms = np.array([SAME_RHYTHM.get(note, note) for note in marks.aux_notes])[chosen]
        labels = _labels(rhythms, marks.samples[chosen], judged.shape[2], fs, "")
        for label in sorted(set(labels.tolist()) - {""}):
            found.setdefault(f"vfdb {label}", []).append(
                judged[:, :, labels == label].reshape(len(judged), -1)
            )
    return {name: _shares(found[name]) for name in sorted(found)}


def whole(folder: Path) -> Share:
    """Return what is found in all leads of a database."""
    records = _odd_half(folder)
    return _shares([_masks(quality(*read)).reshape(len(MASKS) + 1, -1) for read in _read(records)])


def altered(folder: Path) -> dict[str, Share]:
    """Return what is found in clean recordings after something was done to them."""
    alterations: Mapping[str, Callable[[Signal, float], Signal]] = {
        "nothing": lambda signal, _: signal,
        "50 Hz, 0.1 mV": partial(_with_hum, frequency=50),
        "60 Hz, 0.1 mV": partial(_with_hum, frequency=60),
        "cut off at half height": _cut_off,
        "10 mV step": _with_step,
        "lead off at half time": _lead_off,
        "upside down": lambda signal, _: -signal,
        "in volts": lambda signal, _: signal * np.float32(1e-3),
        "in microvolts": lambda signal, _: signal * np.float32(1e3),
    }
    leads = [(signal[1], fs) for signal, fs in _read(_odd_half(folder / "ludb/1.0.1"))]
    return {
        name: _shares([_masks(quality(alter(lead, fs), fs))[:, 0] for lead, fs in leads])
        for name, alter in alterations.items()
    }


def _with_hum(lead: Signal, fs: float, frequency: float) -> Signal:
    hum = 0.1 * np.sin(2 * np.pi * frequency * np.arange(lead.size) / fs)
    return np.asarray(lead + hum, np.float32)


def _cut_off(lead: Signal, _fs: float) -> Signal:
    middle = np.median(lead)
    top = middle + (lead.max() - middle) / 2
    return np.asarray(np.minimum(lead, top), np.float32)


def _with_step(lead: Signal, _fs: float) -> Signal:
    stepped: Signal = lead.copy()
    stepped[lead.size // 2 :] += 10
    return stepped


def _lead_off(lead: Signal, _fs: float) -> Signal:
    off: Signal = lead.copy()
    off[lead.size // 2 :] = 0
    return off


def _odd_half(folder: Path) -> list[Path]:
    records = sorted(path.with_suffix("") for path in folder.rglob("*.hea"))
    short = folder.parent.name in {"mitdb", "vfdb"}
    keys = [path.name if short else f"{path.relative_to(folder)}.hea" for path in records]
    return [path for path, key in zip(records, keys, strict=True) if zlib.crc32(key.encode()) % 2]


def _read(records: Iterable[Path]) -> Iterator[tuple[Signal, float]]:
    for record in records:
        try:
            yield _signal(record)
        except ValueError as error:
            print(f"left out, {record.name}: {error}", file=sys.stderr)


def _signal(record: Path) -> tuple[Signal, float]:
    read = wfdb.rdrecord(str(record))  # which takes recordings of noise as well
    return np.ascontiguousarray(read.p_signal.T, np.float32), float(read.fs)


def _labels(
    names: NDArray[np.str_], starts: NDArray[np.int64], seconds: int, fs: float, before: str
) -> NDArray[np.str_]:
    """Name each second after the label it lies in; nothing for those with a change inside."""
    samples = np.arange(seconds + 1) * fs
    at = np.searchsorted(starts, samples, side="right")
    labels = np.append([before], names)[at[:-1]]
    labels[at[:-1] != at[1:]] = ""
    return labels


def _masks(judged: Quality) -> Mask:
    return np.stack([*(getattr(judged, name) for name in MASKS), ~judged.usable])


def _shares(parts: list[Mask]) -> Share:
    joined = np.concatenate(parts, axis=1)
    shares = dict(zip((*MASKS, "unusable"), map(_percent, joined), strict=True))
    return {"seconds": float(joined.shape[1]), **shares}


def _percent(mask: Mask) -> float:
    return round(100 * float(mask.mean()), 2) if mask.size else 0.0


def _speed(folder: Path) -> dict[str, float]:
    signal, fs = _signal(folder / "mitdb/1.0.0/100")
    window = signal[0, : round(10 * fs)]
    with pinned():
        elapsed_ms = {
            **interleaved({"10 s, 1 lead": lambda: quality(window, fs)}, SPEED_RUNS),
            **interleaved({"30 min, 2 leads": lambda: quality(signal, fs)}, SPEED_RUNS),
        }
    return {name: round(min(values), 3) for name, values in elapsed_ms.items()}


def _lines(report: dict[str, Any]) -> Iterator[str]:
    yield f"{'record 118 and noise, unusable %':34}{'noisy min':>10}{'clean min':>10}"
    for name, row in report["noise stress, record 118"].items():
        yield f"{name:34}{row['noisy']:10.1f}{row['clean']:10.1f}"
    for title in ("databases", "altered"):
        yield ""
        columns = ("seconds", *MASKS, "unusable")
        yield f"{title + ', %':34}" + "".join(f"{name:>10}" for name in columns)
        for name, row in report[title].items():
            cells = "".join(f"{row[column]:10.1f}" for column in columns[1:])
            yield f"{name:34}{row['seconds']:10.0f}{cells}"
    yield ""
    for name, milliseconds in report["milliseconds"].items():
        yield f"{name}: {milliseconds:.2f} ms, the fastest of {SPEED_RUNS}"
    for name, value in report["setting"].items():
        yield f"{name}: {value}"
