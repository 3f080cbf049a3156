"""What a learner is told after an answer."""

from dataclasses import dataclass

from rhythmtrainer.model.evidence import Step
from rhythmtrainer.model.question import Verdict


@dataclass(frozen=True, slots=True)
class Reading:
    """One step of reading a strip.

    Attributes
    ----------
    step
        The step; the marks that show it on the strip go by it.
    heading
        What the step is called.
    taught
        What the rhythm shows by definition; empty for what is found besides.
    measured
        What was measured on this very strip; empty where nothing was.
    """

    step: Step
    heading: str
    taught: str
    measured: str = ""


@dataclass(frozen=True, slots=True)
class Reveal:
    """The reason for an answer, in the teaching order.

    Attributes
    ----------
    chosen
        Name of the chosen rhythm; empty when it was the right one.
    difference
        The sentence that tells the right rhythm from the chosen one.
    note
        What has to be said about this strip: a measurement that disagrees with the label, or
        the line drawn where sources disagree.
    label
        Who says that this is the rhythm: the annotation.
    source
        Where the recording comes from, and its licence.
    beats_count
        Whether the strip has beats that can be counted and marked.
    """

    verdict: Verdict
    answer: str
    chosen: str
    definition: str
    readings: tuple[Reading, ...]
    difference: str
    note: str
    label: str
    source: str
    beats_count: bool
