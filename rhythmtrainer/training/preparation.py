"""Getting a question ready to be shown: drawn, read and measured."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import (
    Measurement,
    Question,
    QuestionId,
    RecordError,
    RecordRef,
    Strip,
    StripRef,
    UnreachableError,
    UserError,
)
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.made import as_made
from rhythmtrainer.training.measuring import beats_of, measured
from rhythmtrainer.training.ports import Simulations, StripSource
from rhythmtrainer.training.practice import Practice
from rhythmtrainer.training.selection import Material

CONTEXT_S = 0.72
"""Read on each side of a window so that beats near its edges are found.

More finds no more of them, and over a network the header has to fit beside it into a fifth of
what the window itself costs.
"""

_MOST_REDRAWS = 12
# So many damaged recordings in a row speak of the archive, not of the recordings.
_FAULTS_OF_AN_ARCHIVE = 3


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question that can be shown at once.

    Attributes
    ----------
    strip
        Exactly the question's window.
    skipped
        A sentence for each recording that could not be used on the way here.
    from_hand
        Whether only what is at hand was drawn from.
    recorded
        Whether there was a recording to draw from.
    """

    question: Question
    strip: Strip
    measurement: Measurement
    skipped: tuple[str, ...] = ()
    from_hand: bool = False
    recorded: bool = True


def read_window(
    source: StripSource,
    window: StripRef,
    cancel: Cancel,
    within: StripRef | None = None,
    simulations: Simulations | None = None,
) -> tuple[Strip, Measurement]:
    """Read a window, with some context for the beats, and measure it.

    Parameters
    ----------
    within
        Where the context must stop, because beyond it the recording is not at hand.
    simulations
        What knows which beats were made, if it made the recording; see `made.as_made`.

    Raises
    ------
    RecordError, UnreachableError, CancelledError
        As the source does; `RecordError` also if the recording ends before the window does.
    """
    first, last = max(0.0, window.start_s - CONTEXT_S), window.end_s + CONTEXT_S
    if within is not None:
        first, last = max(first, within.start_s), min(last, within.end_s)
    padded = source.read(window, first, last - first, cancel)
    strip = padded.cropped(window.start_s, window.end_s)
    if strip.duration_s < window.duration_s - 1.0 / strip.fs:
        raise RecordError(
            f"{window.record.path} ends at {strip.end_s:.1f} s, before the stretch that was "
            f"asked for ({window.start_s:.1f} to {window.end_s:.1f} s)."
        )
    return strip, as_made(measured(padded, window.start_s, window.end_s), window, simulations)


def read_on(
    source: StripSource, span: StripRef, from_s: float, seconds: float, cancel: Cancel
) -> tuple[Strip, NDArray[np.float64]]:
    """Read what follows in a span, for a monitor that runs on.

    Returns
    -------
    strip
        From `from_s` on; shorter where the recording ends.
    beats_s
        Its R peaks in seconds from the recording's first sample.

    Raises
    ------
    RecordError, UnreachableError, CancelledError
        As the source does.
    """
    first = max(span.start_s, from_s - CONTEXT_S)
    last = min(span.end_s, from_s + seconds + CONTEXT_S)
    padded = source.read(span, first, last - first, cancel)
    strip = padded.cropped(from_s, from_s + seconds)
    beats_s = beats_of(padded)
    return strip, beats_s[(beats_s >= strip.start_s) & (beats_s < strip.end_s)]


def prepare(
    practice: Practice,
    material: Material,
    source: StripSource,
    previous: Question | None,
    new_id: Callable[[], QuestionId],
    *,
    place: int | None = None,
    at_hand_only: bool,
    cancel: Cancel,
) -> Prepared:
    """Draw questions until the strip of one can be read.

    A recording that is damaged is passed over. When the network gives nothing, or one wrong
    thing after another, only what is at hand is drawn from. Where that is nothing, the strip is
    simulated, if the material allows it.

    Parameters
    ----------
    place
        Which question of the session it is, from 0; see `Practice.draw`.
    at_hand_only
        Whether to leave the network alone from the beginning.

    Raises
    ------
    UnreachableError
        If nothing is at hand, the network gives nothing, and nothing may be simulated.
    RecordError
        If recording after recording is damaged, and nothing may be simulated.
    CancelledError
        If `cancel` was thrown.
    """
    skipped: list[str] = []
    unusable: set[RecordRef] = set()
    fault: UserError = UnreachableError("No recording is on this computer.")
    pool = stretches_at_hand(material, source) if at_hand_only else material
    for redraw in range(_MOST_REDRAWS):
        cancel.check()
        question = practice.draw(_without(pool, unusable), previous, new_id(), redraw, place=place)
        if question is None:
            break
        span = question.span
        within = span.ref if at_hand_only and not span.is_simulated else None
        try:
            strip, measurement = read_window(
                source, question.window, cancel, within, material.simulations
            )
        except RecordError as error:
            fault = error
            skipped.append(str(error))
            unusable.add(question.window.record)
            if len(unusable) == _FAULTS_OF_AN_ARCHIVE and not at_hand_only:
                near = stretches_at_hand(material, source)
                if near.spans or near.simulated:
                    at_hand_only, pool = True, near
        except UnreachableError as error:
            fault = error
            at_hand_only = True
            pool = stretches_at_hand(material, source)
        else:
            return Prepared(
                question,
                strip,
                measurement,
                tuple(skipped),
                from_hand=at_hand_only,
                recorded=bool(pool.spans),
            )
    if not material.spans or not material.simulated:
        raise fault
    made = prepare(
        practice,
        material.without_recordings,
        source,
        previous,
        new_id,
        place=place,
        at_hand_only=True,
        cancel=cancel,
    )
    return replace(made, skipped=tuple(skipped))


def stretches_at_hand(material: Material, source: StripSource) -> Material:
    """Return the part of the material that can be read without a network."""
    spans = [
        replace(span, ref=stretch)
        for span in material.spans
        for stretch in source.at_hand(span.ref)
    ]
    return replace(material, spans=spans)


def _without(material: Material, unusable: set[RecordRef]) -> Material:
    if not unusable:
        return material
    spans = [span for span in material.spans if span.ref.record not in unusable]
    return replace(material, spans=spans)
