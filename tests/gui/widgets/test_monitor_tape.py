from dataclasses import replace

import numpy as np
import pytest

from rhythmtrainer.gui.widgets.monitor.tape import HISTORY_S, Tape
from rhythmtrainer.gui.widgets.monitor.track import Track
from rhythmtrainer.model import LeadName, Origin, Provenance, Strip


def counted(first: int, count: int, fs: float = 100.0) -> Strip:
    """Samples whose values are their numbers."""
    return Strip(
        signal=np.arange(first, first + count, dtype=np.float32)[np.newaxis],
        fs=fs,
        leads=(LeadName("II"),),
        start_s=first / fs,
        at_end=False,
        provenance=Provenance(Origin.REAL, "made up"),
    )


def track_of(*counts: int) -> Track:
    track = Track(counted(0, counts[0]))
    for count in counts[1:]:
        track.append(counted(round(track.end_s * 100), count))
    return track


@pytest.mark.parametrize(("first", "last"), [(0, 60), (5, 15), (10, 30), (29, 31), (-5, 999)])
def test_samples_are_the_same_however_they_came(first: int, last: int) -> None:
    number, signal = track_of(10, 20, 0, 30).samples(first, last)
    expected = np.arange(max(first, 0), min(last, 60))
    assert number == expected[0]
    assert np.array_equal(signal[0], expected)


@pytest.mark.parametrize(("first", "last"), [(60, 70), (70, 60), (30, 30)])
def test_where_there_are_no_samples_none_are_returned(first: int, last: int) -> None:
    _, signal = track_of(10, 20, 30).samples(first, last)
    assert signal.shape == (1, 0)


def test_samples_of_one_piece_are_not_copied() -> None:
    strip = counted(0, 1000)
    _, signal = Track(strip).samples(100, 200)
    assert np.shares_memory(signal, strip.signal)


def test_forgetting_drops_whole_pieces_but_never_the_last() -> None:
    track = track_of(100, 100, 100)
    track.forget(1.5)
    assert track.samples(0, 300)[0] == 100
    track.forget(99.0)
    assert track.samples(0, 300)[0] == 200
    assert track.end_s == 3.0


def test_a_strip_between_two_times_knows_where_it_lies() -> None:
    strip = track_of(100, 100).strip(0.5, 1.5)
    assert (strip.start_s, strip.end_s) == (0.5, 1.5)
    assert np.array_equal(strip.signal[0], np.arange(50, 150))


def test_the_end_is_told_only_with_the_last_sample() -> None:
    track = track_of(100)
    track.append(replace(counted(100, 100), at_end=True))
    assert track.strip(0.0, 2.0).at_end
    assert not track.strip(0.0, 1.99).at_end


def test_memory_stays_the_same_over_an_hour() -> None:
    tape = Tape([counted(0, 1000)])
    kept = []
    for first in range(1000, 360_000, 1000):
        tape.play(10.0)
        tape.extend([counted(first, 1000)])
        kept.append(len(tape.tracks[0]._pieces))
    assert max(kept) <= HISTORY_S / 10 + 2
    assert tape.swept[0].duration_s == pytest.approx(HISTORY_S)


def test_no_track_takes_samples_when_one_does_not_follow() -> None:
    tape = Tape([counted(0, 100), counted(0, 250, fs=250.0)])
    with pytest.raises(ValueError, match="go on at 1"):
        tape.extend([counted(100, 100), counted(300, 100, fs=250.0)])
    assert [track.end_s for track in tape.tracks] == [1.0, 1.0]


def test_leads_that_begin_later_are_played_at_their_own_time() -> None:
    tape = Tape([counted(200, 100), counted(100, 300)])
    assert (tape.origin_s, tape.end_s) == (1.0, 4.0)
    tape.play(1.5)
    first, second = tape.swept
    assert (first.start_s, first.duration_s) == (2.0, 0.5)
    assert (second.start_s, second.duration_s) == (1.0, 1.5)


def test_channels_that_are_not_there_are_left_out() -> None:
    tape = Tape([counted(0, 100), counted(0, 100)])
    assert [channel.number for channel in tape.channels([1, 5, -1])] == [1]
    assert [channel.number for channel in tape.channels([7])] == [0, 1]
    assert [channel.number for channel in tape.channels(None)] == [0, 1]


def test_a_level_is_found_when_the_first_samples_come_later() -> None:
    tape = Tape([counted(0, 0)])
    assert tape.channels(None)[0].reach is None
    tape.extend([counted(0, 100)])
    reach = tape.channels(None)[0].reach
    assert reach is not None
    assert (reach.low_mv, reach.high_mv) == (0.0, 99.0)
    tape.extend([counted(100, 100)])
    assert tape.channels(None)[0].reach == reach
