"""What each lead sees of the heart's dipole, by way of the electrodes it is made of.

Vectors point towards the patient's left, feet and back (x, y, z of Frank 1956).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import LeadName

_CHEST: Final = ("V1", "V2", "V3", "V4", "V5", "V6")
LIMBS: Final = ("RA", "LA", "LL")
ELECTRODES: Final[tuple[str, ...]] = (*LIMBS, *_CHEST, "RIGHT_PAD", "APEX_PAD")
"""Both arms, the left leg, the chest, and the pads of a defibrillator."""

# Rows I, II, V1 to V6 of the inverse matrix of Dower, Machado and Osborne (Clin Cardiol 1980).
_DOWER: Final = np.array(
    [
        [0.632, -0.235, 0.059],
        [0.235, 1.066, -0.132],
        [-0.515, 0.157, -0.917],
        [0.044, 0.164, -1.387],
        [0.882, 0.098, -1.277],
        [1.213, 0.127, -0.601],
        [1.125, 0.127, -0.086],
        [0.831, 0.076, 0.230],
    ]
)
# One pad lies below the right collar bone, nearer to the heart than the arm and on the way to V1;
# the other below V6, on the way to the leg.
_RIGHT_PAD_SHARES: Final = {"RA": 1.2, "V1": 0.25}
_APEX_PAD_SHARES: Final = {"V6": 0.7, "LL": 0.6}

_TERMINAL: Final = dict.fromkeys(LIMBS, -1.0 / 3.0)
_WEIGHTS: Final[dict[str, dict[str, float]]] = {
    "I": {"LA": 1.0, "RA": -1.0},
    "II": {"LL": 1.0, "RA": -1.0},
    "III": {"LL": 1.0, "LA": -1.0},
    "aVR": {"RA": 1.0, "LA": -0.5, "LL": -0.5},
    "aVL": {"RA": -0.5, "LA": 1.0, "LL": -0.5},
    "aVF": {"RA": -0.5, "LA": -0.5, "LL": 1.0},
    **{name: {name: 1.0, **_TERMINAL} for name in _CHEST},
    "MCL1": {"V1": 1.0, "LA": -1.0},
    "PADS": {"APEX_PAD": 1.0, "RIGHT_PAD": -1.0},
}

LEADS: Final[tuple[str, ...]] = tuple(_WEIGHTS)
"""The leads that can be drawn."""


def electrode_vectors() -> NDArray[np.float64]:
    """Return what each electrode sees of a dipole, against Wilson's terminal.

    Returns
    -------
    ndarray, shape (electrodes, 3)
        In the order of `ELECTRODES`; the three of the limbs add up to nothing.
    """
    first, second = _DOWER[:2]
    seen = {
        "RA": -(first + second) / 3.0,
        "LA": (2.0 * first - second) / 3.0,
        "LL": (2.0 * second - first) / 3.0,
        **dict(zip(_CHEST, _DOWER[2:], strict=True)),
    }
    for pad, shares in (("RIGHT_PAD", _RIGHT_PAD_SHARES), ("APEX_PAD", _APEX_PAD_SHARES)):
        seen[pad] = sum((share * seen[name] for name, share in shares.items()), np.zeros(3))
    return np.stack([seen[name] for name in ELECTRODES])


def electrode_matrix(leads: Sequence[LeadName]) -> NDArray[np.float64]:
    """Return of what electrodes leads are made.

    Returns
    -------
    ndarray, shape (leads, electrodes)
        Weights of the potentials; those of a lead add up to nothing.

    Raises
    ------
    ValueError
        If a lead is not one of `LEADS`.

    Examples
    --------
    >>> electrode_matrix([LeadName("III")])[0, :3].tolist()
    [0.0, -1.0, 1.0]
    """
    unknown = [name for name in leads if name not in _WEIGHTS]
    if unknown:
        raise ValueError(f"leads must be among {', '.join(LEADS)}, got {', '.join(unknown)}")
    matrix = np.zeros((len(leads), len(ELECTRODES)))
    for row, name in enumerate(leads):
        for electrode, weight in _WEIGHTS[name].items():
            matrix[row, ELECTRODES.index(electrode)] += weight
    return matrix


def lead_matrix(leads: Sequence[LeadName]) -> NDArray[np.float64]:
    """Return what leads see of a dipole where each electrode lies as it should.

    Returns
    -------
    ndarray, shape (leads, 3)
        The lead in mV is the product with the dipole in mV.

    Raises
    ------
    ValueError
        If a lead is not one of `LEADS`.

    Examples
    --------
    >>> lead_matrix([LeadName("II")]).round(3).tolist()
    [[0.235, 1.066, -0.132]]
    """
    return electrode_matrix(leads) @ electrode_vectors()
