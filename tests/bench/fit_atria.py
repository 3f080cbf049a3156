"""Fit the weights of `rhythmtrainer.ecg.atria.odds` to rhythm labels, and print them.

Every window of ten seconds of a label that says whether P waves stand before the complexes is one
example; of the leads of a 12-lead recording II and V1. Labels and patients with many windows are
weighted down, and strips without P waves weigh half as much as those with.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from rhythmtrainer.ecg.atria.activity import lead_terms
from rhythmtrainer.ecg.beats import detect_beats
from tests.bench.evidence_expected import family
from tests.bench.evidence_windows import DATABASES, LabelledWindow, labelled_windows

WITH_P = {
    "sinus",
    "sinus, ectopy unmarked",
    "sinus bradycardia",
    "sinus tachycardia",
    "sinus arrhythmia",
    "sick sinus",
    "first-degree block",
    "2:1 block",
    "pre-excitation",
    "atrial bigeminy",
    "ventricular bigeminy",
    "ventricular trigeminy",
}
WITHOUT_P = {
    "fibrillation": 1.0,
    "idioventricular": 1.0,
    "nodal": 0.3,
    "paced": 0.3,  # some have P waves, and no label says which
    "ventricular tachycardia": 0.15,
}
WINDOWS_PER_LABEL = 30  # of one record
SHARE_WITHOUT = 0.5
PENALTY = 5.0  # on the squares of the standardised weights
LABEL_POWER, PATIENT_POWER = 0.35, 0.5  # 0: each window counts the same; 1: each label, patient


def run(argv: list[str]) -> int:
    """Print the weights as they stand in the module; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=Path, required=True, metavar="DIR")
    options = parser.parse_args(argv)
    names, terms, has_p, weights = _examples(options.records)
    constant, fitted = _fit(terms, has_p, weights)
    print(f"_CONSTANT = {constant:.3g}")
    print("WEIGHTS = {")
    for name, weight in zip(names, fitted, strict=True):
        print(f'    "{name}": {weight:.3g},')
    print("}")
    return 0


def _examples(
    folder: Path,
) -> tuple[list[str], NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    random = np.random.default_rng(3)
    found: list[tuple[LabelledWindow, dict[str, float]]] = []
    taken: Counter[tuple[str, str]] = Counter()
    windows = [
        w for w in labelled_windows(folder, DATABASES) if family(w) in WITH_P | set(WITHOUT_P)
    ]
    for at in random.permutation(len(windows)):
        window = windows[at]
        key = (window.record, family(window))
        strip = window.strip
        values = lead_terms(strip.signal[0], strip.fs, detect_beats(strip.signal[0], strip.fs))
        if values is not None and taken[key] < WINDOWS_PER_LABEL:
            taken[key] += 1
            found.append((window, values))
    labels = [(window.database, family(window)) for window, _ in found]
    patients = [(*label, w.patient) for label, (w, _) in zip(labels, found, strict=True)]
    has_p = np.array([label in WITH_P for _, label in labels])
    weights = np.array([WITHOUT_P.get(label, 1.0) for _, label in labels])
    of_patient, of_label = Counter(patients), Counter(labels)
    weights *= [of_patient[patient] ** -PATIENT_POWER for patient in patients]
    weights *= [of_label[label] ** -LABEL_POWER for label in labels]
    weights[has_p] /= weights[has_p].sum()
    weights[~has_p] *= SHARE_WITHOUT / weights[~has_p].sum()
    weights *= weights.size / weights.sum()
    names = list(found[0][1])
    return names, np.array([[v[name] for name in names] for _, v in found]), has_p, weights


def _fit(
    terms: NDArray[np.float64], has_p: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    mean, spread = terms.mean(axis=0), terms.std(axis=0)
    scaled = np.column_stack([(terms - mean) / spread, np.ones(len(terms))])
    sign = np.where(has_p, 1.0, -1.0)

    def loss(beta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = sign * (scaled @ beta)
        penalised = np.append(beta[:-1], 0.0)
        value = weights @ np.logaddexp(0, -margin) + 0.25 * PENALTY * penalised @ penalised
        slope = -(weights * sign / (1 + np.exp(margin))) @ scaled + 0.5 * PENALTY * penalised
        return float(value), slope

    beta = minimize(loss, np.zeros(scaled.shape[1]), jac=True, method="L-BFGS-B").x
    fitted = beta[:-1] / spread
    return float(beta[-1] - fitted @ mean), fitted


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
