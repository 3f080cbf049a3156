import numpy as np
import pytest

from rhythmtrainer.gui.recordings.in_memory import StripsRecording
from rhythmtrainer.gui.recordings.notes import said_of_file
from rhythmtrainer.gui.recordings.recording import Recording
from rhythmtrainer.model import CancelledError, LeadName, RecordError
from rhythmtrainer.training.cancel import Cancel
from tests.support import fakes
from tests.support.fake_recordings import FakeRecording


def names(*leads: str) -> tuple[LeadName, ...]:
    return tuple(LeadName(lead) for lead in leads)


def test_leads_of_one_rate_are_read_together() -> None:
    mixed = FakeRecording(names("I", "V1", "II", "I"), (250.0, 500.0, 250.0, 250.0), 20.0)
    recording = Recording(mixed)
    assert recording.groups == (names("I", "II"), names("V1"))
    assert recording.samples_per_s == pytest.approx(1000.0)
    slow, fast = recording.read(2.0, 5.0, Cancel())
    assert (slow.leads, slow.fs, slow.start_s) == (names("I", "II"), 250.0, 2.0)
    assert (fast.leads, fast.fs, fast.duration_s) == (names("V1"), 500.0, 5.0)


def test_a_closed_recording_is_not_read() -> None:
    recording = Recording(FakeRecording())
    recording.close()
    recording.close()
    with pytest.raises(RecordError, match="closed"):
        recording.read(0.0, 1.0, Cancel())


def test_reading_is_called_off() -> None:
    cancel = Cancel()
    cancel.throw()
    with pytest.raises(CancelledError):
        Recording(FakeRecording()).read(0.0, 1.0, cancel)


def test_strips_in_memory_are_read_from_their_own_beginning() -> None:
    strip = fakes.strip(start_s=30.0, seconds=20.0)
    found = StripsRecording((strip,)).read(strip.leads, 5.0, 4.0, Cancel())
    assert (found.start_s, found.duration_s) == (5.0, 4.0)
    np.testing.assert_array_equal(found.signal, strip.signal[:, 1250:2250])
    with pytest.raises(RecordError, match="aVR"):
        StripsRecording((strip,)).read(names("aVR"), 0.0, 4.0, Cancel())


def test_much_that_was_dropped_and_mended_is_told_in_short() -> None:
    said = said_of_file([f"kind {place}" for place in range(20)], ["Mended."] * 20)
    assert "and 14 more" in said
    assert "17 more repairs" in said
    assert said_of_file((), ()) == ""
