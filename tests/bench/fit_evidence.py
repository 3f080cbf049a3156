"""Fit the three sums of log odds that `measure` uses, and print their coefficients.

``python -m tests.bench.fit_evidence --records DIR``. Each is a logistic regression in which every
patient counts by the square root of its windows in each class, and both classes count alike:

- `ecg.evidence.complexes`, chaos: ventricular fibrillation and asystole of vfdb against
  everything else of all databases;
- `ecg.evidence.complexes`, foreign: early beats of mitdb that are ventricular against those
  that are not, outside fibrillation, flutter and bigeminy;
- `ecg.evidence.regularity`, no order: atrial fibrillation against other irregular rhythms.

The program holds what this prints, but for the constant of the first, as its comment says.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from rhythmtrainer.ecg.beats import detect_beats
from rhythmtrainer.ecg.evidence import complexes as forms
from rhythmtrainer.ecg.evidence.premature import early_beats
from rhythmtrainer.ecg.evidence.regularity import order_figures
from rhythmtrainer.model import Regularity, Step
from tests.bench.evidence_expected import expected, family
from tests.bench.evidence_windows import DATABASES, LabelledWindow, labelled_windows
from tests.bench.setting import records_option

_RIDGE = 1e-3
_EARLY_ENOUGH = 0.9
_IRREGULAR_S = 0.14
_MOST_UNEVEN = 0.6
_SAME_S = 0.1
_FEWEST_BEATS = 5

Examples = list[tuple[str, bool, list[float]]]


def main(argv: list[str]) -> int:
    """Print the three fits."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fit_evidence", description=__doc__)
    records_option(parser)
    parser.add_argument("--every", type=int, default=3, help="only every so-manieth window")
    options = parser.parse_args(argv)
    chaos, foreign, no_order = _examples(options.records, options.every)
    for name, examples in (("chaos", chaos), ("foreign", foreign), ("no order", no_order)):
        figures = ", ".join(f"{figure:.2f}" for figure in fit(examples))
        print(f"{name}: {figures} from {len(examples)} examples")
    return 0


def fit(examples: Examples) -> NDArray[np.float64]:
    """Return the constant and the coefficients of a weighted logistic regression."""
    patients = np.array([patient for patient, _, _ in examples])
    wanted = np.array([positive for _, positive, _ in examples])
    figures = np.array([row for _, _, row in examples], np.float64)
    weight = np.zeros(wanted.size)
    for positive in (False, True):
        mine = wanted == positive
        for patient in np.unique(patients[mine]):
            same = mine & (patients == patient)
            weight[same] = np.count_nonzero(same) ** -0.5
        weight[mine] /= weight[mine].sum()
    centre, spread = figures.mean(axis=0), figures.std(axis=0)
    scaled = (figures - centre) / spread
    sign = np.where(wanted, -1.0, 1.0)

    def loss(parameters: NDArray[np.float64]) -> float:
        odds = parameters[0] + scaled @ parameters[1:]
        ridge = _RIDGE * float((parameters[1:] ** 2).sum())
        return float((weight * np.logaddexp(0, sign * odds)).sum() / weight.sum()) + ridge

    found = minimize(loss, np.zeros(figures.shape[1] + 1)).x
    coefficients = found[1:] / spread
    return np.append(found[0] - coefficients @ centre, coefficients)


def _examples(records: Path, every: int) -> tuple[Examples, Examples, Examples]:
    chaos: Examples = []
    foreign: Examples = []
    no_order: Examples = []
    for index, window in enumerate(labelled_windows(records, DATABASES)):
        if index % every:
            continue
        signal, fs = window.strip.signal[0], window.strip.fs
        beats = detect_beats(signal, fs)
        if beats.size < _FEWEST_BEATS:
            continue
        grid = forms.on_grid(signal, fs)
        on_it = np.rint(beats * (forms.GRID_HZ / fs)).astype(np.int64)
        found = forms.compare_complexes(grid, on_it)
        chaos.extend(_chaos(window, found))
        times = window.strip.start_s + beats / fs
        if window.database == "mitdb":
            foreign.extend(_foreign(window, times, found))
        if found.organised:
            no_order.extend(_no_order(window, times, found))
    return chaos, foreign, no_order


def _chaos(
    window: LabelledWindow, found: forms.Complexes
) -> Iterable[tuple[str, bool, list[float]]]:
    name = family(window)
    if name not in ("noise", "ventricular flutter"):
        uneven = min(found.unevenness, _MOST_UNEVEN)
        row = [found.sameness, found.contrast, uneven]
        # Each rhythm of a patient counts, or sinus rhythm would drown tachycardia.
        person = f"{window.patient} {name}"
        yield person, name in ("ventricular fibrillation", "asystole"), row


def _foreign(
    window: LabelledWindow, times: NDArray[np.float64], found: forms.Complexes
) -> Iterable[tuple[str, bool, list[float]]]:
    if window.labels[0] in ("(VFL", "(AFIB", "(AFL", "(B") or window.beats_s is None:
        return
    rr = np.diff(times)
    share = np.append(np.nan, rr) / early_beats(rr, found).usual_rr_s
    for index in np.flatnonzero(share < _EARLY_ENOUGH):
        near = np.abs(window.beats_s - times[index])
        if near.size and near.min() < _SAME_S:
            symbol = window.symbols[int(near.argmin())]
            if symbol in "VAJSeNLR" and found.figures is not None:
                yield window.patient, symbol == "V", found.figures[index].tolist()


def _no_order(
    window: LabelledWindow, times: NDArray[np.float64], found: forms.Complexes
) -> Iterable[tuple[str, bool, list[float]]]:
    implied = expected(window).get(Step.REGULARITY, frozenset())
    shown = (times >= window.start_s) & (times < window.end_s)
    rr = np.diff(times + found.shift_s)
    early = early_beats(np.diff(times), found)
    inside = shown[1:] & shown[:-1]
    if not implied or Regularity.REGULAR in implied or family(window) == "flutter":
        return
    if np.count_nonzero(inside) >= _FEWEST_BEATS and np.ptp(rr[inside]) >= _IRREGULAR_S:
        rr = np.where(inside, rr, np.nan)
        positive = implied == {Regularity.IRREGULARLY_IRREGULAR}
        yield window.patient, positive, list(order_figures(rr, early))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
