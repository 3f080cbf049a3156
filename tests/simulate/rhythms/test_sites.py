"""What the site of a beat makes of its QRS complex in the leads."""

import numpy as np
import pytest

from rhythmtrainer.model import LeadName
from rhythmtrainer.simulate.body.leads import lead_matrix
from rhythmtrainer.simulate.rhythms.sites import INFERIOR, SITES, SUPERIOR, near

# Signs of I, II and V1 as in Josephson & Callans 2005; 0 where it is small.
SIGNS = {
    "rv_apex": (+1, -1, -1),
    "rv_outflow": (0, +1, -1),
    "septum": (+1, +1, -1),
    "lv_lateral": (-1, -1, +1),
    "lv_apex": (-1, -1, +1),
    "lv_summit": (-1, +1, +1),
    "posterior_fascicle": (+1, -1, +1),
    "anterior_fascicle": (-1, +1, +1),
}
SMALL = 0.15


@pytest.mark.parametrize("name", SITES)
def test_a_wave_from_a_site_is_seen_as_it_should_be(name: str) -> None:
    away = -np.array(SITES[name])
    seen = lead_matrix([LeadName("I"), LeadName("II"), LeadName("V1")]) @ away
    for height, sign in zip(seen, SIGNS[name], strict=True):
        assert height * sign > SMALL if sign else abs(height) < 3.0 * SMALL


def test_lead_two_tells_sites_above_from_those_below() -> None:
    lead = lead_matrix([LeadName("II")])[0]
    assert all(lead @ np.array(site) > SMALL for site in INFERIOR)
    assert all(lead @ np.array(site) < -SMALL for site in SUPERIOR)


@pytest.mark.parametrize("name", SITES)
def test_a_place_near_a_site_is_a_direction_like_it(name: str) -> None:
    rng = np.random.default_rng(0)
    places = np.array([near(SITES[name], rng) for _ in range(50)])
    assert np.linalg.norm(places, axis=1) == pytest.approx(1.0)
    likeness = places @ np.array(SITES[name])
    assert 0.95 < np.median(likeness) < 1.0
