from dataclasses import replace
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest
from numpy.typing import NDArray

from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.model import STANDARD_LEADS, Origin, Strip, UserError
from rhythmtrainer.reports.strip_figure import save_simulated, save_strip
from tests.support import fakes
from tests.support.hand_simulated import simulated


def draw(folder: Path, strip: Strip, name: str = "strip.png") -> NDArray[np.float32]:
    save_strip(folder / name, strip, measure(strip, strip.start_s, strip.end_s), "For training.")
    picture: NDArray[np.float32] = matplotlib.image.imread(folder / name)
    return picture[:, :, :3]


def test_paper_is_drawn_at_its_true_size(tmp_path: Path) -> None:
    picture = draw(tmp_path, fakes.strip(seconds=10.0))
    assert picture.shape[1] == pytest.approx(260 / 25.4 * 150, abs=2)


def test_each_ten_seconds_have_a_line_of_their_own(tmp_path: Path) -> None:
    one = draw(tmp_path, fakes.strip(seconds=10.0), "one.png")
    three = draw(tmp_path, fakes.strip(seconds=25.0), "three.png")
    assert three.shape[0] - one.shape[0] == pytest.approx(2 * 46 / 25.4 * 150, abs=3)


def test_every_beat_is_marked(tmp_path: Path) -> None:
    strip = fakes.strip(seconds=10.0)
    blue = draw(tmp_path, strip) @ np.array([-1.0, 0.0, 1.0]) > 0.4
    columns = np.flatnonzero(blue.any(axis=0))
    marks = 1 + np.count_nonzero(np.diff(columns) > 1)
    assert marks == measure(strip, strip.start_s, strip.end_s).beats_s.size


def test_a_simulated_strip_is_told_from_a_real_one(tmp_path: Path) -> None:
    strip = fakes.strip(seconds=10.0)
    simulated = replace(strip, provenance=replace(strip.provenance, origin=Origin.SIMULATED))
    real, other = draw(tmp_path, strip), draw(tmp_path, simulated, "other.png")
    head, foot = slice(None, 70), slice(-75, None)
    assert (real[head] != other[head]).any()
    assert (real[foot] != other[foot]).any()
    assert (real[70:-75] == other[70:-75]).all()


def test_every_lead_of_a_simulated_strip_is_drawn(tmp_path: Path) -> None:
    made = simulated(leads=("II", "V1", "V6"))
    save_simulated(tmp_path / "leads.png", made, "Normal sinus rhythm", "For training.")
    picture = matplotlib.image.imread(tmp_path / "leads.png")
    assert picture.shape[0] == pytest.approx((24 + 3 * 46) / 25.4 * 150, abs=3)


def test_too_many_leads_for_a_picture_are_told(tmp_path: Path) -> None:
    made = simulated(seconds=60.0, leads=STANDARD_LEADS)
    with pytest.raises(UserError, match="at most 5 minutes of one lead"):
        save_simulated(tmp_path / "long.png", made, "Normal sinus rhythm", "For training.")
    assert not list(tmp_path.iterdir())


def test_a_failed_picture_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "strip.png").mkdir()
    with pytest.raises(UserError, match="cannot be written"):
        draw(tmp_path, fakes.strip(seconds=10.0))
    assert [path.name for path in tmp_path.iterdir()] == ["strip.png"]


def test_a_strip_without_beats_is_drawn_too(tmp_path: Path) -> None:
    strip = fakes.strip(seconds=10.0)
    flat = replace(strip, signal=np.full_like(strip.signal, np.nan))
    assert draw(tmp_path, flat).size
