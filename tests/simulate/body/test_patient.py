from dataclasses import fields

import numpy as np
import pytest

from rhythmtrainer.model import Entry
from rhythmtrainer.simulate.body.leads import ELECTRODES, LIMBS
from rhythmtrainer.simulate.body.patient import Patient, draw_patient

SEEDS = range(200)


def patients(age: float) -> list[Patient]:
    return [draw_patient(np.random.default_rng(seed), age) for seed in SEEDS]


def durations(age: float) -> np.ndarray:
    return np.array([patient.conducted_s for patient in patients(age)])


def test_a_seed_is_a_patient() -> None:
    one, same, other = (draw_patient(np.random.default_rng(seed), 40.0) for seed in (7, 7, 8))
    for field in fields(Patient):
        np.testing.assert_equal(getattr(one, field.name), getattr(same, field.name))
    assert one.p_mv != other.p_mv


def test_complexes_by_both_bundles_are_narrow_and_by_one_are_wide() -> None:
    lasts_s = durations(45.0)
    narrow = lasts_s[:, Entry.BOTH_BUNDLES]
    assert 0.07 < narrow.min() < narrow.max() < 0.11
    assert lasts_s[:, Entry.LEFT_BUNDLE].min() > 0.125
    assert lasts_s[:, Entry.LEFT_BUNDLE].max() < 0.165
    assert lasts_s[:, Entry.RIGHT_BUNDLE].min() > 0.125
    assert lasts_s[:, Entry.RIGHT_BUNDLE].max() < 0.175


@pytest.mark.parametrize(
    ("age", "low_s", "high_s"),
    [(0.05, 0.050, 0.085), (0.75, 0.052, 0.086), (6.5, 0.059, 0.098), (14.0, 0.072, 0.111)],
)
def test_childrens_complexes_last_as_long_as_the_table_says(
    age: float, low_s: float, high_s: float
) -> None:
    narrow = durations(age)[:, Entry.BOTH_BUNDLES]
    assert low_s <= narrow.min()
    assert narrow.max() <= high_s


def test_p_waves_grow_longer_with_age() -> None:
    newborn, child, adult = (
        np.median([patient.p_s for patient in patients(age)]) for age in (0.02, 5.0, 40.0)
    )
    assert 0.05 < newborn < 0.075 < child < adult < 0.12


def test_limb_electrodes_stay_those_that_all_is_measured_against() -> None:
    limbs = [ELECTRODES.index(name) for name in LIMBS]
    for patient in patients(45.0)[:20]:
        np.testing.assert_allclose(patient.electrodes[limbs].sum(axis=0), 0.0, atol=1e-12)
