"""Fit the coefficients of the shock advice, and test the procedure on patients left out.

``python -m tests.bench.fit_shock --records DIR [--write]``

Trained on 4-s windows of both leads of vfdb and mitdb, a limited number from each label of each
record, and on a second copy of each with noise of nstdb (its first half) added. Left out of the fit
are the disputed labels of the early list (`Dispute.early`), VT below 150/min, which is neither to
be shocked nor harmless, and the ventricular tachycardia and escape rhythms of mitdb.

The model is a sum of small trees (two questions deep), boosted one after the other with Newton's
steps on the logistic loss [1]_. Patients and classes count alike: a window counts less, the more
there are of its rhythm in its patient. The threshold comes from patients held back within the
training set.

.. [1] J. H. Friedman. Greedy function approximation: a gradient boosting machine. Ann Statist
   2001;29:1189-1232.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.shock import coefficients
from rhythmtrainer.ecg.shock.model import Trees
from tests.bench.shock_windows import (
    NOISE,
    SHOCKABLE,
    SLOW_VT,
    VF,
    VFDB_RECORDS,
    Cut,
    cut_by_label,
    measured,
    read_signal,
)

_Floats = NDArray[np.float64]
_Flags = NDArray[np.bool_]
_Whole = NDArray[np.int64]

TREES: Final = 48
STEP: Final = 0.22
BINS: Final = 24
RIDGE: Final = 1.0
LEAST_CURVATURE: Final = 1e-3  # of the whole; a leaf holds more
SEED: Final = 0

VFDB_CAP: Final = 60  # windows of one label, lead and record
MITDB_CAP: Final = 25
SHOCKABLE_NOISE: Final = (8.0, 18.0)  # dB
OTHER_NOISE: Final = (3.0, 15.0)
INNER_FOLDS: Final = 8
TRAINING_SENSITIVITY: Final = 0.97
"""Of VF and flutter, patients held back within the training set, windows counting alike."""

_DESTINATION = Path(coefficients.__file__)
_MITDB_LEFT_OUT = ("(VT", "(IVR")
_NOISES = ("bw", "em", "ma")


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Rows to learn from; those that are not `clean` are copies with noise."""

    values: _Floats
    shock: _Flags
    patient: NDArray[np.str_]
    rhythm: NDArray[np.str_]
    clean: _Flags

    def kept(self, rows: _Flags) -> "Examples":
        """Return some of the rows."""
        return Examples(
            self.values[rows],
            self.shock[rows],
            self.patient[rows],
            self.rhythm[rows],
            self.clean[rows],
        )

    def weights(self) -> _Floats:
        """Return what each row counts; both sides of the decision sum to a half."""
        keys = np.char.add(self.patient, self.rhythm)
        _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
        weights = np.asarray(counts[inverse] ** -0.5, np.float64)
        for side in (self.shock, ~self.shock):
            weights[side] /= 2 * weights[side].sum()
        return weights


def training_set(records: Path) -> Examples:
    """Read the recordings, add noise, and measure the windows."""
    chance = np.random.default_rng(SEED)
    noises = _noises(records)
    vfdb, mitdb = records / "vfdb" / "1.0.0", records / "mitdb" / "1.0.0"
    cuts = [
        _capped(cut_by_label(vfdb / name, lead), VFDB_CAP)
        for name in VFDB_RECORDS
        for lead in (0, 1)
    ]
    cuts += [
        _capped(cut_by_label(path.with_suffix(""), lead), MITDB_CAP)
        for path in sorted(mitdb.glob("[12]??.hea"))
        for lead in (0, 1)
    ]
    clean = measured(cuts)
    noisy = measured([_with_noise(cut, noises, chance) for cut in cuts])
    rhythm = clean.rhythm
    left_out = clean.disputed(early=True) | np.isin(rhythm, (NOISE, SLOW_VT))
    left_out |= ~np.isin(clean.record, VFDB_RECORDS) & np.isin(clean.label, _MITDB_LEFT_OUT)
    kept = ~left_out
    return Examples(
        np.concatenate([clean.features.values[kept], noisy.features.values[kept]]),
        np.tile(np.isin(rhythm[kept], SHOCKABLE), 2),
        np.tile(clean.patient[kept], 2),
        np.tile(rhythm[kept], 2),
        np.repeat([True, False], kept.sum()),
    )


def _capped(cut: Cut, most: int) -> Cut:
    rows = []
    for label in dict.fromkeys(cut.label):
        here = np.flatnonzero(np.array(cut.label) == label)
        spread = np.linspace(0, here.size - 1, min(most, here.size)).astype(np.int64)
        rows.append(here[spread])
    return cut.kept(np.sort(np.concatenate(rows)))


def _noises(records: Path) -> list[tuple[_Floats, float]]:
    noises = []
    for name in _NOISES:
        signal, fs = read_signal(records / "nstdb" / "1.0.0" / name)
        half = signal.shape[1] // 2
        noises += [(lead[:half].astype(np.float64), fs) for lead in signal]
    return noises


def _with_noise(cut: Cut, noises: list[tuple[_Floats, float]], chance: np.random.Generator) -> Cut:
    """Add a piece of noise to each window, so many decibels below its amplitude."""
    samples = cut.samples.astype(np.float64)
    amplitude = np.ptp(np.quantile(_detrended(samples), [0.02, 0.98], axis=1), axis=0)
    length = samples.shape[1]
    shockable = np.char.startswith(np.array(cut.label), "(V")
    decibels = np.where(
        shockable,
        chance.uniform(*SHOCKABLE_NOISE, len(samples)),
        chance.uniform(*OTHER_NOISE, len(samples)),
    )
    for row in range(len(samples)):
        noise, noise_fs = noises[chance.integers(len(noises))]
        places = np.arange(length) * noise_fs / cut.fs
        start = chance.integers(noise.size - int(places[-1]) - 2)
        piece = _detrended(np.interp(places + start, np.arange(noise.size), noise)[np.newaxis])[0]
        # A sine wave's amplitude is the square root of eight standard deviations.
        scale = amplitude[row] / (np.sqrt(8) * piece.std() + 1e-9)
        samples[row] += piece * scale * 10 ** (-decibels[row] / 20)
    return Cut(samples.astype(np.float32), cut.fs, cut.record, cut.label, cut.start_s)


def _detrended(windows: _Floats) -> _Floats:
    time = np.linspace(-1, 1, windows.shape[1])
    slope = (windows * time).mean(axis=1) / (time**2).mean()
    flat: _Floats = windows - windows.mean(axis=1, keepdims=True) - slope[:, np.newaxis] * time
    return flat


def fit_trees(examples: Examples) -> Trees:
    """Boost `TREES` trees."""
    count = len(examples.values)
    edges = np.quantile(examples.values, np.arange(1, BINS) / BINS, axis=0).T
    codes = np.column_stack(
        [np.searchsorted(*pair) for pair in zip(edges, examples.values.T, strict=True)]
    )
    weights, target = examples.weights(), examples.shock.astype(np.float64)
    ridge = RIDGE / count
    score = np.zeros(count)
    features = np.zeros((TREES, 3), np.int64)
    thresholds, values = np.zeros((TREES, 3)), np.zeros((TREES, 4))
    for tree in range(TREES):
        sure = 1 / (1 + np.exp(-score))
        steps = np.column_stack([weights * (sure - target), weights * sure * (1 - sure)])
        asked, leaf = _grow(codes, steps, ridge)
        features[tree] = asked[:, 0]
        thresholds[tree] = edges[asked[:, 0], asked[:, 1]]
        pull, stiffness = (np.bincount(leaf, part, 4) for part in steps.T)
        values[tree] = -STEP * pull / (stiffness + ridge)
        score += values[tree, leaf]
    return Trees(features, thresholds, values)


def _grow(codes: _Whole, steps: _Floats, ridge: float) -> tuple[_Whole, _Whole]:
    """Return column and edge of three questions, and the leaf that each row ends in."""
    asked = np.zeros((3, 2), np.int64)
    yes = np.zeros((3, len(codes)), np.bool_)
    for node in range(3):
        rows = (np.ones_like(yes[0]), ~yes[0], yes[0])[node]
        asked[node] = _best_split(codes[rows], steps[rows], ridge)
        yes[node] = rows & (codes[:, asked[node, 0]] > asked[node, 1])
    return asked, 2 * yes[0] + (yes[1] | yes[2])


def _best_split(codes: _Whole, steps: _Floats, ridge: float) -> tuple[int, int]:
    """Return the column and the edge above which the rows are best set apart."""
    columns = codes.shape[1]
    places = (codes + np.arange(columns) * BINS).ravel()
    pull, stiffness = (
        np.bincount(places, np.repeat(part, columns), BINS * columns)
        .reshape(columns, BINS)
        .cumsum(axis=1)
        for part in steps.T
    )
    below, above = stiffness[:, :-1], stiffness[:, -1:] - stiffness[:, :-1]
    gain = pull[:, :-1] ** 2 / (below + ridge)
    gain += (pull[:, -1:] - pull[:, :-1]) ** 2 / (above + ridge)
    gain[(below < LEAST_CURVATURE) | (above < LEAST_CURVATURE)] = 0
    column, code = divmod(int(gain.argmax()), BINS - 1)
    return column, code


def choose_threshold(examples: Examples) -> float:
    """Hold back patients in turn; return the score that finds VF as often as wanted."""
    names = np.unique(examples.patient)
    folds = np.searchsorted(names, examples.patient) % INNER_FOLDS
    score = np.zeros(folds.size)
    for fold in range(INNER_FOLDS):
        held_back = folds == fold
        score[held_back] = fit_trees(examples.kept(~held_back)).score(examples.values[held_back])
    counted = examples.clean & (examples.rhythm == VF)
    return float(np.quantile(score[counted], 1 - TRAINING_SENSITIVITY))


def fit(examples: Examples) -> tuple[Trees, float]:
    """Return the trees and the threshold."""
    return fit_trees(examples), choose_threshold(examples)


def cross_validated(
    examples: Examples, values: _Floats, patient: NDArray[np.str_], folds: int | None = None
) -> _Floats:
    """Score windows by models that never saw their patient; 0 is the threshold of each.

    Parameters
    ----------
    examples
        What to learn from, less the patients of the fold.
    values, patient
        Measurements of the windows to score, and who they are from.
    folds
        Number of groups of patients that are left out together; without it each is on its own.
    """
    names = np.unique(patient)
    fold = np.searchsorted(names, patient) % (folds or names.size)
    odds = np.zeros(fold.size)
    for number in np.unique(fold):
        here = fold == number
        trees, threshold = fit(examples.kept(~np.isin(examples.patient, patient[here])))
        odds[here] = trees.score(values[here]) - threshold
    return odds


def source(trees: Trees, threshold: float) -> str:
    """Return the module that holds the coefficients."""
    head, _, _ = _DESTINATION.read_text("utf-8").partition("THRESHOLD: Final")
    rows = "".join(
        "    ("
        + ", ".join([*map(str, features), *(f"{x:.4g}" for x in (*thresholds, *values))])
        + "),\n"
        for features, thresholds, values in zip(
            trees.features.tolist(),
            trees.thresholds.tolist(),
            trees.values.tolist(),
            strict=True,
        )
    )
    return (
        f"{head}THRESHOLD: Final = {threshold:.3f}\n"
        '"""Log odds from which on a shock is advised."""\n\n'
        f"TREES: Final = (\n{rows})\n"
        '"""Of each tree: three features, three thresholds, four values;'
        ' see `Trees.from_rows`."""\n'
    )


def main() -> int:
    """Fit, and show or write the coefficients."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fit_shock", description=__doc__)
    parser.add_argument("--records", type=Path, required=True, metavar="DIR")
    parser.add_argument("--write", action="store_true", help="replace the coefficients in use")
    options = parser.parse_args()
    text = source(*fit(training_set(options.records)))
    if options.write:
        _DESTINATION.write_text(text, "utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
