"""Rate and regularity from beats, the ways they are taught."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.evidence.premature import Early
from rhythmtrainer.ecg.evidence.regularity import judge_regularity
from rhythmtrainer.ecg.paper import LARGE_BOX_MM, SMALL_BOX_MM, STANDARD_SPEED_MM_S
from rhythmtrainer.model import Finding, Measurement, Pace, Regularity, Step

SLOW_BPM: Final = 60.0
FAST_BPM: Final = 100.0
"""Below and above lie the slow and the fast ventricular rates of an adult."""

_SIX_SECONDS = 6.0
_MINUTE_S = 60.0
_SMALL_BOX_S = SMALL_BOX_MM / STANDARD_SPEED_MM_S
_LARGE_BOX_S = LARGE_BOX_MM / STANDARD_SPEED_MM_S
# Where a beat is missed or invented in one strip in a hundred.
_RATE_CONFIDENCE = 0.98
_BORDER_BPM = 1.0  # so near to 60 or 100 a beat more or less changes the verdict
_BORDER_CONFIDENCE = 0.7


def measure_beats(
    beats_s: NDArray[np.float64],
    start_s: float,
    end_s: float,
    gaps: NDArray[np.bool_] | None = None,
    *,
    early: Early | None = None,
    complexes_s: NDArray[np.float64] | None = None,
    p_evidence: float = 0.0,
    whole: bool = True,
) -> Measurement:
    """Measure rate and regularity from the times of the R peaks.

    Parameters
    ----------
    beats_s
        Ascending times between `start_s` and `end_s`, in seconds from the recording's
        first sample.
    gaps
        For each pair of neighbours, whether the recording has a gap between them: such an
        interval may hide a beat, and is not measured.
    early
        Which of the beats are early, where that is known.
    complexes_s
        Times of the complexes, where these are known better than those of the R peaks: regularity
        is judged by them.
    p_evidence
        Log odds that the atria add against an order of the intervals; see `judge_regularity`.
    whole
        Whether nothing of the first six seconds is missing.

    Examples
    --------
    >>> found = measure_beats(np.arange(0.5, 10.0, 1.0), 0.0, 10.0)
    >>> found.rate_bpm, found.rule_300_bpm, found.regularity.value
    (60.0, 60.0, 'regular')
    >>> found.findings[1].text
    'RR 1.00 s: regular'
    """
    rr = np.diff(beats_s)
    if gaps is not None:
        rr[gaps] = np.nan
    known = rr[np.isfinite(rr)]
    usual = float(np.median(known)) if known.size else None
    finer = rr
    if complexes_s is not None:
        finer = np.where(np.isfinite(rr), np.diff(complexes_s), np.nan)
    judged = judge_regularity(finer, early, p_evidence)
    rate = _MINUTE_S / float(known.mean()) if known.size else None
    six = _six_second_rate(beats_s, start_s, end_s) if whole and known.size == rr.size else None
    return Measurement(
        beats_s=beats_s,
        rr_s=rr,
        rate_bpm=rate,
        six_second_bpm=six,
        regularity=judged.verdict,
        rr_spread_s=judged.spread_s,
        rule_300_bpm=None if usual is None else rule_300(usual),
        rule_1500_bpm=None if usual is None else rule_1500(usual),
        findings=(
            _rate_finding(rate, six, (start_s, end_s)),
            Finding(
                step=Step.REGULARITY,
                verdict=judged.verdict,
                number=judged.spread_s,
                unit="s",
                confidence=judged.confidence,
                text=_regularity_text(finer[np.isfinite(finer)], judged.verdict, judged.manner),
                where=_extremes(beats_s, rr),
            ),
        ),
    )


def rule_300(rr_s: float) -> float:
    """Return 300 divided by the large boxes between two R waves, read to the half box.

    Examples
    --------
    >>> rule_300(0.8)
    75.0
    """
    boxes = max(round(2 * rr_s / _LARGE_BOX_S) / 2, 0.5)
    return _MINUTE_S / _LARGE_BOX_S / boxes


def rule_1500(rr_s: float) -> float:
    """Return 1500 divided by the small boxes between two R waves.

    Examples
    --------
    >>> rule_1500(0.8)
    75.0
    """
    return _MINUTE_S / _SMALL_BOX_S / max(round(rr_s / _SMALL_BOX_S), 1)


def _six_second_rate(beats_s: NDArray[np.float64], start_s: float, end_s: float) -> int | None:
    if end_s - start_s < _SIX_SECONDS:
        return None
    return 10 * int(np.count_nonzero(beats_s < start_s + _SIX_SECONDS))


def _rate_finding(
    rate: float | None, six_second: int | None, where: tuple[float, float]
) -> Finding:
    if rate is None:
        return Finding(Step.RATE, Pace.CANNOT_TELL, None, "/min", 0.0, "Rate: cannot tell")
    verdict = Pace.SLOW if rate < SLOW_BPM else Pace.FAST if rate > FAST_BPM else Pace.USUAL
    border = min(abs(rate - SLOW_BPM), abs(rate - FAST_BPM)) < _BORDER_BPM
    text = f"Rate {rate:.0f}/min"
    if six_second is not None:
        text += f", {six_second} by the 6-second rule"
    confidence = _BORDER_CONFIDENCE if border else _RATE_CONFIDENCE
    return Finding(Step.RATE, verdict, rate, "/min", confidence, text, (where,))


def _regularity_text(rr_s: NDArray[np.float64], verdict: Regularity, manner: str) -> str:
    if rr_s.size == 0:
        return "Regularity: cannot tell"
    intervals = "-".join(dict.fromkeys((f"{rr_s.min():.2f}", f"{rr_s.max():.2f}")))
    if verdict is Regularity.CANNOT_TELL:
        return f"RR {intervals} s: {manner or 'too few to tell'}"
    if manner.startswith("regular except"):
        return f"RR {intervals} s: {manner}"
    return f"RR {intervals} s: {verdict.value}" + (f", {manner}" if manner else "")


def _extremes(
    beats_s: NDArray[np.float64], rr_s: NDArray[np.float64]
) -> tuple[tuple[float, float], ...]:
    """Return where the longest and the shortest interval lie."""
    if not np.isfinite(rr_s).any():
        return ()
    chosen = sorted({int(np.nanargmin(rr_s)), int(np.nanargmax(rr_s))})
    return tuple((float(beats_s[at]), float(beats_s[at + 1])) for at in chosen)
