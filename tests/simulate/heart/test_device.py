import pytest

from rhythmtrainer.simulate.heart.device import Pacing
from rhythmtrainer.simulate.heart.parts import Device, Fault, Mode

APEX = (0.5, 0.8, -0.3)


def device(mode: Mode, *faults: Fault, rate: float = 60.0) -> Device:
    return Device(
        mode, rate, APEX, av_delay_s=0.16, upper_rate=120.0, faults=faults or (Fault.NONE,)
    )


def due(pacing: Pacing) -> tuple[float, bool]:
    at_s, in_atria = pacing.due()
    return round(at_s, 6), in_atria


def take(pacing: Pacing, count: int) -> list[tuple[float, bool, Fault]]:
    """Take the next stimuli; nothing of the heart's own comes between."""
    return [(*due(pacing), pacing.stimulate()) for _ in range(count)]


@pytest.mark.parametrize("mode", [Mode.AAI, Mode.VVI])
def test_left_alone_it_paces_its_chamber_at_its_rate(mode: Mode) -> None:
    in_atria = mode is Mode.AAI
    assert take(Pacing(device(mode, rate=75.0), 0.1), 3) == [
        (0.9, in_atria, Fault.NONE),
        (1.7, in_atria, Fault.NONE),
        (2.5, in_atria, Fault.NONE),
    ]


def test_its_interval_may_be_longer_or_shorter_each_time() -> None:
    slowed = iter([1.0, 1.1, 0.9, 1.0])
    pacing = Pacing(device(Mode.VVI), 0.0, lambda: next(slowed))
    assert [at_s for at_s, _, _ in take(pacing, 3)] == [1.0, 2.1, 3.0]


@pytest.mark.parametrize("mode", [Mode.AAI, Mode.VVI])
def test_a_beat_of_its_chamber_makes_it_wait(mode: Mode) -> None:
    in_atria = mode is Mode.AAI
    pacing = Pacing(device(mode), 0.0)
    pacing.hear(0.7, in_atria=in_atria)
    assert due(pacing) == (1.7, in_atria)


@pytest.mark.parametrize("mode", [Mode.AAI, Mode.VVI])
def test_a_beat_of_the_other_chamber_does_not(mode: Mode) -> None:
    in_atria = mode is Mode.AAI
    pacing = Pacing(device(mode), 0.0)
    pacing.hear(0.7, in_atria=not in_atria)
    assert due(pacing) == (1.0, in_atria)


def test_without_sensing_nothing_makes_it_wait() -> None:
    pacing = Pacing(device(Mode.VOO), 0.0)
    pacing.hear(0.7, in_atria=False)
    assert due(pacing) == (1.0, False)


def test_what_its_own_stimulus_brings_about_is_not_heard() -> None:
    pacing = Pacing(device(Mode.VVI), 0.0)
    pacing.stimulate()
    pacing.hear(1.01, in_atria=False)
    assert due(pacing) == (2.0, False)
    pacing.hear(1.3, in_atria=False)
    assert due(pacing) == (2.3, False)


def test_dual_chamber_pacing_gives_both_stimuli_an_av_delay_apart() -> None:
    assert take(Pacing(device(Mode.DDD), 0.0), 4) == [
        (0.84, True, Fault.NONE),
        (1.0, False, Fault.NONE),
        (1.84, True, Fault.NONE),
        (2.0, False, Fault.NONE),
    ]


def test_dual_chamber_pacing_follows_p_waves() -> None:
    pacing = Pacing(device(Mode.DDD), 0.0)
    pacing.hear(0.6, in_atria=True)
    assert take(pacing, 1) == [(0.76, False, Fault.NONE)]
    pacing.hear(1.3, in_atria=True)
    assert take(pacing, 1) == [(1.46, False, Fault.NONE)]


def test_dual_chamber_pacing_waits_for_a_conducted_beat() -> None:
    pacing = Pacing(device(Mode.DDD), 0.0)
    take(pacing, 1)
    pacing.hear(0.98, in_atria=False)
    assert due(pacing) == (1.82, True)


def test_p_waves_above_the_upper_rate_are_followed_two_to_one() -> None:
    pacing = Pacing(device(Mode.DDD), 0.0)
    stimuli = []
    for wave in range(12):
        at_s = 0.4 + 0.4 * wave
        while pacing.due()[0] < at_s:
            stimuli += take(pacing, 1)
        pacing.hear(at_s, in_atria=True)
    assert not any(in_atria for _, in_atria, _ in stimuli)
    assert [at for at, _, _ in stimuli] == pytest.approx([0.56 + 0.8 * n for n in range(6)])


def test_a_wave_that_comes_back_to_the_atria_is_not_followed() -> None:
    pacing = Pacing(device(Mode.DDD), 0.0)
    pacing.hear(0.5, in_atria=False)
    pacing.hear(0.7, in_atria=True)
    assert due(pacing) == (1.34, True)


def test_faults_of_its_stimuli_come_round_again() -> None:
    pacing = Pacing(device(Mode.VVI, Fault.NONE, Fault.NO_CAPTURE, Fault.NO_OUTPUT), 0.0)
    assert [fault for _, _, fault in take(pacing, 6)] == 2 * [
        Fault.NONE,
        Fault.NO_CAPTURE,
        Fault.NO_OUTPUT,
    ]


def test_in_dual_chamber_pacing_only_the_ventricles_are_missed() -> None:
    stimuli = take(Pacing(device(Mode.DDD, Fault.NO_CAPTURE), 0.0), 6)
    assert all((fault is Fault.NONE) == in_atria for _, in_atria, fault in stimuli)


def test_a_beat_after_a_stimulus_that_did_not_come_is_heard() -> None:
    pacing = Pacing(device(Mode.VVI, Fault.NO_OUTPUT), 0.0)
    pacing.stimulate()
    pacing.hear(1.1, in_atria=False)
    assert due(pacing) == (2.1, False)


def test_it_does_not_wait_for_a_beat_that_it_does_not_sense() -> None:
    pacing = Pacing(device(Mode.VVI, Fault.UNDERSENSED, Fault.NONE), 0.0)
    pacing.hear(0.4, in_atria=False)
    assert due(pacing) == (1.0, False)
    pacing.hear(0.8, in_atria=False)
    assert due(pacing) == (1.8, False)
    assert pacing.stimulate() is Fault.NONE
