"""Find the beats of one lead or several, fast, without a loop over samples.

The signal is averaged down to a grid of about 90 Hz, where everything is decided with whole arrays;
only the last step, placing the mark on the R peak, goes back to the samples.

1. *Strength* (`strength`): squared envelope of what is as quick in the signal as a QRS complex,
   and its usual level hereabouts, from the strongest point of every second.
2. *Noise* (`noise`): where much is strong between the beats, matched filters take over, learned
   from the complexes of quieter seconds and from the noise.
3. *Beats* (`choice`): the maxima that are strong for the level, less what stands in a refractory
   period, T waves and what noise put between two beats, plus weaker maxima where the rhythm leaves
   a gap, less runs of noise.
4. *R peaks* (`peaks`): the largest and sharpest deflection from the local baseline.
"""

import numpy as np
from numpy.typing import ArrayLike

from rhythmtrainer.ecg.beats.leads import agreed_beats, marked_together, on_grid
from rhythmtrainer.ecg.beats.memory import give_back
from rhythmtrainer.ecg.beats.strength import Indices, Samples
from rhythmtrainer.ecg.inputs import sample_faults

MIN_DURATION = 1.0  # s, because the level is taken from whole seconds


def detect_beats(signal: ArrayLike, fs: float) -> Indices:
    """Find the R peaks of one lead, or of several leads together.

    Size and polarity of the signal do not matter: the level is learned from the signal itself.
    Rates from 20 to 300/min are found. Where there is only noise, there are few beats or none.

    Parameters
    ----------
    signal : array_like, shape (samples,) or (leads, samples)
        One lead or more, in millivolts or any other unit. Samples that are not finite are a gap: it
        never makes a beat, and beats beside it are found; so are beats that another lead shows.
    fs : float
        Sampling rate in hertz, 100 to 1000.

    Returns
    -------
    ndarray of int64, shape (beats,)
        Sample numbers of the R peaks (the largest and sharpest deflection of each QRS complex from
        its local baseline), ascending. Each is marked on the first lead that shows it. Empty for
        signals that are flat or shorter than a second.

    Raises
    ------
    ValueError
        If `signal` has not one or two dimensions, no lead or not real numbers, or `fs` is out of
        range.

    Notes
    -----
    A threshold that follows the signal, a refractory period and a search back are those of [1]_;
    here they are medians over whole seconds and intervals rather than averages that run from beat
    to beat, so that every step works on whole arrays. The band of the filter follows [2]_. In noise
    a matched filter [3]_ takes its place, learned from the recording itself.

    References
    ----------
    .. [1] J. Pan, W. J. Tompkins. A real-time QRS detection algorithm. IEEE Trans Biomed Eng
       1985;32:230-236.
    .. [2] N. V. Thakor, J. G. Webster, W. J. Tompkins. Estimation of QRS complex power spectra for
       design of a QRS filter. IEEE Trans Biomed Eng 1984;31:702-706.
    .. [3] G. L. Turin. An introduction to matched filters. IRE Trans Inf Theory 1960;6:311-329.

    Examples
    --------
    >>> import numpy as np
    >>> time = np.arange(0, 8, 1 / 250)
    >>> detect_beats(np.exp(-(((time % 0.8 - 0.4) / 0.015) ** 2)), 250)
    array([ 100,  300,  500,  700,  900, 1100, 1300, 1500, 1700, 1900])
    """
    leads = _checked(signal, fs)
    nothing = np.empty(0, np.int64)
    if leads.shape[1] < MIN_DURATION * fs:
        return nothing
    heard = [lead for samples in leads if (lead := on_grid(samples, fs)) is not None]
    if not heard:
        return nothing
    if len(heard) == 1:
        first = heard[0]
        marks = first.marks(first.beats)
        give_back(first.grid, first.plain.strength)
        return marks if first.known is None else np.unique(marks)
    return marked_together(heard, agreed_beats(heard))


def _checked(signal: ArrayLike, fs: float) -> Samples:
    """Return the leads as rows."""
    array = np.asarray(signal)
    faults = []
    if array.ndim not in (1, 2) or (array.ndim > 1 and array.shape[0] == 0):
        faults.append(
            f"signal has shape {array.shape}; allowed is (samples,) or (leads, samples) with a lead"
        )
    faults += sample_faults(array, fs)
    if faults:
        raise ValueError("; ".join(faults))
    exact = np.float32 if np.can_cast(array.dtype, np.float32) else np.float64
    return np.atleast_2d(np.ascontiguousarray(array, exact))
