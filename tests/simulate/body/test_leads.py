import numpy as np
import pytest

from rhythmtrainer.model import LeadName
from rhythmtrainer.simulate.body.leads import (
    ELECTRODES,
    LEADS,
    electrode_matrix,
    electrode_vectors,
    lead_matrix,
)

ALL = [LeadName(name) for name in LEADS]


def rows(*names: str) -> np.ndarray:
    return lead_matrix([LeadName(name) for name in names])


def test_einthoven_holds() -> None:
    first, second, third = rows("I", "II", "III")
    np.testing.assert_allclose(third, second - first, atol=1e-12)


def test_goldberger_holds() -> None:
    first, second, third = rows("I", "II", "III")
    right, left, foot = rows("aVR", "aVL", "aVF")
    np.testing.assert_allclose(right, -(first + second) / 2.0, atol=1e-12)
    np.testing.assert_allclose(left, (first - third) / 2.0, atol=1e-12)
    np.testing.assert_allclose(foot, (second + third) / 2.0, atol=1e-12)


def test_the_leads_of_dower_come_back() -> None:
    seen = rows("I", "II", "V1", "V6")
    np.testing.assert_allclose(seen[0], [0.632, -0.235, 0.059])
    np.testing.assert_allclose(seen[1], [0.235, 1.066, -0.132])
    np.testing.assert_allclose(seen[2], [-0.515, 0.157, -0.917])
    np.testing.assert_allclose(seen[3], [0.831, 0.076, 0.230])


def test_what_all_electrodes_share_reaches_no_lead() -> None:
    np.testing.assert_allclose(electrode_matrix(ALL).sum(axis=1), 0.0, atol=1e-12)


def test_monitor_leads_are_differences_of_electrodes() -> None:
    chest, arm = ELECTRODES.index("V1"), ELECTRODES.index("LA")
    vectors = electrode_vectors()
    np.testing.assert_allclose(rows("MCL1")[0], vectors[chest] - vectors[arm])
    pads = vectors[ELECTRODES.index("APEX_PAD")] - vectors[ELECTRODES.index("RIGHT_PAD")]
    np.testing.assert_allclose(rows("PADS")[0], pads)


def test_pads_look_along_the_heart() -> None:
    """From below the right collar bone to the apex: as II does, and seeing more of it."""
    pads, second = rows("PADS", "II")
    cosine = pads @ second / np.linalg.norm(pads) / np.linalg.norm(second)
    assert cosine > 0.7
    assert np.linalg.norm(pads) > np.linalg.norm(second)


def test_an_unknown_lead_is_refused_and_told() -> None:
    with pytest.raises(ValueError, match=r"among I, II, .* got V9"):
        lead_matrix([LeadName("II"), LeadName("V9")])
