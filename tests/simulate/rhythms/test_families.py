"""All families of rhythms together."""

from collections import Counter
from math import isfinite

import numpy as np
import pytest

from rhythmtrainer.model import RhythmId
from rhythmtrainer.simulate.rhythms import (
    PRESETS,
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
from rhythmtrainer.simulate.rhythms.preset import Chosen, Number, Options, Preset, Variant

FAMILIES = (
    sinus,
    atrial,
    junctional,
    av_block,
    ectopy,
    ventricular,
    arrest,
    paced,
    artifact,
)
AGES = (0.0, 0.05, 0.5, 1.0, 2.9, 5.0, 10.0, 15.9)


def test_every_rhythm_has_one_preset() -> None:
    written = Counter(rhythm for family in FAMILIES for rhythm in family.PRESETS)
    assert written == Counter(RhythmId)
    assert set(PRESETS) == set(RhythmId)


@pytest.mark.parametrize("rhythm", RhythmId)
def test_what_is_drawn_may_be_asked_for(rhythm: RhythmId) -> None:
    for name, variant in PRESETS[rhythm].variants.items():
        assert variant.meaning, name
        if isinstance(variant, Options):
            assert len(set(variant.names)) == len(variant.names) > 1
            assert set(variant.usual or ()) <= set(variant.names)
        else:
            assert variant.unit, name
            low, high = variant.usual or (variant.low, variant.high)
            assert variant.low <= low < high <= variant.high
            for age in AGES:
                slowest, fastest = limits(variant, age)
                assert 0.0 < slowest < fastest


@pytest.mark.parametrize("age", [0.0, 0.5, 3.0, 10.0, 40.0])
@pytest.mark.parametrize("rhythm", RhythmId)
def test_a_heart_can_be_built_of_all_that_may_be_asked_for(rhythm: RhythmId, age: float) -> None:
    rng = np.random.default_rng(0)
    preset = PRESETS[rhythm]
    for _ in range(20):
        values = {name: asked(variant, age, rng) for name, variant in preset.variants.items()}
        assert_sound(preset, values, age, rng)


def asked(variant: Variant, age: float, rng: np.random.Generator) -> float | str:
    if isinstance(variant, Options):
        return str(rng.choice(variant.names))
    low, high = limits(variant, age)
    return float(rng.choice([low, high, rng.uniform(low, high)]))


def limits(number: Number, age: float) -> tuple[float, float]:
    if number.at_age is not None and age < 16.0:
        return number.at_age(age)
    return number.low, number.high


def assert_sound(
    preset: Preset, values: dict[str, float | str], age: float, rng: np.random.Generator
) -> None:
    heart = preset.build(Chosen(values, age, rng))
    waits = (heart.node.delay_s, heart.his.delay_s, heart.atria.to_node_s)
    assert all(isfinite(wait) and wait > 0.0 for wait in waits), values
    periods = (heart.node.refractory_s, heart.his.refractory_s, heart.atria.refractory_s)
    assert all(period > 0.0 for period in periods), values
