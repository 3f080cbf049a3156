import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhythmtrainer.ecg.paper import (
    MARGIN_MM,
    Paper,
    PaperLayout,
    Reach,
    Rows,
    baseline_mv,
    fitting_gain,
    grid_lines,
    has_twelve_leads,
    lay_out,
)

STANDARD = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")


def test_ten_seconds_are_25_centimetres() -> None:
    paper = Paper()
    assert paper.width_mm(10.0) - MARGIN_MM == 250.0
    assert paper.x_mm(np.array([0.0, 0.2])).tolist() == [MARGIN_MM, MARGIN_MM + 5.0]
    assert paper.printed == "25 mm/s  10 mm/mV"


@given(st.floats(0.0, 500.0))
def test_every_millimetre_has_a_line_and_every_fifth_a_strong_one(length: float) -> None:
    small, large = grid_lines(length)
    together = np.sort(np.concatenate([small, large]))
    assert together.tolist() == list(range(int(length) + 1))
    assert (large % 5 == 0).all()
    assert (small % 5 != 0).all()


def test_the_calibration_mark_is_one_millivolt_high_and_one_large_box_wide() -> None:
    x, mv = Paper().calibration_mark()
    assert np.ptp(mv) == 1.0
    assert np.ptp(x[mv == 1.0]) == 5.0
    assert x.max() < MARGIN_MM


@pytest.mark.parametrize(("reach", "gain"), [(1.0, 10.0), (3.5, 5.0), (7.0, 2.5), (90.0, 2.5)])
def test_large_complexes_are_drawn_at_half_gain(reach: float, gain: float) -> None:
    signal = np.zeros(1000, dtype=np.float32)
    signal[500] = reach
    assert fitting_gain(signal, 60.0) == gain


def test_gaps_do_not_disturb_level_and_gain() -> None:
    signal = np.full(1000, 0.25, dtype=np.float32)
    signal[100:300] = np.nan
    assert baseline_mv(signal) == 0.25
    assert fitting_gain(signal, 60.0) == 10.0
    nothing = np.full(10, np.nan, dtype=np.float32)
    assert (baseline_mv(nothing), fitting_gain(nothing, 60.0)) == (0.0, 10.0)


def test_stored_layouts_keep_their_values() -> None:
    assert [layout.value for layout in PaperLayout] == ["rhythm", "stacked", "twelve"]


def test_a_page_holds_each_lead_for_a_quarter_of_the_time_whatever_their_order() -> None:
    leads = [name.upper() for name in reversed(STANDARD)]
    cells = lay_out(leads, PaperLayout.TWELVE)
    names = [leads[cell.channel] for cell in cells]
    assert " ".join(names) == "I AVR V1 V4 II AVL V2 V5 III AVF V3 V6 II"
    assert [(cell.begins, cell.ends) for cell in cells[4:8]] == [
        (0.0, 0.25),
        (0.25, 0.5),
        (0.5, 0.75),
        (0.75, 1.0),
    ]
    assert (cells[-1].row, cells[-1].begins, cells[-1].ends) == (3, 0.0, 1.0)


def test_without_all_twelve_the_leads_lie_one_below_another() -> None:
    assert not has_twelve_leads(STANDARD[:11])
    cells = lay_out(STANDARD[:11], PaperLayout.TWELVE)
    assert cells == lay_out(STANDARD[:11], PaperLayout.STACKED)
    assert [cell.row for cell in cells] == list(range(11))


@pytest.mark.parametrize("layout", list(PaperLayout))
def test_nothing_is_laid_out_where_there_is_nothing(layout: PaperLayout) -> None:
    assert lay_out([], layout) == ()
    assert lay_out(["II"], PaperLayout.RHYTHM, channel=3) == ()
    assert lay_out(["II"], PaperLayout.STACKED, chosen=[3]) == ()


@given(st.integers(1, 15), st.floats(0.0, 400.0))
def test_rows_stay_on_the_paper_a_whole_number_of_boxes_apart(count: int, height: float) -> None:
    rows = Rows.of(count, height, head_mm=3.0, foot_mm=5.0)
    baselines = np.array(rows.baselines)
    assert baselines.size == count
    if count == 1:
        assert baselines[0] % 5 == 0
        assert abs(baselines[0] - height / 2) <= 2.5
    elif rows.pitch >= 1.0:
        assert rows.pitch % 1 == 0
        assert rows.pitch % 5 == 0 or rows.pitch < 10
        assert baselines[0] - rows.pitch / 2 >= 3.0 - 1e-9
        assert baselines[-1] + rows.pitch / 2 <= height - 5.0 + 1e-9


def test_low_complexes_are_drawn_at_double_gain_and_noise_never() -> None:
    complexes = np.zeros(1000, dtype=np.float32)
    complexes[::100] = 0.2
    assert Reach.of(complexes).gain_mm_mv(60.0) == 20.0
    assert Reach.of(complexes / np.float32(20)).gain_mm_mv(60.0) == 40.0
    noise = np.random.default_rng(3).normal(0.0, 0.02, 1000).astype(np.float32)
    assert Reach.of(noise).gain_mm_mv(60.0) == 10.0
    assert Reach.of(np.empty(0, dtype=np.float32)).gain_mm_mv(60.0) == 10.0


@given(st.floats(0.0, 50.0), st.floats(1.0, 200.0), st.booleans())
def test_what_can_stay_on_the_paper_does(reach: float, height: float, stands_out: bool) -> None:  # noqa: FBT001 - hypothesis passes it by name
    gain = Reach(reach, stands_out).gain_mm_mv(height)
    assert reach * gain <= height / 2 or gain == 2.5


def test_a_rare_step_of_many_millivolts_does_not_flatten_the_rest() -> None:
    signal = np.zeros(1000, dtype=np.float32)
    signal[::100] = 1.2
    signal[505:510] = -12.0
    assert Reach.of(signal).gain_mm_mv(60.0) == 10.0
    signal[::4] = 12.0
    assert Reach.of(signal).gain_mm_mv(60.0) == 2.5
