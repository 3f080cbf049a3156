"""Every rhythm as a choice of the heart's parts."""

from collections.abc import Mapping
from typing import Final

from rhythmtrainer.model import RhythmId
from rhythmtrainer.simulate.rhythms import (
    arrest,
    artifact,
    atrial,
    av_block,
    ectopy,
    junctional,
    paced,
    sinus,
    ventricular,
)
from rhythmtrainer.simulate.rhythms.preset import Preset

PRESETS: Final[Mapping[RhythmId, Preset]] = {
    **sinus.PRESETS,
    **atrial.PRESETS,
    **junctional.PRESETS,
    **av_block.PRESETS,
    **ectopy.PRESETS,
    **ventricular.PRESETS,
    **arrest.PRESETS,
    **paced.PRESETS,
    **artifact.PRESETS,
}
