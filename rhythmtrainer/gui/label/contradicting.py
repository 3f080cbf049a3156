"""Where measurements do not fit the label: told beside it, never changing it."""

from rhythmtrainer.model import Measurement, Rhythm
from rhythmtrainer.training.explain import contradictions, heading_of


def doubts(rhythm: Rhythm, measurement: Measurement) -> tuple[str, ...]:
    """Return a sentence for each finding that does not fit a rhythm."""
    taught = {step: text for step, text in rhythm.reading if text}
    said = []
    rate = _rate_doubt(rhythm, measurement)
    if rate:
        said.append(rate)
    for finding in contradictions(rhythm, measurement):
        expected = taught.get(finding.step, "")
        usual = f" For {rhythm.name} it is: {_lower(expected)}." if expected else ""
        # A text may begin with its heading, which stands before it here.
        text = finding.text.removeprefix(f"{heading_of(finding.step)} ")
        said.append(f"{heading_of(finding.step)} measured: {_lower(text)}.{usual}")
    return tuple(said)


def _rate_doubt(rhythm: Rhythm, measurement: Measurement) -> str:
    rate = measurement.rate_bpm
    if rate is None or rhythm.rate_range is None:
        return ""
    low, high = rhythm.rate_range
    if low <= round(rate) <= high:
        return ""
    if high == 0:
        return f"Beats were found, {rate:.0f}/min; {rhythm.name} has none."
    return (
        f"Rate measured: {rate:.0f}/min, outside the {low}-{high}/min of an adult's {rhythm.name}."
    )


def _lower(text: str) -> str:
    """Return a phrase as it stands within a sentence; "QRS" and "P wave" keep their capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
