"""What is measured on simulated strips is what was put into them; what is expected is right."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rhythmtrainer.model import (
    EarlyBeats,
    LeadName,
    Origin,
    Pacing,
    Pattern,
    Pauses,
    Provenance,
    PWaves,
    QrsWidth,
    Regularity,
    RhythmId,
    Simulated,
    Step,
    Strip,
)
from rhythmtrainer.model.simulated import Beginning, Truth
from tests import simulated_pictures
from tests.bench.realism import auc, told_apart
from tests.bench.realism_features import FEATURES, features
from tests.bench.realism_strips import Sample
from tests.bench.verdicts import Cell, tabulate
from tests.bench.verdicts_expected import (
    SIMULATED_S,
    implied,
    rhythms_taught,
    shock_wanted,
    window_of,
)
from tests.support.synthetic import ecg_at, regular_peaks
from tests.support.truths import QRS_S, conducted, even, truth

LEAD_II = LeadName("II")
TAUGHT = rhythms_taught()


def flat(one: Truth) -> Simulated:
    """A strip on which nothing is seen, with a truth."""
    signal = np.zeros((1, int(SIMULATED_S * 100)), np.float32)
    source = Provenance(Origin.SIMULATED, "by hand")
    return Simulated(Strip(signal, 100.0, (LEAD_II,), 0.0, at_end=True, provenance=source), one)


def expectations(one: Truth, rhythm: RhythmId) -> dict[Step, Any]:
    made = flat(one)
    window = window_of(made, rhythm, made.strip)
    assert window is not None
    return dict(implied(window, one, TAUGHT[rhythm]))


def test_most_verdicts_on_simulated_strips_agree() -> None:
    rows = tabulate(RhythmId, range(2), (LEAD_II,))[LEAD_II].values()
    cells = [cell for row in rows for cell in row.cells.values()]
    right, given = sum(cell.agree for cell in cells), sum(cell.given for cell in cells)
    assert given > 53 * 2 * 5
    assert right / given >= 0.9


def test_a_simple_rhythm_is_read_as_it_was_made() -> None:
    row = tabulate([RhythmId.SINUS_BRADYCARDIA], range(4), (LEAD_II,))[LEAD_II]
    assert row[RhythmId.SINUS_BRADYCARDIA].agreement >= 0.97
    assert abs(np.median(row[RhythmId.SINUS_BRADYCARDIA].errors_ms["QRS on"])) < 10.0


def test_sinus_rhythm_implies_what_is_taught_of_it() -> None:
    expected = expectations(conducted(even(0.8)), RhythmId.NORMAL_SINUS_RHYTHM)
    assert expected[Step.REGULARITY] == {Regularity.REGULAR}
    assert expected[Step.P_WAVES] == {PWaves.ONE_PER_QRS}
    assert expected[Step.QRS] == {QrsWidth.NARROW}
    assert expected[Step.EARLY_BEATS] == {EarlyBeats.NONE}
    assert expected[Step.PAUSES] == {Pauses.NONE}
    assert expected[Step.PACING] == {Pacing.NONE}


def test_early_wide_beats_imply_themselves_and_their_pattern() -> None:
    sinus, early = even(1.6, 0.4), even(1.6, 0.9)
    beats = sorted([*sinus, *early])
    one = truth(
        (),
        beats,
        width=[0.15 if at in early else QRS_S for at in beats],
        qrs_beginning=[Beginning.VENTRICLES if at in early else Beginning.SINUS for at in beats],
    )
    expected = expectations(one, RhythmId.VENTRICULAR_BIGEMINY)
    assert expected[Step.EARLY_BEATS] == {EarlyBeats.WIDE}
    assert expected[Step.PATTERN] == {Pattern.BIGEMINAL}


@pytest.mark.parametrize(
    ("width", "verdicts"), [(0.09, {QrsWidth.NARROW}), (0.12, None), (0.15, {QrsWidth.WIDE})]
)
def test_around_the_border_no_width_is_implied(width: float, verdicts: set[QrsWidth]) -> None:
    expected = expectations(conducted(even(0.8), width=width), RhythmId.AVB1)
    assert expected.get(Step.QRS) == verdicts


def test_a_pacemaker_and_a_pause_imply_themselves() -> None:
    times = [*even(0.9)[:5], *even(0.9, 7.0)]
    paced = conducted(
        times,
        p_beginning=Beginning.DEVICE,
        qrs_beginning=Beginning.DEVICE,
        spikes_s=times,
        spike_in_atria=True,
    )
    expected = expectations(paced, RhythmId.PACED_ATRIAL)
    assert expected[Step.PACING] == {Pacing.SPIKES}
    assert expected[Step.PAUSES] == {Pauses.PRESENT}
    assert expected[Step.QRS] == {QrsWidth.NARROW}


def test_a_run_is_judged_from_its_beginning_to_its_end() -> None:
    run = np.arange(3.0, 8.0, 0.3).tolist()
    where = [Beginning.SINUS, *[Beginning.VENTRICLES] * len(run), Beginning.SINUS]
    made = flat(truth((), [1.5, *run, 9.0], width=0.1, qrs_beginning=where))
    window = window_of(made, RhythmId.TORSADES, made.strip)
    assert window is not None
    assert (window.start_s, window.end_s) == pytest.approx((3.0, 7.8 + 0.3))
    late = flat(truth((), [1.0, 9.5, 9.8, 10.1], qrs_beginning=[0, 5, 5, 5]))
    assert window_of(late, RhythmId.TORSADES, late.strip) is None


@pytest.mark.parametrize(
    ("rhythm", "interval_s", "wanted"),
    [
        (RhythmId.VT_MONOMORPHIC, 0.35, True),
        (RhythmId.VT_MONOMORPHIC, 0.5, None),
        (RhythmId.VENTRICULAR_FLUTTER, 0.25, True),
        (RhythmId.VF_FINE, 0.5, None),
        (RhythmId.SVT, 0.3, False),
        (RhythmId.AGONAL, 4.0, False),
    ],
)
def test_what_is_to_be_shocked(rhythm: RhythmId, interval_s: float, *, wanted: bool | None) -> None:
    made = flat(truth((), even(interval_s), qrs_beginning=Beginning.VENTRICLES))
    window = window_of(made, rhythm, made.strip)
    assert window is not None
    assert shock_wanted(window, rhythm) is wanted


def test_a_cell_counts_verdicts_and_keeps_who_was_wrong() -> None:
    cell = Cell()
    for seed, outcome in enumerate(["agree"] * 6 + ["disagree"] + ["cannot tell"] * 3):
        cell.add(outcome, seed, "said")
    assert cell.agreement == pytest.approx(6 / 7)
    assert cell.untold == pytest.approx(0.3)
    assert cell.wrong == [(6, "said")]
    assert cell.misses
    assert math.isnan(Cell().agreement)


def matched(shift: float) -> list[tuple[Sample, list[Sample]]]:
    """Strips of ten patients of either kind, whose T waves differ in height."""
    found = []
    for patient in range(10):
        chance = np.random.default_rng(patient)
        peaks = regular_peaks(60.0 + 2.0 * patient, 10.0)
        both = [
            ecg_at(peaks, 250.0, 10.0, t_wave=height, seed=3 * patient + kind)
            for kind, height in enumerate(
                (0.2, 0.2 + shift, 0.2 + shift) + 0.03 * chance.standard_normal(3)
            )
        ]
        real, *made = (
            Sample(lead.astype(np.float64), 250.0, f"patient {patient}", is_real=kind == 0)
            for kind, lead in enumerate(both)
        )
        found.append((real, made))
    return found


def along_the_means(
    values: np.ndarray, is_simulated: np.ndarray, patient: np.ndarray
) -> np.ndarray:
    """Stand in for the regression: how far strips lie on the way between the others' means."""
    filled = np.nan_to_num(values)
    scaled = (filled - filled.mean(axis=0)) / np.maximum(filled.std(axis=0), 1e-9)
    odds = np.zeros(patient.size)
    for one in np.unique(patient):
        others = patient != one
        means = (scaled[others & (is_simulated == kind)].mean(axis=0) for kind in (True, False))
        odds[~others] = scaled[~others] @ np.subtract(*means)
    return odds


def test_strips_that_differ_are_told_apart_and_those_that_do_not_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.bench.realism.out_of_fold", along_the_means)
    alike, other = (told_apart(RhythmId.SVT, matched(shift)) for shift in (0.0, 0.4))
    assert alike.auc < 0.75
    assert other.auc > 0.95
    assert other.alone[0].name == "T / R"
    real, simulated = other.alone[0].real, other.alone[0].simulated
    assert real is not None
    assert simulated is not None
    assert simulated > real


def test_an_area_under_the_curve_is_the_chance_of_a_higher_score() -> None:
    positive = np.array([True, True, False, False])
    assert auc(np.array([4.0, 3.0, 2.0, 1.0]), positive) == 1.0
    assert auc(np.array([4.0, 1.0, 3.0, 2.0]), positive) == 0.5
    assert math.isnan(auc(np.ones(2), np.ones(2, np.bool_)))


def test_what_a_strip_lacks_is_no_number() -> None:
    nothing = Sample(np.zeros(2500), 250.0, "nobody", is_real=True)
    found = dict(zip(FEATURES, features(nothing, RhythmId.AF_RVR), strict=True))
    assert math.isnan(found["SDNN / mean RR"])
    assert math.isnan(found["T / R"])


def test_pictures_are_drawn_outside_of_the_checkout_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    simulated_pictures.main([str(tmp_path / "new"), "--rhythm", "svt"])
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"svt.png", "sheet-1.png"}
    inside = Path(__file__).parent / "pictures"
    with pytest.raises(SystemExit):
        simulated_pictures.main([str(inside)])
    assert "lies in the checkout" in capsys.readouterr().err
    assert not inside.exists()
